"""Exercises about activation functions inside a network."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.comparison import is_open
from dlf.exercises.core import Exercise, call

Array = np.ndarray


def gradient_by_hand() -> Array:
    """Go forward and back through the worked net, with a leak of 0.1."""
    x, w, v = np.array([1.0, 2.0]), np.array([[1, 1], [1, -1]]), [2, -1]
    z = w @ x
    y = v @ np.where(z > 0, z, 0.1 * z)
    dz = (y - 5) * np.array(v) * np.where(z > 0, 1, 0.1)
    return np.outer(dz, x)


def rescaled_gradients(dw: Array, dv: Array, c: float) -> tuple[Array, Array]:
    """Give gradients in c W and V / c: the chain rule, since L is unchanged."""
    return dw / c, dv * c


def sigmoid_net(w: Array, b: Array, v: Array, c: Array) -> tuple[Array, ...]:
    """Write a tanh net as a sigmoid net: tanh z = 2 sigmoid(2z) - 1."""
    return 2 * w, 2 * b, 2 * v, c - v.sum(axis=1)


def dead_units(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> int:
    """Count the ReLU units of a layer that no example ever switches on."""
    return int((x @ w.T + b <= 0).all(axis=0).sum())


CAUSES = {"A": "vanishing", "B": "rate", "C": "dead", "D": "linear"}


def layer(rng: np.random.Generator) -> tuple:
    """Draw the inputs, weights and biases of a ReLU layer."""
    N, I, O = rng.integers(3, 9, size=3)
    bias = rng.normal(loc=-2, scale=1.5, size=O)
    return rng.normal(size=(N, I)), rng.normal(size=(O, I)) / 2, bias


def gradients(rng: np.random.Generator) -> tuple:
    """Draw the gradients of two layers, and a factor."""
    I, H, O = rng.integers(2, 6, size=3)
    dw, dv = rng.normal(size=(H, I)), rng.normal(size=(O, H))
    return dw, dv, float(rng.choice([0.1, 0.25, 0.5, 2, 3, 10]))


def tanh_net(rng: np.random.Generator) -> tuple:
    """Draw the parameters of a tanh net with at least two outputs."""
    I, H, O = rng.integers(2, 6, size=3)
    shapes = (H, I), (H,), (O, H), (O,)
    return tuple(rng.normal(size=s) for s in shapes)


def computes_the_same(answer: Callable, *net: Array) -> str | None:
    """Say where the sigmoid net that was returned differs from the tanh net."""
    w, b, v, c = net
    returned = call(answer, *net)
    if is_open(returned):
        return None
    names = ("w", "b", "v", "c")
    if not isinstance(returned, tuple | list) or len(returned) != 4:
        return "expected four arrays, w, b, v and c"
    if any(map(is_open, returned)):
        return "expected four arrays, and one of them is missing"
    try:
        theirs = [np.asarray(p, float) for p in returned]
    except (TypeError, ValueError, RuntimeError):
        return "expected four arrays of numbers, w, b, v and c"
    for name, mine, p in zip(names, net, theirs, strict=True):
        if p.shape != mine.shape:
            return f"{name} has shape {p.shape}, expected {mine.shape}"
    x = np.random.default_rng(0).normal(size=(20, w.shape[1]))
    want = np.tanh(x @ w.T + b) @ v.T + c
    s, t, u, d = theirs
    got = 1 / (1 + np.exp(-(x @ s.T + t))) @ u.T + d
    if np.allclose(got, want, rtol=1e-4, atol=1e-4):
        return ""
    return (
        f"for the first input it gives {got[0, 0]:.4g}, the tanh net "
        f"{want[0, 0]:.4g}"
    )


NETS = (
    Exercise(
        "activations-3",
        gradient_by_hand(),
        wrong=(
            [[2.0, 4.0], [0.0, 0.0]],
            [[2.2, 4.4], [0.0, 0.0]],
            [[2.2, 4.4], [-1.1, -2.2]],
            [[2.0, 4.0], [-0.1, -0.2]],
            [[2.2, -0.11], [4.4, -0.22]],
            [[2.2, 4.4], [0.11, 0.22]],
            [2.2, -0.11],
        ),
        right=(
            [[2.2, 4.4], [-0.11, -0.22]],
            ((2.2, 4.4), (-0.11, -0.22)),
            np.array([[2.2, 4.4], [-0.11, -0.22]], np.float32),
        ),
    ),
    Exercise(
        "activations-7",
        rescaled_gradients,
        gradients,
        edges=((np.ones((1, 1)), np.ones((1, 1)), 2.0),),
        wrong=(
            lambda dw, dv, c: (dw, dv),
            lambda dw, dv, c: (dw * c, dv / c),
            lambda dw, dv, c: (dw * c, dv * c),
            lambda dw, dv, c: (dw / c, dv / c),
            lambda dw, dv, c: (dw / c**2, dv * c**2),
            lambda dw, dv, c: (dv * c, dw / c),
            lambda dw, dv, c: dw / c,
            lambda dw, dv, c: (np.sign(dw) / c, np.sign(dv) * c),
        ),
        right=(
            lambda dw, dv, c: [dw * (1 / c), c * dv],
            lambda dw, dv, c: (np.divide(dw, c, out=dw), np.multiply(dv, c)),
        ),
    ),
    Exercise(
        "activations-8",
        sigmoid_net,
        tanh_net,
        judge=computes_the_same,
        wrong=(
            lambda w, b, v, c: (w, b, v, c),
            lambda w, b, v, c: (2 * w, 2 * b, 2 * v, c),
            lambda w, b, v, c: (2 * w, b, 2 * v, c - v.sum(axis=1)),
            lambda w, b, v, c: (2 * w, 2 * b, v, c - v.sum(axis=1)),
            lambda w, b, v, c: (w / 2, b / 2, v / 2, c + v.sum(axis=1)),
            lambda w, b, v, c: (2 * w, 2 * b, 2 * v, c - v.sum()),
            lambda w, b, v, c: (2 * w, 2 * b, 2 * v, c + v.sum(axis=1)),
            lambda w, b, v, c: (2 * w, 2 * b, 2 * v, c - 1),
            lambda w, b, v, c: (2 * w, 2 * b, 2 * v),
            lambda w, b, v, c: tuple(
                np.full_like(p, np.nan) for p in (w, b, v, c)
            ),
        ),
        right=(
            lambda w, b, v, c: (-2 * w, -2 * b, -2 * v, c + v.sum(axis=1)),
            lambda w, b, v, c: [
                (w + w).tolist(),
                b + b,
                v + v,
                c - v @ np.ones(len(b)),
            ],
            lambda w, b, v, c: (
                2 * w[::-1],
                2 * b[::-1],
                2 * v[:, ::-1],
                c - v.sum(1),
            ),
        ),
    ),
    Exercise(
        "activations-10",
        dead_units,
        layer,
        edges=(
            # one unit that is 0 on every example, one that is 0 on one
            (
                np.array([[1.0], [2.0]]),
                np.array([[0.0], [1.0]]),
                np.array([0.0, -1]),
            ),
            (np.ones((1, 2)), np.array([[-1.0, 0], [1, 1]]), np.zeros(2)),
            (np.ones((3, 1)), -np.ones((2, 1)), np.array([2.0, 3.0])),
            # a unit that is hardly on, and on all the same
            (np.ones((2, 1)), np.array([[1e-6], [-1.0]]), np.zeros(2)),
        ),
        wrong=(
            lambda x, w, b: int((x @ w.T + b <= 0).any(axis=0).sum()),
            lambda x, w, b: int((x @ w.T + b <= 0).sum()),
            lambda x, w, b: int((x @ w.T + b <= 0).all(axis=1).sum()),
            lambda x, w, b: int(((x @ w.T + b).mean(axis=0) <= 0).sum()),
            lambda x, w, b: int((b <= 0).sum()),
            lambda x, w, b: int((x @ w.T + b < 0).all(axis=0).sum()),
            lambda x, w, b: int((x @ w.T <= 0).all(axis=0).sum()),
            lambda x, w, b: float((x @ w.T + b <= 0).all(axis=0).mean()),
            lambda x, w, b: bool((x @ w.T + b <= 0).all(axis=0).any()),
            lambda x, w, b: int((x @ w.T + b <= 1e-3).all(axis=0).sum()),
        ),
        right=(
            lambda x, w, b: (np.maximum(x @ w.T + b, 0).sum(axis=0) == 0).sum(),
            lambda x, w, b: sum(
                all(row @ unit + c <= 0 for row in x)
                for unit, c in zip(w, b, strict=True)
            ),
            lambda x, w, b: len(b) - np.any(x @ w.T + b > 0, axis=0).sum(),
        ),
    ),
    Exercise(
        "activations-11",
        CAUSES,
        wrong=(
            {"A": "dead", "B": "rate", "C": "vanishing", "D": "linear"},
            {"A": "vanishing", "B": "dead", "C": "rate", "D": "linear"},
            {"A": "linear", "B": "rate", "C": "dead", "D": "vanishing"},
            {"A": "vanishing", "B": "rate", "C": "dead"},
            {"A": "Vanishing", "B": "Rate", "C": "Dead", "D": "Linear"},
            ["vanishing", "rate", "dead", "linear"],
            "vanishing",
        ),
        right=(
            {"D": "linear", "C": "dead", "B": "rate", "A": "vanishing"},
            dict(A="vanishing", B="rate", C="dead", D="linear"),
        ),
    ),
)
