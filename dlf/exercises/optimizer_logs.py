"""Exercises on optimizers: invariances foretold, and the logs of five runs.

One small net learns ten classes of points in all five runs, from one start.
Each run has a fault in its optimizer, of a kind that no error reports.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from dlf.exercises.comparison import text
from dlf.exercises.core import Exercise
from dlf.exercises.matching import letters, match

SHOWN = 0, 1, 10, 100, 400
Grads = list[torch.Tensor]
Step = Callable[[int, list[torch.Tensor], Grads], None]

METHODS = {
    "A": "gradient descent",
    "B": "momentum, 0.9",
    "C": "AdaGrad",
    "D": "Adam",
    "E": "Lion",
    "F": "Muon, for one matrix",
}


def same_path() -> str:
    """Name those whose steps do not change when the loss is multiplied."""
    return "CDEF"


def turned_path() -> str:
    """Name those whose path is only turned when the axes are."""
    return "ABF"


def runs() -> dict[str, Step]:
    """Give the steps of the five, each with a memory of its own."""
    return {
        "A": _without_correction(),
        "B": _with_sum_of_squares(),
        "C": _mean_of_gradients(),
        "D": _decay_without_rate(),
        "E": _tenfold_sum(),
    }


FAULTS = "35142"


def logs() -> dict[str, list[tuple[float, float]]]:
    """Run the five; give loss and length of the step at those of `SHOWN`."""
    return {name: list(train(step)) for name, step in runs().items()}


def print_logs() -> None:
    """Print two lines for each of the five runs."""
    print("step              " + "".join(f"{s:10}" for s in SHOWN))
    for name, rows in logs().items():
        loss = "".join(f"{value:10.3g}" for value, _ in rows)
        step = "".join(f"{value:10.2g}" for _, value in rows)
        print(f"{name}  loss           {loss}")
        print(f"   length of step {step}")


def train(step: Step) -> Iterator[tuple[float, float]]:
    """Train the net; give the loss before a step, and the step's length."""
    rng = np.random.default_rng(0)
    y = torch.tensor(np.arange(300) % 10)
    centers = 1.2 * rng.normal(size=(10, 5))
    x = torch.tensor(centers[y] + rng.normal(size=(300, 5)))
    params = [
        torch.tensor(rng.normal(size=s) / s[-1] ** 0.5, requires_grad=True)
        for s in ((32, 5), (10, 32))
    ]
    for t in range(SHOWN[-1] + 1):
        loss = F.cross_entropy(torch.tanh(x @ params[0].T) @ params[1].T, y)
        grads = list(torch.autograd.grad(loss, params))
        before = [p.detach().clone() for p in params]
        with torch.no_grad():
            step(t + 1, params, grads)
        if t in SHOWN:
            moved = sum(
                ((p - b) ** 2).sum().item()
                for p, b in zip(params, before, strict=True)
            )
            yield loss.item(), moved**0.5


def _kept() -> dict[int, torch.Tensor]:
    return {}


def _mean(kept: dict, k: int, value: torch.Tensor, beta: float) -> Any:
    old = kept.get(k, torch.zeros_like(value))
    kept[k] = beta * old + (1 - beta) * value
    return kept[k]


def _without_correction() -> Step:
    """Adam at 0.01 that forgets to divide its means by 1 − βᵗ."""
    first, second = _kept(), _kept()

    def step(t: int, params: list, grads: Grads) -> None:
        for k, (p, g) in enumerate(zip(params, grads, strict=True)):
            m, s = _mean(first, k, g, 0.9), _mean(second, k, g * g, 0.999)
            p -= 0.01 * m / (s.sqrt() + 1e-8)

    return step


def _with_sum_of_squares() -> Step:
    """RMSProp at 0.01 that adds up its squares, which is AdaGrad."""
    sums = _kept()

    def step(t: int, params: list, grads: Grads) -> None:
        for k, (p, g) in enumerate(zip(params, grads, strict=True)):
            sums[k] = sums.get(k, 0) + g * g
            p -= 0.01 * g / (sums[k].sqrt() + 1e-8)

    return step


def _mean_of_gradients() -> Step:
    """Momentum of 0.99 as a mean, at a rate that was chosen for the sum."""
    means = _kept()

    def step(t: int, params: list, grads: Grads) -> None:
        for k, (p, g) in enumerate(zip(params, grads, strict=True)):
            p -= 0.02 * _mean(means, k, g, 0.99)

    return step


def _decay_without_rate() -> Step:
    """AdamW at 0.01 whose decay of 0.05 is not multiplied by the rate."""
    first, second = _kept(), _kept()

    def step(t: int, params: list, grads: Grads) -> None:
        for k, (p, g) in enumerate(zip(params, grads, strict=True)):
            m = _mean(first, k, g, 0.9) / (1 - 0.9**t)
            s = _mean(second, k, g * g, 0.999) / (1 - 0.999**t)
            p -= 0.01 * m / (s.sqrt() + 1e-8) + 0.05 * p

    return step


def _tenfold_sum() -> Step:
    """Momentum of 0.99 as a sum, at a rate that was chosen for the mean."""
    sums = _kept()

    def step(t: int, params: list, grads: Grads) -> None:
        for k, (p, g) in enumerate(zip(params, grads, strict=True)):
            sums[k] = 0.99 * sums.get(k, 0) + g
            p -= 2.0 * sums[k]

    return step


def _judge_letters(wanted: str) -> Callable:
    def judge(answer: Any) -> str:
        got = letters(answer)
        if not got or not set(got) <= set(METHODS) or len(set(got)) < len(got):
            return f"expected some of the letters A to F; got {text(answer)}"
        right = sum((k in got) == (k in wanted) for k in METHODS)
        return "" if set(got) == set(wanted) else f"{right} of six are right"

    return judge


SCALED = Exercise(
    "optimizers-8",
    same_path(),
    wrong=("AB", "D", "CDE", "DEF", "ABCDEF", "G", "", 3, "CCDEF", np.nan),
    right=(
        "C, D, E, F",
        ["C", "D", "E", "F"],
        "fedc",
        ("C", "D", "E", "F"),
        "C, D, E and F",
        np.array([*"CDEF"]),
        frozenset("CDEF"),
    ),
    judge=_judge_letters(same_path()),
)
TURNED = Exercise(
    "optimizers-9",
    turned_path(),
    wrong=("CDE", "AB", "A", "ABCDEF", "H", "", 3, "AABF", np.nan),
    right=("A, B, F", ["A", "B", "F"], "fba", {"A", "B", "F"}),
    judge=_judge_letters(turned_path()),
)
MATCH = Exercise(
    "optimizers-11",
    FAULTS,
    wrong=(
        *("12345", "35124", "3514", "", "ABCDE", 35142.5, (3, 5), np.nan),
        *(-35142, ["3.5", "1.4", 2], "A3 A5 C1 D4 E2", np.inf),
        {"A": 5, "B": 3, "C": 1, "D": 4, "E": 2},
    ),
    right=(
        *("3,5,1,4,2", "3 5 1 4 2 ", [*FAULTS], 35142, (3, 5, 1, 4, 2)),
        *(np.array([3, 5, 1, 4, 2]), torch.tensor([3, 5, 1, 4, 2])),
        [3.0, 5.0, 1.0, 4.0, 2.0],
        "E2 A3 B5 C1 D4",
        {"A": 3, "B": 5, "C": 1, "D": 4, "E": 2},
    ),
    judge=match(FAULTS),
)
