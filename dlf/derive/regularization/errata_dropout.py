"""Errata of the sources on dropout and sparse activations, with witnesses."""

import math

import numpy as np

from dlf.derive.erratum import Erratum


def _scaled_by_rate() -> tuple:
    p, a = 0.2, 10.0
    kept = np.random.default_rng(0).random(1_000_000) >= p
    return (p * a,), ((1 - p) * a,), (round((kept * a).mean(), 1),)


E60 = Erratum(
    key="E60",
    place="S1, “Dropout”",
    prints="at test time “outputs are scaled by the dropout rate”.",
    correct=(
        "by the probability to keep, $1-p$; the example $p=0.5$ hides it. And "
        "“50 % of the neurons are ignored in each pass” holds on average."
    ),
    witness=_scaled_by_rate,
    of=(
        "an activation of 10, $p=0.2$; measured, the mean in training over a "
        "million masks"
    ),
    columns=("output in use",),
)


def _bernoulli() -> tuple:
    p = 0.2
    u = np.random.default_rng(0).random(1_000_000)
    measured = ((u >= p) / (1 - p)).mean()
    return (p / (1 - p),), ((1 - p) / (1 - p),), (round(measured, 2),)


E61 = Erratum(
    key="E61",
    place="S4 §1.4.2",
    prints=(
        r"$\frac1{1-p}\,d\odot\sigma(Wx+b)$ with "
        r"$d\sim\mathrm{Bernoulli}(p)$."
    ),
    correct=(
        r"$d\sim\mathrm{Bernoulli}(1-p)$, if $p$ is the probability of "
        r"dropping; or the factor $\frac1p$, if it is that of keeping."
    ),
    witness=_bernoulli,
    of="$p=0.2$; measured, a million masks that drop with $p$",
    columns=("mean output, per unit of activation",),
)


def _no_scale() -> tuple:
    keep, layers = 0.8, 4
    rng = np.random.default_rng(0)
    a = np.ones((2000, 400))
    for _ in range(layers):
        a = a * (rng.random(a.shape) < keep)
    ratio = round(1 / a.mean(), 1)
    return (1.0,), (round(keep**-layers, 1),), (ratio,)


E62 = Erratum(
    key="E62",
    kind="needs a condition",
    implied=True,
    place="S0 §2.5, §10.3; S1; S2; S4",
    prints=(
        "$p$ is the probability of keeping in S0 §10.3, of dropping in S1 and "
        "S2, undefined in S0 §2.5, where no scaling is printed either."
    ),
    correct=(
        "say which, and scale: $p$ drops, as in frameworks, and what is kept "
        r"is multiplied by $\frac1{1-p}$ in training."
    ),
    witness=_no_scale,
    of="four linear layers, keep 0.8, no scaling: output in use over training",
    columns=("how many times too large",),
)


def _gaussian() -> tuple:
    p, rng = 0.5, np.random.default_rng(0)
    noise = rng.standard_normal(1_000_000)
    kept = (rng.random(1_000_000) >= p) / (1 - p)
    additive = [round(np.maximum(a + noise, 0).std(), 2) for a in (1.0, 10.0)]
    multiplied = [a * (p / (1 - p)) ** 0.5 for a in (1.0, 10.0)]
    return additive, multiplied, [round((a * kept).std(), 2) for a in (1, 10)]


E63 = Erratum(
    key="E63",
    kind="needs a condition",
    place="S4 §1.4.2",
    prints=(
        r"Gaussian dropout as $y=\sigma(Wx+b+\sigma\cdot\epsilon)$, with "
        r"$\sigma$ for the activation function and for a scale that is not "
        "given."
    ),
    correct=(
        r"$y=f(Wx+b)\odot\xi$ with "
        r"$\xi\sim\mathcal N\big(1,\frac p{1-p}\big)$. What is added "
        "before the activation is dropout only if its variance "
        r"follows the input: $\frac p{1-p}\sum_jW_{ij}^2x_j^2$."
    ),
    witness=_gaussian,
    of=(
        "standard deviation of the output at $p=0.5$, ReLU; printed with a "
        "constant scale of 1, measured with masks"
    ),
    columns=("activation 1", "activation 10"),
)


def _sparse() -> tuple:
    w = np.eye(10)[np.random.default_rng(0).permutation(10)]
    zeros = (w == 0).mean()
    x = np.random.default_rng(1).random((100, 10)) + 0.1
    idle = (np.maximum(x @ w.T, 0) == 0).mean()
    rng = np.random.default_rng(0)
    z = rng.standard_normal(1_000_000)
    after = [round(((z + b) <= 0).mean(), 2) for b in (0.0, 1.0)]
    exact = [round(0.5 * math.erfc(b / math.sqrt(2)), 2) for b in (0.0, 1.0)]
    return (zeros, 0.5, 0.5), (0.0, *exact), (idle, *after)


E68 = Erratum(
    key="E68",
    implied=True,
    place="S2, “Sparsity”",
    prints=(
        "with L1 on the weights “only a few neurons are active”, and batch "
        "norm “can indirectly promote sparsity”."
    ),
    correct=(
        "zero weights are not idle units: that takes a penalty on "
        "*activations*. After batch norm a ReLU is idle for the part "
        r"$\Phi(-\beta/\gamma)$ of normal inputs: $\beta$ decides, either way."
    ),
    witness=_sparse,
    of=(
        "a permutation matrix of ten rows on positive inputs; then a "
        r"normalized unit with $\gamma=1$ and $\beta=0$ or 1"
    ),
    columns=("idle units", r"idle, $\beta=0$", r"idle, $\beta=1$"),
)
