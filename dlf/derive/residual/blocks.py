"""What blocks do at zero, what they cost, and how a gate carries gradients.

Source: He et al. (2016a), section 4.1 and figure 5; He et al. (2016b), section
4; Srivastava, Greff & Schmidhuber (2015), equation 5; Huang et al. (2017),
section 3.
"""

from typing import Any

import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import relu


def zero_branch() -> Derivation:
    def apart(d: dict) -> Any:
        gap = relu(d["x"]) - d["x"]
        return gap @ gap

    return Derivation(
        label="residual.4",
        lhs=r"\|y-x\|^2",
        steps=(
            Step(
                value=apart,
                why="the original block with a branch of zeros",
                latex=r"\|\mathrm{relu}(x+0)-x\|^2",
            ),
            Step(
                value=lambda d: relu(-d["x"]) @ relu(-d["x"]),
                why="where $x_i$ is positive nothing changes; where it is "
                "negative, $y_i$ is 0: the block loses all that is negative",
                latex=r"\sum_i\max(0,-x_i)^2",
            ),
        ),
        draw=lambda rng: {"x": rng.normal(size=4)},
        scope="four units",
    )


def bottleneck_cost() -> Derivation:
    C = sp.symbols("C", positive=True)
    B = C / 4
    return Derivation(
        label="residual.10",
        lhs=r"\frac{\text{bottleneck}}{\text{two }3\times3}",
        steps=(
            Step(
                value=(C * B + 9 * B**2 + B * C) / (2 * 9 * C**2),
                why=r"weights, with $C$ channels on the skip and $\frac C4$ "
                "within",
                latex=r"\frac{C\cdot\frac C4+9\,(\frac C4)^2+\frac C4\cdot C}"
                r"{2\cdot9\,C^2}",
            ),
            Step(
                value=sp.Rational(17, 288),
                why=r"$\frac{17}{16}C^2$ over $18\,C^2$",
            ),
        ),
        draw=lambda rng: {"C": int(4 * rng.integers(1, 512))},
    )


def highway_jacobian() -> Derivation:
    x, v, c, w, b = sp.symbols("x v c w b", real=True)
    T = 1 / (1 + sp.exp(-(v * x + c)))
    H = sp.tanh(w * x + b)
    return Derivation(
        label="residual.12",
        lhs=r"\frac{\mathrm dy}{\mathrm dx}",
        steps=(
            Step(
                value=sp.Derivative(T * H + (1 - T) * x, x),
                why=r"one unit, $T=\sigma(vx+b_t)$ and any layer $H$",
                latex=r"\frac{\mathrm d}{\mathrm dx}\big(T\,H+(1-T)\,x\big)",
            ),
            Step(
                value=(1 - T) + T * w * (1 - H**2) + (H - x) * v * T * (1 - T),
                why=r"product rule; a shut gate, $T\to0$, leaves $1-T\to1$, "
                r"since then $T'=v\,T(1-T)\to0$ as well, with $v$ the gate's "
                "weight",
                latex=r"(1-T)+T\,H'+(H-x)\,T'",
            ),
        ),
        draw=lambda rng: {
            name: rng.normal() for name in ("x", "v", "c", "w", "b")
        },
        scope=r"$H=\tanh(wx+b)$",
    )


def dense_count() -> Derivation:
    D, G, K, k = sp.symbols("D G K k", positive=True, integer=True)
    return Derivation(
        label="residual.14",
        lhs=r"\text{weights}",
        steps=(
            Step(
                value=sp.Sum((D + k * G) * G, (k, 0, K - 1)),  # pyright: ignore[reportArgumentType]
                why="layer $k$, from 0, reads $D+kG$ features and adds $G$",
                latex=r"\sum_{k=0}^{K-1}(D+kG)\,G",
            ),
            Step(
                value=K * D * G + G**2 * K * (K - 1) / 2,
                why=r"$0+1+\dots+(K-1)=\frac{K(K-1)}2$",
                latex=r"KDG+\frac{K(K-1)}2\,G^2",
            ),
        ),
        draw=lambda rng: {
            "D": int(rng.integers(1, 64)),
            "G": int(rng.integers(1, 32)),
            "K": int(rng.integers(1, 20)),
        },
    )
