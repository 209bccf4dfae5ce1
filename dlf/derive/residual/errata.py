"""The erratum of the sources on residual blocks, with its witness."""

import numpy as np

from dlf.derive.erratum import Erratum

X = 1.0
FACTORS = np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 0.0])


def _relu(z: float) -> float:
    return max(z, 0.0)


def _printed(f: np.ndarray) -> float:
    return f[2] * (_relu(f[1] * _relu(f[0] * X)) + X)


def _corrected(f: np.ndarray) -> float:
    return f[2] * _relu(f[1] * _relu(f[0] * X)) + X


def _witness() -> tuple:
    truth = [X * (f.prod() + 1) for f in FACTORS]  # nothing is negative
    return (
        np.array([_printed(f) for f in FACTORS]),
        np.array([_corrected(f) for f in FACTORS]),
        np.array(truth),
    )


E70 = Erratum(
    key="E70",
    kind="misprint",
    place="S4 §1.5.2",
    prints=(
        r"$y=F_3(\sigma(F_2(\sigma(F_1(x))))+x$, with five parentheses opened "
        r"and four closed."
    ),
    correct=(
        r"$y=F_3(\sigma(F_2(\sigma(F_1(x)))))+x$: the input is added behind "
        r"the last layer, not in front of it. (ResNets apply one more ReLU.)"
    ),
    witness=_witness,
    of=r"$F_1,F_2,F_3$ multiply by 1, 2, 3 (then by 1, 2, 0), $\sigma$ is "
    r"ReLU, $x=1$; what a reader gets who puts the missing parenthesis at the "
    r"end; third row: $x$ times one more than the product of the factors",
    columns=("third factor 3", "third factor 0"),
)
