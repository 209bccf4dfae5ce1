"""Lists of affine layers, counted and multiplied out in other styles."""

from itertools import pairwise

import numpy as np

Array = np.ndarray


def draw_layers(rng: np.random.Generator) -> tuple:
    """Draw two to four layers of random widths."""
    widths = rng.integers(1, 7, size=rng.integers(3, 6))
    return (
        [
            (rng.normal(size=(o, i)), rng.normal(size=o))
            for i, o in pairwise(widths)
        ],
    )


def counted_by_popping(widths: list) -> int:
    """Empty the list while counting."""
    count, inputs = 0, widths.pop(0)
    while widths:
        outputs = widths.pop(0)
        count, inputs = count + (inputs + 1) * outputs, outputs
    return count


def collapsed_by_popping(layers: list) -> tuple[Array, Array]:
    """Empty the list, and work in the arrays of its first layer."""
    w, b = layers.pop(0)
    while layers:
        matrix, bias = layers.pop(0)
        w, b = matrix @ w, matrix @ b
        b += bias
    return w, b


def collapsed_by_probing(layers: list) -> list:
    """Send zero through for the bias, and the unit vectors for the rest."""

    def net(x: Array) -> Array:
        for w, b in layers:
            x = x @ w.T + b
        return x

    I = layers[0][0].shape[1]
    b = net(np.zeros(I))
    return [(net(np.eye(I)) - b).T.tolist(), b]


def narrowed(layers: list) -> list:
    """Keep of every layer its first input and output alone."""
    return [(w[:1, :1], b[:1]) for w, b in layers]
