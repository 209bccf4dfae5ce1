"""What a cell carries past its gates, and what gates cost.

Source: Hochreiter & Schmidhuber (1997), section 3; Gers, Schmidhuber & Cummins
(2000); Tallec & Ollivier (2018), for the bias; Gu & Dao (2024), theorem 1.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian

Array = np.ndarray


def carousel() -> Derivation:
    def cell(d: dict, c: object) -> object:
        for f, i, g in zip(d["f"], d["i"], d["g"], strict=True):
            c = f * c + i * g
        return c

    def product(d: dict) -> object:
        whole = d["f"][0]
        for f in d["f"][1:]:
            whole = whole * f
        return np.array([whole], dtype=object)

    return Derivation(
        label="recurrence.7",
        lhs=r"\frac{\partial c_t}{\partial c_k}\Big|_{\text{gates}}",
        steps=(
            Step(
                value=lambda d: jacobian(
                    lambda c: cell(d, c[0]), np.array([d["c"]])
                ),
                why="$c_t=f_tc_{t-1}+i_tg_t$, step after step, with the values "
                "of the gates held fixed",
                latex=r"\frac{\partial}{\partial c_k}\Big(f_t\big(\cdots"
                r"(f_{k+1}c_k+i_{k+1}g_{k+1})\cdots\big)+i_tg_t\Big)",
            ),
            Step(
                value=product,
                why="no weight and no derivative of tanh stands on the way",
                latex=r"\prod_{j=k+1}^{t}f_j",
            ),
        ),
        draw=lambda rng: {
            "c": rng.normal(),
            "f": rng.uniform(size=5),
            "i": rng.uniform(size=5),
            "g": rng.normal(size=5),
        },
        scope="one unit, five steps",
    )


def counts() -> Derivation:
    D, H = sp.symbols("D H", positive=True)

    def blocks(count: int) -> sp.Expr:
        return count * (H * D + H * H + 2 * H)

    return Derivation(
        label="recurrence.9",
        lhs=r"\frac{\text{GRU}}{\text{LSTM}}",
        steps=(
            Step(
                value=blocks(3) / blocks(4),
                why="each block has $H$ rows of weights for $D$ inputs and for "
                "$H$ states, and two biases",
                latex=r"\frac{3\,(HD+H^2+2H)}{4\,(HD+H^2+2H)}",
            ),
            Step(
                value=sp.Rational(3, 4),
                why="three blocks in place of four, whatever the widths; of "
                "multiply-adds the same",
            ),
        ),
        draw=lambda rng: {
            "D": float(rng.integers(1, 300)),
            "H": float(rng.integers(1, 300)),
        },
    )


def selective() -> Derivation:
    z, h, x = sp.symbols("z h x", real=True)
    delta = sp.log(1 + sp.exp(z))
    gate = 1 / (1 + sp.exp(-z))
    kept = sp.exp(-delta)
    return Derivation(
        label="recurrence.15",
        lhs="h_t",
        steps=(
            Step(
                value=kept * h + (1 - kept) * x,
                why=r"one step of {eq}`recurrence.14` with $\lambda=-1$, $b=1$ "
                r"and a length that the input chooses, $\Delta=\log(1+e^z)$",
                latex=r"e^{-\Delta}h_{t-1}+(1-e^{-\Delta})\,x_t",
            ),
            Step(
                value=h / (1 + sp.exp(z)) + (1 - 1 / (1 + sp.exp(z))) * x,
                why=r"$e^{-\log(1+e^z)}=\frac1{1+e^z}$",
                latex=r"\frac{1}{1+e^z}\,h_{t-1}+\Big(1-\frac1{1+e^z}\Big)x_t",
            ),
            Step(
                value=(1 - gate) * h + gate * x,
                why=r"which is $1-\sigma(z)$",
                latex=r"\big(1-\sigma(z)\big)\,h_{t-1}+\sigma(z)\,x_t",
            ),
        ),
        draw=lambda rng: {
            "z": rng.normal(),
            "h": rng.normal(),
            "x": rng.normal(),
        },
    )
