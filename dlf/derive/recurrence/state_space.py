"""A linear recurrence as a convolution, and as a scan; its exact steps.

Source: Gu, Goel & Ré (2022), equations 3 to 5; Blelloch (1990), section 1.4.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step

Array = np.ndarray


def convolution() -> Derivation:
    def stepped(d: dict) -> Array:
        h, y = 0 * d["b"], []
        for x in d["x"]:
            h = d["a"] * h + d["b"] * x
            y.append((d["c"] * h).sum())
        return np.array(y, dtype=object)

    def unrolled(d: dict) -> Array:
        return np.array(
            [
                sum(
                    (d["c"] * d["a"] ** (t - k) * d["b"] * d["x"][k]).sum()
                    for k in range(t + 1)
                )
                for t in range(len(d["x"]))
            ],
            dtype=object,
        )

    def convolved(d: dict) -> Array:
        T = len(d["x"])
        kernel = [(d["c"] * d["a"] ** k * d["b"]).sum() for k in range(T)]
        return np.array(
            [
                sum(kernel[k] * d["x"][t - k] for k in range(t + 1))
                for t in range(T)
            ],
            dtype=object,
        )

    return Derivation(
        label="recurrence.11",
        lhs="y_t",
        steps=(
            Step(
                value=stepped,
                why=r"{eq}`recurrence.10` from $h_0=0$, one step after the "
                "other",
                latex=r"c^\top h_t",
            ),
            Step(
                value=unrolled,
                why=r"each input is multiplied by $a$ once for each step since",
                latex=r"\sum_{k=1}^{t}c^\top\big(a^{t-k}\odot b\big)\,x_k",
            ),
            Step(
                value=convolved,
                why="what stands before $x_k$ depends on $t-k$ alone",
                latex=r"\sum_{k=0}^{t-1}K_k\,x_{t-k},\qquad "
                r"K_k=c^\top\big(a^k\odot b\big)",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=5),
            "a": rng.uniform(-1, 1, size=3),
            "b": rng.normal(size=3),
            "c": rng.normal(size=3),
        },
        scope="three states, five steps, one feature",
    )


def associative() -> Derivation:
    a1, u1, a2, u2, a3, u3 = sp.symbols("a_1 u_1 a_2 u_2 a_3 u_3", real=True)

    def then(first: tuple, second: tuple) -> tuple:
        return first[0] * second[0], second[0] * first[1] + second[1]

    one, two, three = (a1, u1), (a2, u2), (a3, u3)
    left = then(then(one, two), three)[1]
    right = then(one, then(two, three))[1]
    return Derivation(
        label="recurrence.13",
        lhs=r"u_{123}",
        steps=(
            Step(
                value=left,
                why="a step keeps $a$ and adds $u$; two of them keep $a_1a_2$ "
                "and add $a_2u_1+u_2$; put the first two together, then the "
                "third",
            ),
            Step(
                value=right,
                why="or the last two first: steps may be put together in any "
                "grouping",
                latex=r"(a_3a_2)\,u_1+(a_3u_2+u_3)",
            ),
        ),
        draw=lambda rng: {
            str(s): rng.normal() for s in (a1, u1, a2, u2, a3, u3)
        },
    )


def zero_order_hold() -> Derivation:
    h, x, b, s = sp.symbols("h x b s", real=True)
    delta = sp.symbols("Delta", positive=True)
    rate = sp.symbols("lambda", negative=True)
    solved = sp.exp(rate * delta) * h + sp.Integral(
        sp.exp(rate * (delta - s)) * b * x, (s, 0, delta)
    )
    return Derivation(
        label="recurrence.14",
        lhs=r"h(\Delta)",
        steps=(
            Step(
                value=solved,
                why=r"the solution of $\dot h=\lambda h+bx$ after a time "
                r"$\Delta$ in which the input does not change",
                latex=r"e^{\lambda\Delta}h+\int_0^\Delta e^{\lambda(\Delta-s)}"
                r"\,b\,x\,ds",
            ),
            Step(
                value=sp.exp(rate * delta) * h
                + (sp.exp(rate * delta) - 1) / rate * b * x,
                why=r"integrate: $a=e^{\lambda\Delta}$ lies in $(0,1)$ for "
                r"every $\lambda<0$",
                latex=r"e^{\lambda\Delta}\,h+\frac{e^{\lambda\Delta}-1}"
                r"{\lambda}\,b\,x",
            ),
        ),
        draw=lambda rng: {
            "h": rng.normal(),
            "x": rng.normal(),
            "b": rng.normal(),
            "Delta": rng.uniform(0.1, 1),
            "lambda": -rng.uniform(0.1, 2),
        },
    )
