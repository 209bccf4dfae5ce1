"""Thirty layers deep: C17, whether exponentials make gradients vanish."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dlf.claims.activations.gradient_flow import flow
from dlf.experiments.claim import Measured, Source
from dlf.experiments.headline import Headline, with_cause
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import (
    OPPOSITE,
    SUPPORTED,
    UNCLEAR,
    estimate,
    family,
)
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net


def curves() -> dict[str, tuple[Callable, float]]:
    """Give the curves of C17 with their gains.

    Gains are torch's where it has one (sigmoid 1, hard sigmoid likewise),
    else those that keep the variance.
    """
    import torch
    import torch.nn.functional as F

    def soft(x: torch.Tensor) -> torch.Tensor:
        return F.softplus(x) - math.log(2)

    named = {
        arm: nets.unit_gain(arm) for arm in ("relu", "tanh", "elu", "gelu")
    }
    return {
        **{
            arm: (getattr(torch, arm, None) or getattr(F, arm), g)
            for arm, g in named.items()
        },
        "sigmoid": (torch.sigmoid, 1.0),
        "hard sigmoid": (lambda x: (x / 4 + 0.5).clamp(0, 1), 1.0),
        "centred softplus": (soft, 1.8756),
    }


@dataclass(frozen=True, kw_only=True)
class Deep(Net):
    """A deep net, before training."""

    data: str = "M1"
    width: int = 128
    dtype: str = "float64"


def depths(cell: Deep, seeds: list[int]) -> dict[str, Any]:
    """Measure the flow through 30 layers of 128 before training."""
    data = nets.examples(cell, seeds)
    found = {}
    for arm, (f, gain) in curves().items():
        net = nets.build(replace(cell, gain=gain), f, seeds, 1)
        found[arm] = flow(net, data, 100)
    return found | {"data": data.describe()}


PARTS = (
    ("(a) ReLU keeps it", "relu", True),
    ("(a) sigmoid loses it", "sigmoid", False),
    ("(b) hard sigmoid, no exponential, keeps it", "hard sigmoid", True),
    ("(b) ELU, exponential, loses it", "elu", False),
    ("(b) GELU, exponential, loses it", "gelu", False),
    ("(b) centred softplus, exponential, loses it", "centred softplus", False),
    ("tanh, exponential, loses it", "tanh", False),
)


def vanished(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge: kept lies in [0.1, 10], lost below 1e-6."""
    [arms] = view.values()
    level = family(len(PARTS) - 1)
    found = []
    for cell, arm, keeps in PARTS:
        e = estimate(arms[arm], level)
        inside = e.low >= -1 and e.high <= 1
        outside = e.high < -1 or e.low > 1
        holds = inside if keeps else e.high < -6
        fails = outside if keeps else e.low >= -6
        word = SUPPORTED if holds else OPPOSITE if fails else UNCLEAR
        counted = arm != "tanh"
        found.append(Outcome(cell, word, e, "(log10)", counted=counted))
    return tuple(found)


def because(outcomes: Sequence[Outcome]) -> Headline:
    """Ask for the effect (a) and for its cause (b)."""
    return with_cause(outcomes, "(a)", "(b)")


C17 = Measured(
    number="C17",
    title="ReLU cures vanishing gradients, because it has no exponential",
    sources=(
        Source(
            "S2",
            "ReLU",
            "Solves Vanishing Gradient Problem (no exponential operations)",
        ),
        Source("S0", "§3.3", "helps reduce"),
        Source("S1", "l.195", "mitigates"),
        Source("S3", "§1", "avoids the vanishing gradient problem"),
    ),
    hypothesis=(
        "Through 30 layers of 128 units, before training, (a) the norm of the "
        "gradient at the first layer over that at the last lies within [0.1, "
        "10] for ReLU and below 1e-6 for sigmoid; (b) the exponential is the "
        "cause: hard sigmoid, which has none, keeps its gradients, and ELU, "
        "GELU and centred softplus, which have one, lose theirs."
    ),
    rule=(
        "Each of six lines is a cell, on the interval of log10 of the ratio "
        "over 10 seeds, widened together: kept means within [0.1, 10], lost "
        "means below 1e-6. Tanh is shown and not counted. Gains: sigmoid and "
        "hard sigmoid (slope ¼) 1, the others those that keep the variance."
    ),
    literature=(
        "Hochreiter (1991); Glorot and Bengio (2010); Hanin (2018): in ReLU "
        "nets the variance 2/fan-in and the sum of reciprocal widths decide. "
        "What vanishes is the product of slopes, whatever computes them."
    ),
    expects=("holds in part",),
    mode="live",
    here="Five fresh seeds.",
    replica=lambda: {
        "depth 30": C17.measured(Deep(depth=30, seeds=5, first=200))
    },
    cells={"depth 30": Deep(depth=30)},
    measure=depths,
    judge=vanished,
    conclude=because,
)
