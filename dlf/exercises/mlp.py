"""Solutions and graders of the chapter on layers."""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from dlf.exercises.affine_layers import (
    collapsed_by_popping,
    collapsed_by_probing,
    counted_by_popping,
    draw_layers,
    narrowed,
)
from dlf.exercises.core import Exercise
from dlf.exercises.noisy_curves import (
    draw_curve,
    fits,
    nearest_five,
    polynomial,
)
from dlf.exercises.two_layer_nets import (
    by_torch,
    changed,
    draw_net,
    in_single,
    times,
    without_gate,
)
from dlf.exercises.xor_nets import relu_xor

Array = np.ndarray


def parameters(widths: Sequence[int]) -> int:
    """Count weights and biases of an MLP with these widths."""
    return sum((n + 1) * m for n, m in pairwise(widths))


def square_width(inputs: int, outputs: int, depth: int, budget: int) -> int:
    """Find the largest equal width of `depth` hidden layers in a budget."""
    width = 0
    while parameters([inputs, *[width + 1] * depth, outputs]) <= budget:
        width += 1
    return width


def xor_weights() -> tuple[Array, Array, Array, Array]:
    """Give w, b, v, c so that relu(x w^T + b) v^T + c is XOR on {0, 1}^2."""
    w, b = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
    return w, b, np.array([[1.0, -2.0]]), np.array([0.0])


def collapsed(layers: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Multiply affine layers out: one matrix and one bias for all."""
    w, b = layers[0]
    for matrix, bias in layers[1:]:
        w, b = matrix @ w, matrix @ b + bias
    return w, b


def folds(pieces: int) -> int:
    """Count the tents it takes to draw at least so many pieces."""
    return int(pieces - 1).bit_length()


def two_layer_gradient(
    x: Array, y: Array, w: Array, b: Array, v: Array, c: Array
) -> dict[str, Array]:
    """Differentiate the mean squared error of relu(x w^T + b) v^T + c."""
    z = x @ w.T + b
    a = np.maximum(z, 0)
    dout = 2 * (a @ v.T + c - y) / y.size
    dz = dout @ v * (z > 0)
    return {
        "w": dz.T @ x,
        "b": dz.sum(axis=0),
        "v": dout.T @ a,
        "c": dout.sum(axis=0),
    }


def fit_curve(x: Array, y: Array) -> Callable[[Array], Array]:
    """Fit 64 random hinges, each layer's weights by descent, in NumPy.

    Full batches, Adam; the rate falls to zero along a line.
    """
    rng = np.random.default_rng(0)
    signs = rng.choice([-1.0, 1.0], size=(64, 1))
    p = {
        "w": signs,
        "b": -signs.ravel() * rng.uniform(-1, 1, size=64),
        "v": rng.normal(size=(1, 64)) / 8,
        "c": np.zeros(1),
    }
    m = {k: np.zeros_like(value) for k, value in p.items()}
    s = {k: np.zeros_like(value) for k, value in p.items()}
    for step in range(1, 1501):
        g = two_layer_gradient(x, y, **p)
        rate = 0.02 * (1 - step / 1501)
        for k in p:
            m[k] = 0.9 * m[k] + 0.1 * g[k]
            s[k] = 0.999 * s[k] + 0.001 * g[k] ** 2
            up, down = m[k] / (1 - 0.9**step), s[k] / (1 - 0.999**step)
            p[k] = p[k] - rate * up / (np.sqrt(down) + 1e-8)
    return lambda u: np.maximum(u @ p["w"].T + p["b"], 0) @ p["v"].T + p["c"]


def _widths(rng: np.random.Generator) -> tuple:
    return ([int(n) for n in rng.integers(1, 300, size=rng.integers(2, 7))],)


def _budget(rng: np.random.Generator) -> tuple:
    inputs, outputs = (int(n) for n in rng.integers(2, 50, size=2))
    return inputs, outputs, int(rng.integers(1, 9)), int(rng.integers(5e3, 5e4))


def _collapsed_zeroed(layers: list) -> tuple[Array, Array]:
    """Leave nothing but zeros to compare with."""
    for w, b in layers:
        w[:], b[:] = 0.0, 0.0
    return collapsed(layers)


def _last_bias(layers: list) -> tuple[Array, Array]:
    """Forget that a bias goes through the matrices after it."""
    return collapsed(layers)[0], layers[-1][1]


def _sum_of_biases(layers: list) -> tuple[Array, Array]:
    """Add all biases up as if no matrix lay between."""
    return collapsed(layers)[0], sum(b for _, b in layers)


def _quadratic(inputs: int, outputs: int, depth: int, budget: int) -> int:
    """Solve the quadratic for the width, and round down."""
    a, b = depth - 1, inputs + depth + outputs
    c = outputs - budget
    if a == 0:
        return int(-c // b)
    return int(((b * b - 4 * a * c) ** 0.5 - b) / (2 * a) + 1e-9)


ONE, TWO = np.ones((2, 2)), np.array([[1.0, -2.0]])
BATCH = np.array([[2.0, 1], [-1, -2]])  # its second row switches ReLUs off

EXERCISES = (
    Exercise(
        "mlp-1",
        parameters,
        _widths,
        edges=(([1, 1],), ([3, 2],), ([2, 3, 1],), ([784, 128, 128, 10],)),
        wrong=(
            lambda n: sum(a * b for a, b in pairwise(n)),
            lambda n: sum((b + 1) * a for a, b in pairwise(n)),
            lambda n: sum(a * b for a, b in pairwise(n)) + sum(n),
            lambda n: sum(a * b + 1 for a, b in pairwise(n)),
            lambda n: parameters(n[:-1]),
            lambda n: float(np.prod(n)),
            lambda n: [(a + 1) * b for a, b in pairwise(n)],
        ),
        right=(
            counted_by_popping,
            lambda n: np.dot(n[:-1], n[1:]) + sum(n) - n[0],
        ),
    ),
    Exercise(
        "mlp-2",
        xor_weights(),
        judge=relu_xor,
        wrong=(
            (ONE, np.zeros(2), np.ones((1, 2)), np.zeros(1)),
            (ONE, np.zeros(2), TWO, np.zeros(1)),
            (np.ones(2), np.zeros(2), np.ones((1, 2)), np.zeros(1)),
            (ONE * np.nan, np.zeros(2), TWO, np.zeros(1)),
            (ONE, np.array([0, np.nan]), TWO, np.zeros(1)),
            (ONE, np.array([0, -1.0]), TWO * np.nan, np.zeros(1)),
            (ONE, np.array([0, -1.0]), TWO.T, np.zeros(1)),
            (ONE, np.zeros(2), 0 * TWO, np.array([0, 1.0, 1, 0])[:, None]),
            (ONE, np.array([0, -1.0]), TWO),
            (ONE, np.array([0, -1.0]), TWO, np.array([0.01])),
        ),
        right=(
            ([[1, -1], [-1, 1]], [0, 0], [[1, 1]], [0]),
            [a.astype(np.float32) for a in xor_weights()],
            (-ONE, np.array([2.0, 1.0]), TWO, np.zeros(1)),
            (0.5 * ONE, np.array([0, -0.5]), 2 * TWO, [0.0]),
        ),
    ),
    Exercise(
        "mlp-3",
        collapsed,
        draw_layers,
        atol=1e-5,  # of products of several matrices
        edges=(
            ([(np.array([[2.0, 1]]), np.array([3.0]))],),
            ([(2 * np.eye(1), np.ones(1)), (3 * np.eye(1), np.ones(1))],),
            ([(ONE + np.eye(2), TWO[0]), (BATCH, ONE[0])],),
        ),
        wrong=(
            _last_bias,
            _collapsed_zeroed,
            _sum_of_biases,
            lambda layers: collapsed(layers[::-1]),
            lambda layers: collapsed(layers)[0],
            lambda layers: collapsed(layers)[::-1],
            lambda layers: collapsed(layers[1:]),
            lambda layers: collapsed(narrowed(layers)),
            lambda layers: (collapsed(layers)[0].T, collapsed(layers)[1]),
            lambda layers: collapsed([(w, 0 * b) for w, b in layers]),
        ),
        right=(collapsed_by_popping, collapsed_by_probing),
    ),
    Exercise(
        "mlp-4",
        folds,
        lambda rng: (int(2 ** rng.integers(1, 14) + rng.integers(0, 2)),),
        edges=((1,), (2,), (3,), (4,), (5,), (2**29,), (2**29 + 1,)),
        wrong=(
            lambda pieces: int(np.log2(pieces)),
            lambda pieces: pieces - 1,
            lambda pieces: int(pieces).bit_length(),
            lambda pieces: math.ceil(math.log(pieces, 2)),
            lambda pieces: -(-pieces // 2),
        ),
        right=(
            lambda pieces: next(k for k in range(64) if 2**k >= pieces),
            lambda pieces: np.ceil(np.log2(pieces)),
        ),
    ),
    Exercise(
        "mlp-5",
        square_width,
        _budget,
        edges=(
            (3, 2, 3, parameters([3, 4, 4, 4, 2])),
            (3, 2, 3, parameters([3, 4, 4, 4, 2]) - 1),
            (3, 2, 1, parameters([3, 7, 2])),
        ),
        wrong=(
            lambda i, o, d, p: int((p / max(d - 1, 1)) ** 0.5),
            lambda i, o, d, p: square_width(i, o, d, p) + 1,
            lambda i, o, d, p: square_width(i, o, d, p - 1),
            lambda i, o, d, p: square_width(i, o, d + 1, p),
            lambda i, o, d, p: square_width(i - 1, o, d, p),
        ),
        right=(
            _quadratic,
            lambda i, o, d, p: bisect_right(
                range(1, p), p, key=lambda n: parameters([i, *[n] * d, o])
            ),
        ),
    ),
    Exercise(
        "mlp-6",
        two_layer_gradient,
        draw_net,
        rtol=1e-4,  # sums that nearly cancel, in float32
        atol=1e-5,
        edges=(
            (*[ONE[:1, :1]] * 3, ONE[0, :1], ONE[:1, :1], ONE[0, :1]),
            (BATCH, ONE, *xor_weights()[:2], np.eye(2), np.zeros(2)),
        ),
        wrong=(
            without_gate(two_layer_gradient),
            times(two_layer_gradient, lambda N, O: O),
            times(two_layer_gradient, lambda N, O: N * O),
            times(two_layer_gradient, lambda N, O: 0.5),
            times(two_layer_gradient, lambda N, O: -1),
            changed(two_layer_gradient, w=np.transpose),
            changed(two_layer_gradient, v=np.transpose),
            changed(two_layer_gradient, b=np.mean),
            changed(two_layer_gradient, c=np.sum),
            changed(two_layer_gradient, b=lambda g: g * np.nan),
            lambda *args: [*two_layer_gradient(*args).values()],
        ),
        right=(by_torch, in_single(two_layer_gradient)),
    ),
    Exercise(
        "mlp-7",
        fit_curve,
        draw=draw_curve,
        judge=fits,
        cases=2,
        seconds=300.0,
        wrong=(
            polynomial(0),
            polynomial(1),
            polynomial(3),
            lambda x, y: lambda u: np.zeros_like(u),
            lambda x, y: lambda u: np.full_like(u, np.nan),
            lambda x, y: lambda u: polynomial(12)(x, y)(u)[:, 0],
            lambda x, y: polynomial(12)(x, y)(x),
            lambda x, y: lambda u: None,
        ),
        right=(polynomial(12), nearest_five),
    ),
)
