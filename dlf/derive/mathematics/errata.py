"""Errata of the sources on mathematics, each with its witness."""

from contextlib import suppress

import numpy as np

from dlf.derive.erratum import Erratum


def _slanted() -> tuple:
    a = np.array([[1.0, 1.0], [0.0, 2.0]])
    q = np.array([[1.0, 1.0], [0.0, 1.0]]) / np.array([1.0, 2**0.5])
    values = np.diag([1.0, 2.0])
    return q @ values @ q.T, q @ values @ np.linalg.inv(q), a


E1 = Erratum(
    key="E1",
    kind="needs a condition",
    place="S4 §1.1.1",
    prints="“A = QΛQᵀ where Q contains eigenvectors”, with no condition on A.",
    correct=(
        r"$A=Q\Lambda Q^{-1}$ if there are enough eigenvectors, as for "
        r"$\big(\begin{smallmatrix}1&1\\0&1\end{smallmatrix}\big)$ there are "
        r"not; $Q^{-1}=Q^\top$ with real $\Lambda$ exactly if $A=A^\top$."
    ),
    witness=_slanted,
    of=(
        r"$A=\big(\begin{smallmatrix}1&1\\0&2\end{smallmatrix}\big)$, with "
        "unit eigenvectors"
    ),
    columns=("$A$ as put together again",),
)


def _shapes() -> tuple:
    x, w = np.arange(1.0, 5.0), np.ones((3, 4))
    printed = np.full(3, np.nan)  # a 3 by 2 matrix has no product with x
    with suppress(ValueError):
        printed = np.ones((3, 2)) @ x
    return printed, w @ x, [x.sum()] * 3


E2 = Erratum(
    key="E2",
    kind="misprint",
    place="S4 §1.1.1",
    prints=(
        r"$x\in\mathbb R^d$, $W\in\mathbb R^{m\times n}$, and then $y=Wx+b$; "
        "over all five sources α is the learning rate, two slopes, a "
        "smoothing mass, an architecture weight, a Beta parameter and a "
        "focal weight."
    ),
    correct=(
        r"$W\in\mathbb R^{m\times d}$ and $b\in\mathbb R^m$, as S4 itself "
        "has it in §1.2.1; and one table of symbols for the whole text."
    ),
    witness=_shapes,
    of=(
        "$x=(1,2,3,4)$ and a $W$ of ones with $m=3$ and, as printed, an "
        "$n=2$ of its own"
    ),
    columns=(
        "$y_1$",
        "$y_2$",
        "$y_3$",
    ),
)
