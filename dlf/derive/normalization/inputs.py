"""Standard inputs: what a mean and unequal scales do to curvature.

Source: LeCun et al. (1998), efficient backprop, 4.3.
"""

import sympy as sp

from dlf.derive.derivation import Derivation, Step


def raw_curvature() -> Derivation:
    def projected(d: dict) -> object:
        return d["X"] @ d["u"]

    def parts(d: dict) -> object:
        t = projected(d)
        m = t.sum() / len(t)
        return ((t - m) ** 2).sum() / len(t) + m**2

    return Derivation(
        label="normalization.1",
        lhs="u^\\top Hu",
        steps=(
            Step(
                value=lambda d: (projected(d) ** 2).sum() / 4,
                why=r"the curvature of least squares, $H=\frac1N\sum_i"
                r"x_ix_i^\top$, along a direction $u$",
                latex=r"\frac1N\sum_i(u^\top x_i)^2",
            ),
            Step(
                value=parts,
                why="a mean square is a variance and a squared mean",
                latex=r"\operatorname{Var}(u^\top x)+(u^\top\mu)^2",
            ),
        ),
        draw=lambda rng: {
            "X": rng.normal(size=(4, 3)) + rng.normal(size=3),
            "u": rng.normal(size=3),
        },
        scope="four examples of three features",
    )


def standardized_condition() -> Derivation:
    r = sp.Symbol("r", positive=True)
    h = sp.Matrix([[1, r], [r, 1]])
    high, low = sorted(h.eigenvals(), key=lambda e: e.subs(r, 0.5))[::-1]
    plus, minus = sp.Matrix([1, 1]), sp.Matrix([1, -1])

    def along(u: sp.Matrix) -> sp.Expr:
        return (u.T * h * u)[0] / (u.T * u)[0]

    return Derivation(
        label="normalization.2",
        lhs=r"\kappa",
        steps=(
            Step(
                value=sp.Mul(along(plus), 1 / along(minus), evaluate=False),
                why="two features of mean 0 and variance 1 with the "
                "correlation $r>0$; by symmetry the eigenvectors are $(1,1)$ "
                r"and $(1,-1)$",
                latex=r"\frac{(1,1)\,H\,(1,1)^\top}{(1,-1)\,H\,(1,-1)^\top}",
            ),
            Step(
                value=sp.Mul(high, 1 / low, evaluate=False),
                why=r"the entries of $H$ are 1 and $r$",
                latex=r"\frac{1+r}{1-r}",
            ),
        ),
        draw=lambda rng: {"r": rng.uniform(0.01, 0.99)},
    )
