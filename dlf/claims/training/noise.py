"""What the batch size changes, at equal what: design of C39.

Every batch size has its own rate. Cells hold epochs, steps or the training
loss equal; the last asks whether noise is needed at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dlf.claims.training.cells import Training
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import estimate, family, larger

RATES = (0.001, 0.00316, 0.01, 0.0316, 0.1, 0.316, 1.0)


@dataclass(frozen=True, kw_only=True)
class Batches(Training):
    """Batch sizes, and what is equal among them.

    Args:
        sizes: of batches, or ``full``, with or without a penalty.
        tuning: seeds.
        epochs, steps: of training, whichever is given.
        budget: steps with batches of 16, fewer with larger ones …
        target: … at most, up to this loss.
    """

    sizes: tuple[str, ...]
    tuning: int = field()
    epochs: int = 0
    steps: int | None = None
    budget: int | None = None
    target: float | None = None


ON_M1 = Batches(data="M1", sizes=("16", "64", "256", "1024"), tuning=2)
ON_FM = Batches(data="FM", sizes=("16", "128", "1024"), tuning=1, seeds=5)
CELLS = {
    "(a) M1, equal epochs": replace(ON_M1, epochs=15),
    "(b) M1, equal steps": replace(ON_M1, steps=500),
    "(c) M1, equal loss": replace(ON_M1, budget=8_000, target=0.7),
    "(a) FM, equal epochs": replace(ON_FM, epochs=4),
    "(b) FM, equal steps": replace(ON_FM, steps=250),
    "(c) FM, equal loss": replace(ON_FM, budget=4_000, target=0.4),
    "(d) M1-1000, without noise": Batches(
        data="M1",
        keep=1_000,
        sizes=("32", "full", "full, penalty"),
        steps=400,
        tuning=2,
    ),
}
TIMES, WEIGHT, REACH = 5, 0.1, 0.01  # steps without noise; the penalty's


def train(
    cell: Batches, size: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train with batches of a size, or with all examples at once."""
    from dlf.claims.training import common as tools
    from dlf.stacked import training

    data = tools.examples(cell, seeds)
    model = tools.net(cell, seeds, len(settings))
    N = data.train.shape[1]
    batch = N if "full" in size else int(size)
    if cell.budget:  # small batches may take more steps
        steps = int(cell.budget / (batch / 16) ** 0.5)
    else:
        steps = cell.steps or cell.epochs * N // batch
    steps *= TIMES if "full" in size else 1
    target = cell.target
    how: dict[str, Any] = {"schedule": waning(steps)}
    if target:
        how = {"every": 20, "stop": target}
    if "penalty" in size:
        how["optimizer"] = flat(model, data)
    out = training.fit(model, data, settings, steps=steps, batch=batch, **how)
    out["missed"] = np.zeros_like(out["loss"])
    if target:
        out["missed"] = 1.0 - (out.pop("curve") <= target).any(-1)
        out["score"] = np.where(out["missed"] > 0, 0.0, out["val"])
    return out


def waning(steps: int) -> Callable[[int], float]:
    """Let the rate fall to zero as half a wave."""
    return lambda step: float((1 + np.cos(np.pi * step / steps)) / 2)


def flat(model: Any, data: Any) -> Callable:
    """Momentum SGD on L + λ/2 |∇L|², whose gradient is a finite difference."""
    import torch

    from dlf.claims.training import common as tools
    from dlf.stacked import training

    def make(params: Any, rates: Any) -> Callable:
        inner = training.sgd(params, rates)

        def scaled(by: Any, parts: Any) -> list:
            return [training._like(by, g) * g for g in parts]

        def update(grads: Any) -> None:
            length = tools.norm(grads).clamp_min(1e-12)
            moves = scaled(REACH / length, grads)
            with torch.no_grad():
                torch._foreach_add_(list(params), moves)
            value = tools.total(model, data, data.train).sum()
            ahead = torch.autograd.grad(value, params)
            with torch.no_grad():
                torch._foreach_sub_(list(params), moves)
            change = torch._foreach_sub(list(ahead), list(grads))
            slopes = scaled(WEIGHT / REACH * length, change)
            inner(torch._foreach_add(list(grads), slopes))

        return update

    return make


def measure(cell: Batches, seeds: list[int]) -> dict[str, Any]:
    """Choose each size's rate on tuning seeds, then score all sizes."""
    from dlf.claims.training import common as tools
    from dlf.experiments.tuning import failed

    grid = RATES if cell.data == "M1" else RATES[1:6]
    scored: dict[str, Any] = {}
    rates, tried = tools.best(train, cell, cell.sizes, grid, cell.tuning)
    for size, rate in rates.items():
        out = train(cell, size, [rate], seeds)
        test = np.where(failed(out), 0.1, np.asarray(out["test"], float))
        scored[size], data = test[0], out["data"]
        scored[f"{size} loss"] = out["loss"][0]
        scored[f"{size} missed"] = out["missed"][0]
    tuned = {size: max(of.values()) for size, of in tried.items()}
    found = {"rates": rates, "tuned": tuned, "tuning": tried}
    return scored | {"data": data, "found": found}


def judge(view: dict) -> tuple[Outcome, ...]:
    """Set the best size of the tuning seeds against the worst."""
    return tuple(spread(cell, kept) for cell, kept in view.items())


def spread(cell: str, kept: dict) -> Outcome:
    """Judge one cell; without noise it is the best against full batches."""
    tuned = kept["found"]["tuned"]
    full = [s for s in tuned if "full" in s]
    best = "32" if full else max(tuned, key=tuned.get)
    worst = max(full, key=tuned.get) if full else min(tuned, key=tuned.get)
    rule = larger(0.01)
    e = estimate(kept[best] - kept[worst], family(len(CELLS)))
    means = ", ".join(f"{s}: {100 * kept[s].mean():.1f}" for s in tuned)
    note = f"{best} less {worst}; {means} %"
    if missed := sum(int(kept[f"{s} missed"].sum()) for s in tuned):
        note += f"; {missed} runs missed the loss"
    return Outcome(cell, rule(e), e, "points", rule, note)


C39 = Measured(
    number="C39",
    title="Batch size affects generalisation; training is stochastic",
    sources=(
        Source("S4", "§1.9.2", "Affects generalization and convergence"),
        Source("S3", "§4", "the process is fundamentally stochastic"),
    ),
    hypothesis=(
        "From the best to the worst batch size, each with its own rate, test "
        "accuracy differs by at least 1 point (a) at equal epochs, (b) at "
        "equal steps, (c) at equal training loss. (d) Without noise, all "
        "examples at once, it falls at least 1 point short of batches of 32."
    ),
    rule=(
        "R(1 point), best and worst as ranked by validation on the tuning "
        "seeds. (a) and (b) speak of convergence, (c) of generalisation. (d) "
        "batches of 32 less the better of full batches with five times the "
        "steps and the same with a penalty on the norm of the gradient. Seven "
        "cells, intervals widened together."
    ),
    literature=(
        "Keskar et al. (2017): large batches end in sharper minima and "
        "generalise worse. Shallue et al. (2019): no harm when all is tuned. "
        "Geiping et al. (2022): full batches with explicit regularisation "
        "match SGD on CIFAR-10."
    ),
    expects=("holds in part",),
    cuts=(
        "Batches of 16, 64, 256, 1,024 on M1 and of 16, 128, 1,024 on FM, "
        "there five seeds and one for tuning; 4 epochs or 250 steps on FM; "
        "cosine rates in (a), (b) and (d), constant in (c); in (d) 400 steps "
        "against 2,000, not ten times as many; one weight of the penalty."
    ),
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=10,
)
