"""Solutions and graders of the chapter on one neuron."""

from collections.abc import Callable
from itertools import product

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray
BITS = np.array(list(product((0, 1), repeat=2)))
TRUTH = {"OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0]}


def gates() -> dict[str, tuple[list[float], float]]:
    """Give weights and bias of OR and NAND."""
    return {"OR": ([1.0, 1.0], -0.5), "NAND": ([-1.0, -1.0], 1.5)}


def are_gates(answer: dict) -> str:
    """Say where the units differ from OR and NAND."""
    if set(answer) != set(TRUTH):
        return f"expected the keys OR and NAND, got {sorted(answer)}"
    for name, (w, b) in answer.items():
        said = BITS @ np.asarray(w, float) + b >= 0
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
    if got is None or got is ...:
        return None
    w, b = got
    bits = np.array(list(product((0, 1), repeat=n)))
    wrong = (bits @ np.asarray(w, float) + b >= 0) != (bits.sum(1) > n / 2)
    if wrong.any():
        return f"with {n} bits it is wrong at {bits[wrong.argmax()]}"
    return ""


def xor_units() -> tuple[Array, Array, Array, float]:
    """Give two hidden units w, b and an output unit v, c: OR and not AND."""
    w, b = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-0.5, -1.5])
    return w, b, np.array([1.0, -1.0]), -0.5


def is_xor(answer: tuple) -> str:
    """Say where the three threshold units differ from XOR."""
    w, b, v, c = answer
    hidden = BITS @ np.asarray(w, float).T + b >= 0
    said = hidden @ np.asarray(v, float) + c >= 0
    for x, got in zip(BITS, said, strict=True):
        if got != (x[0] != x[1]):
            return f"it says {int(got)} at {x}"
    return ""


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


def rings(
    rng: np.random.Generator, count: int, centre: Array
) -> tuple[Array, Array]:
    """Draw a disc (1) inside a ring (0) around a centre."""
    y = rng.integers(2, size=count)
    radius = np.where(y, rng.uniform(0, 1, count), rng.uniform(1.5, 2.5, count))
    angle = rng.uniform(0, 2 * np.pi, count)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + centre, y


def separates(answer: Callable, *_: object) -> str | None:
    """Learn from the lifted rings, wherever they lie; test on fresh points."""
    from dlf.scratch import perceptron

    rng = np.random.default_rng()
    centre = rng.uniform(-1, 1, size=2)
    x, y = rings(rng, 200, centre)
    lifted = answer(x.copy())
    if lifted is None or lifted is ...:
        return None
    lifted = np.asarray(lifted, float)
    if lifted.ndim != 2 or len(lifted) != 200 or lifted.shape[1] > 6:
        return f"expected (200, at most 6), got {lifted.shape}"
    w, b, _ = perceptron.learn(lifted, y, epochs=5000)
    if (perceptron.fires(lifted, w, b) != y).any():
        return f"around {centre.round(2)} the rule found no line"
    x, y = rings(rng, 1000, centre)
    right = (perceptron.fires(np.asarray(answer(x), float), w, b) == y).mean()
    return "" if right >= 0.95 else f"{100 * right:.0f} % of new points right"


def _line(rng: np.random.Generator) -> tuple:
    x, w, b = rng.normal(size=(12, 3)), rng.normal(size=3), rng.normal()
    y = (x @ w + b >= 0).astype(int)
    if rng.random() < 0.3:
        y[0] = 1 - y[0]
    return x, y, w, float(b)


def _muddle(rng: np.random.Generator) -> tuple:
    x = rng.integers(-4, 5, size=(12, 2)).astype(float)
    return x, rng.integers(2, size=12), int(rng.integers(1, 9))


def _without_one(x: Array, y: Array, w: Array, b: float) -> float:
    """Forget the constant input in R and γ."""
    margin = ((2 * y - 1) * (x @ w + b)).min() / np.sqrt(w @ w)
    radius = np.sqrt((x * x).sum(axis=1).max())
    return float((radius / margin) ** 2) if margin > 0 else np.inf


def _last(x: Array, y: Array, epochs: int) -> tuple[Array, float]:
    """Return the last weights, not the best."""
    from dlf.scratch import perceptron

    return perceptron.learn(x, y, epochs=epochs)[:2]


EXERCISES = (
    Exercise(
        "perceptron-1",
        gates(),
        judge=are_gates,
        wrong=(
            {"OR": ([1, 1], -1.5), "NAND": ([-1, -1], 1.5)},
            {"OR": ([1, 1], -0.5), "NAND": ([-1, -1], 0.5)},
            {"OR": ([1, 1], -0.5)},
        ),
    ),
    Exercise(
        "perceptron-2",
        majority,
        lambda rng: (int(2 * rng.integers(1, 6) + rng.integers(0, 2) - 1),),
        judge=is_majority,
        wrong=(
            lambda n: (np.ones(n), -n / 2),
            lambda n: (np.ones(n), -float(n)),
        ),
    ),
    Exercise(
        "perceptron-3",
        xor_units(),
        judge=is_xor,
        wrong=(
            (np.eye(2), np.zeros(2), np.array([1.0, -1.0]), -0.5),
            (np.ones((2, 2)), np.array([-0.5, -1.5]), np.ones(2), -0.5),
        ),
    ),
    Exercise("perceptron-4", mistake_bound, _line, wrong=(_without_one,)),
    Exercise("perceptron-5", pocket, _muddle, wrong=(_last,)),
    Exercise(
        "perceptron-6",
        lift,
        lambda rng: (),
        judge=separates,
        wrong=(
            lambda x: x,
            lambda x: (x * x).sum(axis=1, keepdims=True),
        ),
    ),
)
