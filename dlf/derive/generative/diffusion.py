"""Diffusion: the jump, the posterior, the loss, and a step of DDIM.

Source: Ho, Jain & Abbeel (2020), equations 4 to 12; Song, Meng & Ermon (2021),
equations 12 and 16.
"""

from typing import Any

import sympy as sp

from dlf.derive.derivation import Derivation, Step


def forward_jump() -> Derivation:
    a, c = sp.symbols("a c", positive=True)
    return Derivation(
        label="generative.15",
        lhs=r"\operatorname{Var}(x_t\mid x_0)",
        steps=(
            Step(
                value=a * (1 - c) + (1 - a),
                why=r"$x_t=\sqrt{\alpha_t}\,x_{t-1}+\sqrt{1-\alpha_t}\,"
                r"\varepsilon_t$, with fresh noise, so that variances add; by "
                r"induction $\operatorname{Var}(x_{t-1}|x_0)"
                r"=1-\bar\alpha_{t-1}$",
                latex=r"\alpha_t\,(1-\bar\alpha_{t-1})+(1-\alpha_t)",
            ),
            Step(
                value=1 - a * c,
                why=r"what is subtracted is $\bar\alpha_t$, and the mean is "
                r"multiplied by $\sqrt{\alpha_t}$ at each step: "
                r"$x_t=\sqrt{\bar\alpha_t}\,x_0+\sqrt{1-\bar\alpha_t}\,"
                r"\varepsilon$",
                latex=r"1-\alpha_t\,\bar\alpha_{t-1}=1-\bar\alpha_t",
            ),
        ),
        draw=lambda rng: {
            "a": rng.uniform(0.1, 0.99),
            "c": rng.uniform(0.1, 0.99),
        },
    )


def _gauss(x: Any, mean: Any, variance: Any) -> Any:
    """Give the logarithm of a normal density, without the constant."""
    return -((x - mean) ** 2) / (2 * variance) - sp.log(variance) / 2


def posterior() -> Derivation:
    x, y, u = sp.symbols("x y u", real=True)  # x_0, x_t, x_{t-1}
    a, c = sp.symbols("a c", positive=True)
    beta, total = 1 - a, 1 - a * c
    mean = (sp.sqrt(c) * beta * x + sp.sqrt(a) * (1 - c) * y) / total
    variance = beta * (1 - c) / total
    step = _gauss(y, sp.sqrt(a) * u, beta)
    before = _gauss(u, sp.sqrt(c) * x, 1 - c)
    after = _gauss(y, sp.sqrt(a * c) * x, total)
    return Derivation(
        label="generative.16",
        lhs=r"\log q(x_{t-1}\mid x_t,x_0)",
        steps=(
            Step(
                value=step + before - after,
                why="Bayes; the logarithms of three normal densities, each "
                r"known by {eq}`generative.15`",
                latex=r"\log q(x_t|x_{t-1})+\log q(x_{t-1}|x_0)"
                r"-\log q(x_t|x_0)",
            ),
            Step(
                value=_gauss(u, mean, variance),
                why=r"complete the square in $x_{t-1}$: the variance is "
                r"$\tilde\beta=\frac{1-\bar\alpha_{t-1}}{1-\bar\alpha_t}"
                r"\beta_t$, the mean $\tilde\mu=\frac"
                r"{\sqrt{\bar\alpha_{t-1}}\,\beta_t}{1-\bar\alpha_t}x_0+\frac"
                r"{\sqrt{\alpha_t}\,(1-\bar\alpha_{t-1})}{1-\bar\alpha_t}x_t$",
                latex=r"\log\mathcal N\big(x_{t-1};\tilde\mu,\tilde\beta\big)",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(),
            "y": rng.normal(),
            "u": rng.normal(),
            "a": rng.uniform(0.1, 0.95),
            "c": rng.uniform(0.1, 0.95),
        },
    )


def diffusion_loss() -> Derivation:
    y, e, f = sp.symbols("y e f", real=True)  # x_t, noise, its prediction
    a, c = sp.symbols("a c", positive=True)
    beta, total = 1 - a, 1 - a * c
    variance = beta * (1 - c) / total

    def mean(noise: Any) -> Any:
        x0 = (y - sp.sqrt(total) * noise) / sp.sqrt(a * c)
        return (sp.sqrt(c) * beta * x0 + sp.sqrt(a) * (1 - c) * y) / total

    def short(noise: Any) -> Any:
        return (y - beta / sp.sqrt(total) * noise) / sp.sqrt(a)

    return Derivation(
        label="generative.17",
        lhs=r"\mathrm{KL}_t",
        steps=(
            Step(
                value=(mean(e) - mean(f)) ** 2 / (2 * variance),
                why=r"$t\ge2$; two Gaussians of one variance: the posterior "
                "with the "
                r"noise $\varepsilon$ that was added, and with the noise "
                r"$\hat\varepsilon$ that the net sees",
                latex=r"\frac{\|\tilde\mu(\varepsilon)-\tilde\mu"
                r"(\hat\varepsilon)\|^2}{2\,\tilde\beta_t}",
            ),
            Step(
                value=(short(e) - short(f)) ** 2 / (2 * variance),
                why=r"$x_0=(x_t-\sqrt{1-\bar\alpha_t}\,\varepsilon)/"
                r"\sqrt{\bar\alpha_t}$ put into $\tilde\mu$ leaves "
                r"$\frac1{\sqrt{\alpha_t}}\big(x_t-\frac{\beta_t}"
                r"{\sqrt{1-\bar\alpha_t}}\varepsilon\big)$",
                latex=r"\frac{\beta_t^2\,\|\varepsilon-\hat\varepsilon\|^2}"
                r"{2\,\tilde\beta_t\,\alpha_t\,(1-\bar\alpha_t)}",
            ),
            Step(
                value=beta / (2 * a * (1 - c)) * (e - f) ** 2,
                why=r"$\tilde\beta_t$ cancels a $\beta_t$",
                latex=r"\frac{\beta_t}{2\,\alpha_t\,(1-\bar\alpha_{t-1})}"
                r"\,\|\varepsilon-\hat\varepsilon\|^2",
            ),
        ),
        draw=lambda rng: {
            "y": rng.normal(),
            "e": rng.normal(),
            "f": rng.normal(),
            "a": rng.uniform(0.1, 0.95),
            "c": rng.uniform(0.1, 0.95),
        },
    )


def step_with_noise() -> Derivation:
    y, e = sp.symbols("y e", real=True)
    a, c = sp.symbols("a c", positive=True)
    beta, total = 1 - a, 1 - a * c
    variance = beta * (1 - c) / total
    x0 = (y - sp.sqrt(total) * e) / sp.sqrt(a * c)
    return Derivation(
        label="generative.19",
        lhs=r"\text{mean of the step, }\eta=1",
        steps=(
            Step(
                value=sp.sqrt(c) * x0 + sp.sqrt(1 - c - variance) * e,
                why=r"{eq}`generative.18` with $s=t-1$, where "
                r"$\sigma_{s|t}^2=\tilde\beta_t$",
                latex=r"\sqrt{\bar\alpha_{t-1}}\,\hat x_0"
                r"+\sqrt{1-\bar\alpha_{t-1}-\tilde\beta_t}\;\hat\varepsilon",
            ),
            Step(
                value=sp.sqrt(c) * x0
                + sp.sqrt(a) * (1 - c) / sp.sqrt(total) * e,
                why=r"$1-\bar\alpha_{t-1}-\tilde\beta_t=\alpha_t\,"
                r"(1-\bar\alpha_{t-1})^2/(1-\bar\alpha_t)$",
                latex=r"\sqrt{\bar\alpha_{t-1}}\,\hat x_0+\frac"
                r"{\sqrt{\alpha_t}\,(1-\bar\alpha_{t-1})}"
                r"{\sqrt{1-\bar\alpha_t}}\,\hat\varepsilon",
            ),
            Step(
                value=(sp.sqrt(c) * beta * x0 + sp.sqrt(a) * (1 - c) * y)
                / total,
                why=r"$\hat\varepsilon=(x_t-\sqrt{\bar\alpha_t}\,\hat x_0)/"
                r"\sqrt{1-\bar\alpha_t}$",
                latex=r"\tilde\mu(x_t,\hat x_0)",
            ),
        ),
        draw=lambda rng: {
            "y": rng.normal(),
            "e": rng.normal(),
            "a": rng.uniform(0.1, 0.95),
            "c": rng.uniform(0.1, 0.95),
        },
    )
