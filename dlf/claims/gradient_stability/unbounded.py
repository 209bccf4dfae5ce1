"""Whether unbounded activations make gradients explode: C64.

Random nets of fifty layers, before training. What grows is the mean square
size of activations on their way to the end, or of gradients on their way back.
"""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import MEASURED

DEPTH, WIDTH, BATCH, SEEDS, GROWTH = 50, 128, 128, range(100, 105), 10.0


def growth(
    f: str, gain: float, skips: bool = False, norm: bool = False
) -> tuple[float, float]:
    """Median over five nets of the growth of activations and of gradients.

    Args:
        f: name of an activation function in torch.
        gain: of normal weights, whose variance is gain² over the fan-in.
        skips: whether each layer adds to its input.
        norm: whether batch norm stands before the activation.
    """
    import torch

    found = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        x = torch.tensor(rng.normal(size=(BATCH, WIDTH)), requires_grad=True)
        a = x
        for _ in range(DEPTH):
            w = gain * rng.normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH)
            z = a @ torch.tensor(w.T)
            if norm:
                z = (z - z.mean(0)) / (z.var(0, unbiased=False) + 1e-5).sqrt()
            out = getattr(torch, f)(z)
            a = a + out if skips else out
        last = torch.tensor(rng.normal(size=a.shape))
        (first,) = torch.autograd.grad(a, x, last)
        found.append(
            [
                a.detach().norm().item() / x.detach().norm().item(),
                first.norm().item() / last.norm().item(),
            ]
        )
    signal, gradient = np.median(found, axis=0)
    return float(signal), float(gradient)


def power(size: float) -> str:
    """Write a factor: plainly where it is small, else as a power of ten."""
    return f"{size:.1f}" if size < GROWTH else f"10^{np.log10(size):.0f}"


def say(signal: float, gradient: float) -> str:
    """Say by which factors the two grow."""
    return f"activations × {power(signal)}, gradients × {power(gradient)}"


def he_start() -> tuple[bool, str]:
    """Plain ReLU layers under He's start."""
    grown = growth("relu", np.sqrt(2))
    return max(grown) >= GROWTH, say(*grown)


def large_start() -> tuple[bool, str]:
    """Plain ReLU layers under weights that are too large."""
    grown = growth("relu", 2.0)
    return max(grown) >= GROWTH, say(*grown)


def residual_sums() -> tuple[bool, str]:
    """ReLU branches under He's start, added up."""
    grown = growth("relu", np.sqrt(2), skips=True)
    return max(grown) >= GROWTH, say(*grown)


def bounded() -> tuple[bool, str]:
    """Tanh under the same large weights: bounded, so should not explode."""
    grown = growth("tanh", 2.0)
    return max(grown) < GROWTH, say(*grown)


def normalized() -> tuple[bool, str]:
    """ReLU with batch norm in every layer: should not explode."""
    grown = growth("relu", np.sqrt(2), norm=True)
    return max(grown) < GROWTH, say(*grown)


C64 = Exact(
    number="C64",
    title="Unbounded activations without normalization explode",
    sources=(
        Source(
            "S1",
            "l.263",
            "Unbounded activations (e.g., ReLU without normalization)",
        ),
    ),
    hypothesis=(
        "Over 50 layers, before training, activations or gradients grow at "
        "least tenfold in ReLU nets without normalization: (a) plain, under "
        "He's start; (b) plain, with weights √2 times as large; (c) with "
        "skips. It is the missing bound: (d) tanh under the weights of (b) "
        "does not grow. It is the missing normalization: (e) with batch norm "
        "ReLU does not."
    ),
    rule=(
        "Exact, part by part: a growth by 10 or more, of activations or of "
        "gradients, as the median of five random nets of width 128 on a batch "
        "of 128."
    ),
    literature=(
        "Hanin (2018): plain ReLU nets keep the size at He's variance. Zhang, "
        "Dauphin & Ma (2019): residual sums grow exponentially without "
        "normalization. Yang et al. (2019): batch norm itself makes gradients "
        "of deep plain nets grow, by 1.2 or so a layer with ReLU."
    ),
    expects=("mixed",),
    cuts="No training: C67 trains nets with the parts put in and left out.",
    parts=(
        Part("(a) He's start", "Unbounded activations", he_start, MEASURED),
        Part("(b) gain 2", "Unbounded activations", large_start, MEASURED),
        Part("(c) skips", "without normalization", residual_sums, MEASURED),
        Part("(d) bounded", "Unbounded", bounded, MEASURED),
        Part("(e) batch norm", "without normalization", normalized, MEASURED),
    ),
)
