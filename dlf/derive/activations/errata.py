"""Errata of the sources on activation functions, each with its witness."""

import math
from collections.abc import Callable

import numpy as np

from dlf.derive.erratum import Erratum


def derivative(f: Callable, z: np.ndarray, h: float = 1e-6) -> np.ndarray:
    """The central difference, against which printed derivatives are held.

    Args:
        f: of an array, entry by entry.
        z: where to differentiate.
        h: half the distance of the two points.
    """
    return (f(z + h) - f(z - h)) / (2 * h)


def logistic(z: float | np.ndarray) -> float | np.ndarray:
    """The sigmoid, as it is printed.

    Args:
        z: pre-activations.
    """
    return 1 / (1 + np.exp(-z))


def _tanh_derivative() -> tuple:
    z = np.array([1.0, -1.0])
    return 1 - np.tanh(z), 1 - np.tanh(z) ** 2, derivative(np.tanh, z)


E7 = Erratum(
    key="E7",
    kind="misprint",
    place="S1, “Derivation of the Derivative”",
    prints=r"$\frac{d}{dz}\tanh(z)=1-\tanh(z)$.",
    correct=(
        r"$1-\tanh^2(z)$; the derivative never exceeds 1. The exponent was "
        "lost on the way into the text that we read: the range (0, 1) "
        "beside it belongs to the square."
    ),
    witness=_tanh_derivative,
    columns=(
        r"$\tanh'(1)$",
        r"$\tanh'(-1)$",
    ),
)


def _ends_reached() -> tuple:
    reached = [
        1 - np.tanh(0.0) ** 2 == 1,
        np.clip(2.0, -1, 1) == 1,
        1 - logistic(10.0) == 0,
    ]
    return np.array([0, 0, 1]), np.array([1, 1, 0]), np.array(reached, float)


E8 = Erratum(
    key="E8",
    kind="false",
    place="S1, tanh; S2, table; S3 §1",
    prints=r"$\tanh'\in(0,1)$, hard tanh $\in(-1,1)$, $\sigma\in[0,1]$.",
    correct=(
        r"$(0,1]$, $[-1,1]$ and $(0,1)$: $\tanh'(0)=1$, hard tanh is 1 at 2, "
        r"and $1-\sigma(10)=4.54\cdot10^{-5}$. Rounding alone takes $\sigma$ "
        "to 1."
    ),
    witness=_ends_reached,
    columns=(
        r"$\tanh'$ reaches 1?",
        "hard tanh reaches 1?",
        r"$\sigma$ reaches 1?",
    ),
)


def _leak(a: float = 0.01, h: float = 1e-6) -> tuple:
    right, left = (max(a * v, v) / v for v in (h, -h))
    truth = max(a * 2.0, 2.0), right / left
    return (a * 2.0, a / a), (2.0, 1 / a), truth


E9 = Erratum(
    key="E9",
    kind="misprint",
    place="S0 §3, summary table",
    prints="“αx if $x>0$, else αx”.",
    correct=(
        r"$x$ if $x>0$, else $\alpha x$ (as its §3.4 has it); the printed "
        "line is straight."
    ),
    witness=_leak,
    of=r"$\alpha=0.01$",
    columns=(
        "value at 2",
        "ratio of the slopes across 0",
    ),
)


def _swish_at_two() -> tuple:
    return 0.0, 2 * logistic(2.0), 2 / (1 + math.exp(-2))


E11 = Erratum(
    key="E11",
    kind="wording",
    implied=True,
    place="S4 §1.2.2",
    prints=(
        r"$\sigma(x)=x\cdot\sigma(\beta x)$, one symbol for two functions; "
        r"with $\beta=1$ it says $\sigma(2)=2\,\sigma(2)$."
    ),
    correct=(
        r"$\mathrm{Swish}_\beta(x)=x\,\sigma(\beta x)$, with $\sigma$ the "
        "sigmoid alone."
    ),
    witness=_swish_at_two,
    of=r"$\beta=1$",
    columns=("value at 2",),
)


def _elu(z: float | np.ndarray, a: float = 1.0) -> np.ndarray:
    return np.where(z > 0, z, a * np.expm1(np.minimum(z, 0)))


def _not_centred(h: float = 1e-7) -> tuple:
    positive = math.sqrt(0.5 / math.pi)
    mean = positive - 0.5 + math.sqrt(math.e) * math.erfc(math.sqrt(0.5)) / 2
    z = np.linspace(-12, 12, 24_001)
    weights = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    at_0 = _elu(np.array([-h, h]), 0.5) / [-h, h]
    truth = weights @ _elu(z), _elu(-5.0), at_0[0] / at_0[1]
    return (0.0, 0.0, 1.0), (mean, math.exp(-5) - 1, 0.5), truth


E12 = Erratum(
    key="E12",
    kind="false",
    implied=True,
    place="S0 §3.6",
    prints="ELU is “zero-centered”, “exponentially decaying” and “smooths”.",
    correct=(
        r"nearer to centered (ReLU has 0.398942); it settles at $-\alpha$, "
        r"and only its derivative decays; smooth at 0 for $\alpha=1$ alone."
    ),
    witness=_not_centred,
    columns=(
        r"mean under $\mathcal N(0,1)$",
        "value at −5",
        r"ratio of the slopes across 0, $\alpha=\frac12$",
    ),
)


def backward_factor(gain: float, seed: int = 0) -> float:
    """How much of a gradient 50 ReLU layers of 200 units hand back.

    Args:
        gain: variance of a weight times the number of inputs.
        seed: of the weights, the inputs and the gradient at the output.
    """
    rng, n = np.random.default_rng(seed), 200
    a, layers = rng.standard_normal((256, n)), []
    for _ in range(50):
        w = math.sqrt(gain / n) * rng.standard_normal((n, n))
        z = a @ w
        layers.append((w, z > 0))
        a = np.maximum(z, 0)
    dy = rng.standard_normal((256, n))
    da = dy
    for w, active in reversed(layers):
        da = (da * active) @ w.T
    return float(np.linalg.norm(da) / np.linalg.norm(dy))


def _vanishing_relu() -> tuple:
    lost = math.log2(backward_factor(2.0) / backward_factor(1.0))
    return 0.0, 50 / 2, lost


E13 = Erratum(
    key="E13",
    kind="needs a condition",
    implied=True,
    place="S2, ReLU",
    prints="“Solves Vanishing Gradient Problem (no exponential operations)”.",
    correct=(
        "the derivative 1 helps, and only with weights to match: each layer "
        "halves the square of the gradient. Exponentials have no part in "
        "it: ELU has one and derivative 1 for $z>0$, hard tanh has none and "
        "derivative 0 for $|z|>1$."
    ),
    witness=_vanishing_relu,
    of=(
        r"50 ReLU layers whose weights have variance $\frac1n$ instead of "
        r"$\frac2n$"
    ),
    columns=("halvings of the gradient",),
)


def _kink(h: float = 1e-6) -> tuple:
    quotients = [(max(v, 0.0) - 0.0) / v for v in (h, -h)]
    return (0, 0), (1, 0), quotients


E14 = Erratum(
    key="E14",
    kind="wording",
    place="S1, ReLU",
    prints=(
        "“Derivative range: 1 (if z>0), 0 (otherwise)” beside "
        "“Non-differentiable at z = 0”."
    ),
    correct=(
        "two one-sided derivatives, so none; 0 is a convention, one of the "
        "numbers between them."
    ),
    witness=_kink,
    columns=(
        "slope at 0 from the right",
        "from the left",
    ),
)


def _stronger_derivative() -> tuple:
    z = np.array([0.0, 3.0, 5.0])
    of_tanh = 1 - np.tanh(z) ** 2
    of_sigmoid = logistic(z) * (1 - logistic(z))
    crossing = 2 * math.acosh((1 + math.sqrt(3)) / 2)
    corrected = np.where(z < crossing, of_tanh, of_sigmoid)
    truth = np.maximum(derivative(np.tanh, z), derivative(logistic, z))
    return of_tanh, corrected, truth


E15 = Erratum(
    key="E15",
    kind="needs a condition",
    implied=True,
    place="S2, tanh",
    prints="“Stronger gradient than Sigmoid”.",
    correct="only for $|x|<1.662886$; further out the sigmoid is the steeper.",
    witness=_stronger_derivative,
    of="the steeper of the two slopes",
    columns=(
        "at 0",
        "at 3",
        "at 5",
    ),
)


def _tanh_less_1(z: np.ndarray) -> np.ndarray:
    return -2 / (np.exp(2 * z) + 1)  # far out no digit is lost in 1


def _small_inputs() -> tuple:
    z = np.array([0.001, -10.0])
    truth = [*derivative(logistic, z), *derivative(_tanh_less_1, np.abs(z))]
    inside, far = logistic(z), np.tanh(np.abs(z))
    return np.zeros(4), [*(inside * (1 - inside)), *(1 - far**2)], truth


E16 = Erratum(
    key="E16",
    kind="wording",
    implied=True,
    place="S0 §3.1–3.2; S2",
    prints="“very large or very small” inputs saturate.",
    correct=(
        "inputs large in magnitude, far below zero or far above; near zero "
        "the derivative is greatest."
    ),
    witness=_small_inputs,
    columns=(
        r"$\sigma'(0.001)$",
        r"$\sigma'(-10)$",
        r"$\tanh'(0.001)$",
        r"$\tanh'(10)$",
    ),
)
