"""How far samples are from data, for a model of any kind: `y, vjp = f(x, …)`.

    sliced Wasserstein: mean over directions u of W1(x u, y u)   (generative.24)

In one dimension W1 compares sorted numbers, as `dlf.scratch.losses.divergences`
does. Neither densities nor losses are needed, so that models with and without
a likelihood can be compared; its floor is what two draws of the data are apart.
Source: Rabin et al. (2012), section 3; Bonneel et al. (2015), equation 5.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive, entries
from dlf.scratch.losses.divergences import wasserstein
from dlf.scratch.shapes import sizes

Array = np.ndarray


def directions(count: int, features: int, seed: int = 0) -> Float[Array, "P D"]:
    """Random unit vectors; in the plane, evenly spread ones.

    Args:
        count: how many.
        features: of an example.
        seed: of the draw.

    Raises:
        ValueError: there is no direction, or no feature.
    """
    if min(count, features) < 1:
        raise ValueError(
            "directions: `count` and `features` must be positive; got "
            f"{count} and {features}"
        )
    if features == 2:
        angle = np.pi * np.arange(count) / count
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    u = np.random.default_rng(seed).normal(size=(count, features))
    return u / np.linalg.norm(u, axis=1, keepdims=True)


def sliced_wasserstein(
    x: Float[Array, "N D"], y: Float[Array, "N D"], u: Float[Array, "P D"]
) -> tuple[float, Callable]:
    """Mean Wasserstein distance of all projections (generative.24).

    Args:
        x: samples, one a row, in any order.
        y: as many real examples.
        u: directions of length 1, one a row.

    Returns:
        The distance, in the examples' unit, and ``vjp(dcost=1.0) -> dx``.

    Raises:
        ValueError: shapes do not fit, there is no sample, or a direction has
            another length than 1.

    >>> x = np.zeros((3, 2))
    >>> sliced_wasserstein(x, x + [1.0, 0.0], np.eye(2))[0]
    0.5
    """
    sizes(sliced_wasserstein, x, y, u)
    entries(sliced_wasserstein, x=x)
    entries(sliced_wasserstein, u=u)
    length = np.sqrt(np.square(u).sum(axis=1, dtype=np.float64))
    if np.any(np.abs(length - 1) > 0.01):
        raise ValueError(
            "sliced_wasserstein: `u` must hold directions of length 1, because "
            f"the distance grows with it; got lengths {length}"
        )
    cost, pull = wasserstein(x @ u.T, y @ u.T)

    def vjp(dcost: float = 1.0) -> Float[Array, "N D"]:
        return pull(dcost) @ u

    return cost, vjp


def coverage(
    x: Float[Array, "N D"], centers: Float[Array, "M D"], radius: float
) -> tuple[int, float]:
    """Count the modes that are found, and the fraction of samples near one.

    Args:
        x: samples.
        centers: of the modes, which are equally frequent.
        radius: how near a sample must be to count for its nearest. Choose it
            so small that samples without modes find none: with four standard
            deviations, all around a circle of eight modes every one is found.

    Returns:
        How many modes get a third of their due or more; the fraction.

    Raises:
        ValueError: shapes do not fit, there is no sample or no center, a
            sample is not finite, or ``radius`` not positive.
    """
    _, _, M = sizes(coverage, x, centers)
    entries(coverage, x=x)
    entries(coverage, centers=centers)
    check_positive("coverage", "radius", radius, "it is a distance")
    if not np.isfinite(x).all():
        raise ValueError(
            "coverage: `x` must be finite, because samples of a model that "
            "diverged are no samples"
        )
    gap = np.sqrt(np.square(x[:, None] - centers).sum(axis=2))
    near = gap.argmin(axis=1)[gap.min(axis=1) <= radius]
    counts = np.bincount(near, minlength=M)
    return int((counts >= len(x) / (3 * M)).sum()), len(near) / len(x)
