"""Is MAE slow, and is the kink the cause: design of C25."""

import numpy as np

from dlf.claims.losses.outliers import RATES, better, train
from dlf.experiments.claim import Contrast, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import (
    REFUTED,
    SUPPORTED,
    UNDECIDED,
    estimate,
    larger,
    ratio,
)

SMOOTHED = ("smooth 0.01", "smooth 0.1", "slope 0.1")
RACES = {
    name: {
        "share": 0.0,
        "kind": "symmetric",
        "noise": 0.0,
        "target": 0.1,
        "optimizer": name,
        "steps": 1_000,
    }
    for name in ("adam", "sgd")
}


def kink(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge the excess of MAE over MSE, then whether smoothing removes it."""
    found, easy = [], ratio(1.25)
    for cell, arms in view.items():
        excess = better("mae", "mse", "steps")(arms)
        a = estimate(excess)
        found.append(Outcome(f"(a) {cell}", easy(a), a, "ratio", easy))
        arm = max(SMOOTHED, key=lambda s, arms=arms: arms[s]["tuned"])
        gain = better("mae", arm, "steps")(arms) - excess / 2
        b, rule = estimate(gain), larger(0.0)
        zeros = float(arms["mae"]["zeros"].mean())
        settled = easy(a), rule(b), SUPPORTED if zeros > 1e-4 else REFUTED
        word = (
            REFUTED
            if REFUTED in settled
            else UNDECIDED
            if UNDECIDED in settled
            else SUPPORTED
        )
        jitter = float(np.median(np.exp(better("mae", "mse", "jitter")(arms))))
        note = (
            f"{arm}; {zeros:.1e} of the residuals exactly 0; late jitter of "
            f"MAE {jitter:.2g} × MSE's"
        )
        found.append(Outcome(f"(b) {cell}", word, b, "ratio", rule, note))
    return tuple(found)


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
        "(a) On clean data MAE takes at least 1.25 times as many steps as MSE "
        "to an RMSE of 0.1. (b) The kink is the cause: smoothing it at equal "
        "slope removes at least half of the excess, and more than 1 in 10,000 "
        "residuals meet it exactly."
    ),
    rule=(
        "For Adam and for SGD with momentum: (a) R(ratio 1.25) on steps; (b) "
        "supported if (a) is, if the logarithm of MAE's steps less that of the "
        "smoothed loss exceeds half of MAE's excess, the interval above 0, and "
        "if zeros exceed 1e-4; refuted if any of the three is. The smoothed "
        "loss is the best in tuning of √(r² + ε²) with ε = 0.01 and 0.1 and "
        "Huber's with δ = 0.1, divided by δ. Rates are chosen by fewest steps."
    ),
    literature=(
        "Schmidt, Fung and Rosales (2007): smoothed L1. Nesterov (2004): "
        "subgradient methods O(1/√T), gradient descent O(1/T)."
    ),
    expects=("does not hold", "holds in part"),
    cuts="1,000 steps, all 200 points at once; RMSE read every 10 steps.",
    cells=RACES,
    arms=("mse", "mae", *SMOOTHED),
    grid=RATES,
    train=train,
    seeds=10,
    judge=kink,
)
