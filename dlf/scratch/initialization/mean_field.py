"""Mean-field theory: signals and gradients in a wide random net, by layer.

Weights have the variance σ_w²/fan_in and biases σ_b². In the limit of infinite
width a pre-activation is normal, with a variance q that goes from layer to
layer by

    q' = σ_w² E[f(√q Z)²] + σ_b²,           Z ~ N(0, 1)

and a gradient on its way back is multiplied by χ = σ_w² E[f'(√q Z)²] in the
mean square. Where χ = 1 at the fixed point of q lies the edge of chaos.
Source: Poole et al. (2016), equations 3 and 5; Schoenholz et al. (2017),
equations 3, 9 and 15.
"""

from collections.abc import Callable

import numpy as np

from dlf.scratch.checks import check_positive

#: of the trapezoid rule; 0, where activations may have a corner, is between
GRID = np.linspace(-10, 10, 4_000)
DENSITY = np.exp(-GRID * GRID / 2)
DENSITY /= DENSITY.sum()


def _variance(operation: str, **values: float) -> None:
    """Refuse what is no variance, NaN and infinity included."""
    for name, value in values.items():
        if not 0 <= value < np.inf:
            raise ValueError(
                f"{operation}: `{name}` must be at least 0 and finite, because "
                f"it is a variance; got {value}"
            )


def _activate(operation: str, f: Callable, q: float) -> tuple:
    """Give values and pullback of an activation at pre-activations √q Z."""
    pair = f(np.sqrt(q) * GRID)
    if not (isinstance(pair, tuple) and len(pair) == 2):
        raise ValueError(
            f"{operation}: `f` must return a pair, its values and its "
            "pullback, as those of `dlf.scratch.activations` do; got "
            f"{type(pair).__name__}"
        )
    return pair


def variance_map(
    f: Callable, q: float, weight_variance: float, bias_variance: float = 0.0
) -> float:
    """Variance map: of pre-activations, from one layer to the next.

    Args:
        f: activation function of `dlf.scratch.activations`.
        q: variance of the pre-activations of a layer, at least 0.
        weight_variance: σ_w², fan-in times the variance of a weight.
        bias_variance: σ_b², at least 0.

    Raises:
        ValueError: a variance is negative or not finite, or the function
            returns no pair.

    >>> from dlf.scratch.activations.elementwise import relu
    >>> round(variance_map(relu, 3.0, 2.0), 6)
    3.0
    """
    _variance(
        "variance_map",
        q=q,
        weight_variance=weight_variance,
        bias_variance=bias_variance,
    )
    y, _ = _activate("variance_map", f, q)
    return float(weight_variance * (DENSITY @ (y * y)) + bias_variance)


def gradient_factor(f: Callable, q: float, weight_variance: float) -> float:
    """Gradient factor χ: of the mean square, by a layer, on the way back.

    It is also the factor by which a layer multiplies the squared distance of
    two inputs that are close to each other.

    Args:
        f: activation function.
        q: variance of the pre-activations, at least 0, at most 10,000.
        weight_variance: σ_w².

    Raises:
        ValueError: a variance is out of its range, or the function returns
            no pair.
    """
    _variance("gradient_factor", q=q, weight_variance=weight_variance)
    if q > 1e4:
        raise ValueError(
            "gradient_factor: `q` must be at most 10,000, because the grid is "
            f"too coarse for the derivative of a wider signal; got {q}"
        )
    _, vjp = _activate("gradient_factor", f, q)
    derivative = vjp(np.ones_like(GRID))
    return float(weight_variance * (DENSITY @ (derivative * derivative)))


def fixed_point(
    f: Callable,
    weight_variance: float,
    bias_variance: float = 0.0,
    q: float = 1.0,
    layers: int = 1_000,
) -> float:
    """Follow the variance map to its fixed point, where a deep net settles.

    Args:
        f: activation function.
        weight_variance: σ_w².
        bias_variance: σ_b².
        q: variance in the first layer.
        layers: how many to go through, at least 1.

    Raises:
        ValueError: a variance is out of its range, or q does not settle.
    """
    if not layers >= 1:
        raise ValueError(
            "fixed_point: `layers` must be at least 1, because the last two "
            f"variances are compared; got {layers}"
        )
    before = q
    for _ in range(layers):
        before, q = q, variance_map(f, q, weight_variance, bias_variance)
    if not abs(q - before) <= 1e-4 * max(1, q):
        raise ValueError(
            f"fixed_point: `layers` must be enough for q to settle, if it "
            f"does; after {layers} it goes from {before:.3g} to {q:.3g}"
        )
    return q


def critical_weight_variance(f: Callable, bias_variance: float) -> float:
    """Edge of chaos: the σ_w² at which gradients neither vanish nor explode.

    At a fixed point with χ = 1 the variance map says
    q - E[f²] / E[f'²] = σ_b², which is solved for q by halving.

    Args:
        f: an activation function that saturates, such as tanh.
        bias_variance: σ_b², positive, at most 100.

    Raises:
        ValueError: the variance is out of its range.

    >>> from dlf.scratch.activations.elementwise import tanh
    >>> round(critical_weight_variance(tanh, 0.05), 3)
    1.761
    """
    check_positive(
        "critical_weight_variance",
        "bias_variance",
        bias_variance,
        "at 0 the fixed point is 0, and σ_w² is 1/f'(0)²",
    )
    if bias_variance > 100:
        raise ValueError(
            "critical_weight_variance: `bias_variance` must be at most 100, "
            f"because q is searched for up to 400; got {bias_variance}"
        )
    low, high = -20.0, 6.0  # of log q
    for _ in range(60):
        q = float(np.exp((low + high) / 2))
        short = q - variance_map(f, q, 1.0) / gradient_factor(f, q, 1.0)
        low, high = (
            (np.log(q), high) if short < bias_variance else (low, np.log(q))
        )
    return 1 / gradient_factor(f, q, 1.0)


def depth_scale(chi: float) -> float:
    """Depth scale ξ: layers in which a squared gradient changes by e.

    Args:
        chi: factor of a layer in the mean square, positive.

    Raises:
        ValueError: the factor is not positive.
    """
    check_positive("depth_scale", "chi", chi, "it is a ratio of mean squares")
    return float("inf") if chi == 1 else float(1 / abs(np.log(chi)))
