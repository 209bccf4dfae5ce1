"""Evaluations of a gradient until a training loss is reached: C53, C54.

Every call of the objective counts, those of a line search too. A product with
the Hessian counts as one gradient more. A run that misses the target counts as
its whole budget.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from dlf.data import digits, mnist1d
from dlf.experiments.cells import Cell
from dlf.experiments.seeds import TUNING
from dlf.experiments.tuning import extend_grid
from dlf.scratch.activations.elementwise import tanh
from dlf.scratch.losses.classification import cross_entropy
from dlf.scratch.mlp import init, mlp
from dlf.scratch.optimizers.adam import adam, adamw
from dlf.scratch.second_order.diagonal import adahessian
from dlf.scratch.second_order.hessian_products import tanh_hvp
from dlf.scratch.second_order.minimizers import lbfgs, nonlinear_cg
from dlf.scratch.second_order.objectives import flatten, unflatten
from dlf.scratch.second_order.spectra import signs

Array = np.ndarray
RATES = (0.001, 0.00316, 0.01, 0.0316, 0.1)
HISTORIES = (5.0, 10.0, 20.0, 50.0, 100.0)
EXTENSIONS = 3


@dataclass(frozen=True, kw_only=True)
class Race(Cell):
    """A net on some data, and how far it has to come.

    Args:
        data: D8 or M1, a thousand examples.
        hidden: tanh units of its one hidden layer; none is a linear model.
        target: training loss.
        budget: evaluations at most.
        arms: names of the methods, the claimed one first, its rival second.
    """

    data: str
    hidden: int
    target: float
    budget: int
    arms: tuple[str, ...]


class ReachedError(Exception):
    """The target is reached, or the budget is spent."""


@cache
def examples(data: str, seed: int) -> tuple[Array, Array]:
    """Give a thousand training examples of a seed."""
    loaded = {"D8": digits.load, "M1": mnist1d.load}[data](seed=seed)
    return loaded.train.flat()[:1_000], loaded.train.y[:1_000]


def start(cell: Race, seed: int) -> dict[str, Array]:
    """Draw the net of a seed."""
    D = {"D8": 64, "M1": 40}[cell.data]
    widths = (D, cell.hidden, 10) if cell.hidden else (D, 10)
    return init(widths, np.random.default_rng(seed))


def race(cell: Race, arm: str, setting: float, seed: int) -> tuple[int, bool]:
    """Count evaluations until the target, and say whether it was missed."""
    x, y = examples(cell.data, seed)
    params = start(cell, seed)
    count, reached = 0, False

    def objective(w: Array) -> tuple[float, Array]:
        nonlocal count, reached
        if count >= cell.budget:
            raise ReachedError
        count += 1
        logits, pull = mlp(unflatten(w, params), x, tanh)
        loss, vjp = cross_entropy(logits, y)
        if loss <= cell.target:
            reached = True
            raise ReachedError
        return loss, flatten(pull(vjp(), dx=False)[0], params)

    def product(w: Array, v: Array) -> Array:
        nonlocal count
        count += 1
        at, way = unflatten(w, params), unflatten(v, params)
        return flatten(tanh_hvp(at, x, y, way)[2])

    with suppress(ReachedError):
        RUNS[arm](objective, product, flatten(params), setting, seed)
    return (count if reached else cell.budget), not reached


def by_lbfgs(f: Callable, _: Any, w: Array, history: float, seed: int) -> None:
    """Run L-BFGS until the objective ends it."""
    lbfgs(f, w, 10**6, 10**7, 0.0, 0.0, int(history))


def by_cg(f: Callable, _: Any, w: Array, c: float, seed: int) -> None:
    """Run nonlinear conjugate gradient, which has nothing to tune."""
    nonlinear_cg(f, w, 10**6, 10**7, 0.0, 0.0)


def by_adam(f: Callable, _: Any, w: Array, rate: float, seed: int) -> None:
    """Run Adam on the vector of all weights."""
    descend(f, adam(rate), w)


def by_adamw(f: Callable, _: Any, w: Array, rate: float, seed: int) -> None:
    """Run AdamW without decay, as its rival has none."""
    descend(f, adamw(rate, weight_decay=0.0), w)


def descend(f: Callable, pair: tuple[Callable, Callable], w: Array) -> None:
    """Step until the objective ends it, or is lost."""
    begin, update = pair
    params = {"w": w}
    state = begin(params)
    while np.isfinite(params["w"]).all():
        _, g = f(params["w"])
        params, state = update(params, {"w": g}, state)


def by_adahessian(
    f: Callable,
    product: Callable,
    w: Array,
    rate: float,
    seed: int,
    b2: float = 0.999,
) -> None:
    """Run AdaHessian with one product a step."""
    begin, update = adahessian(rate, b2=b2)
    rng, params = np.random.default_rng(seed), {"w": w}
    state = begin(params)
    while np.isfinite(params["w"]).all():
        _, g = f(params["w"])
        z = signs(w.size, rng)
        d = {"w": z * product(params["w"], z)}
        params, state = update(params, {"w": g}, d, state)


RUNS = {
    "L-BFGS": by_lbfgs,
    "CG": by_cg,
    "Adam": by_adam,
    "AdamW": by_adamw,
    "AdaHessian": by_adahessian,
    "AdaHessian, b2 = 0.9": partial(by_adahessian, b2=0.9),
}
GRIDS = {"L-BFGS": HISTORIES, "CG": (1.0,)}


def choose(cell: Race, arm: str, count: int) -> dict[float, float]:
    """Try an arm's settings on tuning seeds: setting to minus log count."""
    seeds = range(TUNING, TUNING + count)
    tried: dict[float, float] = {}
    asked = list(GRIDS.get(arm, RATES))
    for _ in range(1 + EXTENSIONS):
        for setting in asked:
            counts = [race(cell, arm, setting, s)[0] for s in seeds]
            tried[setting] = -float(np.mean(np.log(counts)))
        asked = [] if arm in GRIDS else extend_grid([tried])
        if not asked:
            break
    return dict(sorted(tried.items()))


def measure(cell: Race, seeds: list[int]) -> dict[str, Any]:
    """Choose each arm's setting, then count on fresh seeds."""
    scored: dict[str, Any] = {}
    chosen, tuning = {}, {}
    for arm in cell.arms:
        tried = choose(cell, arm, cell.tuning or 3)
        chosen[arm] = max(tried, key=tried.__getitem__)
        tuning[arm] = {f"{s:g}": v for s, v in tried.items()}
        runs = [race(cell, arm, chosen[arm], s) for s in seeds]
        scored[arm] = np.array([float(n) for n, _ in runs])
        scored[f"{arm} missed"] = np.array([float(m) for _, m in runs])
    return scored | {"found": {"chosen": chosen, "tuning": tuning}}


def medians(kept: dict, arms: Sequence[str]) -> str:
    """Say each arm's median count, and how many runs missed the target."""
    parts = []
    for arm in arms:
        part = f"{arm}: {np.median(kept[arm]):.0f} evaluations"
        if missed := int(kept[f"{arm} missed"].sum()):
            part += f", {missed} of {len(kept[arm])} missed"
        parts.append(part)
    return "; ".join(parts)
