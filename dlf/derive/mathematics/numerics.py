"""Identities that save digits (part of mathematics).

Source: Blanchard, Higham & Higham (2021), eq. 1.3; Chan, Golub & LeVeque
(1983), eq. 2.1.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import variance

Array = np.ndarray


def shifted_sum() -> Derivation:
    return Derivation(
        label="mathematics.24",
        lhs=r"\log\sum_ce^{z_c}",
        steps=(
            Step(
                value=lambda d: np.log(
                    np.sum(np.exp(d["m"]) * np.exp(d["z"] - d["m"]))
                ),
                why="for any number $m$",
                latex=r"\log\sum_c e^{m}\,e^{z_c-m}",
            ),
            Step(
                value=lambda d: (
                    d["m"] + np.log(np.sum(np.exp(d["z"] - d["m"])))
                ),
                why="the common factor leaves the sum, and the logarithm; with "
                r"$m=\max_cz_c$ no exponent is positive and one term is 1",
                latex=r"m+\log\sum_c e^{z_c-m}",
            ),
        ),
        draw=lambda rng: {"z": rng.normal(scale=5, size=5), "m": rng.normal()},
    )


def norm_scale() -> Derivation:
    return Derivation(
        label="mathematics.25",
        lhs=r"\|x\|",
        steps=(
            Step(
                value=lambda d: np.sqrt(
                    np.sum(d["m"] ** 2 * (d["x"] / d["m"]) ** 2)
                ),
                why="for any $m>0$",
                latex=r"\sqrt{\textstyle\sum_i m^2\,(x_i/m)^2}",
            ),
            Step(
                value=lambda d: d["m"] * np.linalg.norm(d["x"] / d["m"]),
                why=r"with $m=\max_i|x_i|$ no square is above 1, and one is 1",
                latex=r"m\,\|x/m\|",
            ),
        ),
        draw=lambda rng: {"x": rng.normal(size=4), "m": rng.uniform(0.1, 9)},
    )


def pooled_deviations() -> Derivation:
    def parts(d: dict) -> tuple:
        a, b = d["a"], d["b"]
        pooled = np.append(a, b).mean()
        return a, b, pooled

    def around(d: dict) -> object:
        a, b, pooled = parts(d)
        return ((a - pooled) ** 2).sum() + ((b - pooled) ** 2).sum()

    def shifted(d: dict) -> object:
        a, b, pooled = parts(d)
        within = len(a) * variance(a) + len(b) * variance(b)
        between = len(a) * (a.mean() - pooled) ** 2
        return within + between + len(b) * (b.mean() - pooled) ** 2

    def merged(d: dict) -> object:
        a, b, _ = parts(d)
        n, m = len(a), len(b)
        off = b.mean() - a.mean()
        within = n * variance(a) + m * variance(b)
        return within + n * m * off**2 / (n + m)

    return Derivation(
        label="mathematics.26",
        lhs=r"M",
        steps=(
            Step(
                value=around,
                why=r"squared deviations of two batches from their common mean "
                r"$m$",
                latex=r"\sum_i(a_i-m)^2+\sum_i(b_i-m)^2",
            ),
            Step(
                value=shifted,
                why="around its own mean a batch has the least squared "
                "deviation, $M_a$; around another, each entry adds the square "
                "of the distance between the two means",
                latex=r"M_a+n_a(m_a-m)^2+M_b+n_b(m_b-m)^2",
            ),
            Step(
                value=merged,
                why=r"put in $m=(n_am_a+n_bm_b)/(n_a+n_b)$",
                latex=r"M_a+M_b+\frac{n_an_b}{n_a+n_b}\,(m_b-m_a)^2",
            ),
        ),
        draw=lambda rng: {
            "a": rng.normal(size=rng.integers(1, 6)),
            "b": rng.normal(size=rng.integers(1, 6)),
        },
    )
