"""Does the gradient vanish where the loss has settled: design of C35.

What is measured stands in `gradients`.
"""

import numpy as np

from dlf.claims.training.gradients import CELLS, measure
from dlf.experiments.cards import outcome
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import (
    SMALL,
    estimate,
    family,
    kendall,
    larger,
    ratio,
)

EPS, PATIENCE, TOL = 0.1, 3, 0.02  # of the three detectors, on FM


def stops(found: dict[str, np.ndarray]) -> dict[str, list[int | None]]:
    """Let the three detectors read each seed's history; looks are epochs."""
    from dlf.scratch.training import early_stopping

    return {
        "gradient": [
            early_stopping.gradient_below(v, EPS) for v in found["norms"]
        ],
        "loss": [
            early_stopping.loss_plateaued(v, PATIENCE, TOL)
            for v in found["train"]
        ],
        "validation": [
            early_stopping.early_stop(v, PATIENCE) for v in found["held"]
        ],
    }


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide (a) and (b) where norms were kept, and (c)."""
    found, level = [], family(13)
    for cell, kept in view.items():
        if cell == "FM, criteria":
            found.append(said(kept))
        elif cell == "M1, bends":
            rule = larger(0.01)
            e = estimate(kept["softplus"] - kept["relu"], level)
            found.append(
                Outcome("(c) softplus less ReLU", rule(e), e, "points", rule)
            )
        else:
            found += decided(cell, kept, level)
    return tuple(found)


def decided(cell: str, kept: dict, level: float) -> list[Outcome]:
    """Judge the fall of the norm and its order."""
    norms, counted = kept["norms"], "full batch" not in cell
    falls = np.log(norms[:, 0] / np.maximum(norms[:, -1], 1e-30))
    a, rule = estimate(falls, level), ratio(10.0)
    fell = float(np.median(kept["loss"] / kept["initial"]))
    word = rule(a) if fell <= 0.5 else SMALL
    first, last = (float(np.median(norms[:, i])) for i in (0, -1))
    note = (
        f"norm {first:.2g} after one epoch, {last:.2g} at the end; loss to "
        f"{fell:.2g} of its start"
    )
    name = f"(a) {cell}"
    out = [Outcome(name, word, a, "ratio", rule, note, counted)]
    looks = np.arange(norms.shape[1], dtype=float)
    taus = np.array([kendall(looks, v) for v in norms])
    b, order = estimate(-taus, level), larger(0.5)
    name = f"(b) {cell}"
    out.append(Outcome(name, order(b), b, "−τ", order, counted=counted))
    return out


def said(kept: dict) -> Outcome:
    """Say when each detector fires, and what is true then."""
    parts = []
    best = kept["hits"].max(1)
    for name, at in stops(kept).items():
        fired = [(i, t) for i, t in enumerate(at) if t is not None]
        if not fired:
            parts.append(f"{name}: never in {kept['hits'].shape[1] - 1} epochs")
            continue
        epochs = np.median([t for _, t in fired])
        short = np.mean([best[i] - kept["hits"][i, t] for i, t in fired])
        parts.append(
            f"{name}: {len(fired)} of {len(at)} runs, median epoch "
            f"{epochs:g}, {100 * short:.2g} points below the run's best"
        )
    return outcome("FM, criteria", None, "; ".join(parts), counted=False)


C35 = Measured(
    number="C35",
    title="At convergence the gradient goes to zero; smoothness is required",
    sources=(
        Source(
            "S0",
            "§7",
            "loss L decreases over epochs and gradients approach zero",
        ),
        Source("S0", "§7, conditions", "Smooth loss surface"),
    ),
    hypothesis=(
        "(a) While the training loss falls by half or more, the norm of the "
        "gradient over all data falls to a tenth of its value after one epoch. "
        "(b) It falls steadily. (c) Nets with a kink train worse than nets "
        "with a smooth bend."
    ),
    rule=(
        "For three optimizers with constant and with cosine rate: (a) R(ratio "
        "10) on the norm after one epoch to the norm after 100, and the median "
        "loss ends at half of its start or less; (b) Kendall's τ of norm and "
        "time is at most −0.5, by R(0.5) on −τ. (c) R(1 point) on test "
        "accuracy, softplus with β = 20 less ReLU. Rates are chosen by "
        "training loss, for (c) by validation. Thirteen cells, intervals "
        "widened together; full batch is a control. The three criteria on "
        f"Fashion-MNIST are reported: norm < {EPS}, best loss down by less "
        f"than {TOL:.0%} in {PATIENCE} epochs, validation loss without a new "
        f"best for {PATIENCE}."
    ),
    literature=(
        "Zhang, Li, Sra and Jadbabaie (2022): the loss of large nets settles "
        "while their weights never come near a stationary point. Cohen et al. "
        "(2021): full-batch descent trains at the edge of stability."
    ),
    expects=("does not hold", "holds in part"),
    cuts=(
        "100 epochs; two tuning seeds for the rates; the control has 1,000 "
        "examples and 2,000 steps."
    ),
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=10,
)
