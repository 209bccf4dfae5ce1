"""Errata of the sources on normalization, each with its witness."""

import numpy as np

from dlf.derive.erratum import Erratum

Array = np.ndarray


def _eps_outside() -> tuple:
    eps, x = 1e-5, 1e-6 * np.array([-1.0, 0, 1])
    same = np.full(3, 2.0)
    with np.errstate(invalid="ignore"):
        printed = [(a - a.mean()) / a.std() + eps for a in (same, x)]
    correct = [(a - a.mean()) / np.sqrt(a.var() + eps) for a in (same, x)]
    pairs = [a[:, None] - a for a in (same, x)]  # variance without a mean
    truth = [p.mean(1) / np.sqrt((p**2).mean() / 2 + eps) for p in pairs]
    return tuple(np.array([p[2] for p in f]) for f in (printed, correct, truth))


E50 = Erratum(
    key="E50",
    kind="misprint",
    place="S0 §9, Batch Normalization",
    prints=r"$\hat x_i=\frac{x_i-\mu_B}{\sigma_B}+\epsilon$.",
    correct=(
        r"$\hat x_i=\frac{x_i-\mu_B}{\sqrt{\sigma_B^2+\epsilon}}$. As printed, "
        r"$\epsilon$ is a shift and guards against nothing."
    ),
    witness=_eps_outside,
    of=r"last $\hat x$ of a batch of three, $\epsilon=10^{-5}$; third row: "
    "by differences of pairs",
    columns=("of 2, 2, 2", r"of $10^{-6}$ times −1, 0, 1"),
)


def _not_normal() -> tuple:
    x = np.random.default_rng(0).exponential(size=1_000_000)
    z = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
    # an exponential law less its mean 1: third moment 2, fourth 9
    measured = (
        np.round((z**3).mean(), 1),
        np.round((z**4).mean()),
        np.round((z < 0).mean(), 2),
    )
    return (0.0, 3.0, 0.5), (2.0, 9.0, 0.63), measured


E51 = Erratum(
    key="E51",
    kind="wording",
    implied=True,
    place="S1, BatchNorm, “How It Works”",
    prints=r"“Normalizes layer inputs to $\mathcal N(0,1)$”.",
    correct=(
        r"to mean 0 and variance $\frac{\sigma^2}{\sigma^2+\epsilon}$. A shift "
        "and a scale do not make a distribution normal; they leave its shape."
    ),
    witness=_not_normal,
    of="a million draws of an exponential distribution, normalized",
    columns=("third moment", "fourth moment", "fraction below 0"),
)


def _moved_shift() -> tuple:
    z = np.random.default_rng(0).normal(size=100) * 7 + 3
    hat = (z - z.mean()) / np.sqrt(z.var() + 1e-5)
    gamma, beta = 1.0, 0.0  # learn to give outputs of mean 0.5, deviation 2
    for _ in range(200):
        off = gamma * hat + beta - (2 * hat + 0.5)
        gamma, beta = gamma - 0.1 * (off * hat).mean(), beta - 0.1 * off.mean()
    after = gamma * hat + beta
    moved = after.mean() - hat.mean(), np.log2(after.std() / hat.std())
    return (0.0, 0.0), (beta, np.log2(gamma)), np.round(moved, 6)


E52 = Erratum(
    key="E52",
    kind="false",
    implied=True,
    place="S1, l.73, l.163, l.251; S4 §1.4.3 has “Reduces”",
    prints="“Prevents internal covariate shift.”",
    correct=(
        "that was the motive. What the next layer receives has mean "
        r"$\beta$ and standard deviation $|\gamma|$, and both are learned: "
        "they move from step to step."
    ),
    witness=_moved_shift,
    of=r"200 steps of descent on $\beta$ and $\gamma$, whose best values are "
    "0.5 and 2",
    columns=(
        "change of the next layer’s mean input",
        "doublings of its standard deviation",
    ),
)


def plain_net(depth: int, norm: bool, n: int = 256, N: int = 64) -> float:
    """Give the gradient at the inputs over that at the output, in a ReLU net.

    Args:
        depth: layers.
        norm: batch norm between product and ReLU.
        n: width.
        N: examples.
    """
    rng = np.random.default_rng(0)
    a, kept = rng.standard_normal((N, n)), []
    for _ in range(depth):
        w = np.sqrt(2 / n) * rng.standard_normal((n, n))
        z, r = a @ w.T, np.ones(n)
        if norm:
            r = (z.var(0) + 1e-5) ** -0.5
            z = (z - z.mean(0)) * r
        kept.append((w, z, r))
        a = np.maximum(z, 0)
    dy = rng.standard_normal(a.shape)
    sent = np.linalg.norm(dy)
    for w, z, r in kept[::-1]:
        dz = dy * (z > 0)
        if norm:
            dz = r * (dz - dz.mean(0) - z * (dz * z).mean(0))
        dy = dz @ w
    return float(np.linalg.norm(dy) / sent)


def _grows() -> tuple:
    def factor(norm: bool) -> float:
        return (plain_net(50, norm) / plain_net(10, norm)) ** (1 / 40)

    exact = np.sqrt(np.pi / (np.pi - 1))
    found = factor(False), factor(True)
    return (1.0, 1.0), (1.0, np.round(exact, 1)), np.round(found, 1)


E53 = Erratum(
    key="E53",
    kind="false",
    implied=True,
    place="S1, “Prevents Vanishing/Exploding Gradients”; S0 §9 A is more "
    "careful, “Reduces the risk”",
    prints="“Prevents Vanishing/Exploding Gradients.”",
    correct=(
        "it keeps the *signal* at size 1. In deep plain ReLU nets, before "
        "training, it makes gradients grow by about "
        r"$\sqrt{\pi/(\pi-1)}=1.21$ a layer, where He’s weights alone would "
        "keep them. Skips keep that in bounds."
    ),
    witness=_grows,
    of="ReLU, width 256, batch 64, variance 2/n; layers 10 to 50",
    columns=("without: factor a layer", "with batch norm"),
)


def _company() -> tuple:
    one, mean, var = np.array([[3.0, -8], [1, -10], [4, 1]])
    alone = (one - one) / np.sqrt(1e-5)  # the mean of a batch of one is itself
    stored = (one - mean) / np.sqrt(var + 1e-5)
    rng, D = np.random.default_rng(0), 768
    company = mean + np.sqrt(var) * rng.normal(size=(1_000_000, 2))
    among = np.vstack([one, company])
    among = (among[0] - among.mean(0)) / among.std(0)
    x, settings = rng.normal(size=D), np.ones(2 * D)  # scales, then shifts
    moved = 0
    for k in range(2 * D):
        settings[k] += 1
        y = settings[:D] * x + settings[D:]
        moved += int((y != x + 1).sum())  # one feature each
        settings[k] -= 1
    return (
        (*alone, 2),
        (*np.round(stored, 2), 2 * D),
        (*np.round(among, 2), moved),
    )


E54 = Erratum(
    key="E54",
    kind="needs a condition",
    implied=True,
    place="S0 §9, S1, S4 §1.4.3 (BatchNorm); S0 §9 B (LayerNorm)",
    prints=(
        "BatchNorm by the statistics of the batch, with no word on inference; "
        r"LayerNorm with $y_i=\gamma\hat x_i+\beta$ over features $i$."
    ),
    correct=(
        "at inference BatchNorm uses stored mean and variance, by feature. "
        r"$\gamma$ and $\beta$ are one pair a feature: "
        r"$y_i=\gamma_i\hat x_i+\beta_i$."
    ),
    witness=_company,
    of="one example (3, −8), stored means 1 and −10, variances 4 and 1; "
    "third row: among a million others, and parameters that move a feature",
    columns=(
        "BatchNorm, first feature",
        "second feature",
        "parameters of a LayerNorm of 768",
    ),
)


def _circular() -> tuple:
    v, g = np.array([3.0, 4.0]), 2.0
    printed, correct = g * v, g * v / np.linalg.norm(v)
    angle = np.arctan2(v[1], v[0])  # g and an angle are polar coordinates
    return (
        (*printed, np.linalg.norm(printed)),
        (*correct, np.linalg.norm(correct)),
        (g * np.cos(angle), g * np.sin(angle), g),
    )


E55 = Erratum(
    key="E55",
    kind="misprint",
    place="S0 §9 C; its table has $w=v\\|g\\|,\\ g=v/\\|v\\|$",
    prints=r"$w=gv,\ g=\|v\|,\ v=w/\|w\|$.",
    correct=(
        r"$w=g\,\dfrac{v}{\|v\|}$ with $g$ and $v$ free. As printed $g$ and "
        r"$\|w\|$ are 1, and no scale is left to learn."
    ),
    witness=_circular,
    of="$w=gv$ for $v=(3,4)$, $g=2$; third row: in polar coordinates",
    columns=("$w_1$", "$w_2$", r"$\|w\|$"),
)
