"""The landing page's example: a sum of exponentials that cannot overflow.

    log sum_c exp(z_c) = m + log sum_c exp(z_c - m)                   (index.1)

Source: Blanchard, Higham & Higham (2021), IMA J. Numer. Anal. 41, eq. (1.3).
"""

import sympy as sp

from dlf.derive.derivation import Derivation, Step


def log_sum_exp() -> Derivation:
    z = sp.symbols("z_1:4", real=True)
    m = sp.Symbol("m", real=True)
    shifted = sum(sp.exp(v - m) for v in z)
    return Derivation(
        label="index.1",
        lhs=r"\log\sum_c e^{z_c}",
        steps=(
            Step(
                value=sp.log(sum(sp.exp(v) for v in z)),
                why="Written out",
                latex=r"\log\big(e^{z_1}+\dots+e^{z_C}\big)",
            ),
            Step(
                value=sp.log(sp.exp(m) * shifted),
                why="Take a factor out of every term, for any number m",
                latex=r"\log\Big(e^{m}\sum_c e^{z_c-m}\Big)",
            ),
            Step(
                value=m + sp.log(shifted),
                why="The logarithm of a product is a sum",
                latex=r"m + \log\sum_c e^{z_c-m}",
            ),
        ),
        draw=lambda rng: {
            name: rng.normal(scale=3) for name in ("z_1", "z_2", "z_3", "m")
        },
        scope="three classes",
    )
