"""Nesterov's momentum: in PyTorch's variables, and its extra damping.

    w <- w - eta (g + beta v)                                    (optimizers.8)
    |r|² = beta (1 - eta lambda) where the roots are complex     (optimizers.9)

Source: Nesterov (1983), A method of solving a convex programming problem with
convergence rate O(1/k²); Sutskever et al. (2013), equations 3 and 4.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step

w, v, g = sp.symbols("w v g", real=True)
eta, beta = sp.symbols("eta beta", positive=True)


def look_ahead() -> Derivation:
    theta = w + eta * beta * v  # from w = theta - eta beta v
    faster = beta * v + g
    return Derivation(
        label="optimizers.8",
        lhs=r"w_t",
        steps=(
            Step(
                value=(theta - eta * faster) - eta * beta * faster,
                why=r"by definition of $w$, after a step "
                r"$\theta_t=\theta_{t-1}-\eta v_t$",
                latex=r"\theta_{t-1}-\eta v_t-\eta\beta v_t",
            ),
            Step(
                value=w + eta * beta * v - eta * faster - eta * beta * faster,
                why=r"by the same definition, one step before, "
                r"$\theta_{t-1}=w_{t-1}+\eta\beta v_{t-1}$",
                latex=r"w_{t-1}+\eta\beta v_{t-1}-\eta v_t-\eta\beta v_t",
            ),
            Step(
                value=w - eta * (g + beta * faster),
                why=r"$v_t=\beta v_{t-1}+g_t$, so that the second and the "
                r"third term leave $-\eta g_t$",
                latex=r"w_{t-1}-\eta\,(g_t+\beta v_t)",
            ),
        ),
        draw=lambda rng: {
            "w": float(rng.normal()),
            "v": float(rng.normal()),
            "g": float(rng.normal()),
            "eta": float(rng.uniform(0.01, 1)),
            "beta": float(rng.uniform(0.05, 0.95)),
        },
    )


def extra_damping() -> Derivation:
    lam = sp.Symbol("lambda", positive=True)
    p = (1 + beta) * (1 - eta * lam)
    rest = beta * (1 - eta * lam)

    def draw(rng: np.random.Generator) -> dict:
        b, lam = rng.uniform(0.05, 0.95), rng.uniform(0.1, 3)
        least = 1 - 4 * b / (1 + b) ** 2  # where the roots turn complex
        at = least + rng.uniform(0.05, 0.95) * (1 - least)
        return {"beta": float(b), "lambda": float(lam), "eta": float(at / lam)}

    return Derivation(
        label="optimizers.9",
        lhs=r"|r|^2",
        steps=(
            Step(
                value=(p / 2) ** 2 + (sp.sqrt(4 * rest - p**2) / 2) ** 2,
                why=r"now $r^2-p\,r+\beta(1-\eta\lambda)=0$ with "
                r"$p=(1+\beta)(1-\eta\lambda)$; take the roots to be complex",
                latex=r"\Big(\frac p2\Big)^2+\Big(\frac12"
                r"\sqrt{4\beta(1-\eta\lambda)-p^2}\Big)^2",
            ),
            Step(
                value=rest,
                why="$p$ cancels again, and the curvature stays",
                latex=r"\beta\,(1-\eta\lambda)",
            ),
        ),
        draw=draw,
    )
