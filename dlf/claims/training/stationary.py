"""Does the gradient vanish where the loss has settled: design of C35.

The norm is that of the gradient over all training data, not of a batch's.
"""

import math
from typing import Any

import numpy as np

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

RATES = (0.01, 0.0316, 0.1, 0.316, 1.0)
GRIDS = {
    "sgd": RATES,
    "momentum": tuple(r / 10 for r in RATES),
    "adam": tuple(r / 100 for r in RATES),
}
EPOCH = 40  # batches of 100 in 4,000 examples
CELLS = {
    f"M1, {optimizer}, {schedule}": {
        "what": "norms",
        "data": "M1",
        "optimizer": optimizer,
        "schedule": schedule,
        "steps": 100 * EPOCH,
    }
    for optimizer in GRIDS
    for schedule in ("constant", "cosine")
}
CELLS["M1-1000, full batch"] = {
    "what": "norms",
    "data": "M1",
    "keep": 1_000,
    "batch": 1_000,
    "optimizer": "momentum",
    "schedule": "constant",
    "steps": 50 * EPOCH,
}
CELLS["M1, bends"] = {"what": "bends", "data": "M1", "steps": 15 * EPOCH}
CELLS["FM, criteria"] = {
    "what": "criteria",
    "data": "FM",
    "steps": 3_000,
    "seeds": 5,
    "rate": 0.03,
}
EPS, PATIENCE, TOL = 0.1, 3, 0.02  # of the three detectors, on FM


def trained(
    cell: dict, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train; for scored seeds keep the norm after 1, 5, 10, … epochs."""
    from dlf.claims.training import common as tools
    from dlf.stacked import training

    data, steps = tools.examples(cell, seeds), cell["steps"]
    model = tools.net(cell, seeds, len(settings))
    norms = []

    def watch(step: int, _: Any) -> None:
        if step == EPOCH or (step and step % (5 * EPOCH) == 0):
            norms.append(tools.gradient_norm(model, data).double().numpy())

    waves = {
        "constant": None,
        "cosine": lambda step: (1 + math.cos(math.pi * step / steps)) / 2,
    }
    scored = "rate" in cell
    out = training.fit(
        model,
        data,
        settings,
        steps=steps,
        batch=cell.get("batch", 100),
        optimizer=tools.OPTIMIZERS[cell["optimizer"]],
        schedule=waves[cell["schedule"]],
        every=EPOCH if scored else 0,
        watch=watch if scored else None,
    )
    out.pop("curve", None)
    if scored:
        out["norms"] = np.stack(norms, -1)[None]
    return tools.by_loss(out)


def norms(cell: dict, seeds: list[int]) -> dict[str, Any]:
    """Choose the rate by training loss, then follow the gradient."""
    from dlf.claims.training import common as tools

    rate, tried, name = cell.get("rate"), {}, cell["optimizer"]
    if rate is None:
        rates, scores = tools.best(trained, cell, (name,), GRIDS[name])
        rate, tried = rates[name], scores[name]
    out = trained(cell | {"rate": rate}, name, [rate], seeds)
    data = out.pop("data")
    kept = {k: out[k][0] for k in ("loss", "initial", "norms", "test")}
    kept["test"] = np.asarray(kept["test"], float)
    return kept | {"data": data, "found": {"rate": rate, "tuning": tried}}


def bends(cell: dict, seeds: list[int]) -> dict[str, Any]:
    """Train with a kink and with a smooth bend that is close to it."""
    import torch.nn.functional as F

    from dlf.claims.training import common as tools

    smooth = {
        "relu": "relu",
        "softplus": lambda z: F.softplus(z, beta=20.0),
    }
    common = {"optimizer": "momentum", "schedule": "constant"}

    def accurate(cell: dict, arm: str, *rest: Any) -> dict[str, Any]:
        from dlf.stacked import training

        settings, seeds = rest
        bent = cell | {"bend": smooth[arm]}
        return training.fit(
            tools.net(bent, seeds, len(settings)),
            tools.examples(cell, seeds),
            settings,
            steps=cell["steps"],
        )

    scored: dict[str, Any] = {}
    rates, tried = tools.best(
        accurate, cell | common, tuple(smooth), GRIDS["momentum"], 3
    )
    for arm in smooth:
        out = accurate(cell | common, arm, [rates[arm]], seeds)
        scored[arm] = np.asarray(out["test"][0], float)
    return scored | {"found": {"rates": rates, "tuning": tried}}


def criteria(cell: dict, seeds: list[int]) -> dict[str, Any]:
    """Follow what the three detectors read, once an epoch."""
    from dlf.claims.training import common as tools
    from dlf.stacked import training

    data = tools.examples(cell, seeds)
    model = tools.net(cell, seeds, 1)
    kept: dict[str, list] = {k: [] for k in ("norms", "train", "held", "hits")}

    def watch(step: int, _: Any) -> None:
        train, _ = training.evaluate(model, data, data.train)
        held, right = training.evaluate(model, data, data.validation)
        norm = tools.gradient_norm(model, data)
        row = (norm, train, held, right.double().mean(1))
        for name, value in zip(kept, row, strict=True):
            kept[name].append(value.double().numpy())

    out = training.fit(
        model,
        data,
        [cell["rate"]],
        steps=cell["steps"],
        every=100,
        watch=watch,
    )
    scored = {k: np.stack(v, -1) for k, v in kept.items()}
    return scored | {"data": out["data"], "found": {"rate": cell["rate"]}}


def measure(cell: dict, seeds: list[int]) -> dict[str, Any]:
    """Do what the cell says."""
    what = {"norms": norms, "bends": bends, "criteria": criteria}
    return what[cell["what"]](cell, seeds)


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
