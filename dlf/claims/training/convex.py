"""What convexity guarantees, and what it does not: design of C40."""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND

X, Y = np.array([10.0, -1.0]), np.array([1.0, 0.95])


def sigmoid_loss(w: np.ndarray) -> np.ndarray:
    """Mean squared error of σ(w x) on two points."""
    p = 1 / (1 + np.exp(-np.multiply.outer(w, X)))
    return ((p - Y) ** 2).mean(-1)


def descend_sigmoid(w: float, steps: int = 20_000) -> tuple[float, float]:
    """Descend it from w; give the end and its loss."""
    for _ in range(steps):
        p = 1 / (1 + np.exp(-w * X))
        w = w - float((2 * (p - Y) * p * (1 - p) * X).mean())
    return w, float(sigmoid_loss(np.array(w)))


def high_rate() -> tuple[bool, str]:
    """Descend w² above 2/L, with exact fractions."""
    from fractions import Fraction

    w = Fraction(1)
    for _ in range(100):
        w = w - Fraction(11, 10) * 2 * w
    return abs(w) <= 1, (
        f"w² from w = 1 with η = 1.1 > 2/L = 1: |w| = {float(abs(w)):.3g} "
        "after 100 steps"
    )


def no_minimum() -> tuple[bool, str]:
    """Descend the logistic loss of one separable example."""
    w, at = 0.0, []
    for step in range(1, 100_001):
        w += 1 / (1 + np.exp(w))
        if step in (1_000, 10_000, 100_000):
            at.append(f"{w:.4g}")
    return False, (
        f"log(1 + e⁻ʷ), η = 1: w = {', '.join(at)} after 10³, 10⁴, 10⁵ steps, "
        "without end; the infimum 0 is not reached"
    )


def two_basins() -> tuple[bool, str]:
    """Descend the squared error of a sigmoid of a linear model."""
    ends = [descend_sigmoid(start) for start in (-5.0, 1.0)]
    (a, fa), (b, fb) = ends
    return abs(fa - fb) < 1e-6, (
        f"from w = −5 the loss ends at {fa:.4f} (w = {a:.3g}), from w = 1 at "
        f"{fb:.4f} (w = {b:.3g})"
    )


def ridge() -> tuple[bool, str]:
    """Descend ridge regression from 100 starts, at half of 2/L."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 8)), rng.normal(size=50)
    h = x.T @ x / 50 + 0.1 * np.eye(8)
    best = np.linalg.solve(h, x.T @ y / 50)
    w = rng.normal(scale=100.0, size=(100, 8))
    for _ in range(2_000):
        w -= (w @ h - x.T @ y / 50) / np.linalg.eigvalsh(h)[-1]
    far = float(np.abs(w - best).max())
    return far < 1e-10, f"100 starts end within {far:.0e} of the minimum"


C40 = Exact(
    number="C40",
    title="Convex loss: a minimum is guaranteed from anywhere",
    sources=(
        Source(
            "S3",
            "§4",
            "guarantee reaching the global minimum from any starting point",
        ),
        Source("S1", "l.129", "Guaranteed to find a minimum if convex"),
    ),
    hypothesis=(
        "Gradient descent reaches the global minimum of every convex loss from "
        "any start; and linear models have convex losses."
    ),
    rule=(
        "Exact. One counterexample to the words as printed refutes a part: a "
        "rate above 2/L; separable logistic regression; the squared error of a "
        "sigmoid of a linear model. Ridge regression with η = 1/L from 100 "
        "starts must end within 1e-10 of the minimum. Conditions missing: in "
        "part."
    ),
    literature=(
        "Nesterov (2004): with η below 2/L and a minimizer, descent converges. "
        "Soudry et al. (2018): on separable data ‖w‖ grows as log t."
    ),
    expects=("holds in part",),
    parts=(
        Part("any rate", "guarantee", high_rate),
        Part("any convex loss", "Guaranteed to find a minimum", no_minimum),
        Part("any loss of a linear model", "convex", two_basins),
        Part(
            "with a minimiser, η = 1/L",
            "any starting point",
            ridge,
            BACKGROUND,
        ),
    ),
)
