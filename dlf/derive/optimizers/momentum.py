"""Momentum: one sum in three conventions, and its damping on a parabola.

    w_T = w_0 - eta sum v_t, in all three conventions            (optimizers.3)
    step under a constant gradient -> eta g / (1 - beta)         (optimizers.4)
    p² - 4 beta = ((1 - √beta)² - eta lambda)
                  ((1 + √beta)² - eta lambda)                    (optimizers.5)
    |r|² = beta between the two                                  (optimizers.6)
    eta lambda_min = (1 - √beta)² at the best settings           (optimizers.7)

Here p = 1 + beta - eta lambda, and r is a root of r² - p r + beta.
Source: Polyak (1964), Some methods of speeding up the convergence of iteration
methods, 2.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step

Array = np.ndarray
STEPS = 6
eta, lam, beta = sp.symbols("eta lambda beta", positive=True)


def velocities(d: dict, new: object, scale: object = 1) -> Array:
    """Run v <- beta v + new g, and give every scale times v.

    Args:
        d: holds g, the gradients of all steps, and beta.
        new: what a gradient is multiplied by as it comes in.
        scale: what each v is multiplied by at the end.
    """
    v, found = 0 * d["g"][0], []
    for g in d["g"]:
        v = d["beta"] * v + new * g
        found.append(scale * v)
    return np.array(found)


def conventions() -> Derivation:
    def moved(d: dict, steps: Array) -> Array:
        return d["w"] - steps.sum(0)

    def as_mean(d: dict) -> Array:
        slower = 1 - d["beta"]
        return moved(d, velocities(d, slower, d["eta"] / slower))

    def unrolled(d: dict) -> Array:
        age = np.subtract.outer(np.arange(STEPS), np.arange(STEPS))
        kept = np.array(
            [[d["beta"] ** int(a) if a >= 0 else 0 for a in row] for row in age]
        )
        return d["w"] - d["eta"] * (kept @ d["g"]).sum(0)

    return Derivation(
        label="optimizers.3",
        lhs=r"w_T",
        steps=(
            Step(
                value=as_mean,
                why=r"the *mean*, at the rate $\eta/(1-\beta)$",
                latex=r"w_0-\sum_{t=1}^T\frac\eta{1-\beta}\,m_t,\qquad "
                r"m_t=\beta m_{t-1}+(1-\beta)g_t",
            ),
            Step(
                value=unrolled,
                why="put in what m was one step before, and so on; the factor "
                "cancels",
                latex=r"w_0-\eta\sum_{t=1}^T\sum_{k=1}^t\beta^{t-k}g_k",
            ),
            Step(
                value=lambda d: moved(d, velocities(d, 1, d["eta"])),
                why=r"the inner sum is the *sum* of PyTorch, at rate $\eta$",
                latex=r"w_0-\sum_{t=1}^T\eta\,v_t,\qquad "
                r"v_t=\beta v_{t-1}+g_t",
            ),
            Step(
                value=lambda d: moved(d, velocities(d, d["eta"])),
                why="a constant rate may as well be multiplied in beforehand: "
                "the *rate inside*",
                latex=r"w_0-\sum_{t=1}^Tu_t,\qquad "
                r"u_t=\beta u_{t-1}+\eta\,g_t",
            ),
        ),
        draw=lambda rng: {
            "g": rng.normal(size=(STEPS, 3)),
            "w": rng.normal(size=3),
            "beta": float(rng.uniform(0.05, 0.95)),
            "eta": float(rng.uniform(0.01, 1)),
        },
        scope=f"$T={STEPS}$ and any gradients",
    )


def effective_rate() -> Derivation:
    def stepped(d: dict) -> object:
        v = 0
        for _ in range(d["t"]):
            v = d["beta"] * v + d["g"]
        return d["eta"] * v

    def summed(d: dict) -> object:
        powers = sum(d["beta"] ** k for k in range(d["t"]))
        return d["eta"] * d["g"] * powers

    def closed(d: dict) -> object:
        rest = 1 - d["beta"] ** d["t"]
        return d["eta"] / (1 - d["beta"]) * rest * d["g"]

    return Derivation(
        label="optimizers.4",
        lhs=r"\eta\,v_t",
        steps=(
            Step(
                value=stepped,
                why="let all gradients be the same, $g_t=g$",
                latex=r"\eta\,(\beta v_{t-1}+g)",
            ),
            Step(
                value=summed,
                why="as above",
                latex=r"\eta\,g\sum_{k=0}^{t-1}\beta^k",
            ),
            Step(
                value=closed,
                why=r"a geometric series; as $t$ grows, $\beta^t$ goes to 0",
                latex=r"\frac{\eta}{1-\beta}\,(1-\beta^t)\,g",
            ),
        ),
        draw=lambda rng: {
            "t": int(rng.integers(1, 40)),
            "g": float(rng.normal()),
            "beta": float(rng.uniform(0.05, 0.95)),
            "eta": float(rng.uniform(0.01, 1)),
        },
        scope="$t$ below 40",
    )


def damping() -> Derivation:
    p = 1 + beta - eta * lam
    root = sp.sqrt(beta)
    return Derivation(
        label="optimizers.5",
        lhs=r"p^2-4\beta",
        steps=(
            Step(
                value=p**2 - 4 * beta,
                why="the discriminant, which decides between two real roots "
                "and two complex ones",
                latex=r"(1+\beta-\eta\lambda)^2-4\beta",
            ),
            Step(
                value=(p - 2 * root) * (p + 2 * root),
                why="a difference of two squares",
                latex=r"\big(1+\beta-2\sqrt\beta-\eta\lambda\big)"
                r"\big(1+\beta+2\sqrt\beta-\eta\lambda\big)",
            ),
            Step(
                value=((1 - root) ** 2 - eta * lam)
                * ((1 + root) ** 2 - eta * lam),
                why=r"$1+\beta\mp2\sqrt\beta$ are squares too",
                latex=r"\big((1-\sqrt\beta)^2-\eta\lambda\big)"
                r"\big((1+\sqrt\beta)^2-\eta\lambda\big)",
            ),
        ),
        draw=lambda rng: {
            k: float(rng.uniform(0.05, 0.95)) for k in ("eta", "lambda", "beta")
        },
    )


def underdamped() -> Derivation:
    p = 1 + beta - eta * lam

    def draw(rng: np.random.Generator) -> dict:
        beta, lam = rng.uniform(0.05, 0.95), rng.uniform(0.1, 3)
        ends = (1 - beta**0.5) ** 2, (1 + beta**0.5) ** 2
        eta = (ends[0] + rng.uniform(0.05, 0.95) * (ends[1] - ends[0])) / lam
        return {"beta": float(beta), "lambda": float(lam), "eta": float(eta)}

    return Derivation(
        label="optimizers.6",
        lhs=r"|r|^2",
        steps=(
            Step(
                value=(p / 2) ** 2 + (sp.sqrt(4 * beta - p**2) / 2) ** 2,
                why="between the two squares the roots are complex; the square "
                "of the modulus is that of the real part plus that of the "
                "imaginary part",
                latex=r"\Big(\frac p2\Big)^2+"
                r"\Big(\frac12\sqrt{4\beta-p^2}\Big)^2",
            ),
            Step(value=beta, why="$p$ cancels, and with it the curvature"),
        ),
        draw=draw,
    )


def best_momentum() -> Derivation:
    low, high = sp.symbols("lambda_min lambda_max", positive=True)
    kappa = high / low
    rate = 4 / (sp.sqrt(low) + sp.sqrt(high)) ** 2
    shrink = (sp.sqrt(kappa) - 1) / (sp.sqrt(kappa) + 1)

    def draw(rng: np.random.Generator) -> dict:
        low = float(rng.uniform(0.1, 2))
        return {
            "lambda_min": low,
            "lambda_max": low * float(rng.uniform(1.1, 100)),
        }

    return Derivation(
        label="optimizers.7",
        lhs=r"\eta\,\lambda_{\min}",
        steps=(
            Step(
                value=rate * low,
                why=r"at $\eta=4/(\sqrt{\lambda_{\min}}+"
                r"\sqrt{\lambda_{\max}})^2$",
                latex=r"\frac{4\,\lambda_{\min}}{(\sqrt{\lambda_{\min}}+"
                r"\sqrt{\lambda_{\max}})^2}",
            ),
            Step(
                value=(2 / (1 + sp.sqrt(kappa))) ** 2,
                why=r"divide by $\lambda_{\min}$",
                latex=r"\Big(\frac2{1+\sqrt\kappa}\Big)^2",
            ),
            Step(
                value=(1 - shrink) ** 2,
                why=r"write $\frac2{\sqrt\kappa+1}$ as 1 less something, and "
                "call that something $\\sqrt\\beta$",
                latex=r"(1-\sqrt\beta)^2,\qquad"
                r"\sqrt\beta=\frac{\sqrt\kappa-1}{\sqrt\kappa+1}",
            ),
        ),
        draw=draw,
    )
