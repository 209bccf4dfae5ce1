"""What a learning rate that is too high does: design of C36."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.claims.training.cells import Training
from dlf.experiments.cards import outcome
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import at_least, family, proportion

FACTORS = (0.5, 1.0, 1.5, 2.0, 4.0, 8.0)
SWEEP = tuple(0.00316 * 10 ** (i / 2) for i in range(9))  # to 31.6
COUNTED = 7


@dataclass(frozen=True, kw_only=True)
class Quadratics(Cell):
    """Bowls, without data."""

    what: str


@dataclass(frozen=True, kw_only=True)
class Nets(Training):
    """What is asked of a net, and its steps."""

    what: str
    steps: int


CELLS: dict[str, Quadratics | Nets] = {
    "quadratics": Quadratics(what="quadratics"),
    "M1-1000, full batch": Nets(what="above", data="M1", keep=1_000, steps=300),
    "M1, rates": Nets(what="sweep", data="M1", steps=600),
    "D8, rates": Nets(what="sweep", data="D8", steps=600),
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
    end = tools.sharpness(model, data) * rates / 2  # in units of 2 / rate
    return {
        "start": curve[0].T,
        "peak": np.nan_to_num(curve, nan=np.inf).max(0).T,
        "end": np.nan_to_num(curve[-1], nan=np.inf).T,
        "edge": end.double().view(S, -1).numpy().T,
        "data": data.describe(),
    }


def sweep(cell: Nets, seeds: list[int]) -> dict[str, Any]:
    """Train at nine rates, each half a decade above the one before."""
    from dlf.claims.training import common as tools
    from dlf.experiments.tuning import failed
    from dlf.stacked import training

    out = training.fit(
        tools.net(cell, seeds, len(SWEEP)),
        tools.examples(cell, seeds),
        SWEEP,
        steps=cell.steps,
        optimizer=tools.OPTIMIZERS["sgd"],
    )
    test = np.asarray(out["test"], float)
    test = test.mean(-1) if test.ndim == 3 else test
    return {
        "test": np.where(failed(out), 0.1, test).T,
        "data": out["data"],
    }


def measure(cell: Any, seeds: list[int]) -> dict[str, Any]:
    """Do what the cell says."""
    what = {"quadratics": quadratics, "above": above, "sweep": sweep}
    return what[cell.what](cell, seeds)


def second_rise(values: np.ndarray) -> float:
    """Give the largest rise after a fall: how far from a single peak.

    >>> round(second_rise(np.array([0.1, 0.5, 0.3, 0.4, 0.2])), 3)
    0.1
    """
    rises = [
        values[k] - values[j]
        for j in range(1, len(values) - 1)
        for k in range(j + 1, len(values))
        if min(values[:j].max(), values[k]) > values[j]
    ]
    return float(max(rises, default=0.0))


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide the bowls, the nets at each factor above 1, and the peaks."""
    found = []
    if "quadratics" in view:
        wrong = int(view["quadratics"]["wrong"].sum())
        n = 7 * len(view["quadratics"]["wrong"])
        note = f"2 / λmax foretells {n - wrong} of {n} descents"
        found.append(outcome("(a) quadratics", wrong == 0, note, counted=False))
    if (full := "M1-1000, full batch") in view:
        found += [at(view[full], i) for i in range(len(FACTORS))]
    for cell in ("M1, rates", "D8, rates"):
        if cell in view:
            means = view[cell]["test"].mean(0)
            rise = second_rise(means)
            note = ", ".join(f"{100 * m:.0f}" for m in means)
            note = f"{note} % from 0.003 to 32; largest second rise {rise:.3f}"
            found.append(outcome(f"(c) {cell}", rise < 0.01, note))
    return tuple(found)


def at(kept: dict, i: int) -> Outcome:
    """Count the runs at one factor that end above their start."""
    above = kept["end"][:, i] > kept["start"][:, i]
    e = proportion(int(above.sum()), len(above), family(COUNTED))
    word = at_least(e, 0.5)
    rose = float(np.mean(kept["peak"][:, i] > 1.05 * kept["start"][:, i]))
    stay = kept["edge"][~above, i]
    edge = f", curvature × η/2 then {np.median(stay):.2g}" if stay.size else ""
    note = f"of runs end above their start; {rose:.0%} rose on the way{edge}"
    name = f"(b) η at {FACTORS[i]:g} × 2/λ"
    return Outcome(name, word, e, "", None, note, FACTORS[i] > 1)


def again() -> dict[str, dict]:
    """Descend the bowls, and 100 steps of a few nets, for a replica."""
    from dlf.experiments import store

    bowls, full = "quadratics", "M1-1000, full batch"
    shorter = replace(CELLS[full], keep=300, steps=150, dtype="float64")
    cells = {bowls: CELLS[bowls], full: shorter}
    return store.plain(
        {
            name: C36.measured(replace(cell, seeds=5, first=200))
            for name, cell in cells.items()
        }
    )


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
        "(a) On quadratics gradient descent converges if and only if η is "
        "below 2/λmax. (b) Nets trained on all data at once diverge when η "
        "exceeds 2/λmax of their start. (c) Test accuracy after a fixed number "
        "of steps has a single peak over the logarithm of η."
    ),
    rule=(
        "(a) exact: every one of seven rates on every random bowl. (b) At 1.5, "
        "2, 4 and 8 times 2/λmax: the share of runs whose loss ends above its "
        "start; lower bound over one half supports, upper bound below refutes. "
        "(c) Supported if the mean accuracy has no second maximum 1 point or "
        "more above the dip before it, nine half-decades. Seven cells, "
        "intervals widened together; 0.5 and 1 are controls."
    ),
    literature=(
        "Cohen et al. (2021): the sharpness settles just above 2/η and the "
        "loss still falls. Lewkowycz et al. (2020): with squared error, "
        "between 2/λ and about 4/λ the loss first rises, then converges to a "
        "flatter minimum."
    ),
    expects=("holds in part", "holds"),
    cuts="300 steps of full batches on 1,000 examples; 600 of batches of 100.",
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=10,
    replica=again,
    here="Five fresh seeds, 300 examples, 150 steps.",
)
