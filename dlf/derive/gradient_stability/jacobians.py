"""Products of Jacobians: through layers, through time, past a skip.

Source: Rumelhart, Hinton & Williams (1986) for the product; Pascanu, Mikolov &
Bengio (2013), equations 4 to 7, for its bounds and for the sum over time.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import largest, sigmoid, singular_values, spectral_norm

Array = np.ndarray


def output(d: dict, first: Array) -> Array:
    """Activations of three tanh layers, of which the first is varied.

    Args:
        d: weights of the others, and the input.
        first: weights of the first layer.
    """
    a = np.tanh(first @ d["x"])
    return np.tanh(d["w3"] @ np.tanh(d["w2"] @ a))


def first_layer() -> Derivation:
    def loss(d: dict, first: Array) -> object:
        return ((output(d, first) - d["t"]) ** 2).sum() / 2

    def chain(d: dict) -> Array:
        a1 = np.tanh(d["w1"] @ d["x"])
        a2 = np.tanh(d["w2"] @ a1)
        a3 = np.tanh(d["w3"] @ a2)
        diagonals = [np.diag(1 - a * a) for a in (a1, a2, a3)]
        product = (
            diagonals[0] @ d["w2"].T @ diagonals[1] @ d["w3"].T @ diagonals[2]
        )
        return np.outer(product @ (a3 - d["t"]), d["x"])

    def one_by_one(d: dict) -> Array:
        a1 = np.tanh(d["w1"] @ d["x"])
        a2 = np.tanh(d["w2"] @ a1)
        a3 = output(d, d["w1"])
        delta = (1 - a3 * a3) * (a3 - d["t"])
        for w, a in ((d["w3"], a2), (d["w2"], a1)):
            delta = (1 - a * a) * (w.T @ delta)
        return np.outer(delta, d["x"])

    return Derivation(
        label="gradient_stability.1",
        lhs=r"\frac{\partial\mathcal L}{\partial W^{(l)}}",
        steps=(
            Step(
                value=lambda d: jacobian(lambda w: loss(d, w), d["w1"]),
                why="the loss as a function of one layer's weights, all else "
                "held fixed",
                latex=r"\frac{\partial\mathcal L}{\partial W^{(l)}}",
            ),
            Step(
                value=one_by_one,
                why="the cotangent of the pre-activations, times what the "
                "layer was given",
                latex=r"\delta^{(l)}\,\big(a^{(l-1)}\big)^\top,\qquad"
                r"\delta^{(l)}=D^{(l)}W^{(l+1)\top}\delta^{(l+1)}",
            ),
            Step(
                value=chain,
                why="unroll to the last layer, $L$; $D^{(l)}$ is the diagonal "
                r"matrix of $f'(z^{(l)})$, and the factors stand in the order "
                r"of $k$, that of layer $l+1$ on the left",
                latex=r"D^{(l)}\Big(\prod_{k=l+1}^{L}W^{(k)\top}D^{(k)}\Big)"
                r"\frac{\partial\mathcal L}{\partial a^{(L)}}\;"
                r"\big(a^{(l-1)}\big)^\top",
            ),
        ),
        draw=lambda rng: {
            "w1": rng.normal(size=(3, 2)),
            "w2": rng.normal(size=(3, 3)),
            "w3": rng.normal(size=(2, 3)),
            "x": rng.normal(size=2),
            "t": rng.normal(size=2),
        },
        scope="the first of three tanh layers, and squared error",
    )


def product_bounds() -> Derivation:
    def through(d: dict) -> object:
        v = d["v"]
        for j in d["j"]:
            v = j @ v
        return np.linalg.norm(v)

    def least(d: dict) -> object:
        low = np.linalg.norm(d["v"])
        for j in d["j"]:
            low = low * singular_values(j)[-1]
        return low

    def most(d: dict) -> object:
        high = np.linalg.norm(d["v"])
        for j in d["j"]:
            high = high * spectral_norm(j)
        return high

    return Derivation(
        label="gradient_stability.2",
        lhs=r"\|v\|\prod_k s_{\min}(J_k)",
        steps=(
            Step(
                value=least,
                why="a gradient $v$ that passes square Jacobians, of which "
                r"$s_{\min}$ is the smallest singular value",
                latex=r"\|v\|\prod_k s_{\min}(J_k)",
            ),
            Step(
                value=through,
                why="no vector is shortened by more than the smallest "
                "singular value, one Jacobian after another",
                latex=r"\|J_1J_2\cdots J_K\,v\|",
                relation=r"\le",
            ),
            Step(
                value=most,
                why="none is stretched by more than the largest, the spectral "
                "norm",
                latex=r"\|v\|\prod_k\|J_k\|",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "j": rng.normal(size=(4, 3, 3)),
            "v": rng.normal(size=3),
        },
        scope="four Jacobians of three units",
    )


def sigmoid_layer() -> Derivation:
    def derivatives(d: dict) -> Array:
        s = sigmoid(d["z"])
        return s * (1 - s)

    return Derivation(
        label="gradient_stability.3",
        lhs=r"\|D\,W^\top\|",
        steps=(
            Step(
                value=lambda d: spectral_norm(
                    np.diag(derivatives(d)) @ d["w"].T
                ),
                why="the Jacobian of a sigmoid layer, on the way back; the "
                "factors of the product, grouped the other way round",
                latex=r"\|D\,W^\top\|",
            ),
            Step(
                value=lambda d: largest(derivatives(d)) * spectral_norm(d["w"]),
                why="the norm of a product is at most the product of the "
                "norms, and that of a diagonal matrix its largest entry",
                latex=r"\max_i\sigma'(z_i)\;\|W\|",
                relation=r"\le",
            ),
            Step(
                value=lambda d: spectral_norm(d["w"]) / 4,
                why=r"$\sigma'=\sigma(1-\sigma)$ is largest at 0, where it is "
                "¼",
                latex=r"\tfrac14\,\|W\|",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "z": rng.normal(size=3),
            "w": rng.normal(size=(3, 3)),
        },
        scope="three units",
    )


def repeated_matrix() -> Derivation:
    def times(d: dict) -> Array:
        w = np.array([[d["r"], d["b"]], [0 * d["r"], d["r"]]], dtype=object)
        product = w
        for _ in range(d["k"] - 1):
            product = product @ w
        return product

    def closed(d: dict) -> Array:
        r, b, k = d["r"], d["b"], d["k"]
        return np.array(
            [[r**k, k * b * r ** (k - 1)], [0 * r, r**k]], dtype=object
        )

    return Derivation(
        label="gradient_stability.4",
        lhs=r"\begin{pmatrix}r&b\\0&r\end{pmatrix}^k",
        steps=(
            Step(
                value=times,
                why="one matrix again and again, with the eigenvalue $r$ twice",
                latex=r"\begin{pmatrix}r&b\\0&r\end{pmatrix}^k",
            ),
            Step(
                value=closed,
                why="each path from the second place to the first uses $b$ "
                "once, at one of $k$ steps, and $r$ at all others",
                latex=r"\begin{pmatrix}r^k&k\,b\,r^{k-1}\\0&r^k\end{pmatrix}",
            ),
        ),
        draw=lambda rng: {
            "r": rng.uniform(0.1, 1.5),
            "b": rng.uniform(-5, 5),
            "k": int(rng.integers(1, 9)),
        },
        scope="powers up to the eighth",
    )


def past_a_skip() -> Derivation:
    def low(d: dict) -> object:
        return (1 - spectral_norm(d["j"])) * np.linalg.norm(d["v"])

    def high(d: dict) -> object:
        return (1 + spectral_norm(d["j"])) * np.linalg.norm(d["v"])

    return Derivation(
        label="gradient_stability.5",
        lhs=r"(1-\|J\|)\,\|v\|",
        steps=(
            Step(
                value=low,
                why="a skip adds the identity $I$ to the Jacobian $J$ of a "
                "branch",
                latex=r"(1-\|J\|)\,\|v\|",
            ),
            Step(
                value=lambda d: np.linalg.norm(d["v"] + d["j"] @ d["v"]),
                why=r"the branch takes away at most $\|J\|\,\|v\|$",
                latex=r"\|(I+J)\,v\|",
                relation=r"\le",
            ),
            Step(
                value=high,
                why="and adds at most as much",
                latex=r"(1+\|J\|)\,\|v\|",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "j": rng.normal(size=(3, 3)) / 3,
            "v": rng.normal(size=3),
        },
        scope="three units",
    )


def sum_over_time() -> Derivation:
    def states(d: dict, w: object) -> list:
        h = [d["h"]]
        for x in d["x"]:
            h.append(np.tanh(w * h[-1] + x))
        return h

    def last(d: dict) -> object:
        return jacobian(lambda w: states(d, w[0])[-1], np.array([d["w"]]))[0]

    def total(d: dict) -> object:
        h, found = states(d, d["w"]), 0
        for t in range(1, len(h)):
            product = 1 - h[t] ** 2
            for u in range(t + 1, len(h)):
                product = product * d["w"] * (1 - h[u] ** 2)
            found = found + product * h[t - 1]
        return found

    return Derivation(
        label="gradient_stability.6",
        lhs=r"\frac{\partial h_T}{\partial w}",
        steps=(
            Step(
                value=last,
                why=r"one unit that reads itself, $h_t=\tanh(w\,h_{t-1}+x_t)$, "
                "for $T$ steps",
                latex=r"\frac{\partial h_T}{\partial w}",
            ),
            Step(
                value=total,
                why="$w$ is used at every time, and each use reaches the end "
                "through the steps that follow it",
                latex=r"\sum_{t=1}^{T}\Big(\prod_{u=t+1}^{T}w\,(1-h_u^2)\Big)"
                r"(1-h_t^2)\,h_{t-1}",
            ),
        ),
        draw=lambda rng: {
            "w": rng.normal(),
            "h": rng.normal(),
            "x": rng.normal(size=5),
        },
        scope="five steps",
    )
