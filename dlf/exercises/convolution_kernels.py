"""Exercises on convolution: a test for equivariance, and a kernel by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlf.exercises.core import Exercise, call

Array = np.ndarray


def is_equivariant(layer: Callable[[Array], Array], x: Array) -> bool:
    """Ask whether the layer moves its output when its input moves by one."""
    return bool(np.allclose(layer(np.roll(x, 1)), np.roll(layer(x), 1)))


def edge_kernel() -> Array:
    """Sobel's kernel, an eighth: a rise by 1 a pixel counts 1."""
    return np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8


#: what a layer is, what it computes, and whether it moves along; lambdas, so
#: that no name gives the answer away
LAYERS: tuple[tuple[str, Callable[[Array], Array], bool], ...] = (
    (
        "a convolution on a circle",
        lambda x: x + 2 * np.roll(x, -1) - np.roll(x, -2),
        True,
    ),
    ("ReLU", lambda x: np.maximum(x, 0), True),
    (
        "a convolution with zeros beyond the ends",
        lambda x: np.convolve(x, [1.0, 2.0, -1.0], mode="same"),
        False,
    ),
    ("a number of its own at each place", lambda x: x + np.arange(8), False),
    (
        "max pooling by two, each maximum twice",
        lambda x: np.repeat(x.reshape(-1, 2).max(1), 2),
        False,
    ),
    ("the sequence backward", lambda x: x[::-1], False),
)


def _judge_equivariant(
    answer: Callable, layer: Callable, x: Array
) -> str | None:
    """Compare with what is known of the layer."""
    got = call(answer, layer, x)
    if got is None or got is ...:
        return None
    what, want = next((n, w) for n, known, w in LAYERS if known is layer)
    if not isinstance(got, bool | np.bool_):
        return f"expected True or False; got {got!r}"
    if bool(got) != want:
        return f"for {what} it is {want}; got {bool(got)}"
    return ""


EQUIVARIANT = Exercise(
    "convolution-11",
    is_equivariant,
    lambda rng: (
        LAYERS[int(rng.integers(len(LAYERS)))][1],
        rng.normal(size=8),
    ),
    edges=tuple(
        (layer, np.array([4.0, 1, -2, 0, 2, 1, 3, -1]))
        for _, layer, _ in LAYERS
    ),
    judge=_judge_equivariant,
    wrong=(
        lambda layer, x: True,
        lambda layer, x: False,
        lambda layer, x: np.allclose(layer(np.roll(x, 1)), layer(x)),
        lambda layer, x: np.allclose(
            layer(np.roll(x, 2)), np.roll(layer(x), 2)
        ),
        lambda layer, x: np.allclose(
            layer(np.roll(x, 1)), np.roll(layer(x), -1)
        ),
        lambda layer, x: np.isclose(layer(np.roll(x, 1)).sum(), layer(x).sum()),
        lambda layer, x: np.allclose(
            np.sort(layer(np.roll(x, 1))), np.sort(layer(x))
        ),
        lambda layer, x: np.isclose(
            (layer(np.roll(x, 1)) ** 2).sum(), (layer(x) ** 2).sum()
        ),
        lambda layer, x: (
            layer(np.roll(x, 1)).max() == layer(x).max()
            and layer(np.roll(x, 1)).min() == layer(x).min()
        ),
        lambda layer, x: layer.__name__ in ("circular", "rectified"),
    ),
    right=(
        lambda layer, x: all(
            np.allclose(layer(np.roll(x, s)), np.roll(layer(x), s))
            for s in (1, 2, 3)
        ),
        lambda layer, x: np.allclose(
            np.roll(layer(np.roll(x, -1)), 1), layer(x)
        ),
    ),
)


def _judge_kernel(answer: Any) -> str | None:
    """Apply the kernel to a constant image and to rises both ways."""
    try:
        w = np.asarray(answer, float)
    except (TypeError, ValueError):
        return "expected three rows of three numbers"
    if w.shape != (3, 3):
        return f"expected three rows of three numbers; got shape {w.shape}"
    down, right = np.meshgrid(np.arange(3.0), np.arange(3.0), indexing="ij")
    for what, image, want in (
        ("a constant image", np.ones((3, 3)), 0),
        ("an image that rises by 1 a pixel to the right", right, 1),
        ("an image that rises by 1 a pixel downward", down, 0),
    ):
        got = float((w * image).sum())
        if not abs(got - want) < 1e-6:
            return f"on {what} it gives {got:.4g}, not {want}"
    if (w**2).sum() > 0.25:
        return (
            "noise of variance 1 in each pixel gives "
            f"{float((w**2).sum()):.3g}, more than 1/4"
        )
    return ""


KERNEL = Exercise(
    "convolution-12",
    edge_kernel(),
    wrong=(
        [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        [[0, 0, 0], [-0.5, 0, 0.5], [0, 0, 0]],
        edge_kernel().T,
        -edge_kernel(),
        np.ones((3, 3)) / 9,
        [1, 2, 3],
        "Sobel",
    ),
    right=(
        edge_kernel().tolist(),
        np.array([[-1.0, 0, 1]] * 3) / 6,
        np.array([[-3.0, 0, 3], [-10, 0, 10], [-3, 0, 3]]) / 32,
    ),
    judge=_judge_kernel,
)
