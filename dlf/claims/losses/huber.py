"""What Huber's delta is worth, and its smooth twin: design of C26."""

import math

import numpy as np

from dlf.claims.losses.outliers import CELLS, RATES, better, train
from dlf.experiments.cards import outcome
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import estimate, family, not_worse, ratio

DELTAS = tuple(f"huber {d:g}" for d in (0.01, 0.1, 1, 10, 100))


def deltas(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge the twin, then Huber with δ chosen, then what δ is worth."""
    r = np.linspace(-50, 50, 200_001)
    a = np.abs(r)
    smooth = a + np.log1p(np.exp(-2 * a)) - math.log(2)
    gap = float(np.abs(smooth - np.where(a <= 1, r * r / 2, a - 0.5)).max())
    bound = math.log(2) - 0.5
    jump = (0.0 - 1.0, -2 * math.sinh(1) / math.cosh(1) ** 3)
    found = [
        outcome(
            "(a) smooth twin",
            abs(gap - bound) < 1e-9,
            f"largest difference {gap:.5f}; at |r| = 1 Huber's second "
            f"derivative jumps by {jump[0]:g}, log-cosh has a slope of "
            f"{jump[1]:.2g} there and derivatives of every order",
            printed=True,
        )
    ]
    level = family(2 * len(view))
    for cell, arms in view.items():
        ranked = sorted(DELTAS, key=lambda d, arms=arms: arms[d]["tuned"])
        rival = max(("mse", "mae"), key=lambda d, arms=arms: arms[d]["tuned"])
        pairs = (
            ("(b) tuned", rival, ranked[-1], not_worse(math.log(1.1))),
            ("(c) worst to best", ranked[0], ranked[-1], ratio(1.25)),
        )
        for name, old, new, rule in pairs:
            e = estimate(better(old, new)(arms), level)
            found.append(
                Outcome(
                    f"{name}, {cell}",
                    rule(e),
                    e,
                    "ratio",
                    rule,
                    f"{new} against {old}",
                )
            )
    return tuple(found)


C26 = Contrast(
    number="C26",
    title="Huber combines both and needs δ; log-cosh is its smooth twin",
    sources=(
        Source("S2", "Losses 2(c)", "Combines benefits of MSE … and MAE"),
        Source("S2", "Losses, table", "Requires tuning δ"),
        Source("S2", "Losses 2(d)", "Similar to Huber but smoother"),
    ),
    hypothesis=(
        "(a) log cosh r and Huber's loss with δ = 1 differ by at most ln 2 − ½ "
        "≈ 0.193, and log cosh has all derivatives where Huber's has one. (b) "
        "With δ tuned, Huber's RMSE is within 10 % of the better of MSE's and "
        "MAE's at every contamination. (c) From the best δ of 0.01 to 100 to "
        "the worst, RMSE changes by at least 25 %."
    ),
    rule=(
        "(a) exact. (b) at 0 %, at 5 % symmetric and at 20 % one-sided the "
        "upper end of the interval of the RMSE ratio is at most 1.1. (c) "
        "R(ratio 1.25) there. Which δ and which rival is best or worst is read "
        "off the tuning seeds; six intervals widened together."
    ),
    literature="Huber (1964): δ is set by the share of contamination.",
    expects=("holds", "holds in part"),
    cuts="Five values of δ, three of C24's five contaminations.",
    cells={
        name: CELLS[name]
        for name in ("0 %", "5 %, symmetric", "20 %, one-sided")
    },
    arms=("mse", "mae", *DELTAS),
    grid=RATES,
    train=train,
    seeds=10,
    judge=deltas,
)
