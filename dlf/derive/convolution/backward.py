"""Gradients of a convolution and of max pooling; columns and their adjoint.

Source: LeCun et al. (1989), section 3; Dumoulin & Visin (2016), chapter 4;
Chellapilla, Puri & Simard (2006), section 2, for the columns.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian

Array = np.ndarray


def valid(w: Array, x: Array) -> Array:
    """Cross-correlate where the kernel fits: Σ_m w_m x_{i+m}.

    Args:
        w: taps.
        x: the input.
    """
    n = len(x) - len(w) + 1
    return sum(w[m] * x[m : m + n] for m in range(len(w)))  # pyright: ignore[reportReturnType]


def _drawn(rng: np.random.Generator) -> dict:
    return {
        "x": rng.normal(size=6),
        "w": rng.normal(size=3),
        "dy": rng.normal(size=4),
    }


def input_gradient() -> Derivation:
    def stamped(d: dict) -> Array:
        w, dy = d["w"], d["dy"]
        out = [0 * w[0]] * 6
        for i in range(4):
            for m in range(3):
                out[i + m] = out[i + m] + dy[i] * w[m]
        return np.array(out)

    def gathered(d: dict) -> Array:
        w, dy = d["w"], d["dy"]
        return np.array(
            [
                sum(w[m] * dy[j - m] for m in range(3) if 0 <= j - m < 4)
                for j in range(6)
            ]
        )

    return Derivation(
        label="convolution.5",
        lhs=r"\bar x_j",
        steps=(
            Step(
                value=lambda d: jacobian(
                    lambda x: (d["dy"] * valid(d["w"], x)).sum(), d["x"]
                ),
                why=r"with $\bar y_i$ the gradient that arrives at output $i$",
                latex=r"\frac{\partial}{\partial x_j}\sum_i\bar y_i"
                r"\sum_mw_m\,x_{i+m}",
            ),
            Step(
                value=stamped,
                why=r"$x_j$ is in output $i$ with the weight $w_{j-i}$: each "
                "output stamps the kernel, times its gradient, on the input",
                latex=r"\sum_i\bar y_i\,w_{j-i}",
            ),
            Step(
                value=gathered,
                why=r"with $m=j-i$ that is a convolution, kernel flipped, of "
                r"$\bar y$ with a border of zeros",
                latex=r"\sum_mw_m\,\bar y_{j-m}",
            ),
        ),
        draw=_drawn,
        scope="three taps, six inputs",
    )


def weight_gradient() -> Derivation:
    return Derivation(
        label="convolution.6",
        lhs=r"\bar w_m",
        steps=(
            Step(
                value=lambda d: jacobian(
                    lambda w: (d["dy"] * valid(w, d["x"])).sum(), d["w"]
                ),
                why="the same loss, by a weight",
                latex=r"\frac{\partial}{\partial w_m}\sum_i\bar y_i"
                r"\sum_{m'}w_{m'}\,x_{i+m'}",
            ),
            Step(
                value=lambda d: valid(d["dy"], d["x"]),
                why="a weight is at work at every place, and its gradients "
                "add up: a cross-correlation of the input with what arrives",
                latex=r"\sum_i\bar y_i\,x_{i+m}",
            ),
        ),
        draw=_drawn,
        scope="three taps, six inputs",
    )


def unfold_and_fold() -> Derivation:
    k, n = 3, 4

    def columns(x: Array) -> Array:
        return np.stack([x[m : m + n] for m in range(k)])

    def added(c: Array) -> Array:
        out = [0 * c[0, 0]] * (n + k - 1)
        for m in range(k):
            for i in range(n):
                out[m + i] = out[m + i] + c[m, i]
        return np.array(out)

    return Derivation(
        label="convolution.7",
        lhs=r"\langle\mathrm{unfold}(x),\,c\rangle",
        steps=(
            Step(
                value=lambda d: (columns(d["x"]) * d["c"]).sum(),
                why="column $i$ holds window $i$",
                latex=r"\sum_{m,i}x_{i+m}\,c_{mi}",
            ),
            Step(
                value=lambda d: (d["x"] * added(d["c"])).sum(),
                why="collect what is multiplied by the same $x_j$",
                latex=r"\sum_jx_j\sum_mc_{m,\,j-m}="
                r"\langle x,\,\mathrm{fold}(c)\rangle",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=n + k - 1),
            "c": rng.normal(size=(k, n)),
        },
        scope="three taps, four windows",
    )


def max_gradient() -> Derivation:
    def largest(window: Array) -> object:
        best = window[0]
        for value in window[1:]:
            best = value if value > best else best
        return best

    def routed(d: dict) -> Array:
        out = []
        for window, dy in zip(d["x"].reshape(3, 2), d["dy"], strict=True):
            first = bool(window[0] > window[1])
            out += [dy, 0 * dy] if first else [0 * dy, dy]
        return np.array(out)

    return Derivation(
        label="convolution.10",
        lhs=r"\bar x_j",
        steps=(
            Step(
                value=lambda d: jacobian(
                    lambda x: sum(
                        d["dy"][i] * largest(x[2 * i : 2 * i + 2])
                        for i in range(3)
                    ),
                    d["x"],
                ),
                why="the maximum of each window",
                latex=r"\frac{\partial}{\partial x_j}\sum_i\bar y_i\,"
                r"\max_{m}x_{ki+m}",
            ),
            Step(
                value=routed,
                why="where the maximum is taken its derivative is 1, "
                "elsewhere in the window 0",
                latex=r"\sum_i\bar y_i\;1\big[j=\operatorname{arg\,max}_{m}"
                r"x_{ki+m}\big]",
            ),
        ),
        draw=lambda rng: {"x": rng.normal(size=6), "dy": rng.normal(size=3)},
        scope="three windows of two, no ties",
    )
