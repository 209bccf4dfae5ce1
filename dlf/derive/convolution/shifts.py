"""Shifts: why weights are shared, what a flip does, what a stride leaves.

Indices run on a circle of n places, so that nothing is lost at an end.

Source: Goodfellow, Bengio & Courville (2016), section 9.1 and 9.2; Bronstein et
al. (2021), section 3.1, for the matrices that commute with shifts.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step

Array = np.ndarray


def correlated(w: Array, x: Array) -> Array:
    """Cross-correlate on a circle: Σ_m w_m x_{i+m}.

    Args:
        w: taps.
        x: the input.
    """
    return sum(w[m] * np.roll(x, -m) for m in range(len(w)))  # pyright: ignore[reportReturnType]


def shifted_matrix(row: Array) -> Array:
    """Give the matrix whose every row is the one above, moved by one.

    Args:
        row: the first.
    """
    return np.stack([np.roll(row, i) for i in range(len(row))])


def shared_weights() -> Derivation:
    at = 2  # the output that is looked at, as good as any

    def first(d: dict) -> Array:
        return shifted_matrix(d["w"])[0]

    return Derivation(
        label="convolution.1",
        lhs="y_i",
        steps=(
            Step(
                value=lambda d: (shifted_matrix(d["w"]) @ d["x"])[at],
                why="a linear layer with any weights",
                latex=r"\sum_jM_{ij}\,x_j",
            ),
            Step(
                value=lambda d: first(d) @ np.roll(d["x"], -at),
                why="if a moved input is to give the moved output, output $i$ "
                "is output 0 of the input moved back by $i$",
                latex=r"\sum_jM_{0j}\,x_{j+i}",
            ),
            Step(
                value=lambda d: correlated(d["w"], d["x"])[at],
                why="so one row of weights, $w_m=M_{0m}$, serves all outputs",
                latex=r"\sum_mw_m\,x_{i+m}",
            ),
        ),
        draw=lambda rng: {"x": rng.normal(size=5), "w": rng.normal(size=5)},
        scope="five places on a circle",
    )


def flipped_kernel() -> Derivation:
    def convolved(d: dict) -> Array:
        w, x = d["w"], d["x"]
        return sum(w[m] * np.roll(x, m) for m in range(len(w)))  # pyright: ignore[reportReturnType]

    def swapped(d: dict) -> Array:
        w, x, n = d["w"], d["x"], len(d["x"])
        padded = np.concatenate([w, 0 * x[: n - len(w)]])
        return np.array(
            [sum(x[m] * padded[(i - m) % n] for m in range(n))
             for i in range(n)]
        )  # fmt: skip

    return Derivation(
        label="convolution.4",
        lhs=r"(w*x)_i",
        steps=(
            Step(
                value=convolved,
                why="convolution proper runs through the input against the "
                "kernel",
                latex=r"\sum_mw_m\,x_{i-m}",
            ),
            Step(
                value=lambda d: np.roll(
                    correlated(d["w"][::-1], d["x"]), len(d["w"]) - 1
                ),
                why=r"with $m\to k-1-m$ it is the cross-correlation with the "
                "flipped kernel, moved by $k-1$",
                latex=r"\sum_mw_{k-1-m}\,x_{(i-k+1)+m}",
            ),
            Step(
                value=swapped,
                why="or, with $m\\to i-m$ in the first line, the same with the "
                "roles exchanged: convolution commutes",
                latex=r"\sum_mx_m\,w_{i-m}",
            ),
        ),
        draw=lambda rng: {"x": rng.normal(size=6), "w": rng.normal(size=3)},
        scope="three taps, six places on a circle",
    )


def strided_shift() -> Derivation:
    s = 2

    def strided(w: Array, x: Array) -> Array:
        return correlated(w, x)[::s]

    return Derivation(
        label="convolution.13",
        lhs=r"y_i(x\text{ moved by }r)",
        steps=(
            Step(
                value=lambda d: strided(d["w"], np.roll(d["x"], s * d["q"])),
                why="with stride $s$, output $i$ looks at $si+m$; let the "
                "input move by $r$ pixels",
                latex=r"\sum_mw_m\,x_{si+m-r}",
            ),
            Step(
                value=lambda d: np.roll(strided(d["w"], d["x"]), d["q"]),
                why=r"if $r=sq$ is a multiple of the stride, "
                "$si-r=s(i-q)$; if not, no output saw these windows before",
                latex=r"y_{i-q}(x)",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=8),
            "w": rng.normal(size=3),
            "q": int(rng.integers(1, 4)),
        },
        scope="three taps, eight places on a circle, $s=2$",
    )
