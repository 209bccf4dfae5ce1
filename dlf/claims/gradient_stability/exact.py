"""Products of Jacobians as the sources print them: C61 and C62.

Two printed formulas are compared with central differences on a net of two
linear units, and two rules on growth with matrices that break them.
"""

from collections.abc import Callable

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, PRINTED

Array = np.ndarray
W1, W2, X, TARGET, H = 0.5, 3.0, 2.0, 1.0, 1e-5
DEPTH, GROWTH, WIDTH = 20, 10.0, 128


def loss(w1: float = W1, x: float = X) -> float:
    """Half the squared error of the net w2 w1 x."""
    return (W2 * w1 * x - TARGET) ** 2 / 2


def by_weight() -> float:
    """Differentiate the loss by the first weight, by central differences."""
    return (loss(w1=W1 + H) - loss(w1=W1 - H)) / (2 * H)


def by_input() -> float:
    """Differentiate it by the input."""
    return (loss(x=X + H) - loss(x=X - H)) / (2 * H)


def printed_numbers() -> tuple[bool, str]:
    """Compute 1.5 and 0.5 to the tenth, and round as the source does."""
    high, low = 1.5**10, 0.5**10
    return round(high) == 58 and round(low, 3) == 0.001, (
        f"1.5^10 = {high:.2f} and 0.5^10 = {low:.6f}"
    )


def product_to_first_layer() -> tuple[bool, str]:
    """Take the product over the layers above the first: S1's formula."""
    printed, truth = (W2 * W1 * X - TARGET) * W2, by_weight()
    return abs(printed - truth) < 1e-6, (
        f"on a net of two linear units it gives {printed:.0f}, the derivative "
        f"is {truth:.0f}: the input is missing as a factor"
    )


def product_of_all_layers() -> tuple[bool, str]:
    """Take the product over all layers: S0's formula."""
    printed, truth = (W2 * W1 * X - TARGET) * W2 * W1, by_weight()
    return abs(printed - truth) < 1e-6, (
        f"it gives {printed:.0f}, the derivative by the weight is {truth:.0f} "
        f"and that by the input {by_input():.0f}"
    )


def scalar_factors() -> tuple[bool, str]:
    """Take numbers for factors: bounded away from 1, they decide."""
    rng = np.random.default_rng(100)
    large = np.prod(rng.uniform(1.1, 2, (100, 100)), axis=1)
    small = np.prod(rng.uniform(0.1, 0.9, (100, 100)), axis=1)
    return bool(large.min() > 1e3 and small.max() < 1e-3), (
        "100 numbers above 1.1 multiply to more than 1,000, 100 below 0.9 to "
        "less than 0.001, in 100 of 100 draws each"
    )


def matrix_factors() -> tuple[bool, str]:
    """Take matrices: diag(2, 0.1) and diag(0.1, 2) in turn."""
    one, other = np.diag([2, 0.1]), np.diag([0.1, 2])
    product = np.linalg.matrix_power(one @ other, DEPTH // 2)
    size = np.linalg.norm(product, 2)
    return bool(size >= 1), (
        f"{DEPTH} factors of norm 2 whose product has the norm {size:.0e}"
    )


C61 = Exact(
    number="C61",
    title="1.5¹⁰ ≈ 58, 0.5¹⁰ ≈ 0.001, and the product behind them",
    sources=(
        Source("S1", "l.253–255", "(1.5)¹⁰ ≈ 58 … (0.5)¹⁰ ≈ 0.001"),
        Source("S1", "l.157", "∂L/∂W₁ = ∂L/∂ŷ · ∏ ∂h_k/∂h_{k−1}"),
        Source("S1", "l.201", "∂h_k/∂h_{k−1} > 1 → explodes"),
        Source("S0", "§9", "∂L/∂θ = ∂L/∂a(L) · ∏ f′(z(l)) · W(l)"),
    ),
    hypothesis=(
        "(a) The two powers are right as rounded. (b) Each printed product is "
        "the derivative by the weights of the first layer. (c) If every factor "
        "is above 1 the product explodes."
    ),
    rule=(
        "Exact: (a) rounded as printed; (b) equal to a central difference "
        "within 1e-6 on a net of two linear units; (c) for numbers bounded "
        "away from 1, and for matrices of norm 2: false if a product of twenty "
        "has a norm below 1."
    ),
    literature=(
        "Pascanu, Mikolov & Bengio (2013): norms of Jacobians above 1 are "
        "necessary for explosion and do not suffice."
    ),
    expects=("false as printed",),
    parts=(
        Part("(a) the powers", "≈ 58, ≈ 0.001", printed_numbers, PRINTED),
        Part("(b) S1's", "∂L/∂W₁", product_to_first_layer, PRINTED),
        Part("(b) S0's", "∂L/∂θ", product_of_all_layers, PRINTED),
        Part("(c) numbers", "> 1 → explodes", scalar_factors, PRINTED),
        Part("(c) matrices", "> 1 → explodes", matrix_factors, PRINTED),
    ),
)


def backward(f: str, draw: Callable, seed: int) -> tuple[float, float]:
    """Send a gradient back through twenty layers.

    Args:
        f: "relu", "sigmoid" or "linear".
        draw: maps a generator to a square matrix of weights.
        seed: of everything.

    Returns:
        The factor by which its length grows, and the largest norm of a
        weight matrix.
    """
    rng, steps, norms = np.random.default_rng(seed), [], []
    a = rng.normal(size=(1, WIDTH))
    for _ in range(DEPTH):
        w = draw(rng)
        z = a @ w.T
        s = 1 / (1 + np.exp(-z))
        forms = {
            "relu": (np.maximum(z, 0), (z > 0) * 1.0),
            "sigmoid": (s, s * (1 - s)),
            "linear": (z, np.ones_like(z)),
        }
        a, slope = forms[f]
        steps.append((w, slope))
        norms.append(np.linalg.norm(w, 2))
    first = delta = rng.normal(size=a.shape)
    for w, slope in steps[::-1]:
        delta = (delta * slope) @ w
    return np.linalg.norm(delta) / np.linalg.norm(first), max(norms)


def of_norm(size: float) -> Callable:
    """Give a draw of normal weights, scaled to that spectral norm."""

    def draw(rng: np.random.Generator) -> Array:
        w = rng.normal(size=(WIDTH, WIDTH))
        return size * w / np.linalg.norm(w, 2)

    return draw


def he(rng: np.random.Generator) -> Array:
    """Draw He's weights, of norm 2.8 or so."""
    return rng.normal(size=(WIDTH, WIDTH)) * np.sqrt(2 / WIDTH)


def norm_suffices() -> tuple[bool, str]:
    """Try He's ReLU nets and sigmoid nets of norm 2."""
    relu = [backward("relu", he, seed) for seed in range(100, 110)]
    sigmoid = [backward("sigmoid", of_norm(2.0), s) for s in range(100, 110)]
    grown = np.median([g for g, _ in relu]), np.median([g for g, _ in sigmoid])
    return bool(min(grown) >= GROWTH), (
        f"ReLU nets with He's weights, of norm {relu[0][1]:.1f}, multiply the "
        f"gradient by {grown[0]:.1f}, sigmoid nets of norm 2 by {grown[1]:.0e}"
    )


def norm_necessary() -> tuple[bool, str]:
    """Scale all norms to 1: no gradient may grow."""
    grown = [
        backward(f, of_norm(1.0), seed)[0]
        for f in ("relu", "sigmoid", "linear")
        for seed in range(100, 110)
    ]
    return bool(max(grown) <= 1 + 1e-12), (
        "with norms of 1 and |f′| ≤ 1 no gradient grows, in 30 of 30 nets"
    )


def radius_suffices() -> tuple[bool, str]:
    """Multiply diag(2, 0.1) and diag(0.1, 2) in turn: eigenvalue 2."""
    pair = np.diag([2, 0.1]) @ np.diag([0.1, 2])
    grown = np.linalg.norm(np.linalg.matrix_power(pair, DEPTH // 2), 2)
    return bool(grown >= GROWTH), (
        f"diag(2, 0.1) and diag(0.1, 2) in turn, each with the eigenvalue 2, "
        f"multiply to {grown:.0e}"
    )


def radius_necessary() -> tuple[bool, str]:
    """Multiply a matrix without eigenvalues but 0 and its transpose."""
    shift = np.array([[0.0, 10], [0, 0]])
    product = np.linalg.matrix_power(shift @ shift.T, DEPTH // 2)
    grown = np.linalg.norm(product, 2)
    return bool(grown < GROWTH), (
        f"(0 10; 0 0) and its transpose in turn, all eigenvalues 0, multiply "
        f"to {grown:.0e}"
    )


def repeated() -> tuple[bool, str]:
    """Repeat one matrix in a linear net: there the radius decides."""
    rates = []
    for radius in (0.9, 1.1):
        rng = np.random.default_rng(100)
        w = rng.normal(size=(WIDTH, WIDTH))
        w *= radius / np.abs(np.linalg.eigvals(w)).max()
        grown = np.linalg.norm(np.linalg.matrix_power(w, 400), 2)
        rates.append(grown ** (1 / 400))
    return bool(rates[0] < 1 < rates[1]), (
        "400 times one matrix of radius 0.9 and 1.1: factors of "
        f"{rates[0]:.2f} and {rates[1]:.2f} per step"
    )


C62 = Exact(
    number="C62",
    title="Gradients explode when norms or eigenvalues exceed 1",
    sources=(
        Source(
            "S0", "§9", "Occurs when eigenvalues or norms of weights are >1"
        ),
    ),
    hypothesis=(
        "(a) Weights of a norm above 1 make the gradient grow at least tenfold "
        "over 20 layers. (b) Weights with an eigenvalue above 1 do. (c) "
        "Without such an eigenvalue it does not grow."
    ),
    rule=(
        "Exact: each is false if one net or product breaks it; random nets by "
        "the median of ten. That no gradient grows where all norms are at most "
        "1, and one matrix repeated 400 times in a linear net, are shown as "
        "background."
    ),
    literature=(
        "Pascanu, Mikolov & Bengio (2013): a largest singular value above 1/γ, "
        "where γ bounds |f′|, is necessary for explosion; below it suffices "
        "for vanishing."
    ),
    expects=("false as printed",),
    parts=(
        Part("(a) norm", "norms of weights are >1", norm_suffices, PRINTED),
        Part("(b) eigenvalue", "eigenvalues", radius_suffices, PRINTED),
        Part("(c) without", "Occurs when eigenvalues", radius_necessary),
        Part("norm at most 1", "norms", norm_necessary, BACKGROUND),
        Part("one matrix repeated", "eigenvalues", repeated, BACKGROUND),
    ),
)
