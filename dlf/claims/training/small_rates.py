"""Does a small learning rate get stuck: design of C37.

The rate is the best of half-decades by final training loss, then a tenth of
it for ten and for thirty times as many steps. XOR asks for nets that solve it.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.claims.training.cells import Training
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import estimate, family, larger, ratio

RATES = (0.00316, 0.01, 0.0316, 0.1, 0.316)


@dataclass(frozen=True, kw_only=True)
class Classifier(Training):
    """A net on some data, and its steps."""

    steps: int


@dataclass(frozen=True, kw_only=True)
class Xor(Cell):
    """A net of so many tanh units on the four points of XOR."""

    hidden: int
    steps: int


CELLS = {
    "M1-1000": Classifier(data="M1", keep=1_000, steps=500, first=200),
    "D8": Classifier(data="D8", steps=500, first=200),
    "XOR, 2 units": Xor(hidden=2, steps=1_000, seeds=200, first=400),
    "XOR, 4 units": Xor(hidden=4, steps=1_000, seeds=200, first=400),
}
TIMES = (10, 30)
STUCK = 30


def train(
    cell: Classifier | Xor, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train for the cell's steps; the choice goes by training loss."""
    from dlf.claims.training import common as tools
    from dlf.stacked import training

    if isinstance(cell, Xor):
        return xor(cell, arm, settings, seeds)
    out = training.fit(
        tools.net(cell, seeds, len(settings)),
        tools.examples(cell, seeds),
        settings,
        steps=cell.steps,
    )
    return tools.by_loss(out)


def xor(
    cell: Xor, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train tanh nets on the four points; count those that get all right."""
    import torch
    import torch.nn.functional as F

    from dlf.stacked import nets, regression_training

    x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    R = len(seeds)
    x, y = (t.expand(R, *t.shape) for t in (x, y))
    net = nets.Mlp((2, cell.hidden, 1), seeds, len(settings), "tanh")

    def loss(out: Any, to: Any) -> Any:
        each = F.binary_cross_entropy_with_logits(out, to, reduction="none")
        return regression_training.each(each)

    out = regression_training.fit(
        net,
        x,
        y,
        settings,
        steps=cell.steps,
        loss=loss,
        optimizer="sgd",
    )
    signs = (regression_training.outputs(net, x) > 0).float()
    solved = (signs == y).flatten(2).all(2).double().numpy()
    return out | {"score": solved, "solved": solved}


def measure(cell: Classifier | Xor, seeds: list[int]) -> dict[str, Any]:
    """Train at the best rate, then at a tenth of it for longer."""
    from dlf.claims.training import common as tools

    count = 20 if isinstance(cell, Xor) else 3
    rates, tried = tools.best(train, cell, ("best",), RATES, count)
    rate = rates["best"]
    name = "solved" if isinstance(cell, Xor) else "loss"
    first = train(cell, "best", [rate], seeds)
    scored = {"best": first[name][0]}
    for n in TIMES:
        longer = replace(cell, steps=n * cell.steps)
        out = train(longer, f"x{n}", [rate / 10], seeds)
        scored[f"x{n}"] = out[name][0]
    found = {"rate": rate, "tuning": tried["best"]}
    data = {"data": first["data"]} if "data" in first else {}
    return scored | data | {"found": found}


def judge(view: dict) -> tuple[Outcome, ...]:
    """Set the small rate's outcome against the best rate's."""
    found, level = [], family(len(view))
    for cell, kept in view.items():
        for n in TIMES:
            few, many = kept["best"], kept[f"x{n}"]
            if "XOR" in cell:
                e, rule, unit = few - many, larger(0.1), "points"
                note = f"solved {few.mean():.0%}, then {many.mean():.0%}"
            else:
                e, rule, unit = np.log(many / few), ratio(1.1), "ratio"
                note = f"loss {np.median(few):.2g}, then {np.median(many):.2g}"
            e = estimate(e, level)
            name = f"{cell}, {n} × the steps"
            found.append(
                Outcome(name, rule(e), e, unit, rule, note, n == STUCK)
            )
    return tuple(found)


C37 = Measured(
    number="C37",
    title="Too low a rate gets stuck in local minima",
    sources=(
        Source(
            "S2",
            "Hyperparameters 1",
            "converges too slowly or gets stuck in local minima",
        ),
    ),
    hypothesis=(
        "“Gets stuck in local minima”: at a tenth of the best rate and with "
        "thirty times the steps the final training loss is still at least 10 % "
        "higher, and fewer nets solve XOR, by 10 points."
    ),
    rule=(
        "R(ratio 1.1) on training loss on M1 (1,000 examples) and on D8, "
        "R(10 points) on the share of 200 nets that solve XOR, with two and "
        "with four hidden tanh units: four cells. Thirty times the steps are "
        "three times the product of rate and steps: time enough to arrive for "
        "a net that is slow and not stuck. Ten times the steps (“converges too "
        "slowly”) are shown and not counted."
    ),
    literature=(
        "As η falls at equal η times steps, descent follows the gradient flow, "
        "which predicts no difference in training loss. Li, Wei and Ma (2019) "
        "and Lewkowycz et al. (2020) find one in test accuracy."
    ),
    expects=("not supported", "mostly not"),
    cuts=(
        "500 steps of momentum SGD for the best rate, 1,000 on XOR; three "
        "tuning seeds, 20 on XOR."
    ),
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=10,
)
