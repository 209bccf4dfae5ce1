"""What a learning rate does that is too high, or too low: design of C36."""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dlf.claims.training.cells import Training
from dlf.experiments import tuning
from dlf.experiments.cards import outcome
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import UNBALANCED, Outcome
from dlf.experiments.statistics import (
    at_least,
    estimate,
    family,
    proportion,
    ratio,
)
from dlf.stacked import activation_nets
from dlf.stacked.activation_nets import Net

FACTORS = (1.0, 4.0, 16.0, 32.0, 64.0, 128.0)
TOO_HIGH, COUNTED = 64.0, 6
GRID = (0.0178, 0.0316, 0.0562, 0.1, 0.178, 0.316)
SLOWER = {"a tenth": (10, 8_000), "a hundredth": (100, 30_000)}


@dataclass(frozen=True, kw_only=True)
class Quadratics(Cell):
    """Bowls, without data."""

    what: str


@dataclass(frozen=True, kw_only=True)
class Nets(Training):
    """What is asked of a net, and its steps."""

    what: str
    steps: int


@dataclass(frozen=True, kw_only=True)
class Race(Net):
    """A race to a training loss, which is always stated."""

    depth: int = 2
    target: float = field()


CELLS: dict[str, Quadratics | Nets | Race] = {
    "quadratics": Quadratics(what="quadratics", first=200),
    **{
        f"{data}, full batch": Nets(
            what="above", data=data, keep=1_000, steps=200, first=200
        )
        for data in ("M1", "D8")
    },
    "M1, slow": Race(data="M1", target=1.0, steps=1_000, first=200),
    "D8, slow": Race(data="D8", target=0.1, steps=600, first=200),
}


def quadratics(cell: Quadratics, seeds: list[int]) -> dict[str, Any]:
    """Descend random bowls at rates about 2 / λmax: does theory tell?"""
    wrong = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        turn, _ = np.linalg.qr(rng.normal(size=(5, 5)))
        curvatures = rng.uniform(0.1, 10.0, size=5)
        bowl = turn * curvatures @ turn.T
        errors = 0
        for factor in (0.01, 0.5, 0.9, 0.99, 1.01, 1.1, 2.0):
            w = start = rng.normal(size=5)
            for _ in range(5_000):
                w = w - factor * 2 / curvatures.max() * (bowl @ w)
                if np.abs(w).max() > 1e9:
                    break
            errors += (w @ w < start @ start) != (factor < 1)
        wrong.append(errors)
    return {"wrong": np.array(wrong)}


def above(cell: Nets, seeds: list[int]) -> dict[str, Any]:
    """Train on all data at once, at multiples of 2 / λmax of the start."""
    import torch

    from dlf.claims.training import common as tools
    from dlf.stacked import training

    data, S = tools.examples(cell, seeds), len(FACTORS)
    model = tools.net(cell, seeds, S)
    start = tools.sharpness(model, data)
    factors = torch.tensor(FACTORS, dtype=start.dtype)
    rates = factors.repeat_interleave(len(seeds)) * 2 / start
    params = list(model.parameters())
    update = training.sgd(params, rates, momentum=0.0)
    losses = []
    for _ in range(cell.steps):
        value = tools.total(model, data, data.train)
        losses.append(value.detach().clone())
        update(torch.autograd.grad(value.sum(), params))
    with torch.no_grad():
        losses.append(tools.total(model, data, data.train))
    curve = torch.stack(losses).double().view(-1, S, len(seeds)).numpy()
    curve = np.nan_to_num(curve, nan=1e9, posinf=1e9)
    return {
        "start": curve[0].T,
        "end": curve[-1].T,
        "rises": (np.diff(curve, axis=0) > 0).mean(0).T,
        "data": data.describe(),
    }


def race(
    cell: Race, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Race until the target is met."""
    return activation_nets.race(cell, "relu", settings, seeds, stop=cell.target)


def slow(cell: Race, seeds: list[int]) -> dict[str, Any]:
    """Race at the best rate, at a tenth and at a hundredth of it."""
    tried = tuning.choose(race, cell, ("relu",), GRID, 3)["relu"]
    best = max(tried, key=lambda rate: tried[rate])
    first = race(cell, "relu", [best], seeds)
    steps = {"best": first["steps"][0]}
    for name, (part, budget) in SLOWER.items():
        longer = replace(cell, steps=budget)
        steps[name] = race(longer, "relu", [best / part], seeds)["steps"][0]
    found = {"best": best, "tried": {f"{r:g}": s for r, s in tried.items()}}
    return steps | {"found": found, "data": first["data"]}


def measure(cell: Any, seeds: list[int]) -> dict[str, Any]:
    """Do what the cell says."""
    if isinstance(cell, Race):
        return slow(cell, seeds)
    if isinstance(cell, Nets):
        return above(cell, seeds)
    return quadratics(cell, seeds)


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide the bowls, the nets at each factor, and the slow races."""
    found = []
    if "quadratics" in view:
        wrong = int(view["quadratics"]["wrong"].sum())
        n = 7 * len(view["quadratics"]["wrong"])
        note = f"2 / λmax foretells {n - wrong} of {n} descents"
        found.append(outcome("(a) quadratics", wrong == 0, note, counted=False))
    for data in ("M1", "D8"):
        if (cell := f"{data}, full batch") in view:
            found += [at(view[cell], i, data) for i in range(len(FACTORS))]
        if (cell := f"{data}, slow") in view:
            found += [slower(view[cell], name, data) for name in SLOWER]
    return tuple(found)


def at(kept: dict, i: int, data: str) -> Outcome:
    """Count the runs at one factor that learned nothing by the end."""
    dull = (1 - UNBALANCED) * math.log(10)
    lost = kept["end"][:, i] >= np.minimum(kept["start"][:, i], dull)
    e = proportion(int(lost.sum()), len(lost), family(COUNTED))
    above = float(np.mean(kept["end"][:, i] > kept["start"][:, i]))
    note = (
        f"of runs learn nothing; {above:.0%} end above their start, the loss "
        f"rises at {kept['rises'][:, i].mean():.0%} of the steps"
    )
    name = f"(b) {data}, η = {FACTORS[i]:g} × 2/λ"
    counted = FACTORS[i] == TOO_HIGH
    return Outcome(name, at_least(e, 0.5), e, "points", None, note, counted)


def slower(kept: dict, name: str, data: str) -> Outcome:
    """Compare the steps at a part of the best rate with those at the best."""
    rule, steps = ratio(1.25), kept[name]
    e = estimate(np.log(steps / kept["best"]), family(COUNTED))
    missed = int((steps >= SLOWER[name][1]).sum())
    note = f"{missed} of {len(steps)} runs miss the target" if missed else ""
    return Outcome(f"(c) {data}, {name}", rule(e), e, "ratio", rule, note)


C36 = Measured(
    number="C36",
    title="Too high a rate never converges, too low a rate is slow",
    sources=(
        Source("S2", "Hyperparameters 1", "may overshoot"),
        Source(
            "S2",
            "Hyperparameters 1",
            "Too high → Model may never converge (oscillates)",
        ),
        Source("S2", "Hyperparameters 1", "training is slow"),
    ),
    hypothesis=(
        "(b) “Too high → may never converge”: trained on all data at once at "
        "64 times 2/λmax of their start, at least half of the nets learn "
        "nothing. (c) “Training is slow”: at a tenth and at a hundredth of the "
        "best rate a net takes at least 1.25 times as many steps to the same "
        "training loss."
    ),
    rule=(
        "(b) The share of runs whose loss ends above its start, or no better "
        "than that of the best constant prediction: lower bound of the exact "
        "interval at least one half supports, upper bound below refutes; M1 "
        "and D8, 1,000 examples, 200 steps. (c) R(ratio 1.25) on steps to a "
        "training loss of 1.0 (M1) and 0.1 (D8), momentum SGD, batches of 100; "
        "a run that misses the target counts as its budget (8,000 or 30,000 "
        "steps), a lower bound. Six cells, intervals widened together. (a) "
        "Descent on quadratics below and above 2/λmax is exact; that, other "
        "multiples, and the share of steps on which the loss rises "
        "(“oscillates”, “may overshoot”) are shown and not counted."
    ),
    literature=(
        "Cohen et al. (2021): the sharpness settles just above 2/η and the "
        "loss still falls. Lewkowycz et al. (2020): with squared error, "
        "between 2/λ and about 4/λ the loss first rises, then converges to a "
        "flatter minimum; beyond, it diverges."
    ),
    expects=("supported",),
    cuts="No second optimizer; the best rate is the one of fewest steps.",
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=10,
)
