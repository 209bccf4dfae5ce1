"""The errata of the sources on generative models, with their witnesses."""

import numpy as np

from dlf.derive.erratum import Erratum


def _mean_distance(theta: float) -> float:
    """Give W1 from a point to half at -1 and half at 1, by sorted draws."""
    data, point = np.repeat([-1.0, 1.0], 500), np.full(1000, theta)
    return float(np.abs(np.sort(data) - np.sort(point)).mean())


def _collapse() -> tuple:
    at, step = np.array([-0.5, 0.0, 0.5]), 1e-3
    by_hand = (np.sign(at + 1) + np.sign(at - 1)) / 2  # of (|t+1| + |t-1|) / 2
    moved = [_mean_distance(t + step) - _mean_distance(t - step) for t in at]
    pulled = np.abs(moved) > 1e-9
    return np.ones(3), np.abs(by_hand), pulled.astype(float)


E75 = Erratum(
    key="E75",
    kind="needs a condition",
    place="S2, Loss Functions 4(c)",
    prints=(
        "the Wasserstein loss “Solves mode collapse in Generative Adversarial "
        "Networks”, without a formula."
    ),
    correct=(
        r"$W_1(p,q)=\sup\{\mathbb E_pf-\mathbb E_qf:|f(x)-f(y)|\le\|x-y\|\}$, "
        "and the critic must be held to that slope (by clipping, a gradient "
        "penalty or spectral norm). It has useful gradients where supports "
        "are apart, and so makes collapse less likely; it does not exclude it."
    ),
    witness=_collapse,
    of=r"data half at $-1$ and half at $1$; a generator that has collapsed to "
    r"one point $\theta$. Does moving it change $W_1$, so that there is "
    r"something to learn from? For every $\theta$ between them $W_1=1$; second "
    r"row by the derivative of $\frac12(|\theta+1|+|\theta-1|)$, third row by "
    "sorted samples",
    columns=(r"at $-\frac12$?", "at $0$?", r"at $\frac12$?"),
    implied=True,
)


def _pairing() -> tuple:
    data = np.array([-1.0, 1.0])
    pairs = [(x, y) for x in data for y in data]  # all equally frequent
    error = np.mean([(x - y) ** 2 for x, y in pairs])
    sums = np.linspace(-1, 1, 2001)
    ours = np.searchsorted(data, sums, side="right") / 2
    theirs = np.searchsorted(np.flip(-data), sums, side="right") / 2
    return (
        np.array([error]),
        np.array([np.abs(np.sort(data) - np.sort(-data)).mean()]),
        np.array([np.trapezoid(np.abs(ours - theirs), sums)]),
    )


E76 = Erratum(
    key="E76",
    kind="wording",
    place="S2, Loss Functions 4",
    prints="“Loss Functions for Reconstruction (Autoencoders, GANs)”.",
    correct=(
        "Autoencoders reconstruct their input. A plain GAN has no input to "
        "reconstruct: it is compared with the data as a whole, distribution "
        "with distribution."
    ),
    witness=_pairing,
    of=r"data $\{-1,1\}$, a generator that emits the same two, equally often. "
    "How far it is from perfect: by the squared error to the example it is "
    r"paired with at random; by $W_1$; by the area between the two "
    "cumulative distributions",
    columns=("distance from the data",),
    implied=True,
)
