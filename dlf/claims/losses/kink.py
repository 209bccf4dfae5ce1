"""Is MAE slow, and is the kink the cause: design of C25."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dlf.claims.losses.outliers import Curve, better, train
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.headline import Headline, with_cause
from dlf.experiments.outcomes import Effect, Outcome, judged, noted
from dlf.experiments.statistics import (
    OPPOSITE,
    SMALL,
    SUPPORTED,
    UNCLEAR,
    larger,
    ratio,
)

RATES = (0.00316, 0.00562, 0.01, 0.0178, 0.0316, 0.0562, 0.1)
SMOOTHED = ("smooth 0.01", "smooth 0.1", "slope 0.1")


@dataclass(frozen=True, kw_only=True)
class Race(Curve):
    """A race on a curve, whose optimizer is always stated."""

    optimizer: str = field()


RACES = {
    name: Race(
        share=0.0,
        kind="symmetric",
        noise=0.0,
        target=0.1,
        optimizer=name,
        steps=1_000,
        first=200,
    )
    for name in ("adam", "sgd")
}


def kink(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge the excess of MAE over MSE, then whether smoothing removes it."""
    found = []
    excess = better("mae", "mse", "steps")
    for cell, arms in view.items():
        first = Effect(f"(a) {cell}", (cell,), excess, ratio(1.25), "ratio")
        a = judged(first, view, 0.95)
        arm = max(SMOOTHED, key=lambda s, arms=arms: arms[s]["tuned"])

        def gain(arms: dict, arm: str = arm) -> np.ndarray:
            return better("mae", arm, "steps")(arms) - excess(arms) / 2

        second = Effect(f"(b) {cell}", (cell,), gain, larger(0.0), "ratio")
        b = judged(second, view, 0.95)
        zeros = float(arms["mae"]["zeros"].mean())
        met = SUPPORTED if zeros > 1e-4 else SMALL
        settled = {a.verdict, b.verdict, met}
        word = next(
            w for w in (OPPOSITE, SMALL, UNCLEAR, SUPPORTED) if w in settled
        )
        jitter = float(np.median(np.exp(better("mae", "mse", "jitter")(arms))))
        note = (
            f"{arm}; {zeros:.1e} of the residuals exactly 0; late jitter of "
            f"MAE {jitter:.2g} × MSE's"
        )
        found += [a, noted(replace(b, verdict=word), note)]
    return tuple(found)


def because(outcomes: Sequence[Outcome]) -> Headline:
    """Ask for the effect (a) and for its cause (b)."""
    return with_cause(outcomes, "(a)", "(b)")


C25 = Contrast(
    number="C25",
    title="MAE is hard to optimise because of the kink at 0",
    sources=(
        Source(
            "S2",
            "Losses 2(b)",
            "not differentiable at 0, making optimization difficult",
        ),
    ),
    hypothesis=(
        "(a) “Making optimization difficult”: on clean data MAE takes at least "
        "1.25 times as many steps as MSE to an RMSE of 0.1. (b) “Not "
        "differentiable at 0” is the cause: smoothing it at equal slope "
        "removes at least half of the excess, and more than 1 in 10,000 "
        "residuals meet it exactly."
    ),
    rule=(
        "For Adam and for SGD with momentum: (a) R(ratio 1.25) on steps; (b) "
        "supported if (a) is, if the logarithm of MAE's steps less that of the "
        "smoothed loss exceeds half of MAE's excess, the interval above 0, and "
        "if zeros exceed 1e-4; refuted if any of the three is. The smoothed "
        "loss is the best in tuning of √(r² + ε²) with ε = 0.01 and 0.1 and "
        "Huber's with δ = 0.1, divided by δ. Rates, in quarter-decades, are "
        "chosen by fewest steps on three tuning seeds; 20 fresh seeds."
    ),
    literature=(
        "Schmidt, Fung and Rosales (2007): smoothed L1. Nesterov (2004): "
        "subgradient methods O(1/√T), gradient descent O(1/T)."
    ),
    expects=("not supported", "mixed", "mostly not"),
    cuts="1,000 steps, all 200 points at once; RMSE read every 10 steps.",
    cells=RACES,
    arms=("mse", "mae", *SMOOTHED),
    grid=RATES,
    train=train,
    seeds=20,
    tuning=3,
    judge=kink,
    conclude=because,
)
