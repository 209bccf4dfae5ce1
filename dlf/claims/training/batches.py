"""Small batches against all examples at once: design of C38.

Work is counted in gradients of single examples up to the target loss.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.claims.training.cells import Training
from dlf.experiments.cards import outcome
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import SMALL, SUPPORTED, estimate, ratio
from dlf.stacked.activation_nets import crossing

RATES = (0.001, 0.00316, 0.01, 0.0316, 0.1, 0.316, 1.0)
ARMS = {"batch 32": (32, 10), "full batch": (1_000, 2)}  # size, steps a look


@dataclass(frozen=True, kw_only=True)
class Race(Training):
    """A race to a loss, in at most so many steps."""

    what: str
    target: float
    steps: int


@dataclass(frozen=True, kw_only=True)
class Gradient(Cell):
    """What is asked of a gradient: its time, or its mean."""

    what: str


CELLS = {
    "M1-1000": Race(
        what="race", data="M1", keep=1_000, target=0.9, steps=1_500
    ),
    "D8": Race(what="race", data="D8", target=0.1, steps=1_500),
    "one full gradient": Gradient(what="seconds", seeds=5),
    "all batches": Gradient(what="mean"),
}


def train(
    cell: Race, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Race to the target; fewest steps win, then the lowest loss."""
    from dlf.claims.training import common as tools
    from dlf.stacked import training

    batch, every = ARMS[arm]
    out = training.fit(
        tools.net(cell, seeds, len(settings)),
        tools.examples(cell, seeds),
        settings,
        steps=cell.steps,
        batch=batch,
        every=every,
        stop=cell.target,
    )
    curve = out.pop("curve")
    out["steps"] = crossing(curve, every, cell.target)
    out["missed"] = (curve > cell.target).all(-1) | np.isnan(curve[..., -1])
    last = np.nan_to_num(curve[..., -1], nan=1e6, posinf=1e6)
    out["score"] = -np.log(out["steps"]) - 10 * out["missed"] * last
    return out


def race(cell: Race, seeds: list[int]) -> dict[str, Any]:
    """Choose each arm's rate, then count examples to the target."""
    from dlf.claims.training import common as tools

    scored: dict[str, Any] = {}
    rates, tried = tools.best(train, cell, tuple(ARMS), RATES)
    for arm, (batch, _) in ARMS.items():
        out = train(cell, arm, [rates[arm]], seeds)
        data = out["data"]
        scored[arm] = batch * out["steps"][0]
        scored[f"{arm} missed"] = out["missed"][0].astype(float)
        step = step_seconds(cell, batch)
        scored[f"{arm} seconds"] = step * out["steps"][0]
    return scored | {"data": data, "found": {"rates": rates, "tuning": tried}}


def step_seconds(cell: Race, batch: int) -> float:
    """Time a step of one net: the median of 50."""
    import torch

    from dlf.claims.training import common as tools
    from dlf.stacked import training

    model, data = tools.net(cell, [0], 1), tools.examples(cell, [0])
    params = list(model.parameters())
    update, taken = training.sgd(params, torch.tensor([1e-9])), []
    for rows in training.batches(data.train, [0], 55, batch):
        start = time.perf_counter()
        value = tools.total(model, data, rows).sum()
        update(torch.autograd.grad(value, params))
        taken.append(time.perf_counter() - start)
    return float(np.median(taken[5:]))


def seconds(cell: Gradient, seeds: list[int]) -> dict[str, Any]:
    """Time one gradient over 60,000 examples of 784 numbers."""
    import torch
    import torch.nn.functional as F

    from dlf.nn.mlp import MLP

    torch.set_num_threads(1)
    taken = []
    for seed in seeds:
        torch.manual_seed(seed)
        model = MLP((784, 128, 128, 10))
        x, y = torch.randn(60_000, 784), torch.randint(10, (60_000,))
        start = time.perf_counter()
        F.cross_entropy(model(x), y).backward()
        taken.append(time.perf_counter() - start)
    return {"seconds": np.array(taken)}


def mean(cell: Gradient, seeds: list[int]) -> dict[str, Any]:
    """Average the gradient over every batch of three of seven examples."""
    from itertools import combinations

    from dlf.scratch.backpropagation.manual import mlp_gradients
    from dlf.scratch.mlp import init

    worst = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(7, 4)), rng.integers(3, size=7)
        params = init((4, 5, 3), rng)
        _, whole = mlp_gradients(params, x, y)
        parts = [
            mlp_gradients(params, x[list(rows)], y[list(rows)])[1]
            for rows in combinations(range(7), 3)
        ]
        gaps = [
            np.abs(np.mean([p[k] for p in parts], 0) - whole[k]).max()
            for k in whole
        ]
        worst.append(max(gaps))
    return {"gap": np.array(worst)}


def measure(cell: Any, seeds: list[int]) -> dict[str, Any]:
    """Do what the cell says."""
    what = {"race": race, "seconds": seconds, "mean": mean}
    return what[cell.what](cell, seeds)


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide the two races, the time, and the mean of all batches."""
    found, rule = [], ratio(5.0)
    small, full = ARMS
    for cell in ("M1-1000", "D8"):
        if cell in view:
            kept = view[cell]
            e = estimate(np.log(kept[full] / kept[small]))
            s = np.median(kept[f"{full} seconds"] / kept[f"{small} seconds"])
            missed = kept[f"{small} missed"], kept[f"{full} missed"]
            note = (
                f"{np.median(kept[small]):,.0f} examples against "
                f"{np.median(kept[full]):,.0f}; in seconds ×{s:.2g}; missed "
                f"{missed[0].sum():.0f} and {missed[1].sum():.0f}"
            )
            found.append(
                Outcome(f"(a) {cell}", rule(e), e, "ratio", rule, note)
            )
    if (cell := "one full gradient") in view:
        took = float(np.median(view[cell]["seconds"]))
        note = f"{took:.2g} s for 118,282 parameters and 60,000 examples"
        word = SUPPORTED if took > 60 else SMALL
        found.append(Outcome(f"(b) {cell}", word, note=note))
    if (cell := "all batches") in view:
        gap = float(view[cell]["gap"].max())
        note = f"their mean is the full gradient within {gap:.0e}"
        found.append(outcome(f"(c) {cell}", gap < 1e-10, note, counted=False))
    return tuple(found)


C38 = Measured(
    number="C38",
    title="Stochastic beats full-batch; full-batch is infeasible",
    sources=(
        Source("S1", "l.219", "Faster than batch GD"),
        Source("S1", "l.131", "Very slow for large datasets"),
        Source("S3", "§3", "computationally infeasible"),
    ),
    hypothesis=(
        "(a) With batches of 32 the loss target costs at least five times "
        "fewer gradients of single examples than with all 1,000 at once. (b) "
        "One gradient over 60,000 examples of 784 numbers takes a net of "
        "100,000 parameters more than 60 s on one thread. (c) The gradient of "
        "a batch is unbiased."
    ),
    rule=(
        "(a) R(ratio 5) on M1 (1,000 examples, target 0.9) and on D8 (target "
        "0.1), both with momentum and with the best of seven rates; a run that "
        "misses counts as its whole budget. (b) median of five timings. (c) "
        "exact: the mean over all batches of three of seven within 1e-10."
    ),
    literature=(
        "Bottou and Bousquet (2008): SGD is the best of those compared under a "
        "budget of time. Wilson and Martinez (2003): batch training is "
        "inefficient."
    ),
    expects=("holds in part",),
    cuts="1,500 steps an arm; two tuning seeds; five timings in (b).",
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=10,
)
