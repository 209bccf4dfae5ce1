"""Reverse mode: bookkeeping over pullbacks, on two screens.

A `Node` holds a value and remembers which pullback made it and from what.
`backward` walks the nodes from the last to the first and applies

    cotangent of an input = sum over its uses of pullback(cotangent of the use)

                                                           (backpropagation.6)

Any function of `dlf.scratch` joins the tape by `lift`. Source: Griewank &
Walther (2008), Evaluating Derivatives, 3.2.
"""

from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from itertools import count
from operator import attrgetter

import numpy as np
from jaxtyping import Float

from dlf.scratch.shapes import sizes

Array = np.ndarray
Values = Float[Array, "..."] | float
_serial = count()


class Node:
    """A value on the tape and, after `backward`, its cotangent in ``grad``."""

    __slots__ = ("grad", "needs", "parents", "pull", "serial", "value")

    def __init__(
        self,
        value: Array | float,
        needs: bool = True,
        parents: Sequence = (),
        pull: Callable | None = None,
    ) -> None:
        self.value, self.needs, self.grad = _plain(value), needs, None
        self.parents, self.pull, self.serial = parents, pull, next(_serial)

    def __repr__(self) -> str:
        kind = "leaf" if self.pull is None else "node"
        return f"{kind} of shape {np.shape(self.value)}"

    def __add__(self, other):
        return _add(self, other)

    def __mul__(self, other):
        return _multiply(self, other)

    def __matmul__(self, other):
        return _matmul(self, other)

    def __neg__(self):
        return _multiply(self, -1.0)

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    __radd__, __rmul__ = __add__, __mul__
    __array_ufunc__ = None  # so that array * node asks the node


def lift(f: Callable, skips: bool = False) -> Callable:
    """Put a function that returns ``(y, vjp)`` on the tape.

    The lifted function takes nodes where ``f`` takes arrays, and gives a node.
    Arrays that were used become read-only: a value changed after its use
    would falsify the pullback, so NumPy refuses the change.

    Args:
        f: differentiable arguments first, as everywhere in `dlf.scratch`.
        skips: its pullback takes ``dx=False`` and then leaves out the
            cotangent of the first argument, as that of `mlp.linear` does.
    """

    def lifted(*args, **options) -> Node:
        values = [a.value if type(a) is Node else _plain(a) for a in args]
        for value in values:
            if type(value) is np.ndarray:
                value.setflags(False)
        y, pull = f(*values, **options)
        parents = [a if type(a) is Node and a.needs else None for a in args]
        if not any(parents):
            return Node(y, False)
        if skips and parents[0] is None:
            pull = partial(pull, dx=False)
        return Node(y, True, parents, pull)

    lifted.__name__, lifted.__doc__ = f.__name__, f.__doc__
    return lifted


def backward(y: Node, dy: Array | float = 1.0) -> None:
    """Fill ``grad`` of every leaf that ``y`` depends on (backpropagation.6).

    A node is younger than what it was made from, so the order of creation,
    reversed, visits every use of a value before the value itself, and no
    recursion is needed however deep the graph. Nodes between forget their
    pullbacks as they are passed, which frees what those had kept.

    Args:
        y: where to start; a graph, or a part of one, can be walked once.
        dy: the cotangent of ``y``, of its shape.

    Raises:
        ValueError: ``dy`` has another shape, or a part of the graph is used up.
    """
    if np.shape(dy) != np.shape(y.value):
        raise ValueError(
            f"backward: `dy` must have shape {np.shape(y.value)}, because y "
            f"has; got {np.shape(dy)}"
        )
    if y.pull is None:
        raise ValueError(
            "backward: `y` must be the result of an operation on leaves that "
            "need a cotangent, because there is nothing to follow; got a leaf"
        )
    reached, stack = set(), [y]
    while stack:
        node = stack.pop()
        if node is not None and node not in reached:
            _refuse_walked(node)
            reached.add(node)
            stack += node.parents
    y.grad = dy
    for node in sorted(reached, key=_age, reverse=True):
        if node.pull is None:
            continue
        cotangents = node.pull(node.grad)
        if type(cotangents) is not tuple:
            cotangents = (cotangents,)
        for parent, g in zip(node.parents, cotangents):  # noqa: B905
            if parent is None:
                continue
            if parent.grad is not None:
                g = parent.grad + g
            elif parent.pull is None:
                g = copy(g)  # two leaves may be handed one array
            parent.grad = g
        node.pull, node.grad, node.parents = _walked, None, ()


_age = attrgetter("serial")


def _walked(dy: object) -> None:
    """Stand where a pullback was that `backward` has used and forgotten."""


def _refuse_walked(node: Node) -> None:
    if node.pull is _walked:
        raise ValueError(
            "backward: `y` must not rest on values that were walked before, "
            f"because their pullbacks are forgotten; got a {node!r}: compute "
            "it again"
        )


def _plain(value: object) -> object:
    """Make a NumPy scalar Python's, which leaves the arrays their type."""
    return value.item() if isinstance(value, np.generic) else value


def add(a: Values, b: Values) -> tuple[Values, Callable]:
    """Add, broadcasting; the pullback sums over what was broadcast.

    Args:
        a: first summand.
        b: second summand.
    """
    return a + b, lambda dy: (_as(dy, a), _as(dy, b))


def multiply(a: Values, b: Values) -> tuple[Values, Callable]:
    """Multiply element by element, broadcasting.

    Args:
        a: first factor.
        b: second factor.
    """
    return a * b, lambda dy: (_as(dy * b, a), _as(dy * a, b))


def matmul(
    a: Float[Array, "N K"], b: Float[Array, "K M"]
) -> tuple[Float[Array, "N M"], Callable]:
    """Multiply two matrices.

    Args:
        a: left factor.
        b: right factor.
    """
    sizes(matmul, a, b)
    return a @ b, lambda dy: (dy @ b.T, a.T @ dy)


def total(a: Float[Array, "..."]) -> tuple[float, Callable]:
    """Sum all elements.

    Args:
        a: what to sum.
    """
    shape, dtype = a.shape, np.result_type(a.dtype, 0.0)
    return float(a.sum()), lambda dy=1.0: np.full(shape, dy, dtype)


def _as(dy: Array, a: Array | float) -> Array | float:
    """Sum ``dy`` down to the shape of ``a``, undoing a broadcast."""
    shape = np.shape(a)
    if np.shape(dy) == shape:
        return dy
    if shape == ():
        return float(dy.sum())
    extra = dy.ndim - len(shape)
    stretched = (n + extra for n, size in enumerate(shape) if size == 1)
    return dy.sum((*range(extra), *stretched)).reshape(shape)


_add, _multiply, _matmul = lift(add), lift(multiply), lift(matmul)
