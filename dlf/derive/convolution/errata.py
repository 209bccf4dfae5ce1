"""The erratum of the sources on convolution, with its witness."""

import numpy as np

from dlf.derive.erratum import Erratum

Array = np.ndarray
W = np.array([[1.0, 2], [3, 4]])
PULSE = np.zeros((3, 3))
PULSE[1, 1] = 1


def _printed() -> Array:
    """One sum, over m alone, of n times a weight, as it is printed."""
    return np.array(
        [[sum(n * W[m, n] * PULSE[i + m, j + n] for m in (0, 1) for n in (1,))
          for j in (0, 1)] for i in (0, 1)]
    )  # fmt: skip


def _both_sums() -> Array:
    return np.array(
        [[(W * PULSE[i : i + 2, j : j + 2]).sum() for j in (0, 1)]
         for i in (0, 1)]
    )  # fmt: skip


def _witness() -> tuple:
    transformed = np.fft.ifft2(
        np.fft.fft2(PULSE) * np.conj(np.fft.fft2(W, (3, 3)))
    ).real[:2, :2]
    return _printed(), _both_sums(), np.round(transformed, 9)


E69 = Erratum(
    key="E69",
    kind="misprint",
    place="S0 §2.2",
    prints=(
        r"$f\big(\sum_m n\,W_{m,n}^{(l)}\cdot x_{i+m,j+n}+b^{(l)}\big)$, in "
        "the text that we read."
    ),
    correct=(
        r"$h^{(l)}_{o,i,j}=f\big(\sum_c\sum_m\sum_nW^{(l)}_{o,c,m,n}\,"
        r"h^{(l-1)}_{c,\,si+m,\,sj+n}+b^{(l)}_o\big)$: two sums over the "
        "kernel, one over the input channels, the layer before, a bias for "
        "each output channel. With $3\\times3$ taps from 3 to 16 channels "
        "that is 448 parameters; without the sum over channels it would be "
        "160. With $+m$ and $+n$ it is cross-correlation."
    ),
    witness=_witness,
    of=r"kernel $\begin{pmatrix}1&2\\3&4\end{pmatrix}$ on a single 1 amid "
    r"$3\times3$ zeros; the printed form read as $\sum_mn\,W_{m,n}x_{i+m,j+n}$ "
    "with $n=1$; third row: by Fourier transforms",
    columns=("output",),
)
