"""Cross-entropy split, and what a code must pay (part of mathematics).

Source: Shannon (1948), A Mathematical Theory of Communication, section 9;
Cover & Thomas (2006), Elements of Information Theory, 2.3, 2.6, 5.3, 5.4.
"""

import heapq
from itertools import count

import numpy as np

from dlf.derive.balls import balls
from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import log2, simplex

Array = np.ndarray


def _pair(rng: np.random.Generator) -> dict:
    C = int(rng.integers(2, 7))
    return {k: simplex(rng, C) for k in "pq"}


def _entropy(p: Array) -> object:
    return -(p @ log2(p))


def cross_entropy_decomposition() -> Derivation:
    def draw(rng: np.random.Generator) -> dict:
        y = np.append(np.arange(4), rng.integers(4, size=8))
        return {"y": y, "q": simplex(rng, 4)}

    def frequencies(d: dict) -> Array:
        return balls(np.bincount(d["y"], minlength=4)) / len(d["y"])

    def split(d: dict) -> object:
        p = frequencies(d)
        return -(p @ np.log(p)) + p @ np.log(p / d["q"])

    return Derivation(
        label="mathematics.20",
        lhs=r"\mathcal L(\theta)",
        steps=(
            Step(
                value=lambda d: -np.log(np.prod(d["q"][d["y"]])) / len(d["y"]),
                why=r"minus $\log p(\mathcal D\mid\theta)$, per example, for "
                r"independent labels; the model gives each class its $q_c$",
                latex=r"-\frac1N\log\prod_n q_{y_n}",
            ),
            Step(
                value=lambda d: -(frequencies(d) @ np.log(d["q"])),
                why="collect equal labels; class $c$ makes up the fraction "
                "$p_c$ of the data",
                latex=r"-\sum_c p_c\log q_c=H(p,q)",
            ),
            Step(
                value=split,
                why=r"add and subtract $\sum_cp_c\log p_c$",
                latex=r"\underbrace{-\sum_c p_c\log p_c}_{H(p)}+"
                r"\underbrace{\sum_c p_c\log\frac{p_c}{q_c}}_{"
                r"D_{\mathrm{KL}}(p\|q)}",
            ),
        ),
        draw=draw,
    )


def gibbs_inequality() -> Derivation:
    return Derivation(
        label="mathematics.21",
        lhs=r"D_{\mathrm{KL}}(p\|q)",
        steps=(
            Step(
                value=lambda d: d["p"] @ np.log(d["p"] / d["q"]),
                why="by definition, summed over the classes with $p_c>0$",
                latex=r"\sum_c p_c\log\frac{p_c}{q_c}",
            ),
            Step(
                value=lambda d: d["p"] @ (1 - d["q"] / d["p"]),
                why=r"the logarithm lies under its tangent at 1, $\log t\le "
                r"t-1$, and touches it only there; put in $t=q_c/p_c$ and turn "
                r"the sign, $-\log t\ge1-t$",
                latex=r"\sum_c p_c\Big(1-\frac{q_c}{p_c}\Big)",
                relation=r"\ge",
            ),
            Step(
                value=lambda d: d["p"].sum() - d["q"].sum(),
                why="the $p_c$ add up to 1, and the $q_c$ to at most 1",
                latex=r"\sum_cp_c-\sum_cq_c",
            ),
            Step(
                value=lambda d: 0,
                why="so no divergence is negative",
                latex="0",
                relation=r"\ge",
            ),
        ),
        draw=_pair,
    )


def _lengths(p: Array) -> Array:
    """Word lengths of Huffman's code: one longer for each join."""
    lengths = np.zeros(len(p), dtype=int)
    heap = [(w, i, (i,)) for i, w in enumerate(p)]
    heapq.heapify(heap)
    while len(heap) > 1:
        (w, _, a), (v, i, b) = heapq.heappop(heap), heapq.heappop(heap)
        lengths[list(a + b)] += 1
        heapq.heappush(heap, (w + v, i, a + b))
    return lengths


def code_bound() -> Derivation:
    def draw(rng: np.random.Generator) -> dict:
        drawn = _pair(rng)
        extra = rng.integers(3, size=len(drawn["p"]))
        return drawn | {"l": _lengths(drawn["p"]) + extra}

    def kraft(d: dict) -> tuple[Array, object]:
        words = balls(0.5 ** d["l"])
        return words / words.sum(), words.sum()

    return Derivation(
        label="mathematics.22",
        lhs=r"H(p)",
        steps=(
            Step(
                value=lambda d: _entropy(d["p"]),
                why="in bits, with logarithms to base 2",
                latex=r"-\sum_cp_c\log_2p_c",
            ),
            Step(
                value=lambda d: -(d["p"] @ log2(kraft(d)[0])),
                why="of all long sequences of bits a fraction $2^{-l}$ begins "
                "with a given word of $l$ bits. No sequence begins with two "
                "words of which neither begins the other, so the fractions of "
                r"all words add up to at most 1, $K=\sum_c2^{-l_c}\le1$ "
                r"(Kraft); for 0, 10 and 11 they are $\frac12$, $\frac14$ "
                r"and $\frac14$. So $q_c=2^{-l_c}/K$ is a distribution, and "
                "no cross-entropy is below the entropy",
                latex=r"-\sum_cp_c\log_2q_c",
                relation=r"\le",
            ),
            Step(
                value=lambda d: d["p"] @ d["l"] + log2(kraft(d)[1]),
                why=r"$\log_2q_c=-l_c-\log_2K$",
                latex=r"\sum_cp_cl_c+\log_2K",
            ),
            Step(
                value=lambda d: d["p"] @ d["l"],
                why=r"$K\le1$",
                latex=r"\sum_cp_cl_c=L",
                relation=r"\le",
            ),
        ),
        draw=draw,
        scope="Huffman’s words, some with up to two bits more",
    )


def shannon_lengths() -> Derivation:
    def shannon(d: dict) -> Array:
        """The least whole l with 2^-l at most p."""
        return np.array(
            [next(l for l in count() if 0.5**l <= p) for p in d["p"]]
        )

    return Derivation(
        label="mathematics.23",
        lhs=r"L_{\mathrm{Huffman}}",
        steps=(
            Step(
                value=lambda d: d["p"] @ _lengths(d["p"]),
                why="the shortest of all codes",
                latex=r"\min_{\text{codes}}\sum_cp_cl_c",
            ),
            Step(
                value=lambda d: d["p"] @ shannon(d),
                why=r"is no longer than the one with words of "
                r"$\lceil-\log_2p_c\rceil$ bits, for which there is room, "
                r"since $\sum_c2^{-\lceil-\log_2p_c\rceil}\le\sum_cp_c=1$",
                latex=r"\sum_cp_c\,\lceil-\log_2p_c\rceil",
                relation=r"\le",
            ),
            Step(
                value=lambda d: _entropy(d["p"]) + 1,
                why="rounding up adds less than one bit",
                latex=r"H(p)+1",
                relation=r"\le",
            ),
        ),
        draw=_pair,
    )
