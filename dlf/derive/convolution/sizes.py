"""Receptive fields of a stack of layers, and what separating filters saves.

Source: Araujo, Norris & Sim (2019), section 2.1; Howard et al. (2017), section
3.1.
"""

import sympy as sp

from dlf.derive.derivation import Derivation, Step


def receptive_field() -> Derivation:
    k = sp.symbols("k_1:4", positive=True, integer=True)
    s = sp.symbols("s_1:4", positive=True, integer=True)
    inner = 1 + (k[2] - 1)
    middle = (inner - 1) * s[1] + k[1]
    outer = (middle - 1) * s[0] + k[0]
    return Derivation(
        label="convolution.11",
        lhs="r_0",
        steps=(
            Step(
                value=outer,
                why="$r$ neighboring outputs of a layer see $(r-1)s+k$ of its "
                "inputs; start with one output of the last layer, $r_3=1$",
                latex=r"(r_1-1)s_1+k_1,\quad r_1=(r_2-1)s_2+k_2,\quad "
                r"r_2=(r_3-1)s_3+k_3",
            ),
            Step(
                value=1
                + (k[0] - 1)
                + s[0] * (k[1] - 1)
                + s[0] * s[1] * (k[2] - 1),
                why="insert: each layer adds its $k-1$ steps, as wide as the "
                "strides before it have made them",
                latex=r"1+(k_1-1)+s_1(k_2-1)+s_1s_2(k_3-1)",
            ),
        ),
        draw=lambda rng: {
            **{f"k_{i}": int(rng.integers(1, 8)) for i in (1, 2, 3)},
            **{f"s_{i}": int(rng.integers(1, 4)) for i in (1, 2, 3)},
        },
        scope="three layers",
    )


def separable_cost() -> Derivation:
    k, C, O, n = sp.symbols("k C O n", positive=True)
    return Derivation(
        label="convolution.12",
        lhs=r"\frac{\text{separable}}{\text{full}}",
        steps=(
            Step(
                value=(n * k**2 * C + n * C * O) / (n * k**2 * C * O),
                why="at each of $n$ positions: $k^2$ products for each "
                "channel, then one for each pair of channels",
                latex=r"\frac{n\,k^2C+n\,CO}{n\,k^2CO}",
            ),
            Step(
                value=1 / O + 1 / k**2,
                why="divide",
                latex=r"\frac1O+\frac1{k^2}",
            ),
        ),
        draw=lambda rng: {
            "k": int(rng.integers(1, 8)),
            "C": int(rng.integers(1, 64)),
            "O": int(rng.integers(1, 64)),
            "n": int(rng.integers(1, 100)),
        },
    )
