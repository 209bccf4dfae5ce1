"""Errata of the sources on optimizers, each with its witness."""

from fractions import Fraction

import numpy as np

from dlf.derive.erratum import Erratum

Array = np.ndarray


def averages(beta: float, values: Array) -> Array:
    """Give the running mean, started at zero, after each of the values.

    Args:
        beta: share kept.
        values: to be averaged, in their order.
    """
    found, m = [], 0.0
    for value in values:
        m = beta * m + (1 - beta) * value
        found.append(m)
    return np.array(found)


def _convex_is_not_enough() -> tuple:
    x, w = Fraction(1), [0.0]
    for _ in range(10):
        x -= Fraction(11, 10) * 2 * x
    for _ in range(100_000):
        w.append(w[-1] + np.exp(-w[-1]))
    truth = 1.2**10, w[-1] > w[-2]  # each step multiplies x by −1.2
    corrected = float(abs(x)), True
    return np.array([0.0, False]), np.array(corrected), np.array(truth)


def _three_momenta() -> tuple:
    beta, steps = 0.9, []
    for new, outer in ((1 - beta, True), (None, False), (1.0, True)):
        v = 0.0
        for eta in [0.1] * 200 + [0.01]:
            v = beta * v + (eta if new is None else new)  # the gradient is 1
            step = eta * v if outer else v
        steps.append(step)
    geometric = 1 / (1 - beta)
    truth = 0.01, 0.01 + beta * 0.1 * geometric, 0.01 * geometric
    return np.full(3, 0.01), np.array(steps), np.array(truth)


def _without_root() -> tuple:
    g, eta, eps = np.array([0.01, 0.1]), 1e-3, 1e-8
    m, s = 0.1 * g, 0.001 * g**2
    printed = np.abs(-eta * m / s + eps)
    corrected = eta * (m / 0.1) / (np.sqrt(s / 0.001) + eps)
    return printed, corrected, eta / (1 + eps / g)


def _without_correction() -> tuple:
    at = np.array([1, 10, 100, 1000])
    ones = np.ones(1000)
    m, s = averages(0.9, ones), averages(0.999, ones)
    t = np.arange(1, 1001)
    corrected = (m / (1 - 0.9**t)) / np.sqrt(s / (1 - 0.999**t))
    truth = np.ones(4)  # a mean of ones over the root of their mean square
    return (m / np.sqrt(s))[at - 1], corrected[at - 1], truth


def _decay_without_rate() -> tuple:
    eta, decay, w = 1e-3, 0.01, 1.0
    for _ in range(1000):
        w -= eta * decay * w
    truth = np.exp(1000 * np.log1p(-eta * decay))
    return np.array([(1 - decay) ** 1000]), np.array([w]), np.array([truth])


def _nadam() -> tuple:
    m = averages(0.9, np.ones(5000))
    t = 5000
    ahead = 0.9 * m[-1] / (1 - 0.9 ** (t + 1))
    corrected = ahead + 0.1 / (1 - 0.9**t)
    truth = np.mean(np.ones(t))  # what all means of equal gradients are
    return m[-1] + 0.9 * m[-2], corrected, truth


def _inside_or_outside() -> tuple:
    g, eps = np.array([1e-6, 1.0]), 1e-8
    s = 0.1 * g**2
    inside, outside = g / np.sqrt(s + eps), g / (np.sqrt(s) + eps)
    return inside, outside, 1 / (np.sqrt(0.1) + eps / g)


E31 = Erratum(
    key="E31",
    kind="needs a condition",
    implied=True,
    place="S1, Gradient Descent; S3 §4",
    prints=(
        "“guaranteed to find a minimum if convex loss function”; “guarantee "
        "reaching the global minimum from any starting point”."
    ),
    correct=(
        r"it holds if a minimizer exists, the gradient is $L$-Lipschitz and "
        r"$0<\eta<2/L$ (or with a line search); then, for $\eta\le1/L$, "
        r"$f(x_k)-f^*\le\frac{\|x_0-x^*\|^2}{2\eta k}$."
    ),
    witness=_convex_is_not_enough,
    of=(
        r"$x^2$ from 1, ten steps at $\eta=1.1$; and $e^{-w}$, which has no "
        r"minimizer, $10^5$ steps from 0 at $\eta=1$"
    ),
    columns=("distance from the minimum", "is $w$ still growing?"),
)


E32 = Erratum(
    key="E32",
    kind="wording",
    implied=True,
    place="S0 §8, S2, S3; S1; S4",
    prints=(
        r"three updates under one name: $v=\beta v+(1-\beta)g$ (S0, S2, S3), "
        r"$v=\beta v+\eta g$ (S1), $v=\beta v+g$ (S4)."
    ),
    correct=(
        "all are in use, and their rates are not interchangeable: with "
        r"$\beta=0.9$ and $\eta=0.1$ a constant gradient of 1 leads to steps "
        "of 0.1 in the first and of 1 in the others; and these two agree only "
        "as long as the rate stays the same."
    ),
    witness=_three_momenta,
    of=(
        r"the step after $\eta$ is lowered from 0.1 to 0.01, the same "
        r"gradient, $\beta=0.9$"
    ),
    columns=("S0, S2, S3", "S1", "S4"),
)


E33 = Erratum(
    key="E33",
    kind="misprint",
    place="S0 §8",
    prints=r"$\theta\leftarrow\theta-\eta\cdot m_t/v_t+\epsilon$.",
    correct=(
        r"$\theta\leftarrow\theta-\eta\,\hat m_t/(\sqrt{\hat v_t}+\epsilon)$ "
        r"with $\hat m_t=\frac{m_t}{1-\beta_1^t}$, "
        r"$\hat v_t=\frac{v_t}{1-\beta_2^t}$, as S3 and S4 have it. Without "
        r"the root the step is proportional to $1/g$, and $\epsilon$ is added "
        "to the parameter."
    ),
    witness=_without_root,
    of=r"length of the first step, $\eta=10^{-3}$",
    columns=("$g=0.01$", "$g=0.1$"),
)


E34 = Erratum(
    key="E34",
    kind="false",
    place="S1, Adam (its AdamW and Nadam lines too)",
    prints=(
        r"Adam’s step with $m_t$ and $v_t$ in place of $\hat m_t$ and "
        r"$\hat v_t$."
    ),
    correct=(
        "with bias correction, as S3 and S4 have it; without it the step is "
        r"too long by the factor $(1-\beta_1^t)/\sqrt{1-\beta_2^t}$."
    ),
    witness=_without_correction,
    of=r"step over $\eta$ under a constant gradient, default $\beta_1,\beta_2$",
    columns=("$t=1$", "$t=10$", "$t=100$", "$t=1000$"),
)


E35 = Erratum(
    key="E35",
    kind="needs a condition",
    place="S1, AdamW",
    prints=r"“$-\lambda W$” beside Adam’s step.",
    correct=(
        r"$-\eta\lambda W$ in PyTorch, Keras and Optax. The printed form is "
        r"that of the paper while its schedule multiplier is 1: it decays by "
        r"the schedule and not by the base rate. With a framework’s value of "
        r"$\lambda$ it decays $1/\eta$ times too fast."
    ),
    witness=_decay_without_rate,
    of=r"a weight of 1 after 1,000 steps, $\lambda=0.01$, $\eta=10^{-3}$, "
    "no gradient",
    columns=("weight left",),
)


E36 = Erratum(
    key="E36",
    kind="false",
    place="S1, Nadam",
    prints=r"the direction $m_t+\beta_1m_{t-1}$.",
    correct=(
        r"$\frac{\beta_1m_t}{1-\beta_1^{t+1}}+"
        r"\frac{(1-\beta_1)g_t}{1-\beta_1^t}$, which is a mean of gradients; "
        "the printed sum counts them 1.9 times. (Frameworks let $\\beta_1$ "
        "rise from half of it over the first tens of thousands of steps.)"
    ),
    witness=_nadam,
    of="the direction under a constant gradient of 1, after 5,000 steps",
    columns=("direction",),
)


E37 = Erratum(
    key="E37",
    kind="wording",
    place="S1, S3, S4",
    prints=(
        r"$\sqrt{G+\epsilon}$ for AdaGrad and RMSProp, $\sqrt v+\epsilon$ for "
        "Adam."
    ),
    correct=(
        "both are in use (Keras has it inside for the first two, PyTorch "
        r"outside for all three), and an inside $\epsilon$ acts like an "
        r"outside $\sqrt\epsilon$. They differ for gradients of the size of "
        r"$\sqrt\epsilon$ and below."
    ),
    witness=_inside_or_outside,
    of=(
        r"RMSProp’s first step over $\eta$, $\beta=0.9$, $\epsilon=10^{-8}$; "
        "“correct” is PyTorch’s"
    ),
    columns=("$g=10^{-6}$", "$g=1$"),
)
