"""Judge a function that should map N(0, 1) to mean 0 and variance 1."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.comparison import is_open
from dlf.exercises.core import call


def keeps_the_normal(f: Callable) -> str | None:
    """Say what keeps f from having mean 0 and variance 1 under N(0, 1)."""
    z = np.linspace(-10, 10, 20_001)
    weights = np.exp(-0.5 * z * z) / np.exp(-0.5 * z * z).sum()
    y = call(f, z)
    if is_open(y):
        return None
    y = np.asarray(y)
    if np.iscomplexobj(y):
        return "it is complex, and a layer takes real numbers"
    y = y.astype(float)
    if y.shape != z.shape:
        return f"for inputs {z.shape} you returned an array {y.shape}"
    mean = weights @ y
    variance = weights @ (y - mean) ** 2
    if not abs(mean) < 1e-3:
        return f"its mean under N(0, 1) is {mean:.4f}, not 0"
    if not abs(variance - 1) < 1e-3:
        return f"its variance under N(0, 1) is {variance:.4f}, not 1"
    if abs(weights @ (y * z)) > 0.999:
        return "it is linear: layers of it would be one layer"
    steep = np.abs(np.gradient(y, z)) > 1e-3
    if weights @ steep < 0.3:
        return (
            "its derivative is 0 almost everywhere, so nothing could be learned"
        )
    some = np.random.default_rng(0).permutation(len(z))[:500]
    if not same(call(f, z[some]), y[some]):
        return "it does not treat each number by itself"
    far = call(f, np.array([-1e4, 1e4]))
    if is_open(far) or not np.isfinite(np.asarray(far, float)).all():
        return "it is not finite at -10000 and 10000"
    return ""


def same(got: object, want: np.ndarray) -> bool:
    """Tell whether these are the same numbers, in the same order."""
    if is_open(got) or np.shape(got) != want.shape:
        return False
    return np.allclose(np.asarray(got, float), want, rtol=1e-4, atol=1e-4)
