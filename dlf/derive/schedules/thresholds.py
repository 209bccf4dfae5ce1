"""Curvatures at which an optimizer stops converging on a parabola.

Each optimizer is a linear recurrence there. It oscillates without end where its
characteristic polynomial has the root -1.

Source: Cohen et al. (2021), equation 1, for gradient descent and momentum;
Cohen et al. (2022), 2.2, for Adam.
"""

import sympy as sp

from dlf.derive.derivation import Derivation, Step

eta, lam, beta, z = sp.symbols("eta lambda beta z")
SCOPE = "the value of $p(-1)$; that this exit comes first is argued in the text"
DRAW = {"eta": (0.01, 1), "lambda": (0.1, 50), "beta": (0.05, 0.95)}


def draw(rng) -> dict:
    """Draw a rate, a curvature and a momentum.

    Args:
        rng: draws them.
    """
    return {name: rng.uniform(*ends) for name, ends in DRAW.items()}


def at_minus_one(polynomial: sp.Expr) -> sp.Expr:
    """Evaluate a characteristic polynomial where a sign alternates.

    Args:
        polynomial: in z.
    """
    return polynomial.subs(z, -1)


def heavy_ball() -> Derivation:
    p = z**2 - (1 + beta - eta * lam) * z + beta
    return Derivation(
        label="schedules.6",
        lhs="p(-1)",
        steps=(
            Step(
                value=at_minus_one(p),
                why="$p(z)=z^2-(1+\\beta-\\eta\\lambda)z+\\beta$ at $z=-1$",
                latex=r"1+(1+\beta-\eta\lambda)+\beta",
            ),
            Step(
                value=eta * ((2 + 2 * beta) / eta - lam),
                why="it is 0 at the threshold, and negative beyond it: there a "
                "root lies below $-1$",
                latex=r"\eta\,\Big(\frac{2+2\beta}{\eta}-\lambda\Big)",
            ),
        ),
        draw=draw,
        scope=SCOPE,
    )


def nesterov() -> Derivation:
    shrink = 1 - eta * lam
    p = z**2 - (1 + beta) * shrink * z + beta * shrink
    return Derivation(
        label="schedules.7",
        lhs="p(-1)",
        steps=(
            Step(
                value=at_minus_one(p),
                why="Nesterov takes the gradient at "
                "$w_t+\\beta(w_t-w_{t-1})$, so both coefficients of $p$ "
                "carry the factor $1-\\eta\\lambda$",
                latex=r"1+(1+\beta)(1-\eta\lambda)+\beta(1-\eta\lambda)",
            ),
            Step(
                value=eta * (1 + 2 * beta)
                * ((2 + 2 * beta) / (eta * (1 + 2 * beta)) - lam),
                why="0 at a lower curvature than with momentum",
                latex=r"\eta\,(1+2\beta)\,\Big(\frac{2+2\beta}"
                r"{\eta\,(1+2\beta)}-\lambda\Big)",
            ),
        ),
        draw=draw,
        scope=SCOPE,
    )  # fmt: skip


def adam() -> Derivation:
    p = z**2 - (1 + beta - (1 - beta) * eta * lam) * z + beta
    return Derivation(
        label="schedules.8",
        lhs="p(-1)",
        steps=(
            Step(
                value=at_minus_one(p),
                why="Adam’s mean takes $1-\\beta$ of each gradient; "
                "$\\tilde\\lambda$ is the curvature divided by the root of the "
                "mean square, taken as constant",
                latex=r"2+2\beta-(1-\beta)\,\eta\tilde\lambda",
            ),
            Step(
                value=eta * (1 - beta)
                * ((2 + 2 * beta) / ((1 - beta) * eta) - lam),
                why="0 at $38/\\eta$ for $\\beta=0.9$",
                latex=r"\eta\,(1-\beta)\,\Big(\frac{2+2\beta}"
                r"{(1-\beta)\,\eta}-\tilde\lambda\Big)",
            ),
        ),
        draw=draw,
        scope=SCOPE,
    )  # fmt: skip
