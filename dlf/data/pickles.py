"""Read old pickles of arrays, lists and numbers, without an unpickler.

A pickle is a program for a stack machine that can call anything, and that can
ask for gigabytes in nine bytes. The machine here has 28 of its instructions.
It calls nothing: the six names it knows stand for values that it builds
itself. Each instruction takes memory in proportion to its own length.
Source: the Python documentation of `pickletools`, for the instructions.
"""

import pickletools
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Shaped

Array = np.ndarray
MARK = object()
VALUES = {"NONE": None, "NEWFALSE": False, "NEWTRUE": True}
ITSELF = {"BININT", "BININT1", "BININT2", "BINSTRING", "SHORT_BINSTRING"}
TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
EMPTY = {"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_TUPLE": tuple}
KINDS = ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8")


class Name(NamedTuple):
    """A name that a pickle asks for; it is compared, and never looked up."""

    module: str
    name: str


CSR = Name("scipy.sparse.csr", "csr_matrix")
EMPTY_ARRAY = Name("numpy.core.multiarray", "_reconstruct")
ARRAY = Name("numpy", "ndarray")
DTYPE = Name("numpy", "dtype")
DEFAULTDICT = Name("collections", "defaultdict")
LIST = Name("__builtin__", "list")
KNOWN = CSR, EMPTY_ARRAY, ARRAY, DTYPE, DEFAULTDICT, LIST


class Built:
    """What a pickle makes empty and fills later: an array, a dtype, a matrix.

    Args:
        kind: its name.
        value: of a dtype what numpy calls it; of the others, None as yet.
    """

    def __init__(self, kind: Name, value: Any = None) -> None:
        self.kind, self.value = kind, value


class Csr(NamedTuple):
    """What a pickled `scipy.sparse.csr_matrix` holds, without SciPy."""

    data: Shaped[Array, " E"]
    indices: Shaped[Array, " E"]
    indptr: Shaped[Array, " M"]
    shape: tuple[int, int]


def read(raw: bytes) -> Any:
    """Give what the pickle holds.

    Args:
        raw: the whole pickle, of Python 2.

    Raises:
        ValueError: it is damaged, or asks for something else.
    """
    try:
        return _run(raw)
    except (IndexError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(
            f"it is damaged ({type(error).__name__}: {error})"
        ) from error


def _run(raw: bytes) -> Any:
    """Carry out its instructions one by one."""
    stack: list[Any] = []
    memo: dict[int, Any] = {}
    for code, argument, _ in pickletools.genops(raw):
        name = code.name
        if name in ITSELF:
            stack.append(argument)
        elif name in VALUES:
            stack.append(VALUES[name])
        elif name in EMPTY:
            stack.append(EMPTY[name]())
        elif name == "MARK":
            stack.append(MARK)
        elif name == "TUPLE":
            items = _since_mark(stack)
            stack.append(tuple(items))
        elif name in TUPLES:
            items = [stack.pop() for _ in range(TUPLES[name])]
            stack.append(tuple(items[::-1]))
        elif name in ("APPEND", "APPENDS"):
            items = [stack.pop()] if name == "APPEND" else _since_mark(stack)
            _expect(stack[-1], list).extend(items)
        elif name == "SETITEMS":
            items = _since_mark(stack)
            pairs = zip(items[::2], items[1::2], strict=True)
            _expect(stack[-1], dict).update(pairs)
        elif name in ("BINPUT", "LONG_BINPUT"):
            memo[argument] = stack[-1]  # pyright: ignore[reportArgumentType]
        elif name == "BINGET":
            stack.append(memo[argument])  # pyright: ignore[reportArgumentType]
        elif name == "GLOBAL":
            stack.append(_known(Name(*argument.split(" ", 1))))  # pyright: ignore[reportOptionalMemberAccess]
        elif name in ("REDUCE", "NEWOBJ"):
            arguments = stack.pop()
            stack.append(_make(stack.pop(), arguments))
        elif name == "BUILD":
            state = stack.pop()
            _fill(stack[-1], state)
        elif name == "STOP":
            (found,) = stack
            return _value(found)
        elif name != "PROTO":
            raise ValueError(f"it uses the instruction {name}")
    raise ValueError("it does not end")


def _since_mark(stack: list) -> list:
    """Take what was put on the stack since the last mark, and the mark."""
    items = []
    while (item := stack.pop()) is not MARK:
        items.append(item)
    return items[::-1]


def _expect(value: Any, kind: type) -> Any:
    """Give the value back if it is of the kind."""
    if not isinstance(value, kind):
        raise ValueError(
            f"it needs a {kind.__name__} where a {type(value).__name__} is"
        )
    return value


def _known(name: Name) -> Name:
    """Give the name back if it is one that arrays and lists need."""
    if name not in KNOWN:
        raise ValueError(f"it asks for {'.'.join(name)}")
    return name


def _make(name: Any, arguments: Any) -> Any:
    """Make what a call of the name with the arguments stands for."""
    if (name, arguments) == (DEFAULTDICT, (LIST,)):
        return defaultdict(list)
    if (name, arguments) == (EMPTY_ARRAY, (ARRAY, (0,), "b")):
        return Built(ARRAY)
    if (name, arguments) == (CSR, ()):
        return Built(CSR)
    if name == DTYPE and arguments in [(kind, 0, 1) for kind in KINDS]:
        return Built(DTYPE, arguments[0])
    raise ValueError("it calls something in a way that arrays do not need")


def _fill(built: Any, state: Any) -> None:
    """Set what was made empty."""
    if not isinstance(built, Built):
        raise ValueError("it sets the state of what has none")
    if built.kind == DTYPE:
        order = state[1]
        if order not in ("<", ">", "|") or state[2:5] != (None, None, None):
            raise ValueError(f"its dtype has the state {state[1:5]}")
        built.value = order + built.value[-2:]
    elif built.kind == ARRAY:
        built.value = _array(*state)
    else:
        built.value = _csr(_expect(state, dict))


def _array(
    version: int, shape: tuple, dtype: Built, columns_first: bool, data: str
) -> Shaped[Array, "..."]:
    """Put an array together; its numbers are a copy of the pickle's."""
    flat = np.frombuffer(data.encode("latin1"), dtype.value)
    sizes = [_expect(n, int) for n in _expect(shape, tuple)]
    if min(sizes, default=0) < 0:
        raise ValueError(f"its array has the shape {shape}")
    order = "F" if columns_first else "C"
    return flat.reshape(sizes, order=order).copy(order)


def _csr(state: dict) -> Csr:
    """Put a matrix together."""
    parts = [_value(state[k]) for k in ("data", "indices", "indptr")]
    rows, columns = state["_shape"]
    return Csr(
        *(_expect(part, Array) for part in parts),
        (_expect(rows, int), _expect(columns, int)),  # pyright: ignore[reportCallIssue]
    )


def _value(found: Any) -> Any:
    """Give what was built in place of its stand-in."""
    return found.value if isinstance(found, Built) else found
