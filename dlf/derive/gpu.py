"""What limits a kernel: bytes, operations, and what happens once a call.

    F / T <= min(P, I W),  I = F / Q                                     (gpu.1)
    Q(s) = 2 n^3 / s + n^2, for square tiles of side s                   (gpu.2)
    Q at the side sqrt(M / 3): 2 sqrt(3) n^3 / sqrt(M) + n^2             (gpu.3)
    bytes of k kernels over bytes of one: k                              (gpu.4)
    softmax of two blocks from each block's own maximum and sum          (gpu.6)
    X(b) = X_inf b / (b + h),  h = alpha / beta                          (gpu.7)

Source: Williams, Waterman & Patterson (2009), Roofline; Hong & Kung (1981), I/O
complexity: the red-blue pebble game; Milakov & Gimelshein (2018), Online
normalizer calculation for softmax; Hockney & Jesshope (1988), Parallel
Computers 2, 1.3.2, for the last.
"""

import numpy as np
import sympy as sp

from dlf.derive.balls import ball
from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import largest, smallest


def roofline() -> Derivation:
    def rate(d: dict) -> object:
        return d["F"] / d["T"]

    def bound(d: dict) -> object:
        return d["F"] / largest([d["F"] / d["P"], d["Q"] / d["W"]])

    def roof(d: dict) -> object:
        return smallest([d["P"], d["F"] / d["Q"] * d["W"]])

    def draw(rng: np.random.Generator) -> dict:
        d = {k: float(rng.lognormal(sigma=2)) for k in "FQPW"}
        least = max(d["F"] / d["P"], d["Q"] / d["W"])
        return d | {"T": least * (1 + rng.exponential())}

    return Derivation(
        label="gpu.1",
        lhs=r"\frac FT",
        steps=(
            Step(
                value=rate,
                why="operations a second, by definition",
                latex=r"\frac{\text{operations}}{\text{seconds}}",
            ),
            Step(
                value=bound,
                why="the operations take F/P seconds at least, the bytes Q/W, "
                "and at best the two go on at the same time",
                latex=r"\frac{F}{\max\!\left(F/P,\;Q/W\right)}",
                relation=r"\le",
            ),
            Step(
                value=roof,
                why="divide F by each",
                latex=r"\min\!\left(P,\;I\,W\right),\qquad I=\frac FQ",
            ),
        ),
        draw=draw,
        scope="any time that both demands allow",
    )


def tile_traffic() -> Derivation:
    n, s = sp.symbols("n s", positive=True)
    return Derivation(
        label="gpu.2",
        lhs="Q(s)",
        steps=(
            Step(
                value=(n / s) ** 2 * (n / s * (s**2 + s**2) + s**2),
                why="in words: for each tile of the result, n/s pairs of tiles "
                "are read, and the tile is written once",
                latex=r"\Big(\frac ns\Big)^2\Big[\frac ns\,(s^2+s^2)+s^2\Big]",
            ),
            Step(
                value=2 * n**3 / s + n**2,
                why="multiply out",
            ),
        ),
        draw=lambda rng: {
            "n": float(rng.integers(1, 500)),
            "s": float(rng.integers(1, 100)),
        },
    )


def best_tile() -> Derivation:
    def moved(n: object, s: object) -> object:
        return 2 * n**3 / s + n**2

    def searched(d: dict) -> object:
        sides = np.sqrt(d["M"] / 3) * np.arange(1, 101) / 100
        return smallest(moved(d["n"], sides))

    def at_largest(d: dict) -> object:
        return moved(d["n"], np.sqrt(d["M"] / 3))

    def worked_out(d: dict) -> object:
        n, M = d["n"], d["M"]
        return 2 * np.sqrt(ball(3)) * n**3 / np.sqrt(M) + n**2

    return Derivation(
        label="gpu.3",
        lhs=r"\min_{3s^2\le M}Q(s)",
        steps=(
            Step(
                value=searched,
                why="three tiles must fit: one of each matrix",
                latex=r"\min_{0<s\le\sqrt{M/3}}\;\frac{2n^3}{s}+n^2",
            ),
            Step(
                value=at_largest,
                why="Q falls as the side grows, so the largest side that fits "
                "is the best",
                latex=r"Q\big(\sqrt{M/3}\big)",
            ),
            Step(
                value=worked_out,
                why="put it in",
                latex=r"\frac{2\sqrt3\;n^3}{\sqrt M}+n^2",
            ),
        ),
        draw=lambda rng: {
            "n": float(rng.integers(1, 500)),
            "M": float(rng.integers(3, 10_000)),
        },
    )


def chain_bytes() -> Derivation:
    N, k, w = sp.symbols("N k w", positive=True)
    return Derivation(
        label="gpu.4",
        lhs=r"\frac{Q_{\text{unfused}}}{Q_{\text{fused}}}",
        steps=(
            Step(
                value=sp.Sum(2 * N * w, (sp.Symbol("i"), 1, k)) / (2 * N * w),
                why="each of k kernels reads N numbers of w bytes and writes "
                "N; the fused one does so once",
                latex=r"\frac{\sum_{i=1}^{k}(Nw+Nw)}{Nw+Nw}",
            ),
            Step(value=k, why="all terms are equal"),
        ),
        draw=lambda rng: {
            "N": float(rng.integers(1, 500)),
            "k": float(rng.integers(1, 20)),
            "w": float(2 ** rng.integers(1, 4)),
        },
    )


def softmax_in_blocks() -> Derivation:
    def whole(d: dict) -> np.ndarray:
        s = np.concatenate([d["s"], d["t"]])
        e = np.exp(s - s.max())
        return e @ np.concatenate([d["v"], d["u"]]) / e.sum()

    def block(s: np.ndarray, v: np.ndarray) -> tuple:
        e = np.exp(s - s.max())
        return s.max(), e.sum(), e @ v / e.sum()

    def combined(d: dict) -> np.ndarray:
        (m, Z, o), (n, Y, p) = block(d["s"], d["v"]), block(d["t"], d["u"])
        top = max(m, n)
        left, right = np.exp(m - top) * Z, np.exp(n - top) * Y
        return (left * o + right * p) / (left + right)

    return Derivation(
        label="gpu.6",
        lhs="o",
        steps=(
            Step(
                value=whole,
                why="softmax weighs the values, all scores at once",
                latex=r"\frac{\sum_j e^{s_j-m}\,v_j}{\sum_j e^{s_j-m}},"
                r"\qquad m=\max_j s_j",
            ),
            Step(
                value=combined,
                why="split the keys into blocks 1 and 2, each with its own "
                "maximum $m_i$, sum $Z_i$ and result $o_i$; to change a "
                "maximum is to multiply sums by a number",
                latex=r"\frac{e^{m_1-m}Z_1\,o_1+e^{m_2-m}Z_2\,o_2}"
                r"{e^{m_1-m}Z_1+e^{m_2-m}Z_2},\qquad m=\max(m_1,m_2)",
            ),
        ),
        draw=lambda rng: {
            "s": rng.normal(scale=20, size=5),
            "t": rng.normal(scale=20, size=3),
            "v": rng.normal(size=(5, 2)),
            "u": rng.normal(size=(3, 2)),
        },
    )


def throughput() -> Derivation:
    a, b, c = sp.symbols("alpha b beta", positive=True)
    return Derivation(
        label="gpu.7",
        lhs="X(b)",
        steps=(
            Step(
                value=b / (a + c * b),
                why="a call costs α once and β an example",
            ),
            Step(
                value=(1 / c) * b / (b + a / c),
                why="divide by β",
                latex=r"X_\infty\,\frac{b}{b+h},\qquad "
                r"X_\infty=\frac1\beta,\quad h=\frac\alpha\beta",
            ),
        ),
        draw=lambda rng: {
            "alpha": float(rng.lognormal()),
            "beta": float(rng.lognormal()),
            "b": float(rng.integers(1, 5000)),
        },
    )
