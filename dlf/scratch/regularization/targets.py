"""Softer targets and mixed examples: label smoothing, mixup, CutMix.

    label smoothing   t = (1 - e) onehot + e / C         (regularization.14)
    mixup             x = l x_i + (1 - l) x_j,  t likewise,  l ~ Beta(a, a)
                                                         (regularization.13)
    CutMix            a rectangle of x_j in x_i, and t by the areas

Source: Szegedy et al. (2016), section 7; Zhang et al. (2018); Yun et al.
(2019), equation 1.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.checks import check_positive, distributions, floating
from dlf.scratch.shapes import sizes

Array = np.ndarray
SPREAD = "it shapes the distribution of the mix"


def smooth_labels(
    labels: Int[Array, " N"], C: int, smoothing: float = 0.1
) -> Float[Array, "N C"]:
    """Label smoothing: targets that give every class a little.

    Args:
        labels: true classes, in 0..C-1.
        C: how many classes there are.
        smoothing: e, in [0, 1): what is taken from the true class and dealt to
            all, the true one included.

    Raises:
        ValueError: a label names no class, C is no whole number of classes,
            or e is out of its range.

    >>> smooth_labels(np.array([2]), 4, 0.2)
    array([[0.05, 0.05, 0.85, 0.05]])
    """
    sizes(smooth_labels, labels)
    if not isinstance(C, int | np.integer):
        raise ValueError(
            "smooth_labels: `C` must be an integer, because it counts the "
            f"classes; got {C}"
        )
    if C < 1 or (len(labels) and not 0 <= labels.min() <= labels.max() < C):
        raise ValueError(
            f"smooth_labels: `labels` must lie in 0..{C - 1}, because there "
            f"are {C} classes; got {labels}"
        )
    if not 0 <= smoothing < 1:
        raise ValueError(
            "smooth_labels: `smoothing` must lie in [0, 1), because the true "
            f"class keeps the rest; got {smoothing}"
        )
    targets = np.full((len(labels), C), smoothing / C)
    targets[np.arange(len(labels)), labels] += 1 - smoothing
    return targets


def mixup(
    x: Float[Array, "N *S"],
    targets: Float[Array, "N C"],
    alpha: float,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """Mixup: blend every example, and its target, with another's.

    Args:
        x: a batch.
        targets: probabilities, one-hot or soft.
        alpha: of Beta(alpha, alpha), positive; small ones hardly mix.
        rng: source of the draws, one for the whole batch.

    Raises:
        ValueError: shapes do not fit, targets are no probabilities, or alpha
            is not positive.
    """
    _alike(mixup, x, targets, alpha)
    part, other = rng.beta(alpha, alpha), rng.permutation(len(x))
    return _blend(x, x[other], part), _blend(targets, targets[other], part)


def cutmix(
    x: Float[Array, "N C H W"],
    targets: Float[Array, "N K"],
    alpha: float,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """CutMix: paste a rectangle of another image, and mix targets by area.

    Args:
        x: a batch of images.
        targets: probabilities, one-hot or soft.
        alpha: of Beta(alpha, alpha), positive, for the part that stays.
        rng: source of the draws, one for the whole batch.

    Raises:
        ValueError: shapes do not fit, targets are no probabilities, or alpha
            is not positive.
    """
    sizes(cutmix, x, targets)
    _alike(cutmix, x, targets, alpha)
    H, W = x.shape[2:]
    side = (1 - rng.beta(alpha, alpha)) ** 0.5
    rows, columns = _within(H, side, rng), _within(W, side, rng)
    other = rng.permutation(len(x))
    mixed = x.copy()
    mixed[:, :, rows, columns] = x[other][:, :, rows, columns]
    cut = (rows.stop - rows.start) * (columns.stop - columns.start) / (H * W)
    return mixed, _blend(targets, targets[other], 1 - cut)


def _within(size: int, side: float, rng: np.random.Generator) -> slice:
    """Draw a center anywhere, and clip what lies about it at the edges."""
    center, half = rng.uniform(0, size), side * size / 2
    return slice(max(0, round(center - half)), min(size, round(center + half)))


def _blend(a: Array, b: Array, part: float) -> Array:
    return float(part) * a + (1 - float(part)) * b


def _alike(f: Callable, x: Array, targets: Array, alpha: float) -> None:
    """Refuse class numbers, and targets of another batch."""
    name = f.__name__
    check_positive(name, "alpha", alpha, SPREAD)
    if alpha == np.inf:
        raise ValueError(f"{name}: `alpha` must be finite; got {alpha}")
    floating(name, x=x)
    floating(name, targets=targets)
    if x.size == 0:
        raise ValueError(
            f"{name}: `x` must have examples that are not empty, because they "
            f"are mixed; got shape {x.shape}"
        )
    if targets.ndim != 2 or len(x) != len(targets):
        raise ValueError(
            f"{name}: `targets` must have a row of probabilities for each of "
            f"{len(x)} examples, because both are mixed alike; got shape "
            f"{targets.shape} for {x.shape}"
        )
    distributions(f, "targets", targets, targets)
