"""Errata of the sources on initial weights, each with its witness."""

from collections.abc import Callable

import numpy as np

from dlf.derive.erratum import Erratum

Array = np.ndarray
GRID = np.linspace(-12, 12, 240_001)
NORMAL = np.exp(-GRID * GRID / 2) / np.exp(-GRID * GRID / 2).sum()


def deep_net(n: int, layers: int, scale: float, f: Callable) -> Array:
    """Send normal inputs through square layers; return the activations.

    Args:
        n: width of every layer.
        layers: how many.
        scale: standard deviation of the weights.
        f: the activation function.
    """
    rng = np.random.default_rng(0)
    a = rng.standard_normal((256, n))
    for _ in range(layers):
        a = f(a @ (scale * rng.standard_normal((n, n))))
    return a


def _glorot_normal() -> tuple:
    n, c = 256, np.sqrt(6 / 512)
    points = c * (np.arange(-99_999, 100_000, 2) / 100_000)
    uniform = (points**2).mean()  # of the uniform law that is printed as well
    return (
        (1 / 512, (n / 512) ** 10),
        (2 / 512, (n * 2 / 512) ** 10),
        (uniform, (n * uniform) ** 10),
    )


E39 = Erratum(
    key="E39",
    place="S1, “Xavier”, normal",
    prints=r"$\mathcal N\big(0,\frac{1}{n_{in}+n_{out}}\big)$.",
    correct=(
        r"$\mathcal N\big(0,\frac{2}{n_{in}+n_{out}}\big)$, the variance of "
        r"the uniform distribution on $\pm\sqrt{6/(n_{in}+n_{out})}$ that the "
        "same slide prints."
    ),
    witness=_glorot_normal,
    of=r"$n_{in}=n_{out}=256$, linear layers",
    columns=(
        "variance of a weight",
        "mean square after ten layers, per unit of the input’s",
    ),
)


def _second_slot(n: int = 200, layers: int = 5) -> tuple:
    v = np.array([np.sqrt(2 / n), 2 / n])
    powers = np.round(np.log10((n * v / 2) ** layers))
    w = np.random.default_rng(0).normal(scale=np.sqrt(2 / n), size=(n, n))
    out = deep_net(n, layers, np.sqrt(2 / n), lambda z: np.maximum(z, 0))
    measured = np.round(w.var(), 3), np.round(np.log10((out**2).mean()))
    return (v[0], powers[0]), (v[1], powers[1]), measured


E40 = Erratum(
    key="E40",
    kind="wording",
    implied=True,
    place="S4 §1.8.1",
    prints=(
        r"$\mathcal N\big(0,\sqrt{2/n_{in}}\big)$, without saying whether the "
        "second argument is the variance or the standard deviation."
    ),
    correct=(
        r"the *variance* is $2/n_{in}$ (S1 has it so), and $\sqrt{2/n_{in}}$ "
        "the standard deviation."
    ),
    witness=_second_slot,
    of=r"$n_{in}=200$, ReLU, $\sqrt{2/n_{in}}$ read as the variance",
    columns=(
        "variance of a weight",
        "powers of ten by which five layers raise the mean square",
    ),
)


def two_two_one(p: Array) -> float:
    """Mean cross-entropy on XOR of a 2-2-1 tanh net without biases.

    Args:
        p: its six weights, those of the hidden units first.
    """
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    t = np.array([0, 1, 1, 0])
    z = np.tanh(x @ p[:4].reshape(2, 2).T) @ p[4:]
    return float(np.mean(np.logaddexp(0, z) - t * z))


def gradient(p: Array, h: float = 1e-6) -> Array:
    """Central differences of that loss.

    Args:
        p: the six weights.
        h: step of the central differences.
    """
    ways = h * np.eye(len(p))
    pairs = [two_two_one(p + w) - two_two_one(p - w) for w in ways]
    return np.array(pairs) / (2 * h)


def _from_zero() -> tuple:
    zero, half = gradient(np.zeros(6)), gradient(np.full(6, 0.5))
    x = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1.0]])
    t, w = np.array([0, 0, 0, 1.0]), np.zeros(3)
    for _ in range(2_000):  # logistic regression on AND
        w -= (1 / (1 + np.exp(-x @ w)) - t) @ x / 4
    loss = np.mean(np.logaddexp(0, x @ w) - t * (x @ w))
    found = (
        np.abs(zero[:4]).max() > 1e-9,
        np.allclose(half[:2], half[2:4], atol=1e-9),
        loss < 0.01,
    )
    return (1.0, 1.0, 0.0), (0.0, 1.0, 1.0), np.array(found, float)


E41 = Erratum(
    key="E41",
    kind="needs a condition",
    implied=True,
    place="S1, “Zero initialization”",
    prints=(
        "“Causes all neurons to learn the same features”, which prevents "
        "learning."
    ),
    correct=(
        "equal features come from any *constant* start. From exactly 0, with "
        "tanh or ReLU, the hidden units learn nothing at all; and a model "
        "without hidden layers may well start at 0."
    ),
    witness=_from_zero,
    of="two tanh units on XOR, and logistic regression on AND",
    columns=(
        "from 0: do hidden units learn?",
        "from ½: do they stay equal?",
        "no hidden layer: does it learn from 0?",
    ),
)


def _powers_lost() -> tuple:
    left = deep_net(256, 10, 0.01, np.tanh).std()
    fair = deep_net(256, 10, 1 / 16, np.tanh).std()
    # small signals shrink by 256^½ · 0.01; at 1/√n the variance follows
    # q' = q - 2q², nearly 1/(1 + 2l) from 1
    exact = np.round(-np.log10([0.16**10, (1 + 2 * 9) ** -0.5]), 1)
    return (0.0, 0.0), exact, np.round(-np.log10([left, fair]), 1)


E42 = Erratum(
    key="E42",
    kind="needs a condition",
    implied=True,
    place="S2, step 1 of training; S3 §4",
    prints="“Weights are assigned random small values.”",
    correct=(
        "random, and of a size that follows the number of inputs: variance "
        r"about $1/n$ for tanh, $2/n$ for ReLU."
    ),
    witness=_powers_lost,
    of="ten tanh layers of 256 units; the signal falls from 1",
    columns=(
        "powers of ten lost at standard deviation 0.01",
        r"… at $1/\sqrt n=0.0625$",
    ),
)


def _best_for(alpha: float = 0.2, h: float = 1e-5) -> tuple:
    def sigmoid(z: float | Array) -> float | Array:
        return 1 / (1 + np.exp(-z))

    leaky = NORMAL @ np.where(GRID > 0, GRID, alpha * GRID) ** 2
    derivative = (sigmoid(h) - sigmoid(-h)) / (2 * h)
    mean = NORMAL @ sigmoid(GRID)
    return (
        (1.0, 0.0, 1.0),
        (0.25, 0.5, (1 + alpha**2) ** 50),
        (derivative, mean, (2 * leaky) ** 50),
    )


E43 = Erratum(
    key="E43",
    kind="needs a condition",
    implied=True,
    place="S1, “Choosing the Right Initialization”",
    prints=(
        "Xavier is “Best for sigmoid and tanh activations”, He “Best for ReLU "
        "and Leaky ReLU”, and “Prevents dead neurons”."
    ),
    correct=(
        "Glorot’s derivation assumes derivative 1 and mean 0 at 0: tanh has "
        "both, the sigmoid neither. Leaky ReLU needs "
        r"$\frac{2}{(1+\alpha^2)n_{in}}$. "
        "No initialization keeps units from dying later."
    ),
    witness=_best_for,
    of=r"sigmoid; leaky ReLU, $\alpha=0.2$, at $\frac2{n_{in}}$",
    columns=(
        r"$\sigma'(0)$",
        "mean output",
        "mean square after 50 leaky layers, per unit of the input’s",
    ),
)
