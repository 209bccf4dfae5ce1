"""Exercises on initial weights whose answer is a function."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def gain(f: Callable[[Array], Array]) -> float:
    """Gain of an activation: 1 over the root mean square it leaves.

    Args:
        f: maps an array of pre-activations to activations.
    """
    z = np.linspace(-12, 12, 48_001)
    weight = np.exp(-z * z / 2)
    return float(1 / np.sqrt(weight @ f(z) ** 2 / weight.sum()))


def tanh_moments(q: float) -> tuple[float, float]:
    """Mean of tanh² and of its derivative's square, at the variance q."""
    z = np.linspace(-12, 12, 1_201)
    weight = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    a = np.tanh(np.sqrt(q) * z)
    return float(weight @ a**2), float(weight @ (1 - a**2) ** 2)


def critical_weight_variance(bias_variance: float) -> float:
    """Halve an interval of q until the biases have their variance."""
    low, high = 0.0, 20 + 2 * bias_variance
    for _ in range(60):
        q = (low + high) / 2
        square, alpha = tanh_moments(q)
        if q - square / alpha < bias_variance:
            low = q
        else:
            high = q
    return 1 / tanh_moments(q)[1]


def best_variance(n_in: int, n_out: int) -> float:
    """Variance for which forward and backward are equally wrong."""
    return 1 / math.sqrt(n_in * n_out)


def end_to_end(widths: Sequence[int]) -> float:
    """Mean square at the end per unit of the input's: all but two cancel."""
    return widths[0] / widths[-1]


def branch_scale(branches: int, growth: float) -> float:
    """Factor β of every branch, for the size to grow so much in all."""
    return math.sqrt(growth ** (2 / branches) - 1)


def uncut_scale(std: float, cut: float) -> float:
    """Divide by what a finite cut leaves of a standard normal's deviation."""
    mass = math.erf(cut / math.sqrt(2))
    edge = math.exp(-cut * cut / 2) / math.sqrt(2 * math.pi)
    return std / math.sqrt(1 - 2 * cut * edge / mass)


def remembered(a: Array) -> float:
    """Part of a mean square, not 0, that differs between examples (rows)."""
    return float(((a - a.mean(axis=0)) ** 2).mean() / (a**2).mean())


def relu(z: Array) -> Array:
    """Cut off what is negative."""
    return np.maximum(z, 0)


def twice(z: Array) -> Array:
    """Double z, so that the gain is below 1."""
    return 2 * z


def gelu(z: Array) -> Array:
    """Weigh z by the normal distribution function at z."""
    from scipy.special import ndtr

    return z * ndtr(z)


def leaky(alpha: float) -> Callable[[Array], Array]:
    """Give a leaky ReLU with that alpha, and a name to print."""

    def f(z: Array) -> Array:
        return np.where(z > 0, z, alpha * z)

    f.__name__ = f"leaky_relu_{alpha:g}".replace(".", "_")
    return f


def some_activation(rng: np.random.Generator) -> tuple:
    """Draw one of the functions whose gain is asked for."""
    alpha = round(float(rng.uniform(0, 1)), 2)
    return ([leaky(alpha), gelu, np.tanh, np.arctan][rng.integers(4)],)


def by_hermite(f: Callable) -> float:
    """Take a Gauss–Hermite rule, which a kink makes a little wrong."""
    z, w = np.polynomial.hermite_e.hermegauss(120)
    return 1 / np.sqrt(w @ f(z) ** 2 / w.sum())


def by_quad(f: Callable) -> float:
    """Hand the integral to a library."""
    from scipy.integrate import quad

    def weighed(z: float) -> float:
        return float(f(np.array(z))) ** 2 * math.exp(-z * z / 2)

    parts = quad(weighed, -10, 0)[0] + quad(weighed, 0, 10)[0]
    return (parts / math.sqrt(2 * math.pi)) ** -0.5


def by_brentq(bias_variance: float) -> float:
    """Hand the equation to a library's root finder, and Hermite's rule."""
    from scipy.optimize import brentq

    z, w = np.polynomial.hermite_e.hermegauss(100)
    w = w / w.sum()

    def moments(q: float) -> tuple[float, float]:
        a = np.tanh(np.sqrt(q) * z)
        return w @ a**2, w @ (1 - a**2) ** 2

    def short(q: float) -> float:
        square, alpha = moments(q)
        return q - square / alpha - bias_variance

    return 1 / moments(brentq(short, 1e-6, 50))[1]  # pyright: ignore[reportArgumentType]


def layer_by_layer(widths: Sequence[int]) -> float:
    """Multiply the factors of all layers."""
    q = 1.0
    for n_in, n_out in pairwise(widths):
        q *= n_in * (2 / n_out) / 2
    return q


def activations(rng: np.random.Generator) -> tuple:
    """Draw activations that have much in common."""
    N, D = rng.integers(3, 9, size=2)
    return (3 * rng.normal(size=D) + rng.normal(size=(N, D)),)


GAIN = Exercise(
    "initialization-5",
    gain,
    some_activation,
    edges=((relu,), (leaky(0.2),), (gelu,), (np.tanh,), (twice,)),
    rtol=1e-3,
    wrong=(
        lambda f: 1.0,
        lambda f: max(1.0, gain(f)),
        lambda f: 1 / gain(f),
        lambda f: gain(f) ** 2,
        lambda f: 1 / float(np.sqrt(np.mean(f(np.linspace(-1, 1, 999)) ** 2))),
        lambda f: 1 / float(f(np.array(1.0))),
        lambda f: 5 / 3,
    ),
    right=(by_hermite, by_quad, lambda f: np.float32(gain(f))),
)
CRITICAL = Exercise(
    "initialization-6",
    critical_weight_variance,
    lambda rng: (float(np.exp(rng.uniform(-3.5, 0))),),
    edges=((0.05,), (0.3,)),
    rtol=2e-3,
    cases=4,
    wrong=(
        lambda b: 1.0,
        lambda b: 1.761,
        lambda b: 1 + b,
        lambda b: math.sqrt(critical_weight_variance(b)),
        lambda b: critical_weight_variance(math.sqrt(b)),
        lambda b: 1 / tanh_moments(b)[1],
        lambda b: 1 / critical_weight_variance(b),
    ),
    right=(
        by_brentq,
        lambda b: np.float32(critical_weight_variance(b)),
    ),
)
BEST = Exercise(
    "initialization-7",
    best_variance,
    lambda rng: tuple(int(n) for n in rng.integers(2, 900, size=2)),
    edges=((1, 1), (64, 64), (1, 100), (100, 1)),
    wrong=(
        lambda i, o: 2 / (i + o),
        lambda i, o: 1 / i,
        lambda i, o: 1 / o,
        lambda i, o: 1 / (i * o),
        lambda i, o: (1 / i + 1 / o) / 2,
        lambda i, o: math.sqrt(i * o),
        lambda i, o: (i * o) ** -0.25,
    ),
    right=(
        lambda i, o: (i * o) ** -0.5,
        lambda i, o: np.exp(-(np.log(i) + np.log(o)) / 2),
    ),
)
TELESCOPE = Exercise(
    "initialization-8",
    end_to_end,
    lambda rng: ([int(n) for n in rng.integers(2, 300, size=5)],),
    edges=(([5, 5],), ([784, 100, 10],)),
    wrong=(
        lambda w: 1.0,
        lambda w: w[-1] / w[0],
        lambda w: math.sqrt(w[0] / w[-1]),
        lambda w: w[0] / w[-1] / 2 ** (len(w) - 1),
        lambda w: 2 ** (len(w) - 1) * w[0] / w[-1],
        lambda w: w[0] / w[1],
        lambda w: sum(w),
    ),
    right=(
        layer_by_layer,
        lambda w: np.prod(np.array(w[:-1]) / np.array(w[1:])),
    ),
)
BRANCHES = Exercise(
    "initialization-10",
    branch_scale,
    lambda rng: (int(rng.integers(1, 100)), float(rng.uniform(1.1, 5))),
    edges=((1, 2.0), (64, 1.0), (2, 3.0)),
    wrong=(
        lambda k, g: 1 / math.sqrt(k),
        lambda k, g: 1 / math.sqrt(2 * k),
        lambda k, g: g ** (1 / k) - 1,
        lambda k, g: math.sqrt(g ** (1 / k) - 1),
        lambda k, g: g ** (2 / k) - 1,
        lambda k, g: math.sqrt(g**2 - 1) / math.sqrt(k),
        lambda k, g: (g - 1) / k,
    ),
    right=(
        lambda k, g: np.sqrt(np.expm1(2 * np.log(g) / k)),
        lambda k, g: np.float32(branch_scale(k, g)),
    ),
)
UNCUT = Exercise(
    "initialization-12",
    uncut_scale,
    lambda rng: (float(rng.uniform(0.01, 1)), float(rng.uniform(0.5, 4))),
    edges=((0.02, 2.0), (1.0, 1.0)),
    rtol=1e-4,
    wrong=(
        lambda s, c: s,
        lambda s, c: s * 0.87962566,
        lambda s, c: s / 0.87962566,
        lambda s, c: s * s / uncut_scale(s, c),
        lambda s, c: s / math.sqrt(math.erf(c / math.sqrt(2))),
        lambda s, c: (s * uncut_scale(s, c)) ** 0.5,
        lambda s, c: uncut_scale(s, c / s),
    ),
    right=(
        lambda s, c: s / _truncated(c).std(),
        lambda s, c: np.float32(uncut_scale(s, c)),
    ),
)
FORGOTTEN = Exercise(
    "initialization-13",
    remembered,
    activations,
    edges=(
        (np.array([[1.0, -2.0], [1.0, -2.0]]),),
        (np.array([[1.0], [-1.0]]),),
        (np.array([[3.0, 5.0, -1.0]]),),
    ),
    wrong=(
        lambda a: a.var() / (a**2).mean(),
        lambda a: 1 - remembered(a),
        lambda a: float(np.sqrt(remembered(a))),
        lambda a: a.var(axis=0).mean(),
        lambda a: a.var(axis=1).mean() / (a**2).mean(),
        lambda a: (a.var(axis=0) / (a**2).mean(axis=0)).mean() ** 2,
        lambda a: a.std() / np.abs(a).mean(),
    ),
    right=(
        lambda a: a.var(axis=0).mean() / (a**2).mean(),
        lambda a: 1 - (a.mean(axis=0) ** 2).sum() * len(a) / (a**2).sum(),
        lambda a: np.float32(remembered(a)),
    ),
)


def _truncated(cut: float) -> object:
    from scipy.stats import truncnorm

    return truncnorm(-cut, cut)
