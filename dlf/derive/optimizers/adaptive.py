"""Adaptive rates: how far AdaGrad goes, and what Adam's quotient can be.

    AdaGrad's path over eta <= 2 √T, for |g_t| = c               (optimizers.10)
    E m_t = (1 - beta^t) E g                                     (optimizers.11)
    m / √s is the same for c g as for g                          (optimizers.12)
    |m_t| / √s_t <= (1 - b1) / √((1 - b2) (1 - b1²/b2))          (optimizers.13)
    w - eta (g + lambda w) = (1 - eta lambda) w - eta g          (optimizers.14)

Source: Duchi, Hazan & Singer (2011), whose lemma 4 is for gradients of any
size and bounds the sum of g_t² / √(sum of g_k²) by 2 √(sum of g_t²); Kingma
& Ba (2015), sections 2.1 and 3. Their bound on the quotient,
(1 - b1)/√(1 - b2), is for a gradient that is zero but once; here is the one
for all gradients.
"""

from itertools import product

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step

Array = np.ndarray
STEPS = 5


def averaged(beta: object, values: Array) -> object:
    """Run m <- beta m + (1 - beta) value, over axis 0, from zero.

    Args:
        beta: share kept.
        values: to be averaged, in their order.
    """
    m = 0 * values[0]
    for value in values:
        m = beta * m + (1 - beta) * value
    return m


def weights(beta: object, steps: int) -> Array:
    """Give what each value counts for in such an average, oldest first.

    Args:
        beta: share kept.
        steps: how many values there are.
    """
    return np.array(
        [(1 - beta) * beta**age for age in range(steps - 1, -1, -1)]
    )


def adagrad_distance() -> Derivation:
    def quotients(d: dict) -> object:
        square = d["c"] ** 2
        steps = range(1, d["T"] + 1)
        return sum(d["c"] / np.sqrt(sum([square] * t)) for t in steps)

    def roots(d: dict) -> object:
        one = d["c"] / d["c"]
        return sum(one / np.sqrt(one * t) for t in range(1, d["T"] + 1))

    def telescoped(d: dict) -> object:
        one = d["c"] / d["c"]
        steps = range(1, d["T"] + 1)
        return sum(
            2 * (np.sqrt(one * t) - np.sqrt(one * (t - 1))) for t in steps
        )

    return Derivation(
        label="optimizers.10",
        lhs=r"\frac1\eta\sum_{t=1}^T|w_t-w_{t-1}|",
        steps=(
            Step(
                value=quotients,
                why="the path of one weight, if all gradients have one size, "
                "$|g_t|=c$",
                latex=r"\sum_{t=1}^T\frac{c}{\sqrt{t\,c^2}}",
            ),
            Step(
                value=roots,
                why="the size cancels: step $t$ has the length "
                r"$\eta/\sqrt t$",
                latex=r"\sum_{t=1}^T\frac1{\sqrt t}",
            ),
            Step(
                value=telescoped,
                why=r"since $\frac1{\sqrt t}<\frac{2}{\sqrt t+\sqrt{t-1}}$, "
                "which is twice the difference of the two roots",
                latex=r"2\sum_{t=1}^T\big(\sqrt t-\sqrt{t-1}\big)",
                relation=r"\le",
            ),
            Step(
                value=lambda d: 2 * np.sqrt(d["c"] / d["c"] * d["T"]),
                why="the sum telescopes",
                latex=r"2\sqrt T",
            ),
        ),
        draw=lambda rng: {
            "c": float(rng.uniform(0.01, 100)),
            "T": int(rng.integers(1, 30)),
        },
        scope="$T$ below 30",
    )


def bias_correction() -> Derivation:
    rolls = np.array(list(product(range(3), repeat=STEPS)))

    def expected(d: dict) -> object:
        return averaged(d["beta"], d["g"][rolls].T).mean()

    def weighted(d: dict) -> object:
        kept = weights(d["beta"], STEPS)
        return sum(kept * np.array([d["g"][r].mean() for r in rolls.T]))

    return Derivation(
        label="optimizers.11",
        lhs=r"\mathbb E\,m_t",
        steps=(
            Step(
                value=expected,
                why="the average starts at $m_0=0$ and takes in gradients of "
                "equal distribution",
                latex=r"\mathbb E\,[\beta m_{t-1}+(1-\beta)g_t]",
            ),
            Step(
                value=weighted,
                why="unroll it; expectation goes through a sum",
                latex=r"(1-\beta)\sum_{k=1}^t\beta^{t-k}\;\mathbb E\,g_k",
            ),
            Step(
                value=lambda d: (1 - d["beta"] ** STEPS) * d["g"].mean(),
                why="all expectations are one, and the series is geometric",
                latex=r"(1-\beta^t)\;\mathbb E\,g",
            ),
        ),
        draw=lambda rng: {
            "g": rng.normal(size=3),
            "beta": float(rng.uniform(0.05, 0.95)),
        },
        scope=f"all {len(rolls)} sequences of {STEPS} gradients out of three",
    )


def draw_moments(rng: np.random.Generator) -> dict:
    """Draw gradients, a factor, and two decays of which the first is less.

    Args:
        rng: drawn from.
    """
    b2 = float(rng.uniform(0.5, 0.99))
    return {
        "g": rng.normal(size=STEPS),
        "c": float(rng.uniform(0.01, 100)),
        "b1": float(rng.uniform(0.1, 0.95) * b2**0.5),
        "b2": b2,
    }


def scale_invariance() -> Derivation:
    def moments(d: dict, scale: object) -> tuple:
        g = scale * d["g"]
        mean = averaged(d["b1"], g) / (1 - d["b1"] ** STEPS)
        return mean, averaged(d["b2"], g * g) / (1 - d["b2"] ** STEPS)

    def scaled(d: dict) -> object:
        mean, square = moments(d, d["c"])
        return mean / np.sqrt(square)

    def pulled_out(d: dict) -> object:
        mean, square = moments(d, 1)
        return d["c"] * mean / np.sqrt(d["c"] ** 2 * square)

    def plain(d: dict) -> object:
        mean, square = moments(d, 1)
        return mean / np.sqrt(square)

    return Derivation(
        label="optimizers.12",
        lhs=r"\frac{\hat m_t(cg)}{\sqrt{\hat s_t(cg)}}",
        steps=(
            Step(
                value=scaled,
                why="the moments of gradients that are all multiplied by "
                "$c>0$, as when the loss is",
                latex=r"\frac{\hat m_t(cg_1,\dots,cg_t)}"
                r"{\sqrt{\hat s_t(cg_1,\dots,cg_t)}}",
            ),
            Step(
                value=pulled_out,
                why="a mean of gradients has their unit, a mean of squares "
                "the square of it",
                latex=r"\frac{c\;\hat m_t(g)}{\sqrt{c^2\,\hat s_t(g)}}",
            ),
            Step(
                value=plain,
                why="the factor cancels",
                latex=r"\frac{\hat m_t(g)}{\sqrt{\hat s_t(g)}}",
            ),
        ),
        draw=draw_moments,
        scope=f"$t={STEPS}$",
    )


def longest_step() -> Derivation:
    def quotient(d: dict) -> object:
        square = averaged(d["b2"], d["g"] ** 2)
        return abs(averaged(d["b1"], d["g"])) / np.sqrt(square)

    def cauchy(d: dict) -> object:
        first, second = weights(d["b1"], STEPS), weights(d["b2"], STEPS)
        return np.sqrt((first**2 / second).sum())

    def series(d: dict) -> object:
        rest = (1 - d["b2"]) * (1 - d["b1"] ** 2 / d["b2"])
        return (1 - d["b1"]) / np.sqrt(rest)

    return Derivation(
        label="optimizers.13",
        lhs=r"\frac{|m_t|}{\sqrt{s_t}}",
        steps=(
            Step(
                value=quotient,
                why="both averages unrolled, with weights "
                r"$a_k=(1-\beta_1)\beta_1^{t-k}$ and "
                r"$b_k=(1-\beta_2)\beta_2^{t-k}$",
                latex=r"\frac{\big|\sum_ka_kg_k\big|}"
                r"{\sqrt{\sum_kb_kg_k^2}}",
            ),
            Step(
                value=cauchy,
                why="Cauchy–Schwarz, for the vectors of entries "
                r"$a_k/\sqrt{b_k}$ and $\sqrt{b_k}\,g_k$",
                latex=r"\sqrt{\sum_k\frac{a_k^2}{b_k}}",
                relation=r"\le",
            ),
            Step(
                value=series,
                why=r"a geometric series in $\beta_1^2/\beta_2<1$, summed to "
                "its end",
                latex=r"\frac{1-\beta_1}"
                r"{\sqrt{(1-\beta_2)(1-\beta_1^2/\beta_2)}}",
                relation=r"\le",
            ),
        ),
        draw=draw_moments,
        scope=f"$t={STEPS}$",
    )


def decay_of_descent() -> Derivation:
    w, g = sp.symbols("w g", real=True)
    eta, lam = sp.symbols("eta lambda", positive=True)
    penalized = g * w + lam * w**2 / 2  # g is the gradient of the loss here
    return Derivation(
        label="optimizers.14",
        lhs=r"w_{t+1}",
        steps=(
            Step(
                value=w - eta * sp.Derivative(penalized, w),
                why="plain descent on the loss and an L2 penalty",
                latex=r"w_t-\eta\,\nabla\big(\mathcal L(w_t)+"
                r"\tfrac\lambda2\|w_t\|^2\big)",
            ),
            Step(
                value=w - eta * (g + lam * w),
                why="the gradient of the penalty is λ times the weights",
                latex=r"w_t-\eta\,(g_t+\lambda w_t)",
            ),
            Step(
                value=(1 - eta * lam) * w - eta * g,
                why="collect: the weights shrink by a fixed share, beside the "
                "step",
                latex=r"(1-\eta\lambda)\,w_t-\eta\,g_t",
            ),
        ),
        draw=lambda rng: {
            "w": float(rng.normal()),
            "g": float(rng.normal()),
            "eta": float(rng.uniform(0.01, 1)),
            "lambda": float(rng.uniform(0.01, 1)),
        },
    )
