"""Weights of one standard deviation, whatever the layer's size: C58.

A ReLU layer multiplies the mean square by n σ²/2 on average. What that does to
a signal is measured on random nets, as the median of five in the logarithm.
"""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND

DEPTH, SEEDS = 20, range(100, 105)


def size_after(sigma: float, width: int, depth: int = DEPTH) -> float:
    """Median size behind ReLU layers, for inputs of size 1.

    Args:
        sigma: standard deviation of every weight.
        width: units of each layer, and inputs.
        depth: layers.
    """
    sizes = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        a = rng.normal(size=(64, width))
        for _ in range(depth):
            w = sigma * rng.normal(size=(width, width))
            a = np.maximum(a @ w.T, 0)
        sizes.append(np.sqrt((a**2).mean()))
    return float(np.median(sizes))


def power(size: float) -> str:
    """Write a size as the nearest power of ten."""
    return f"10^{np.log10(size):.0f}"


def layer_factor() -> tuple[bool, str]:
    """Compare a layer's factor of the mean square with n σ²/2."""
    off = []
    for width in (32, 128, 512):
        rng = np.random.default_rng(100)
        a, left = rng.normal(size=(1, width)), []
        for _ in range(400):
            w = 0.1 * rng.normal(size=(width, width))
            left.append((np.maximum(a @ w.T, 0) ** 2).mean() / (a**2).mean())
        off.append(abs(np.mean(left) / (width * 0.01 / 2) - 1))
    return bool(max(off) < 0.05), (
        "n σ²/2 at widths 32, 128 and 512, within 5 % as the mean of 400 draws"
    )


def vanishing() -> tuple[bool, str]:
    """Take σ = 0.05 at width 128."""
    size = size_after(0.05, 128)
    return size < 1e-3, f"σ = 0.05, width 128: a size of {power(size)}"


def exploding() -> tuple[bool, str]:
    """Take σ = 0.3 at width 512."""
    size = size_after(0.3, 512)
    return size > 1e3, f"σ = 0.3, width 512: a size of {power(size)}"


def one_sigma() -> tuple[bool, str]:
    """Take the σ that is right at width 128 to a quarter and four times it."""
    narrow, right, wide = (size_after(0.125, n) for n in (32, 128, 512))
    return narrow < 1e-3 and 0.1 < right < 10 and wide > 1e3, (
        f"σ = 0.125 keeps the size at width 128, leaves {power(narrow)} at 32 "
        f"and {power(wide)} at 512"
    )


def scaled() -> tuple[bool, str]:
    """Scale σ by the width: He's weights at the same three widths."""
    sizes = [size_after((2 / n) ** 0.5, n) for n in (32, 128, 512)]
    return all(0.1 < s < 10 for s in sizes), (
        "with variance 2/n the size stays within a factor of 10 at all three"
    )


def shallow() -> tuple[bool, str]:
    """Ask whether two layers suffer as well."""
    size = size_after(0.05, 128, 2)
    return 0.1 < size < 10, (
        f"two layers, σ = 0.05, width 128: a size of {size:.1f}, no harm"
    )


C58 = Exact(
    number="C58",
    title="Weights of a fixed scale vanish or explode",
    sources=(
        Source(
            "S1",
            "l.311",
            "Doesn't account for layer size → may cause vanishing/exploding",
        ),
        Source("S2", "Training 1", "random small values"),
    ),
    hypothesis=(
        "(a) A ReLU layer of n inputs multiplies the mean square by n σ²/2. "
        "(b) Over 20 layers a fixed σ makes signals vanish at one width and "
        "explode at another. (c) The σ that is right at one width is wrong at "
        "a quarter and at four times it."
    ),
    rule=(
        "Exact, case by case: (a) within 5 % as the mean of 400 draws; (b) a "
        "size below 1e-3, above 1e3, for inputs of size 1, median of 5 nets; "
        "(c) both, and within a factor of 10 at the width in between. Scaled "
        "weights and two layers are shown as background."
    ),
    literature=(
        "Glorot & Bengio (2010) for tanh, He et al. (2015) for ReLU: a "
        "variance that does not follow the fan-in stalls deep nets."
    ),
    expects=("holds",),
    cuts="No training: C59 trains nets at matched and mismatched scales.",
    parts=(
        Part("(a) factor", "account for layer size", layer_factor),
        Part("(b) vanishing", "vanishing", vanishing),
        Part("(b) exploding", "exploding", exploding),
        Part("(c) one σ", "account for layer size", one_sigma),
        Part("scaled", "layer size", scaled, BACKGROUND),
        Part("two layers", "may cause", shallow, BACKGROUND),
    ),
)
