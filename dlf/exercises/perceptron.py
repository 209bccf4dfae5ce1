"""Solutions and graders of the chapter on one neuron."""

import math
from collections.abc import Callable
from itertools import product

import numpy as np

from dlf.exercises.comparison import is_open, text
from dlf.exercises.core import Exercise
from dlf.exercises.rings import draw_rings, separates
from dlf.exercises.xor_nets import threshold_xor

Array = np.ndarray
BITS = np.array(list(product((0, 1), repeat=2)))
TRUTH = {"OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}


def gates() -> dict[str, tuple[list[float], float]]:
    """Give weights and bias of OR and NAND."""
    return {"OR": ([1.0, 1.0], -0.5), "NAND": ([-1.0, -1.0], 1.5)}


def are_gates(answer: dict) -> str:
    """Say where the units differ from OR and NAND."""
    if not isinstance(answer, dict) or set(answer) != set(TRUTH):
        return f"expected the keys OR and NAND, got {text(answer)}"
    for name, (w, b) in answer.items():
        w, b = np.asarray(w, float), np.asarray(b, float)
        if w.shape != (2,) or b.size != 1:
            return f"{name}: expected two weights and a number, got {text(w)}"
        said = BITS @ w + b.item() >= 0
        for x, got, want in zip(BITS, said, TRUTH[name], strict=True):
            if got != want:
                return f"{name} says {int(got)} at {x}"
    return ""


def majority(n: int) -> tuple[Array, float]:
    """Give weights and bias that fire if more than half of n bits are set."""
    return np.ones(n), -(n // 2) - 0.5


def is_majority(answer: Callable, n: int) -> str | None:
    """Try the unit on all 2^n words of bits."""
    got = answer(n)
    if is_open(got):
        return None
    w, b = (np.asarray(part, float) for part in got)
    if w.shape != (n,) or b.size != 1:
        return f"expected {n} weights and a number, got {text(got)}"
    bits = np.array(list(product((0, 1), repeat=n)))
    wrong = (bits @ w + b.item() >= 0) != (bits.sum(axis=1) > n / 2)
    if np.isnan([*w, b.item()]).any():
        return f"with {n} bits it is not a number"
    if wrong.any():
        return f"with {n} bits it is wrong at {bits[wrong.argmax()]}"
    return ""


def xor_units() -> tuple[Array, Array, Array, float]:
    """Give two hidden units w, b and an output unit v, c: OR and not AND."""
    w, b = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-0.5, -1.5])
    return w, b, np.array([1.0, -1.0]), -0.5


def mistake_bound(x: Array, y: Array, w: Array, b: float) -> float:
    """Bound the mistakes by a line that separates; infinity if it does not."""
    t = 2 * y - 1
    margin = (t * (x @ w + b)).min() / np.sqrt(w @ w + b * b)
    radius = np.sqrt((x * x).sum(axis=1).max() + 1)
    return float((radius / margin) ** 2) if margin > 0 else np.inf


def pocket(x: Array, y: Array, epochs: int) -> tuple[Array, float]:
    """Keep the best weights that the rule passes through."""
    w, b = np.zeros(x.shape[1]), 0.0
    best, fewest = (w, b), ((x @ w + b >= 0) != y).sum()
    for _ in range(epochs):
        for row, label in zip(x, y, strict=True):
            if error := label - int(row @ w + b >= 0):
                w, b = w + error * row, b + error
                wrong = ((x @ w + b >= 0) != y).sum()
                if wrong < fewest:
                    best, fewest = (w, b), wrong
    return best


def lift(x: Array) -> Array:
    """Add the squares, so that a circle becomes a line."""
    return np.hstack([x, (x * x).sum(axis=1, keepdims=True)])


def _line(rng: np.random.Generator) -> tuple:
    x, w, b = rng.normal(size=(12, 3)), rng.normal(size=3), rng.normal()
    margin = x @ w + b
    x, y = x[np.abs(margin) > 0.05], margin[np.abs(margin) > 0.05] > 0
    if rng.random() < 0.3:
        y[0] = not y[0]
    return x, y.astype(int), w, float(b)


def _muddle(rng: np.random.Generator) -> tuple:
    x = rng.integers(-4, 5, size=(12, 2)).astype(float)
    return x, rng.integers(2, size=12), int(rng.integers(1, 9))


def _bound(
    x: Array, y: Array, w: Array, b: float, one: float = 1.0, bias: float = 1.0
) -> float:
    """Return the bound without the constant input, or without the bias."""
    margin = ((2 * y - 1) * (x @ w + b)).min() / np.sqrt(w @ w + bias * b * b)
    radius = np.sqrt((x * x).sum(axis=1).max() + one)
    return float((radius / margin) ** 2) if margin > 0 else np.inf


def _bound_by_loop(x: Array, y: Array, w: Array, b: float) -> float:
    """Add the constant input and scale the line, in place, row by row."""
    x = np.hstack([x, np.ones((len(x), 1))])
    u = np.append(w, b)
    u /= np.linalg.norm(u)
    gamma = min(
        row @ u * (1 if label else -1) for row, label in zip(x, y, strict=True)
    )
    return max(row @ row for row in x) / gamma**2 if gamma > 0 else math.inf


def _last(x: Array, y: Array, epochs: int) -> tuple[Array, float]:
    """Return the last weights, not the best."""
    from dlf.scratch import perceptron

    return perceptron.train_perceptron(x, y, epochs=epochs)[:2]


def _pocket(start: bool = True, later: bool = False, copies: bool = True):
    """Keep the pocket wrongly: no start, the last of equals, or one array."""

    def run(x: Array, y: Array, epochs: int) -> tuple[Array, float]:
        w, b = np.zeros(x.shape[1]), 0.0
        best = w.copy() if copies else w, b
        fewest = ((x @ w + b >= 0) != y).sum() if start else len(x) + 1
        for _ in range(epochs):
            for n in range(len(x)):
                error = int(y[n]) - int(x[n] @ w + b >= 0)
                if error == 0:
                    continue
                w += error * x[n]
                b += error
                wrong = sum((x @ w + b >= 0) != y)
                if wrong < fewest or (later and wrong == fewest):
                    best, fewest = (w.copy() if copies else w, b), wrong
        return best

    return run


GOOD = {"OR": ([1, 1], -0.5), "NAND": ([-1, -1], 1.5)}
ONE, OR_AND = np.ones((2, 2)), np.array([-0.5, -1.5])

EXERCISES = (
    Exercise(
        "perceptron-1",
        gates(),
        judge=are_gates,
        wrong=(
            {"OR": ([1, 1], -1.5), "NAND": ([-1, -1], 1.5)},
            {"OR": ([1, 1], -0.5), "NAND": ([-1, -1], 0.5)},
            {"OR": ([1, 1], -0.5)},
            GOOD | {"OR": ([1, 1], 0)},
            GOOD | {"NAND": ([-1, -1], 2)},
            GOOD | {"OR": ([1, 1], np.nan)},
            GOOD | {"NAND": ([np.nan, np.nan], 1.5)},
            GOOD | {"OR": ([0, 0], np.array([-1, 1, 1, 1]))},
            GOOD | {"AND": ([1, 1], -1.5)},
            {"OR": GOOD["NAND"], "NAND": GOOD["OR"]},
        ),
        right=(
            GOOD,
            {"OR": ((2, 3), -2), "NAND": (np.array([-1.0, -1]), [1.0])},
        ),
    ),
    Exercise(
        "perceptron-2",
        majority,
        lambda rng: (int(rng.integers(5, 12)),),
        edges=((1,), (2,), (3,), (4,)),
        judge=is_majority,
        wrong=(
            lambda n: (np.ones(n), -n / 2),
            lambda n: (np.ones(n), -float(n)),
            lambda n: (np.ones(n), -(n // 2)),
            lambda n: (np.ones(n), -n / 2 + 0.5),
            lambda n: (np.ones(n), -(n // 2) - 1.5),
            lambda n: (-np.ones(n), n // 2 + 0.5),
            lambda n: (np.ones(n), np.nan),
            lambda n: np.append(np.ones(n), -n // 2 - 0.5),
        ),
        right=(
            lambda n: (np.ones(n), -(n + 1) / 2),
            lambda n: ([1] * n, -(n // 2) - 1),
            lambda n: (np.full(n, 2.0), [-float(n) - 0.5]),
        ),
    ),
    Exercise(
        "perceptron-3",
        xor_units(),
        judge=threshold_xor,
        wrong=(
            (np.eye(2), np.zeros(2), np.array([1.0, -1.0]), -0.5),
            (ONE, OR_AND, np.ones(2), -0.5),
            (ONE, OR_AND, np.array([1.0, -1.0]), 0.5),
            (ONE, OR_AND, np.array([1.0, -1.0]), np.nan),
            (ONE * np.nan, OR_AND, np.array([1.0, -1.0]), -0.5),
            (ONE, OR_AND, np.zeros(2), np.array([-1, 1, 1, -1])),
            (ONE, OR_AND, np.array([1.0, -1.0])),
            (ONE, np.array([0.0, -1.5]), np.array([1.0, -1.0]), -0.5),
        ),
        right=(
            ([[1, -1], [-1, 1]], [-0.5, -0.5], [1, 1], -0.5),
            (ONE, OR_AND, np.array([1.0, -2.0]), np.array([-1.0])),
            (-ONE, np.array([1.5, 0.5]), (1.0, -1.0), -1),
        ),
    ),
    Exercise(
        "perceptron-4",
        mistake_bound,
        _line,
        edges=(
            (np.array([[1.0]]), np.array([1]), np.array([2.0]), 0.0),
            (np.array([[3.0], [-1]]), np.array([1, 0]), np.array([2.0]), -2.0),
            (np.array([[3.0], [-1]]), np.array([0, 1]), np.array([2.0]), -2.0),
            (np.array([[1.0], [0]]), np.array([1, 0]), np.array([1.0]), 0.0),
        ),
        rtol=1e-4,
        wrong=(
            lambda *case: _bound(*case, one=0.0),
            lambda *case: _bound(*case, bias=0.0),
            lambda *case: _bound(*case, one=0.0, bias=0.0),
            lambda *case: mistake_bound(*case) ** 0.5,
            lambda x, y, w, b: mistake_bound(x, 0 * y + 1, w, b),
            lambda x, y, w, b: _bound(x, y, w / np.sqrt(w @ w), b),
            lambda x, y, w, b: (
                ((x * x).sum(axis=1).max() + 1)
                * (w @ w + b * b)
                / ((2 * y - 1) * (x @ w + b)).min() ** 2
            ),
            lambda x, y, w, b: mistake_bound(x, y, w, b) if b else 0.0,
        ),
        right=(
            _bound_by_loop,
            lambda x, y, w, b: mistake_bound(x, y, 7 * w, 7 * b),
        ),
    ),
    Exercise(
        "perceptron-5",
        pocket,
        _muddle,
        edges=(
            (np.array([[1.0], [2.0]]), np.array([1, 1]), 3),
            (np.array([[0.0], [0], [1]]), np.array([1, 0, 0]), 5),
            (np.array([[1.0]]), np.array([0]), 1),
            (np.array([[0.0], [1.0]]), np.array([1, 0]), 1),
        ),
        wrong=(
            _last,
            _pocket(start=False),
            _pocket(later=True),
            _pocket(copies=False),
            lambda x, y, epochs: pocket(x, y, epochs + 1),
            lambda x, y, epochs: pocket(x[::-1], y[::-1], epochs),
            lambda x, y, epochs: pocket(x, 1 - y, epochs),
            lambda x, y, epochs: pocket(x, y, epochs)[0],
        ),
        right=(_pocket(), lambda *case: list(pocket(*case))),
    ),
    Exercise(
        "perceptron-6",
        lift,
        draw_rings,
        judge=separates,
        cases=5,
        seconds=60.0,
        wrong=(
            lambda x: x,
            lambda x: (x * x).sum(axis=1, keepdims=True),
            lambda x: x * x,
            lambda x: np.hypot(*x.T),
            lambda x: np.hstack([x, x, x, (x * x).sum(axis=1, keepdims=True)]),
            lambda x: lift(x) * np.nan,
            lambda x: np.hstack([x, np.arange(len(x))[:, None]]),
            lambda x: np.hstack([x, x[:, :1] * x[:, 1:]]),
        ),
        right=(
            lambda x: np.hstack([x, x * x]),
            lambda x: np.stack([*x.T, *(x * x).T, x[:, 0] * x[:, 1]], axis=1),
            lambda x: [[a, b, a * a + b * b, 1.0] for a, b in x],
        ),
    ),
)
