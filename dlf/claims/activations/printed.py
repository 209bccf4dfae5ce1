"""Printed ranges, derivatives and identities: C15, line by line."""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source

X = np.linspace(-8, 8, 160_001)  # step 1e-4, with 0 among them


def sigmoid(x: np.ndarray | float) -> np.ndarray | float:
    """Evaluate 1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def swish(x: np.ndarray | float) -> np.ndarray | float:
    """Evaluate x sigmoid(x)."""
    return x * sigmoid(x)


def tanh_derivative() -> tuple[bool, str]:
    """Look for the largest derivative of tanh."""
    derivative = 1 - np.tanh(X) ** 2
    at = X[derivative.argmax()]
    found = f"attains {derivative.max():.0f} at {abs(at):.0f}, so (0, 1]"
    return bool(derivative.max() < 1), found


def tanh_steeper() -> tuple[bool, str]:
    """Find where tanh stops being steeper than sigmoid."""
    from scipy.optimize import brentq

    def excess(x: float) -> float:
        s = sigmoid(x)
        return 1 - np.tanh(x) ** 2 - s * (1 - s)

    root = brentq(excess, 0.1, 5)
    return bool(excess(3.0) > 0), f"only for |x| < {root:.4f}"


def hard_tanh_range() -> tuple[bool, str]:
    """Evaluate hard tanh at 1 and beyond."""
    y = np.clip(X, -1, 1)
    return bool(np.abs(y).max() < 1), "attains −1 and 1, so [−1, 1]"


def swish_range() -> tuple[bool, str]:
    """Find the least value of Swish: its derivative is zero there."""
    from scipy.optimize import brentq

    def derivative(x: float) -> float:
        s = sigmoid(x)
        return s * (1 + x * (1 - s))

    at = brentq(derivative, -3, -0.5)
    least = swish(at)
    holds = round(least, 1) == -0.3 and bool((swish(X) >= least - 1e-12).all())
    return holds, f"least value {least:.5f} at {at:.4f}, which rounds to −0.3"


def swish_not_monotonic() -> tuple[bool, str]:
    """Look whether Swish both falls and rises."""
    steps = np.diff(swish(X))
    return bool((steps < 0).any() and (steps > 0).any()), "falls, then rises"


def tanh_by_sigmoid() -> tuple[bool, str]:
    """Compare tanh with 2 sigmoid(2x) - 1; prove it with SymPy."""
    import sympy as sp

    x = sp.symbols("x", real=True)
    right = 2 / (1 + sp.exp(-2 * x)) - 1
    proved = sp.simplify(sp.tanh(x).rewrite(sp.exp) - right) == 0
    off = np.abs(np.tanh(X) - (2 * sigmoid(2 * X) - 1)).max()
    return bool(proved and off < 1e-10), "proved, and equal to 1e-10"


def sigmoid_range() -> tuple[bool, str]:
    """Ask whether sigmoid attains 0 and 1, in the reals and in float32.

    exp(-x) is positive and finite for every real x, so 1 / (1 + exp(-x))
    lies strictly between them; rounding alone reaches 1.
    """
    inside = bool((sigmoid(X) > 0).all() and (sigmoid(X) < 1).all())
    whole = np.arange(40, dtype=np.float32)
    first = int(whole[sigmoid(whole) == 1][0])
    found = f"never attains 0 or 1, so (0, 1); in float32 1 from {first} on"
    return not inside, found


def leaky_as_maximum() -> tuple[bool, str]:
    """Compare max(αz, z) with the leaky ReLU for α up to 1 and above."""

    def same(alpha: float) -> bool:
        leaky = np.where(X > 0, X, alpha * X)
        return bool(np.array_equal(np.maximum(alpha * X, X), leaky))

    found = "true for α ≤ 1; α = 2, z = 1 gives 2 instead of 1"
    return all(map(same, (0.01, 0.2, 1.0, 2.0))), found


C15 = Exact(
    number="C15",
    title="Printed ranges, slopes and identities",
    sources=(
        Source("S1", "l.1", "Derivative range: (0, 1)"),
        Source("S2", "Tanh", "Stronger gradient than Sigmoid"),
        Source("S0", "§3", "∼(−0.3, ∞)"),
        Source("S3", "§1", "[0, 1]"),
    ),
    hypothesis="Each of eight printed lines is exactly true.",
    rule=(
        "One verdict a line, by calculus and root finding in float64; the "
        "claim holds only if all lines do. A range marked approximate is "
        "judged as such."
    ),
    literature="Elementary calculus.",
    expects=("holds in part",),
    parts=(
        Part("tanh: slope in (0, 1) (S1)", "(0, 1)", tanh_derivative),
        Part("tanh: steeper than sigmoid (S2)", "Stronger", tanh_steeper),
        Part("hard tanh: range (−1, 1) (S2)", "(−1, 1)", hard_tanh_range),
        Part("Swish: range ∼(−0.3, ∞) (S0)", "∼(−0.3, ∞)", swish_range),
        Part("Swish: non-monotonic (S0)", "non-monotonic", swish_not_monotonic),
        Part("tanh x = 2σ(2x) − 1 (S0)", "2σ(2x) − 1", tanh_by_sigmoid),
        Part("sigmoid: range [0, 1] (S3)", "[0, 1]", sigmoid_range),
        Part("leaky ReLU = max{αz, z} (S3)", "max{αz, z}", leaky_as_maximum),
    ),
)
