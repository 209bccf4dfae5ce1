"""Exercises on generative models whose answer is a few numbers."""

import numpy as np

from dlf.exercises.core import Exercise


def step_back() -> tuple[float, float, float]:
    """Repeat the worked example with the noise of the other sign.

    The fractions of variance left are 0.64 and then 0.0784, x0 = 1 and noise
    ½, which the net sees; then the steps back, without noise and the mean of
    the one with noise.
    """
    x2 = 0.28 * 1 + 0.96 * 0.5
    without = 0.8 * 1 + 0.6 * 0.5
    posterior = 0.76171875 * 1 + 0.13671875 * x2
    return x2, without, posterior


def one_code() -> tuple[float, float]:
    """Divergence from N(0, 1) of N(2, 1), and of N(0, e²), in nats."""
    return (4 + 1 - 1 - 0) / 2, (np.e**2 - 1 - 2) / 2


def point_distances() -> tuple[float, float, float]:
    """Compare data at 0 with a sample at 3: JS, W1, and W1's derivative.

    The mixture gives each half its weight, so that both divergences are log 2.
    """
    return float(np.log(2)), 3.0, 1.0


def best_discriminator() -> tuple[float, float, float]:
    """Real (½, ½, 0), generated (0, ½, ½): best D at each outcome."""
    p, q = np.array([0.5, 0.5, 0]), np.array([0, 0.5, 0.5])
    first, second, third = p / (p + q)
    return float(first), float(second), float(third)


STEP = Exercise(
    "generative-1",
    step_back(),
    wrong=(
        (-0.2, 0.5, 0.734375),
        (0.76, 1.1, 1.1),
        (0.76, 0.8, 0.865625),
        (0.5392, 1.1, 0.865625),
        (0.5392, 0.82, 0.865625),
        (0.76, 1.1, 0.898),
        (0.76, 1.1, 0.76171875),
        0.76,
    ),
    rtol=5e-3,
    right=(
        [0.76, 1.1, 0.865625],
        np.array([0.76, 1.1, 0.866]),
        (19 / 25, 11 / 10, 277 / 320),
    ),
)
CODE = Exercise(
    "generative-2",
    one_code(),
    wrong=(
        (2.0, 1.0),
        (4.0, 4.389),
        (1.0, 2.195),
        (2.0, -0.14),
        (2.5, 2.195),
        (2.195, 2.0),
        2.0,
    ),
    rtol=5e-3,
    right=([2, 2.195], np.array([2.0, 2.19]), (2.0, (np.e**2 - 3) / 2)),
)
POINTS = Exercise(
    "generative-3",
    point_distances(),
    wrong=(
        (0.693, 3, 0),
        (0, 3, 1),
        (0.693, 9, 6),
        (np.inf, 3, 1),
        (1.386, 3, 1),
        (0.693, 3, -1),
        (0.693, 1.5, 0.5),
        3.0,
    ),
    rtol=5e-3,
    right=([0.6931, 3, 1], np.array([0.69, 3, 1]), (np.log(2), 3, 1.0)),
)
BEST = Exercise(
    "generative-4",
    best_discriminator(),
    wrong=(
        (0.5, 0.5, 0),
        (0, 0.5, 1),
        (1, 1, 0),
        (1, 0, 0),
        (0.5, 0.5, 0.5),
        (1, 0.25, 0),
        1,
    ),
    right=([1, 0.5, 0], np.array([1.0, 0.5, 0.0]), (1, 1 / 2, 0)),
)
