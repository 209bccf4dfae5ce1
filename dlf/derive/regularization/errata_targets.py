"""Errata of the sources on soft labels and augmentation, with witnesses."""

import numpy as np

from dlf.derive.erratum import Erratum

SIX = """
###
#..
###
#.#
###"""
NINE = """
###
#.#
###
..#
###"""


def bitmap(text: str) -> np.ndarray:
    """Read a bitmap, a line a row.

    Args:
        text: of ``#`` and dots.
    """
    return np.array([[c == "#" for c in row] for row in text.split()])


def _table() -> tuple:
    K, alpha = 10, 0.1
    y = np.eye(K)[3]
    printed = (1 - alpha) * y + alpha * K
    correct = (1 - alpha) * y + alpha / K
    other = (1 - alpha) * y + alpha * np.full(K, 0.1)
    return tuple((t.sum(), t[3]) for t in (printed, correct, other))


E64 = Erratum(
    key="E64",
    kind="misprint",
    place="S0 §10, table",
    prints=r"$(1-\alpha)y+\alpha K$; the text of S0 and S4 are right.",
    correct=r"$(1-\alpha)y+\frac\alpha K\mathbf 1$.",
    witness=_table,
    of=(
        r"$K=10$, $\alpha=0.1$; measured, a mixture of the label and the "
        "uniform distribution"
    ),
    columns=("sum of the targets", "true class"),
)


def _confidence() -> tuple:
    K, alpha = 10, 0.1
    target = np.full(K, alpha / K)
    target[3] += 1 - alpha
    z = np.zeros(K)
    for _ in range(5000):
        p = np.exp(z) / np.exp(z).sum()
        z = z - 0.5 * (p - target)
    p = np.exp(z) / np.exp(z).sum()
    best = 1 - alpha + alpha / K
    right = float(p.argmax() == 3)
    return (right, 0.0), (best, 1 - best), (p.max(), right - p.max())


E65 = Erratum(
    key="E65",
    kind="needs a condition",
    implied=True,
    place="S0 §10.6",
    prints="label smoothing “improves calibration”.",
    correct=(
        "that of a model that is too sure. It sets the confidence to "
        r"$1-\alpha+\frac\alpha K$, and a model that is right more often than "
        "that becomes too modest."
    ),
    witness=_confidence,
    of=(
        r"a model that is always right, $K=10$, $\alpha=0.1$; measured, by "
        "descent on the smoothed loss"
    ),
    columns=("confidence", "calibration error"),
)


def _rotated() -> tuple:
    six, nine = bitmap(SIX), bitmap(NINE)
    turned = six[::-1, ::-1]
    like = [int((turned == digit).all()) for digit in (six, nine)]
    cells = [int(np.array_equal(np.rot90(six, 2), d)) for d in (six, nine)]
    return (1, 0), tuple(like), tuple(cells)


E67 = Erratum(
    key="E67",
    kind="needs a condition",
    implied=True,
    place="S0 §10.5",
    prints=(
        r"$E[T[L(f(T(x)),y)]]=E[L(f(T(x)),y)]$, and flips and rotations to "
        "which a model should “become invariant”."
    ),
    correct=(
        r"$\min_\theta\mathbb E_{(x,y)}\mathbb E_T[\ell(f_\theta(T(x)),y)]$, a "
        "minimum and not an equation; and $T$ must keep the label."
    ),
    witness=_rotated,
    of="a 6 of 5 × 3 cells, turned by 180°",
    columns=("is it still a 6?", "is it a 9?"),
)
