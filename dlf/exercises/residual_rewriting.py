"""Exercises: a deeper net that computes the same, and a test for identity."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise, call

Array = np.ndarray


def deepen(weights: list[Array]) -> list[Array]:
    """Put a layer behind the first hidden one that changes nothing.

    What comes out of a ReLU is not negative, so that relu(I a) = a.
    """
    first, *rest = weights
    return [first, np.eye(len(first)), *rest]


def is_identity(block: Callable[[Array], Array], width: int) -> bool:
    """Ask whether a block gives back what it gets, negative numbers too."""
    x = np.random.default_rng().normal(size=(50, width))
    return bool(np.array_equal(block(x), x))


def perceptron(weights: list[Array], x: Array) -> Array:
    """Apply a perceptron without biases: ReLU behind all layers but the last.

    Args:
        weights: of each layer.
        x: examples, one a row.
    """
    for w in weights[:-1]:
        x = np.maximum(x @ np.asarray(w).T, 0)
    return x @ np.asarray(weights[-1]).T


def some_weights(rng: np.random.Generator) -> tuple:
    """Draw a perceptron with one or two hidden layers."""
    widths = rng.integers(1, 6, size=rng.integers(3, 5))
    pairs = zip(widths[1:], widths, strict=False)
    return ([rng.normal(size=(int(m), int(n))) for m, n in pairs],)


def _judge_deeper(answer: Callable, weights: list[Array]) -> str | None:
    """Compare the outputs of both nets on a batch."""
    got = call(answer, [w.copy() for w in weights])
    if got is None or got is ...:
        return None
    if isinstance(got, np.ndarray) and got.dtype == object:
        got = list(got)
    if not isinstance(got, list | tuple):
        return f"expected a list of matrices; got {type(got).__name__}"
    if len(got) != len(weights) + 1:
        return f"expected {len(weights) + 1} matrices; got {len(got)}"
    x = np.random.default_rng(0).normal(size=(30, weights[0].shape[1]))
    try:
        y = perceptron(list(got), x)
    except (TypeError, ValueError) as error:
        return f"the deeper net cannot be applied: {error}"
    want = perceptron(weights, x)
    if y.shape != want.shape or not np.allclose(y, want, rtol=1e-4, atol=1e-5):
        return "the deeper net computes something else"
    return ""


DEEPEN = Exercise(
    "residual-11",
    deepen,
    some_weights,
    judge=_judge_deeper,
    edges=(([np.array([[1.0], [-1.0]]), np.array([[1.0, 2.0]])],),),
    wrong=(
        lambda weights: weights,
        lambda weights: [*weights, np.eye(len(weights[-1]))],
        lambda weights: [np.eye(weights[0].shape[1]), *weights],
        lambda weights: [
            weights[0],
            np.zeros((len(weights[0]),) * 2),
            *weights[1:],
        ],
        lambda weights: [
            weights[0],
            np.ones((len(weights[0]),) * 2),
            *weights[1:],
        ],
        lambda weights: [
            weights[0],
            -np.eye(len(weights[0])),
            *weights[1:],
        ],
        lambda weights: deepen(deepen(weights)),
    ),
    right=(
        lambda weights: tuple(deepen(weights)),
        lambda weights: [
            *weights[:-1],
            np.diag(np.ones(weights[-1].shape[1])),
            weights[-1],
        ],
        lambda weights: [
            weights[0],
            2 * np.eye(len(weights[0])),
            weights[1] / 2,
            *weights[2:],
        ],
        lambda weights: [
            np.concatenate(
                [np.eye(len(weights[0].T)), -np.eye(len(weights[0].T))]
            ),
            np.concatenate([weights[0], -weights[0]], axis=1),
            *weights[1:],
        ],
        lambda weights: np.array([*deepen(weights), None], dtype=object)[:-1],
    ),
)


def zero_branch(x: Array) -> Array:
    """Pre-activation block whose branch is zero."""
    return x + 0 * np.maximum(x, 0)


def relu_behind(x: Array) -> Array:
    """Original block whose branch is zero."""
    return np.maximum(x + 0 * x, 0)


def first_example(x: Array) -> Array:
    """Keep the first example and no other."""
    return np.concatenate([x[:1], 0 * x[1:]])


def half_gate(x: Array) -> Array:
    """Highway layer whose gate is half open onto a layer of zeros."""
    return 0.5 * 0 + 0.5 * x


def nearly(x: Array) -> Array:
    """Add a branch that is small and not zero."""
    return x + 0.01 * np.maximum(x, 0)


def turned(x: Array) -> Array:
    """Put the features in another order."""
    return x[:, ::-1]


def shifted(x: Array) -> Array:
    """Move a constant from the first feature to the last."""
    move = np.zeros(x.shape[1])
    move[0], move[-1] = -1, 1
    return x + move


def last_feature(x: Array) -> Array:
    """Change the last feature, and no other."""
    return np.concatenate([x[:, :-1], 0.5 * x[:, -1:]], axis=1)


def mixed_rows(x: Array) -> Array:
    """Hand the examples on in another order."""
    return x[::-1]


def clipped(x: Array) -> Array:
    """Cut off what is above 1."""
    return np.minimum(x, 1)


BLOCKS = (
    zero_branch,
    relu_behind,
    first_example,
    half_gate,
    nearly,
    turned,
    shifted,
    last_feature,
    mixed_rows,
    clipped,
)


def some(width: int) -> Array:
    """Draw a batch of examples that differ."""
    return 2 * np.random.default_rng(3).normal(size=(20, width))


def _judge_identity(
    answer: Callable, block: Callable, width: int
) -> str | None:
    """Compare with what is known of the block."""
    got = call(answer, block, width)
    if got is None or got is ...:
        return None
    want = block is zero_branch
    if not isinstance(got, bool | np.bool_):
        return f"expected True or False; got {got!r}"
    if bool(got) != want:
        return f"for {block.__name__} it is {want}; got {bool(got)}"
    return ""


IDENTITY = Exercise(
    "residual-12",
    is_identity,
    lambda rng: (BLOCKS[int(rng.integers(len(BLOCKS)))], 4),
    edges=tuple((block, 3) for block in BLOCKS),
    judge=_judge_identity,
    wrong=(
        lambda block, width: True,
        lambda block, width: False,
        lambda block, width: np.allclose(
            block(np.ones((4, width))), np.ones((4, width))
        ),
        lambda block, width: np.allclose(block(np.zeros((4, width))), 0),
        lambda block, width: np.allclose(
            block(-np.ones((1, width))), -np.ones((1, width))
        ),
        lambda block, width: block(-np.ones((4, width))).shape == (4, width),
        lambda block, width: all(
            np.allclose(block(s * np.ones((3, width))), s) for s in (-2, 5)
        ),
        lambda block, width: np.isclose(
            block(some(width)).sum(), some(width).sum()
        ),
        lambda block, width: np.allclose(
            block(some(width))[:, 0], some(width)[:, 0]
        ),
        lambda block, width: np.allclose(
            block(some(width)[[0, 0]]), some(width)[[0, 0]]
        ),
        lambda block, width: np.allclose(
            block(some(width).clip(-0.9, 0.9)), some(width).clip(-0.9, 0.9)
        ),
    ),
    right=(
        lambda block, width: np.allclose(block(some(width)), some(width)),
        lambda block, width: np.allclose(
            block(np.linspace(-3, 4, 5 * width).reshape(5, width)),
            np.linspace(-3, 4, 5 * width).reshape(5, width),
        ),
    ),
)
