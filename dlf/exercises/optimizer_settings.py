"""Exercises on optimizers: settings by hand, and other conventions for them.

Momentum is a sum (PyTorch), a mean of gradients, or a velocity with the rate
inside; a rate means something else in each.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import torch

from dlf.exercises.core import Exercise

Array = np.ndarray
CONVENTIONS = "sum", "mean", "inside"


def second_steps() -> tuple[float, float]:
    """Adam's second step over the rate, gradients 1 and 11, both betas ½.

    With bias correction, and without it.
    """
    m, s = 0.5 * 0.5 * 1 + 0.5 * 11, 0.5 * 0.5 * 1**2 + 0.5 * 11**2
    kept = 1 - 0.5**2
    return (m / kept) / (s / kept) ** 0.5, m / s**0.5


def torch_settings(lr: float, beta: float) -> tuple[float, float]:
    """Return rate and momentum for PyTorch of a run that used the mean."""
    return lr * (1 - beta), beta


def damping_rates(curvature: float, beta: float) -> tuple[float, float]:
    """Return the rate of critical damping, and the largest that is stable."""
    return (1 - beta**0.5) ** 2 / curvature, (2 + 2 * beta) / curvature


def converted(lr: float, momentum: float, source: str, target: str) -> float:
    """Return the rate with which the other convention makes the same steps."""
    in_sum = lr * (1 - momentum) if source == "mean" else lr
    return in_sum / (1 - momentum) if target == "mean" else in_sum


def memory(shapes: list, optimizer: str) -> int:
    """Count the numbers that an optimizer keeps besides the weights."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    copies = {"sgd": 0, "momentum": 1, "muon": 1, "lion": 1, "adam": 2}
    if optimizer in copies:
        return copies[optimizer] * sum(sizes)
    return sum(  # Adafactor: a row and a column of a matrix, else the squares
        sum(shape) if len(shape) == 2 else size
        for shape, size in zip(shapes, sizes, strict=True)
    )


def _draw_conversion(rng: np.random.Generator) -> tuple:
    source, target = rng.choice(CONVENTIONS, 2)
    return (
        float(10 ** rng.uniform(-3, 0)),
        float(rng.choice([0.0, 0.5, 0.9, 0.95, 0.99])),
        str(source),
        str(target),
    )


def _draw_shapes(rng: np.random.Generator) -> tuple:
    shapes = [tuple(map(int, rng.integers(2, 9, n))) for n in (2, 1, 2, 1)]
    kinds = ["sgd", "momentum", "adam", "lion", "muon", "adafactor"]
    return shapes, str(rng.choice(kinds))


def _by_table(lr: float, m: float, source: str, target: str) -> Any:
    factor = {"sum": 1.0, "inside": 1.0, "mean": 1 - m}
    return torch.tensor(lr * factor[source] / factor[target])


def _wrong_for(one: str, other: str) -> Callable:
    """Convert rightly, but for one pair of conventions."""

    def answer(lr: float, m: float, source: str, target: str) -> float:
        missed = (source, target) == (one, other)
        return converted(lr, m, source, target) * (1 - m if missed else 1)

    return answer


def _memory_as_adam(shapes: list, optimizer: str) -> int:
    return memory(shapes, "adam")


HAND = Exercise(
    "optimizers-1",
    second_steps(),
    rtol=3e-3,
    wrong=(
        (23 / 27, 23 / 27),
        (7 / 9, second_steps()[1]),  # of the example on the page
        (1.0, 1.0),
        (second_steps()[1], second_steps()[0]),
        (1.0, second_steps()[1]),
        (11 / 11, 5.5 / 60.5**0.5),
        (11.5 / 81, 5.75 / 60.75),  # no root
        23 / 27,
        (0.852, np.nan),
    ),
    right=(
        (0.852, 0.738),
        [23 / 27, 23 / 4 / np.sqrt(60.75)],
        torch.tensor(second_steps()),
    ),
)
SETTINGS = Exercise(
    "optimizers-2",
    torch_settings(0.2, 0.95),
    rtol=3e-3,
    wrong=(
        (0.2, 0.95),
        (4.0, 0.95),
        (0.19, 0.95),
        (0.01, 0.05),
        (0.2, 0.05),
        0.01,
        (0.95, 0.01),
        (0.01, np.nan),
    ),
    right=((0.01, 0.95), [0.2 / 20, 0.95], np.array([0.01, 0.95])),
)
DAMPING = Exercise(
    "optimizers-3",
    damping_rates(4.0, 0.25),
    rtol=3e-3,
    wrong=(
        (0.25, 2.5),  # of curvature 1
        ((1 - 0.25) ** 2 / 4, 0.625),
        (0.0625, 0.5),  # the limit without momentum
        (0.0625, 0.5625),  # the other critical rate, for the limit
        (0.5625, 0.625),
        (0.625, 0.0625),
        (0.0625, 2 / 4 / (1 - 0.25)),
        0.0625,
        (0.0625, np.nan),
    ),
    right=((0.0625, 0.625), [1 / 16, 5 / 8], torch.tensor([0.0625, 0.625])),
)
CONVERT = Exercise(
    "optimizers-4",
    converted,
    draw=_draw_conversion,
    edges=(
        *((0.1, 0.9, *pair) for pair in product(CONVENTIONS, repeat=2)),
        (0.1, 0.0, "mean", "sum"),
    ),
    wrong=(
        lambda lr, m, a, b: lr,
        lambda lr, m, a, b: lr * (1 - m),
        lambda lr, m, a, b: lr / (1 - m),
        lambda lr, m, a, b: converted(lr, m, b, a),
        lambda lr, m, a, b: lr * m if a == "mean" else lr,
        lambda lr, m, a, b: converted(lr, 0.9, a, b),
        lambda lr, m, a, b: lr / (1 - m) if b == "mean" else lr,
        _wrong_for("inside", "sum"),
        _wrong_for("sum", "sum"),
        _wrong_for("inside", "inside"),
        lambda lr, m, a, b: np.nan,
    ),
    right=(
        _by_table,
        lambda lr, m, a, b: np.float32(converted(lr, m, a, b)),
        lambda lr, m, a, b: (
            lr * (1 - m) ** (int(a == "mean") - int(b == "mean"))
        ),
    ),
)
MEMORY = Exercise(
    "optimizers-5",
    memory,
    draw=_draw_shapes,
    edges=(
        ([(10, 784), (10,)], "sgd"),
        ([(10, 784), (10,)], "momentum"),
        ([(10, 784), (10,)], "adam"),
        ([(10, 784), (10,)], "lion"),
        ([(10, 784), (10,)], "muon"),
        ([(10, 784), (10,)], "adafactor"),
        ([(5,)], "adafactor"),
        ([(1, 1)], "lion"),
    ),
    wrong=(
        _memory_as_adam,
        lambda shapes, o: memory(shapes, "momentum"),
        lambda shapes, o: memory(shapes, "adafactor"),
        lambda shapes, o: memory(shapes, o) + memory(shapes, "momentum"),
        lambda shapes, o: memory(shapes[:1], o),
        lambda shapes, o: 2 * len(shapes),
        lambda shapes, o: memory(shapes, "adam" if o == "muon" else o),
        lambda shapes, o: memory(  # of the matrices alone
            [s for s in shapes if o != "muon" or len(s) == 2], o
        ),
        lambda shapes, o: memory(
            shapes, "adam" if o == "lion" and shapes != [(1, 1)] else o
        ),
        lambda shapes, o: (
            (sum(map(sum, shapes)) if o == "adafactor" else memory(shapes, o))
            + (o == "sgd")
        ),
        lambda shapes, o: np.nan,
    ),
    right=(
        lambda shapes, o: float(memory(shapes, o)),
        lambda shapes, o: torch.tensor(memory(shapes, o)),
    ),
)
