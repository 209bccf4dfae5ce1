"""The perceptron: a threshold unit and its learning rule; its kernel form.

    z = x w + b,  y^ = 1 if z >= 0, else 0
    w <- w + lr (y - y^) x,  b <- b + lr (y - y^)
    z = sum over n of count_n t_n (x_n.x + 1)                    (perceptron.7)

Labels are y = 0 or 1 and t = 2y - 1. Nothing here has a gradient.
Source: Rosenblatt (1958); Aizerman, Braverman & Rozonoer (1964), the last.
"""

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.checks import check_positive
from dlf.scratch.shapes import sizes

Array = np.ndarray


def predict(
    x: Float[Array, "N D"], w: Float[Array, " D"], b: float
) -> Int[Array, " N"]:
    """Predict by a threshold unit: 1 where the weighted sum exceeds -b.

    Args:
        x: inputs, one example a row.
        w: weights.
        b: bias; at z = 0 the unit fires.

    Raises:
        ValueError: a weighted sum is NaN, which is on neither side.

    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    >>> predict(x, np.array([0.5, 0.5]), -0.7)
    array([0, 0, 0, 1])
    """
    sizes(predict, x, w)
    z = x @ w + b
    if (lost := np.isnan(z)).any():
        raise ValueError(
            "predict: `x`, `w` and `b` must not make a sum NaN, because it "
            f"lies on neither side of the threshold; row {int(lost.argmax())} "
            "does"
        )
    return (z >= 0).astype(int)


def train_perceptron(
    x: Float[Array, "N D"],
    y: Int[Array, " N"],
    lr: float = 1.0,
    epochs: int = 1000,
    with_bias: bool = True,
) -> tuple[Float[Array, " D"], float, Int[Array, " M"]]:
    """Train a perceptron by Rosenblatt's rule until no mistake is left.

    Starts from zero. Between mistakes nothing changes, so that the search
    looks at all examples at once and jumps to the next one that is wrong.

    Args:
        x: examples in the order in which they are visited.
        y: their labels, 0 or 1.
        lr: size of a correction.
        epochs: visits to all examples after which to give up.
        with_bias: whether the bias is corrected, too.

    Returns:
        Weights, bias, and the visits that went wrong: example n of epoch e,
        both from 0, is visit e N + n.

    Raises:
        ValueError: there is no example, a label is neither 0 nor 1, or ``lr``
            is not positive.
    """
    N, D = sizes(train_perceptron, x, y)
    _check(train_perceptron, y, lr)
    lr = float(lr)  # a NumPy scalar would impose its type
    sign = np.where(y == 1, 1, -1)
    w, b, visit, mistakes = np.zeros(D), 0.0, 0, []
    while (wrong := predict(x, w, b) != y).any():
        ahead = int(np.roll(wrong, -visit).argmax())  # roll wraps the epochs
        visit += ahead
        if visit >= epochs * N:
            break
        n = visit % N
        w = w + lr * sign[n] * x[n]
        b = b + lr * sign[n] * with_bias
        mistakes.append(visit)
        visit += 1
    return w, float(b), np.array(mistakes, int)


def train_kernel_perceptron(
    gram: Float[Array, "N N"], y: Int[Array, " N"], epochs: int = 1000
) -> Int[Array, " N"]:
    """Train a kernel perceptron: mistakes an example (perceptron.7).

    The same rule, told without weights: example n is judged by the sum over
    all m of count_m t_m gram_nm.

    Args:
        gram: x_n.x_m + 1, or any kernel in its place.
        y: labels 0 or 1.
        epochs: as in `learn`.

    Raises:
        ValueError: as in `learn`.
    """
    (N,) = sizes(train_kernel_perceptron, gram, y)
    _check(train_kernel_perceptron, y, 1.0)
    t, counts, visit = np.where(y == 1, 1, -1), np.zeros(N, int), 0
    while (wrong := predict(gram, (counts * t).astype(float), 0.0) != y).any():
        visit += int(np.roll(wrong, -visit).argmax())
        if visit >= epochs * N:
            break
        counts[visit % N] += 1
        visit += 1
    return counts


def _check(f: object, y: Array, lr: float) -> None:
    name = f.__name__
    if len(y) == 0:
        raise ValueError(f"{name}: `y` must hold a label; got none")
    if (strange := (y != 0) & (y != 1)).any():
        n = int(strange.argmax())
        raise ValueError(
            f"{name}: `y` must hold labels 0 or 1, because a unit fires or "
            f"does not; got {y[n]} at position {n}"
        )
    why = "a correction turns the unit towards the label"
    check_positive(name, "lr", lr, why)
