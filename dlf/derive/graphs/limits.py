"""What message passing cannot do: rank anew, tell twins apart, hear far off.

    argmax_u s_vu = argmax_u a_from . W x_u, for every v          (graphs.13)
    #{h_v} <= #{c_v}                                              (graphs.15)
    E[mean over a draw] = mean over all                           (graphs.16)
    |dh_v / dx_u| <= |W_2| |W_1| (S^2)_vu                         (graphs.18)

Source: Brody, Alon & Yahav (2022), theorem 1; Xu et al. (2019), lemma 2;
Hamilton, Ying & Leskovec (2017), 3.1; Topping et al. (2022), lemma 1.
"""

from itertools import combinations

import numpy as np

from dlf.derive.balls import balls
from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.graphs.spectrum import connected, normal
from dlf.derive.numeric import spectral_norm

Array = np.ndarray


def static_ranking() -> Derivation:
    def leaky(s: Array) -> Array:
        return np.where(s > 0, s, s / 5)

    return Derivation(
        label="graphs.13",
        lhs=r"\arg\max_u\,s_{uv}",
        steps=(
            Step(
                value=lambda d: leaky(d["to"][:, None] + d["sent"]).argmax(
                    axis=1
                ),
                why=r"what node $v$ attends to most; write $\alpha_v=a_{\rm to}"
                r"\cdot Wx_v$ and $\beta_u=a_{\rm from}\cdot Wx_u$",
                latex=r"\arg\max_u\,\mathrm{leaky}(\alpha_v+\beta_u)",
            ),
            Step(
                value=lambda d: (d["to"][:, None] + d["sent"]).argmax(axis=1),
                why="leaky ReLU is increasing, so it changes no order",
                latex=r"\arg\max_u\,(\alpha_v+\beta_u)",
            ),
            Step(
                value=lambda d: np.full(5, d["sent"].argmax()),
                why=r"$\alpha_v$ is the same for every $u$",
                latex=r"\arg\max_u\,\beta_u",
            ),
        ),
        draw=lambda rng: {"to": rng.normal(size=5), "sent": rng.normal(size=5)},
        scope="five nodes, each a neighbor of all",
    )


def colors_bound_features() -> Derivation:
    def layer(d: dict, h: Array, k: int) -> Array:
        w, v = d["w"][k]
        seen = (h @ v)[:, None] + h @ w  # of each node, from each
        messages = d["a"][:, :, None] * seen**2
        return (h @ v + messages.sum(axis=1)) ** 2

    def features(d: dict, k: int) -> Array:
        h = np.ones((8, 3), dtype=object)  # whole numbers of any length
        for n in range(k):
            h = layer(d, h, n)
        return h

    def distinct(rows: Array) -> int:
        return len(set(map(tuple, rows)))

    def signs(d: dict, values: Array) -> list:
        """A node's own row, and its neighbors' in sorted order."""
        around = [values[np.flatnonzero(row)] for row in d["a"]]
        return [
            (tuple(own), *sorted(map(tuple, near)))
            for own, near in zip(values, around, strict=True)
        ]

    def colors(d: dict, k: int) -> Array:
        c = np.zeros((8, 1), int)
        for _ in range(k):
            seen: dict = {}
            c = np.array([[seen.setdefault(s, len(seen))] for s in signs(d, c)])
        return c

    def draw(rng: np.random.Generator) -> dict:
        a = connected(rng, 8) if rng.random() < 0.5 else _rings(rng)
        return {"a": a.astype(int), "w": rng.integers(-9, 10, (2, 2, 3, 3))}

    return Derivation(
        label="graphs.15",
        lhs=r"\#\{h_v^{(k)}\}",
        steps=(
            Step(
                value=lambda d: distinct(features(d, 2)),
                why="how many nodes a network of $k$ layers tells apart",
                latex=r"\#\big\{\mathrm{update}\big(h_v^{(k-1)},\bigoplus_u"
                r"\mathrm{message}(h_v^{(k-1)},h_u^{(k-1)})\big)\big\}",
            ),
            Step(
                value=lambda d: len(set(signs(d, features(d, 1)))),
                why="no function tells apart what is the same: a node with "
                "equal features and equal neighbors, in any order",
                latex=r"\#\big\{\big(h_v^{(k-1)},\{\!\!\{h_u^{(k-1)}\}\!\!\}"
                r"\big)\big\}",
                relation=r"\le",
            ),
            Step(
                value=lambda d: len(set(signs(d, colors(d, 1)))),
                why="by induction, equal colors after $k-1$ steps have equal "
                "features after $k-1$ layers",
                latex=r"\#\big\{\big(c_v^{(k-1)},\{\!\!\{c_u^{(k-1)}\}\!\!\}"
                r"\big)\big\}",
                relation=r"\le",
            ),
            Step(
                value=lambda d: distinct(colors(d, 2)),
                why="each such pair is a new color: that is the refinement",
                latex=r"\#\{c_v^{(k)}\}",
            ),
        ),
        draw=draw,
        scope="messages that depend on the two features and on nothing else: "
        "two layers of squares, with whole weights, on graphs of eight nodes, "
        "some of them rings",
    )


def _rings(rng: np.random.Generator) -> Array:
    """Eight nodes in one ring, or in two of four."""
    step = np.eye(8)[(np.arange(8) + 1) % 8]
    four = np.eye(4)[(np.arange(4) + 1) % 4]
    two = np.kron(np.eye(2), four)
    a = step if rng.random() < 0.5 else two
    return a + a.T


def sampled_mean() -> Derivation:
    def every_draw(d: dict) -> Array:
        draws = [list(c) for c in combinations(range(6), 2)]
        return np.mean([d["x"][c].mean(axis=0) for c in draws], axis=0)

    def by_chance(d: dict) -> Array:
        pairs = list(combinations(range(6), 2))
        often = np.array([sum(u in c for c in pairs) for u in range(6)])
        return balls(often) / len(pairs) @ d["x"] / 2

    return Derivation(
        label="graphs.16",
        lhs=r"\mathbb E\Big[\frac1k\sum_{u\in K}x_u\Big]",
        steps=(
            Step(
                value=every_draw,
                why="average over all draws $K$ of $k$ out of $n$ neighbors",
                latex=r"\binom nk^{-1}\sum_{|K|=k}\frac1k\sum_{u\in K}x_u",
            ),
            Step(
                value=by_chance,
                why="each neighbor counts as often as it is drawn",
                latex=r"\sum_u\frac{P(u\in K)}{k}\,x_u",
            ),
            Step(
                value=lambda d: d["x"].mean(axis=0),
                why=r"which is $k$ times in $n$ for all of them",
                latex=r"\frac1n\sum_ux_u",
            ),
        ),
        draw=lambda rng: {"x": rng.normal(size=(6, 3))},
        scope="two of six",
    )


def sensitivity() -> Derivation:
    def parts(d: dict) -> tuple[Array, Array, Array]:
        s = normal(d["a"] + np.eye(6))
        z = s @ d["x"] @ d["w1"].T
        first = 1 - np.tanh(z) ** 2
        second = 1 - np.tanh(s @ np.tanh(z) @ d["w2"].T) ** 2
        return s, first, second

    def walks(d: dict) -> list[Array]:
        s, first, second = parts(d)
        v, u = d["v"], d["u"]
        return [
            s[v, t]
            * s[t, u]
            * (second[v][:, None] * d["w2"] * first[t])
            @ d["w1"]
            for t in range(6)
            if d["joined"][v, t] and d["joined"][t, u]
        ]

    def by_definition(d: dict) -> Array:
        s = normal(d["a"] + np.eye(6))

        def state(row: Array) -> Array:
            x = np.where(np.arange(6)[:, None] == d["u"], row, d["x"])
            return np.tanh(s @ np.tanh(s @ x @ d["w1"].T) @ d["w2"].T)[d["v"]]

        return jacobian(state, d["x"][d["u"]])

    def bound(d: dict) -> object:
        s = parts(d)[0]
        norms = spectral_norm(d["w2"]) * spectral_norm(d["w1"])
        return norms * (s @ s)[d["v"], d["u"]]

    def draw(rng: np.random.Generator) -> dict:
        a = connected(rng)
        joined = (a + np.eye(6)).astype(int)
        v, u = rng.choice(np.argwhere(joined @ joined > 1))
        return {
            "a": a,
            "joined": joined,
            "v": v,
            "u": u,
            "x": rng.normal(size=(6, 3)),
            "w1": rng.normal(size=(4, 3)),
            "w2": rng.normal(size=(2, 4)),
        }

    return Derivation(
        label="graphs.18",
        lhs=r"\Big\|\frac{\partial h_v}{\partial x_u}\Big\|",
        steps=(
            Step(
                value=lambda d: spectral_norm(by_definition(d)),
                why="by definition, for two layers of tanh",
                latex=r"\Big\|\frac{\partial}{\partial x_u}"
                r"\tanh\big(S\tanh(SXW_1^\top)W_2^\top\big)_v\Big\|",
            ),
            Step(
                value=lambda d: spectral_norm(sum(walks(d))),
                why="the chain rule adds up every walk from $u$ over $t$ to "
                r"$v$; $f'_v$ and $f'_t$ are the derivatives of tanh there",
                latex=r"\Big\|\sum_tS_{vt}S_{tu}\,\mathrm{diag}(f'_v)\,W_2\,"
                r"\mathrm{diag}(f'_t)\,W_1\Big\|",
            ),
            Step(
                value=lambda d: sum(spectral_norm(j) for j in walks(d)),
                why="the norm of a sum is at most the sum of the norms",
                latex=r"\sum_tS_{vt}S_{tu}\,\big\|\mathrm{diag}(f'_v)\,W_2\,"
                r"\mathrm{diag}(f'_t)\,W_1\big\|",
                relation=r"\le",
            ),
            Step(
                value=bound,
                why="these derivatives are at most 1; what is left of the "
                "walks is a power of $S$",
                latex=r"\|W_2\|\,\|W_1\|\,\big(S^2\big)_{vu}",
                relation=r"\le",
            ),
        ),
        draw=draw,
        scope="random graphs of six nodes, and nodes with two walks between "
        "them or more",
    )
