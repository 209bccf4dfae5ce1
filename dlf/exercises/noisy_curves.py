"""Noisy points of a curve, and who fits them well enough."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.comparison import is_open, text
from dlf.exercises.core import call

Array = np.ndarray


def curve(rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw 200 points of a wave with a kink, and a little noise."""
    x = np.sort(rng.uniform(-1, 1, size=(200, 1)), axis=0)
    y = _truth(x) + rng.normal(scale=0.05, size=x.shape)
    return x, y


def draw_curve(rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Draw the points to train on, and inputs to judge by."""
    return (*curve(rng), rng.uniform(-1, 1, size=(500, 1)))


def _truth(x: Array) -> Array:
    return np.sin(4 * x) + np.abs(x)


def fits(answer: Callable, x: Array, y: Array, new: Array) -> str | None:
    """Train on fresh points, and judge by the curve without the noise."""
    predict = call(answer, x, y)
    if is_open(predict):
        return None
    if not callable(predict):
        return "expected a function that predicts, from `fit_curve`, got " + (
            text(predict)
        )
    out = call(predict, new)
    if is_open(out):
        return "what you returned predicts nothing"
    out = np.asarray(out, float)
    if out.shape != new.shape:
        return f"for inputs (500, 1) you predict {out.shape}"
    error = ((out - _truth(new)) ** 2).mean() / _truth(new).var()
    if not error < 0.02:
        return f"{100 * error:.3g} % of the variance is left; aim below 2 %"
    return ""


def polynomial(degree: int) -> Callable:
    """Fit a polynomial by least squares."""

    def fit(x: Array, y: Array) -> Callable:
        weights = np.polynomial.chebyshev.chebfit(x[:, 0], y, degree)
        return lambda u: np.polynomial.chebyshev.chebval(u[:, 0], weights).T

    return fit


def nearest_five(x: Array, y: Array) -> Callable:
    """Average the five nearest points."""

    def predict(u: Array) -> Array:
        near = np.argsort(np.abs(u - x.T), axis=1)[:, :5]
        return y[near].mean(axis=1)

    return predict
