"""Compare an answer with what is expected, and say where they differ.

Kinds are kept apart (a truth value is no number, text is no number), shapes
must be equal, but that an array or tensor with one entry is taken for a number
where one is asked for. Whole numbers are compared exactly and others within
the exercise's tolerances; NaN is right only where NaN is expected.
"""

import itertools
import types
from typing import Any

import numpy as np

SHOWN = 8  # numbers of an array that are printed, and items of a container
LENGTH = 160  # characters of one value


def difference(got: Any, want: Any, rtol: float, atol: float) -> str:
    """Say how `got` differs from `want`, or return "" where it does not.

    Args:
        got: what came, which may be anything.
        want: text, a truth value, a number, an array, or a tuple, list or
            dict of such.
        rtol: relative tolerance of numbers that are not whole.
        atol: absolute tolerance of the same.
    """
    if is_open(got):
        return f"you returned nothing, expected {text(want)}"
    with np.errstate(all="ignore"):
        return _difference(got, want, rtol, atol, "")


def is_open(answer: Any) -> bool:
    """Tell whether this is the placeholder of an answer, or nothing."""
    return answer is None or answer is ...


def as_plain(value: Any) -> Any:
    """Take a tensor as an array, without its graph; leave all else."""
    if not hasattr(value, "detach"):
        return value
    try:
        return np.asarray(value.detach())
    except Exception:  # an answer may be anything
        return value


def apart(got: Any, want: Any) -> tuple[str, str]:
    """Print two values with as many digits as it takes to tell them apart."""
    for digits in (6, 9, 12, 17):
        texts = text(got, digits), text(want, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _difference(got: Any, want: Any, rtol: float, atol: float, at: str) -> str:
    where, got = f" at {at}" if at else "", as_plain(got)
    if isinstance(want, str):
        if isinstance(got, str) and str.__eq__(want, got):
            return ""
        return f"you returned {text(got)}{where}, expected {text(want)}"
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return f"expected a dictionary{where}, got {text(got)}"
        if dict.keys(got) != dict.keys(want):
            return f"expected the keys {text([*want])}, got {text([*got])}"
        pairs = [(repr(k), dict.__getitem__(got, k), want[k]) for k in want]
    elif isinstance(want, tuple | list):
        if not isinstance(got, tuple | list | np.ndarray) or (
            isinstance(got, np.ndarray) and got.ndim == 0
        ):
            return f"expected {len(want)} values{where}, got {text(got)}"
        if len(got) != len(want):
            return f"expected {len(want)} values{where}, got {len(got)}"
        both = zip(got, want, strict=True)
        pairs = [(f"[{n}]", a, b) for n, (a, b) in enumerate(both)]
    else:
        return _of_numbers(got, np.asarray(want), rtol, atol, where)
    found = (_difference(a, b, rtol, atol, at + k) for k, a, b in pairs)
    return next(filter(None, found), "")


def _of_numbers(
    got: Any, want: np.ndarray, rtol: float, atol: float, where: str
) -> str:
    """How numbers or truth values differ from an array of them."""
    asked = _kind(want)
    if want.ndim == 0 and isinstance(got, np.ndarray) and got.size == 1:
        got = got.reshape(())  # its shape is no part of what is asked
    array = _as_array(got, want.shape)
    if array is None:
        return f"expected {asked}{where}, got {text(got)}"
    if array.shape != want.shape:
        return (
            f"you returned {text(got)}{where}, {_kind(array)}; "
            f"expected {text(want)}, {asked}"
        )
    truth = want.dtype.kind == "b"
    if (array.dtype.kind == "b") != truth and want.size:
        return f"expected {asked}{where}, got {text(got)}"
    if want.dtype.kind in "biu":
        same = array == want
    else:
        same = np.isclose(array, want, rtol=rtol, atol=atol, equal_nan=True)
    if np.all(same):
        return ""
    if want.size > SHOWN:
        index = tuple(map(int, np.argwhere(~same)[0]))
        where += f" at {list(index)}"
        array, want = array[index], want[index]
    mine, due = apart(array, want)
    return f"you returned {mine}{where}, expected {due}"


def _as_array(got: Any, shape: tuple[int, ...]) -> np.ndarray | None:
    """Read the answer as an array of real numbers or truth values, if it is."""
    if isinstance(got, tuple | list) and (len(got),) != shape[:1]:
        return np.empty(len(got))  # of another shape, however long it is
    try:
        array = np.asarray(got)
    except (ValueError, TypeError):
        return None
    if array.shape == shape and array.dtype.kind == "O":  # fractions and such
        if any(isinstance(v, str | bytes) or is_open(v) for v in array.flat):
            return None
        try:
            return array.astype(float)
        except (ValueError, TypeError):
            return None
    return array if array.dtype.kind in "biuf" else None


def _kind(array: np.ndarray) -> str:
    truth = array.dtype.kind == "b"
    if array.ndim == 0:
        return "True or False" if truth else "a number"
    kind = "truth values" if truth else "numbers"
    return f"an array of {kind} of shape {array.shape}"


def text(value: Any, digits: int = 6, depth: int = 3) -> str:
    """Print any value in one short line.

    Args:
        value: anything, even what cannot print itself.
        digits: significant digits of numbers that are not whole.
        depth: how many containers inside each other are opened.
    """
    line = _text(value, digits, depth)
    return line if len(line) <= LENGTH else line[:LENGTH] + " …"


def _text(value: Any, digits: int, depth: int) -> str:
    if is_open(value):
        return "nothing"
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return str(int(value)) if abs(int(value)) < 10**30 else "a huge number"
    if isinstance(value, float | np.floating):
        return f"{float(value):.{digits}g}"
    if isinstance(value, str):
        return repr(str(value[:60]))
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        if value.ndim == 0:
            return _text(value.item(), digits, depth)
        return _items(value, len(value), digits, 3, "[]")
    if isinstance(value, list | tuple):
        ends = "[]" if isinstance(value, list) else "()"
        return _items(value, len(value), digits, depth, ends)
    if isinstance(value, dict):
        few = itertools.islice(dict.items(value), SHOWN)
        inside = [
            f"{_text(k, digits, 1)}: {_text(v, digits, depth - 1)}"
            for k, v in few
        ]
        return "{" + ", ".join(inside) + "}"
    if isinstance(value, types.GeneratorType):
        return "a generator"
    functions = types.FunctionType | types.BuiltinFunctionType | np.ufunc
    if isinstance(value, functions):
        name = str(value.__name__)[:60]
        return f"the function {name}" if name.isidentifier() else "a function"
    return f"a value of type {type(value).__name__}"


def _items(value: Any, count: int, digits: int, depth: int, ends: str) -> str:
    """Return the first and the last of many, with the others left out."""
    if depth == 0:
        return ends[0] + "…" + ends[1]
    few = range(count)
    if count > SHOWN:
        few = [*range(SHOWN - 2), None, count - 1]
    inside = [
        "…" if n is None else _text(value[n], digits, depth - 1) for n in few
    ]
    return ends[0] + ", ".join(inside) + ends[1]
