"""Exercises on normalization that ask for a function other than a gradient."""

import copy
import math
from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise, call

Array = np.ndarray
EPS = 1e-5


def fold(
    w: Array,
    b: Array,
    weight: Array,
    bias: Array,
    mean: Array,
    var: Array,
    eps: float,
) -> tuple[Array, Array]:
    """Fold a batch norm that comes before a dense layer into it.

    Args:
        w: weights: outputs, inputs.
        b: a bias for each output.
        weight: γ of each input.
        bias: β.
        mean: stored mean.
        var: stored variance.
        eps: added to it.
    """
    r = weight / np.sqrt(var + eps)
    return w * r, b + w @ (bias - r * mean)


def pooled(means: Array, variances: Array, counts: Array) -> tuple:
    """Mean and variance of all examples from those of their batches.

    Args:
        means: of each batch.
        variances: biased, of each batch.
        counts: examples in each.
    """
    part = counts / counts.sum()
    mean = part @ means
    return mean, part @ (variances + (means - mean) ** 2)


def settled_norm(rate: float, decay: float, gradient: float) -> float:
    """Length of w at which growth and weight decay balance.

    Growth of ‖w‖² in a step: rate² (gradient/‖w‖)². Decay: 2 rate decay ‖w‖².

    Args:
        rate: learning rate η.
        decay: factor of the weight decay, w ← w − η decay w.
        gradient: size of the gradient at ‖w‖ = 1.
    """
    return (rate * gradient**2 / (2 * decay)) ** 0.25


def weight_standardization(w: Array) -> Array:
    """Standardize each filter over its inputs and taps."""
    axes = tuple(range(1, w.ndim))
    centered = w - w.mean(axes, keepdims=True)
    return centered / np.sqrt((centered**2).mean(axes, keepdims=True) + EPS)


def depends_on_batch(layer: Callable[[Array], Array], x: Array) -> bool:
    """Ask whether a row's output changes when the other rows do."""
    others = x.copy()
    others[1:] = 3 * others[1:] + 7
    return not np.allclose(layer(x)[0], layer(others)[0])


def some_layer_after(rng: np.random.Generator) -> tuple:
    """Draw a dense layer and a norm of its inputs."""
    O, I = (int(n) for n in rng.integers(2, 5, size=2))
    return (
        rng.normal(size=(O, I)),
        rng.normal(size=O),
        rng.normal(size=I) + 1,
        rng.normal(size=I),
        rng.normal(size=I),
        rng.random(I) + 0.1,
        float(rng.uniform(0.001, 0.5)),
    )


def some_batches(rng: np.random.Generator) -> tuple:
    """Draw means, variances and sizes of some batches."""
    k = int(rng.integers(2, 6))
    return (
        rng.normal(size=k) * 2,
        rng.random(k) + 0.1,
        rng.integers(1, 50, size=k),
    )


def softmax_over_rows(x: Array) -> Array:
    """Divide by a sum over the batch."""
    e = np.exp(x - x.max())
    return e / e.sum(0)


def centered(x: Array) -> Array:
    """Subtract each feature's mean over the batch."""
    return x - x.mean(0)


def largest(x: Array) -> Array:
    """Divide by the largest entry of the batch."""
    return x / np.abs(x).max()


def by_rows(x: Array) -> Array:
    """Normalize each row."""
    return (x - x.mean(1, keepdims=True)) / (x.std(1, keepdims=True) + EPS)


def by_stored(x: Array) -> Array:
    """Normalize by numbers that are fixed."""
    return (x - 0.3) / 1.7


def scaled_rows(x: Array) -> Array:
    """Divide each row by its root mean square."""
    return x / np.sqrt((x**2).mean(1, keepdims=True) + EPS)


LAYERS = (softmax_over_rows, centered, largest, by_rows, by_stored, scaled_rows)


def some_layer(rng: np.random.Generator) -> tuple:
    """Draw a layer and a batch whose first row is its largest."""
    x = rng.normal(size=(4, 3))
    x[0, 0] = 4.0
    return LAYERS[rng.integers(len(LAYERS))], x


def by_small_step(layer: Callable, x: Array) -> bool:
    """Move the other rows a little, and look."""
    moved = x.copy()
    moved[1:] += np.random.default_rng(0).normal(size=moved[1:].shape)
    moved[1, 1] = 50.0
    return bool(np.abs(layer(x)[0] - layer(moved)[0]).max() > 1e-9)


def expanded(means: Array, variances: Array, counts: Array) -> tuple:
    """Add up examples and their squares."""
    n = counts.sum()
    mean = (counts * means).sum() / n
    return mean, (counts * (variances + means**2)).sum() / n - mean**2


FOLD = Exercise(
    "normalization-6",
    fold,
    some_layer_after,
    wrong=(
        lambda w, b, g, s, m, v, e: (w, b),
        lambda w, b, g, s, m, v, e: (fold(w, b, g, s, m, v, e)[0], b),
        lambda w, b, g, s, m, v, e: fold(w, b, g, s, m, v, 0.0),
        lambda w, b, g, s, m, v, e: fold(w, 0 * b, g, s, m, v, e),
        lambda w, b, g, s, m, v, e: fold(w, b, g, s, m, v**2, e),
        lambda w, b, g, s, m, v, e: fold(w, b, g, s, -m, v, e),
        lambda w, b, g, s, m, v, e: fold(w, b, g, 0 * s, m, v, e),
        lambda w, b, g, s, m, v, e: fold(w, b, np.ones_like(g), s, m, v, e),
        lambda w, b, g, s, m, v, e: fold(w, b, g, s, m, v, e)[0],
    ),
    right=(
        lambda w, b, g, s, m, v, e: (
            np.einsum("i,oi->oi", g / np.sqrt(v + e), w),
            b + (w * (s - m * g / np.sqrt(v + e))).sum(1),
        ),
        lambda w, b, g, s, m, v, e: list(fold(w, b, g, s, m, v, e)),
    ),
)
POOLED = Exercise(
    "normalization-7",
    pooled,
    some_batches,
    edges=(
        (np.array([0.0, 2.0]), np.array([1.0, 1.0]), np.array([3, 1])),
        (np.array([1.0]), np.array([2.0]), np.array([5])),
    ),
    wrong=(
        lambda m, v, n: (m.mean(), v.mean()),
        lambda m, v, n: ((n * m).sum() / n.sum(), (n * v).sum() / n.sum()),
        lambda m, v, n: (m.mean(), v.mean() + m.var()),
        lambda m, v, n: (pooled(m, v, n)[0], v.mean() + m.var()),
        lambda m, v, n: pooled(m, np.sqrt(v), n),
        lambda m, v, n: (m.mean(), pooled(m, v, n)[1]),
        lambda m, v, n: pooled(m, v, n)[1],
    ),
    right=(expanded, lambda m, v, n: list(pooled(m, v, n))),
)
SETTLED = Exercise(
    "normalization-10",
    settled_norm,
    lambda rng: tuple(
        float(v) for v in np.exp(rng.uniform((-5, -8, -2), (0, -2, 2)))
    ),
    edges=((0.1, 0.05, 1.0),),
    wrong=(
        lambda r, d, g: (r * g**2 / (2 * d)) ** 0.5,
        lambda r, d, g: (r * g**2 / d) ** 0.25,
        lambda r, d, g: (r * g / (2 * d)) ** 0.25,
        lambda r, d, g: (2 * d / (r * g**2)) ** 0.25,
        lambda r, d, g: r * g / d,
        lambda r, d, g: (g**2 / (2 * d)) ** 0.25,
        lambda r, d, g: 1.0,
    ),
    right=(
        lambda r, d, g: math.sqrt(g) * (r / (2 * d)) ** 0.25,
        lambda r, d, g: np.float64(settled_norm(r, d, g)),
    ),
)
FILTERS = Exercise(
    "normalization-12",
    weight_standardization,
    lambda rng: (
        rng.normal(size=(int(rng.integers(2, 5)), 3, 3, 2)) * 0.1 + 0.3,
    ),
    edges=((np.full((2, 1, 2, 2), 0.5),),),
    wrong=(
        lambda w: (w - w.mean()) / np.sqrt(w.var() + EPS),
        lambda w: (w - w.mean(0)) / np.sqrt(w.var(0) + EPS),
        lambda w: (
            (w - w.mean((2, 3), keepdims=True))
            / np.sqrt(w.var((2, 3), keepdims=True) + EPS)
        ),
        lambda w: w / np.sqrt(w.var((1, 2, 3), keepdims=True) + EPS),
        lambda w: w - w.mean((1, 2, 3), keepdims=True),
        lambda w: weight_standardization(w) / np.sqrt(w[0].size),
        lambda w: (
            (w - w.mean((1, 2, 3), keepdims=True))
            / w.std((1, 2, 3), keepdims=True)
        ),
    ),
    right=(
        lambda w: (
            (
                (rows := w.reshape(len(w), -1)) - rows.mean(1, keepdims=True)
            ).reshape(w.shape)
            / np.sqrt(rows.var(1) + EPS).reshape(-1, 1, 1, 1)
        ),
    ),
)


def _judge_depends(answer: Callable, layer: Callable, x: Array) -> str | None:
    """Compare with what is known of the layer; the batch is left alone."""
    given = copy.deepcopy(x)
    got = answer(layer, given)
    if got is None or got is ...:
        return None
    want = layer in LAYERS[:3]
    if not isinstance(got, bool | np.bool_):
        return f"expected True or False; got {got!r}"
    if bool(got) != want:
        return f"for {layer.__name__} it is {want}; got {bool(got)}"
    return ""


DEPENDS = Exercise(
    "normalization-13",
    depends_on_batch,
    some_layer,
    edges=tuple(
        (layer, np.array([[4.0, 1, -2], [0, 2, 1], [3, -1, 1]]))
        for layer in LAYERS
    ),
    judge=_judge_depends,
    wrong=(
        lambda layer, x: True,
        lambda layer, x: False,
        lambda layer, x: not np.allclose(layer(x)[0], layer(x)[0]),
        lambda layer, x: not np.allclose(layer(x)[0], x[0]),
        lambda layer, x: not np.allclose(layer(x), layer(2 * x)),
        lambda layer, x: not np.allclose(layer(x).mean(0), 0),
        lambda layer, x: depends_on_batch(layer, x).__class__,
    ),
    right=(
        by_small_step,
        lambda layer, x: (
            not np.allclose(
                call(layer, x)[0],
                call(layer, np.vstack([x[:1], x[:1] * 9 + 5]))[0],
            )
        ),
    ),
)
