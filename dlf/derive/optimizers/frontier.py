"""Adam's drift uphill, Muon's polynomial, and the mean of schedule-free runs.

    drift of Adam in a period of Reddi's problem > 0             (optimizers.15)
    a X + b X Xᵀ X + c (X Xᵀ)² X = U (a S + b S³ + c S⁵) Vᵀ      (optimizers.17)
    x_T = mean of z_1 … z_T                                      (optimizers.18)

Source: Reddi, Kale & Kumar (2018), On the Convergence of Adam and Beyond,
theorem 1; Jordan et al. (2024), Muon; Defazio et al. (2024), The Road Less
Scheduled, equations 3 to 5.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import orthonormal

Array = np.ndarray
STEPS = 7


def uphill_drift() -> Derivation:
    C = sp.Symbol("C", positive=True)
    b2 = 1 / (1 + C**2)
    s1, s2, s3 = sp.symbols("s1 s2 s3")
    cycle = sp.solve(
        [
            s1 - b2 * s3 - (1 - b2) * C**2,
            s2 - b2 * s1 - (1 - b2),
            s3 - b2 * s2 - (1 - b2),
        ],
        [s1, s2, s3],
    )
    first, second, third = (sp.factor(cycle[s]) for s in (s1, s2, s3))
    unit = sp.sqrt(1 + C**2) / C
    last = sp.sqrt((1 + C**2) / (3 + C**2))
    return Derivation(
        label="optimizers.15",
        lhs=r"\frac{w_{t+3}-w_t}\eta",
        steps=(
            Step(
                value=-C / sp.sqrt(first)
                + 1 / sp.sqrt(second)
                + 1 / sp.sqrt(third),
                why="three steps of a period, after many periods, with "
                r"$\beta_1=0$, $\beta_2=\frac1{1+C^2}$ and $s_1,s_2,s_3$ the "
                "mean squares after the gradients $C$, $-1$, $-1$",
                latex=r"-\frac C{\sqrt{s_1}}+\frac1{\sqrt{s_2}}+"
                r"\frac1{\sqrt{s_3}}",
            ),
            Step(
                value=unit * (-1 + 1 / sp.sqrt(2) + last),
                why=r"$s_1\ge(1-\beta_2)C^2$, since it holds the newest "
                r"square; $s_2\le\frac{2C^2}{1+C^2}$, since $s_1\le C^2$; and "
                r"$s_3=\beta_2s_2+1-\beta_2$",
                latex=r"\frac{\sqrt{1+C^2}}C\Big(-1+\frac1{\sqrt2}+"
                r"\sqrt{\frac{1+C^2}{3+C^2}}\Big)",
                relation=r"\ge",
            ),
            Step(
                value=-1 + 1 / sp.sqrt(2) + sp.sqrt(sp.Rational(5, 7)),
                why="the first factor exceeds 1, and the last root grows with "
                "$C$, which is more than 2",
                latex=r"-1+\frac1{\sqrt2}+\sqrt{\frac57}>0.55",
                relation=r"\ge",
            ),
        ),
        draw=lambda rng: {"C": float(rng.uniform(2.01, 20))},
        scope="$C$ between 2 and 20",
    )


def singular_values_moved() -> Derivation:
    def matrix(d: dict) -> tuple[Array, Array, Array]:
        return orthonormal(d["u"]), d["s"], orthonormal(d["v"])

    def by_products(d: dict) -> Array:
        u, s, v = matrix(d)
        x = (u * s) @ v.T
        square = x @ x.T
        return d["a"] * x + d["b"] * square @ x + d["c"] * square @ (square @ x)

    def put_in(d: dict) -> Array:
        u, s, v = matrix(d)
        diagonal = (u * s**2) @ u.T
        x = (u * s) @ v.T
        fourth = (u * s**4) @ u.T
        return d["a"] * x + d["b"] * diagonal @ x + d["c"] * fourth @ x

    def moved(d: dict) -> Array:
        u, s, v = matrix(d)
        return (u * (d["a"] * s + d["b"] * s**3 + d["c"] * s**5)) @ v.T

    return Derivation(
        label="optimizers.17",
        lhs=r"aX+bXX^\top X+c\,(XX^\top)^2X",
        steps=(
            Step(
                value=by_products,
                why="a polynomial, written with products of matrices alone",
                latex=r"\big(aI+bXX^\top+c\,(XX^\top)^2\big)X",
            ),
            Step(
                value=put_in,
                why=r"put in the singular value decomposition "
                r"$X=USV^\top$; as $V^\top V=I$, $XX^\top=US^2U^\top$",
                latex=r"\big(aI+bUS^2U^\top+c\,US^4U^\top\big)USV^\top",
            ),
            Step(
                value=moved,
                why="$U^\\top U=I$ as well: the singular vectors stay, and "
                "each singular value is moved by itself",
                latex=r"U\,(aS+bS^3+cS^5)\,V^\top",
            ),
        ),
        draw=lambda rng: {
            "u": rng.normal(size=(3, 3)),
            "v": rng.normal(size=(5, 3)),
            "s": rng.uniform(0.1, 1, size=3),
            "a": float(rng.normal()),
            "b": float(rng.normal()),
            "c": float(rng.normal()),
        },
        scope="3 × 5 matrices",
    )


def running_mean() -> Derivation:
    def stepped(d: dict) -> Array:
        x = 0 * d["z"][0]
        for t, z in enumerate(d["z"], start=1):
            x = (t - 1) * x / t + z / t
        return x

    def once_unrolled(d: dict) -> Array:
        z, T = d["z"], STEPS
        before = stepped({"z": z[:-2]})
        return (T - 2) * before / T + (z[-2] + z[-1]) / T

    return Derivation(
        label="optimizers.18",
        lhs=r"x_T",
        steps=(
            Step(
                value=stepped,
                why="each new point is taken in with weight $1/T$",
                latex=r"\Big(1-\frac1T\Big)x_{T-1}+\frac1Tz_T",
            ),
            Step(
                value=once_unrolled,
                why="put in what it was one step before: the new factor "
                r"cancels one, $\frac{T-1}T\cdot\frac1{T-1}=\frac1T$",
                latex=r"\frac{T-2}T\,x_{T-2}+\frac1T\,(z_{T-1}+z_T)",
            ),
            Step(
                value=lambda d: d["z"].sum(0) / STEPS,
                why="and so on, down to the first",
                latex=r"\frac1T\sum_{t=1}^Tz_t",
            ),
        ),
        draw=lambda rng: {"z": rng.normal(size=(STEPS, 3))},
        scope=f"$T={STEPS}$",
    )
