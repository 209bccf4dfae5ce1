"""Dropout in its variants: noise that multiplies activations in training.

    inverted     y = x k / (1 - p)      k = 1 with probability 1 - p, else 0
    classic      y = x k in training, (1 - p) x in use
    Gaussian     y = x n                n ~ N(1, p / (1 - p))
                                                         (regularization.9)

All have the mean of x; inverted and Gaussian also the same variance. What is
drawn once for all steps of a sequence makes variational dropout, once for a
whole residual branch stochastic depth: `mask` draws it once for the axes that
share it.
Source: Srivastava et al. (2014), sections 4 and 10; Gal & Ghahramani (2016);
Huang et al. (2016).
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from dlf.scratch.shapes import sizes

Array = np.ndarray


def mask(
    shape: Sequence[int],
    p: float,
    rng: np.random.Generator,
    shared: Sequence[int] = (),
    dtype: type | np.dtype = np.float64,
) -> Array:
    """Draw a dropout mask: 0 with probability p, else 1/(1 - p).

    Args:
        shape: of what is multiplied.
        p: probability of dropping, in [0, 1).
        rng: source of the draws.
        shared: axes along which one draw serves all: time for variational
            dropout, all but the first for stochastic depth.
        dtype: of the mask.

    Raises:
        ValueError: p is out of its range or 1/(1 - p) out of the type's, the
            type holds no fractions, or an axis is none of the shape's.

    >>> rng = np.random.default_rng(0)
    >>> mask((2, 4), 0.5, rng, shared=[1]).tolist()
    [[2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0]]
    """
    _probability("mask", p)
    if np.ndim(shape) != 1:
        raise ValueError(
            "mask: `shape` must list sizes, because axes may share a draw; "
            f"got {shape}"
        )
    kind, axes = np.dtype(dtype), range(-len(shape), len(shape))
    if kind.kind != "f" or any(axis not in axes for axis in shared):
        raise ValueError(
            "mask: `dtype` must be a floating-point type and `shared` name "
            f"axes of the shape, because factors are fractions; got {kind} "
            f"and {list(shared)} for shape {tuple(shape)}"
        )
    if 1 / (1 - p) > float(np.finfo(kind).max):
        raise ValueError(
            f"mask: `p` must be smaller for {kind}, because it cannot hold "
            f"1/(1 - p); got {p}"
        )
    alike = {axis % len(shape) for axis in shared}
    drawn = [1 if axis in alike else n for axis, n in enumerate(shape)]
    kept = ((rng.random(drawn) >= p) / (1 - p)).astype(kind)
    return np.broadcast_to(kept, shape).copy()


def gaussian_noise(
    shape: Sequence[int], p: float, rng: np.random.Generator
) -> Array:
    """Draw Gaussian dropout's factors: mean 1, variance p/(1 - p).

    Args:
        shape: of what is multiplied.
        p: probability of dropping of the inverted dropout that it is like.
        rng: source of the draws.

    Raises:
        ValueError: p is out of its range.
    """
    _probability("gaussian_noise", p)
    return rng.normal(1.0, (p / (1 - p)) ** 0.5, size=shape)


def dropout(
    x: Float[Array, "*B"], noise: Float[Array, "*B"]
) -> tuple[Float[Array, "*B"], Callable]:
    """Dropout in training: multiply by what was drawn (regularization.9).

    Args:
        x: activations.
        noise: from `mask` or `gaussian_noise`.

    Returns:
        The activations, and ``vjp(dy) -> dx``.

    Raises:
        ValueError: the noise has another shape.
    """
    sizes(dropout, x, noise)
    noise = noise.copy()  # the caller may draw the next into its own

    def vjp(dy: Float[Array, "*B"]) -> Array:
        return dy * noise

    return x * noise, vjp


def _probability(name: str, p: float) -> None:
    """Refuse probabilities of dropping outside [0, 1)."""
    if not 0 <= p < 1:
        raise ValueError(
            f"{name}: `p` must lie in [0, 1), because it is the probability "
            f"of dropping, and all would be lost at 1; got {p}"
        )
