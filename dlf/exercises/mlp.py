"""Solutions and graders of the chapter on layers."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from dlf.exercises.core import Exercise

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


def is_xor(answer: tuple) -> str | None:
    """Say where relu(x w^T + b) v^T + c differs from XOR."""
    w, b, v, c = map(np.asarray, answer)
    if w.shape != (2, 2) or b.shape != (2,) or v.shape != (1, 2):
        return (
            "expected w, b, v, c of shapes (2, 2), (2,), (1, 2), (1,), got "
            f"{w.shape}, {b.shape}, {v.shape}, {c.shape}"
        )
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = (np.maximum(x @ w.T + b, 0) @ v.T + c).ravel()
    for row, got, want in zip(x, y, (0, 1, 1, 0), strict=True):
        if abs(got - want) > 1e-9:
            return f"at {row} it gives {got:.3g}, not {want}"
    return ""


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


def curve(rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw 200 points of a wave with a kink, and a little noise."""
    x = np.sort(rng.uniform(-1, 1, size=(200, 1)), axis=0)
    y = _truth(x) + rng.normal(scale=0.05, size=x.shape)
    return x, y


def _truth(x: Array) -> Array:
    return np.sin(4 * x) + np.abs(x)


def fits(answer: Callable, *_: Array) -> str | None:
    """Train on fresh points, and judge by the curve without the noise."""
    rng = np.random.default_rng()
    for _ in range(2):
        x, y = curve(rng)
        predict = answer(x.copy(), y.copy())
        if predict is None or predict is ...:
            return None
        if not callable(predict):
            return "expected a function that predicts, from `fit`"
        new = rng.uniform(-1, 1, size=(500, 1))
        out = np.asarray(predict(new))
        if out.shape != new.shape:
            return f"for inputs (500, 1) you predict {out.shape}"
        error = ((out - _truth(new)) ** 2).mean() / _truth(new).var()
        if not error < 0.02:
            return f"{100 * error:.1f} % of the variance is left; aim below 2 %"
    return ""


def _widths(rng: np.random.Generator) -> tuple:
    return ([int(n) for n in rng.integers(1, 300, size=rng.integers(2, 7))],)


def _budget(rng: np.random.Generator) -> tuple:
    inputs, outputs = (int(n) for n in rng.integers(2, 50, size=2))
    return inputs, outputs, int(rng.integers(1, 9)), int(rng.integers(5e3, 5e4))


def _affine(rng: np.random.Generator) -> tuple:
    widths = rng.integers(1, 7, size=rng.integers(3, 6))
    return (
        [
            (rng.normal(size=(o, i)), rng.normal(size=o))
            for i, o in pairwise(widths)
        ],
    )


def _batch(rng: np.random.Generator) -> tuple:
    N, I, H, O = rng.integers(2, 7, size=4)
    shapes = (N, I), (N, O), (H, I), (H,), (O, H), (O,)
    return tuple(rng.normal(size=s) for s in shapes)


def _last_bias(layers: list) -> tuple[Array, Array]:
    """Forget that a bias goes through the matrices after it."""
    return collapsed(layers)[0], layers[-1][1]


def _without_gate(*args: Array) -> dict[str, Array]:
    """Forget that the hinge stops the gradient where it is off."""
    x, y, w, b, v, c = args
    right = two_layer_gradient(*args)
    a = np.maximum(x @ w.T + b, 0)
    dz = 2 * (a @ v.T + c - y) / y.size @ v
    return right | {"w": dz.T @ x, "b": dz.sum(axis=0)}


def _per_row(*args: Array) -> dict[str, Array]:
    """Average over rows alone, not over outputs too."""
    O = args[1].shape[1]
    return {k: g * O for k, g in two_layer_gradient(*args).items()}


def _straight(x: Array, y: Array) -> Callable:
    """Fit a straight line."""
    ones = np.hstack([x, np.ones_like(x)])
    w = np.linalg.lstsq(ones, y, rcond=None)[0]
    return lambda u: np.hstack([u, np.ones_like(u)]) @ w


EXERCISES = (
    Exercise(
        "mlp-1",
        parameters,
        _widths,
        wrong=(
            lambda n: sum(a * b for a, b in pairwise(n)),
            lambda n: sum((b + 1) * a for a, b in pairwise(n)),
        ),
    ),
    Exercise(
        "mlp-2",
        xor_weights(),
        judge=is_xor,
        wrong=(
            (np.ones((2, 2)), np.zeros(2), np.ones((1, 2)), np.zeros(1)),
            (np.ones((2, 2)), np.zeros(2), np.array([[1, -2]]), np.zeros(1)),
            (np.ones(2), np.zeros(2), np.ones((1, 2)), np.zeros(1)),
        ),
    ),
    Exercise("mlp-3", collapsed, _affine, wrong=(_last_bias,)),
    Exercise(
        "mlp-4",
        folds,
        lambda rng: (int(2 ** rng.integers(1, 14) + rng.integers(0, 2)),),
        wrong=(
            lambda pieces: int(np.log2(pieces)),
            lambda pieces: pieces - 1,
            lambda pieces: int(pieces).bit_length(),
        ),
    ),
    Exercise(
        "mlp-5",
        square_width,
        _budget,
        wrong=(
            lambda i, o, d, p: int((p / max(d - 1, 1)) ** 0.5),
            lambda i, o, d, p: square_width(i, o, d, p) + 1,
        ),
    ),
    Exercise(
        "mlp-6",
        two_layer_gradient,
        _batch,
        wrong=(_without_gate, _per_row),
    ),
    Exercise(
        "mlp-7",
        fit_curve,
        judge=fits,
        wrong=(_straight, lambda x, y: lambda u: np.zeros_like(u)),
    ),
)
