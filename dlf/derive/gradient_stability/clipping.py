"""Gradient clipping: what it keeps, what it bounds, where it is biased.

Clipping by norm and by value are projections: each takes the gradient to the
nearest point of a ball or of a cube.

Source: Pascanu, Mikolov & Bengio (2013), algorithm 1; Brock et al. (2021),
equation 3; Koloskova, Hendrikx & Stich (2023) for the bias.
"""

import numpy as np
import sympy as sp

from dlf.derive.balls import ball
from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import maximum, sign

Array = np.ndarray


def least(a: object, b: object) -> object:
    """Smaller of two numbers, as a ball that holds it whichever it is.

    Args:
        a: a ball or a number.
        b: likewise.
    """
    return ball(a).min(ball(b))


def shortened(g: Array, c: object) -> Array:
    """Clip by norm.

    Args:
        g: the gradient.
        c: the limit.
    """
    return least(1, c / np.linalg.norm(g)) * g


def nearest_in_ball() -> Derivation:
    def point(d: dict) -> Array:
        """Draw what lies in the ball: shorten a random vector."""
        return d["c"] * d["u"] * d["p"] / np.linalg.norm(d["p"])

    def gap(a: object, b: object) -> object:
        return maximum(0, a - b)[()]

    return Derivation(
        label="gradient_stability.7",
        lhs=r"\|g-\mathrm{clip}(g)\|",
        steps=(
            Step(
                value=lambda d: np.linalg.norm(
                    d["g"] - shortened(d["g"], d["c"])
                ),
                why=r"by norm, $\mathrm{clip}(g)=g\,\min(1,c/\|g\|)$ is a "
                "positive multiple of $g$",
                latex=r"\|g-g\,\min(1,c/\|g\|)\|",
            ),
            Step(
                value=lambda d: gap(np.linalg.norm(d["g"]), d["c"]),
                why="it takes away what is longer than $c$, and nothing else",
                latex=r"\max(0,\|g\|-c)",
            ),
            Step(
                value=lambda d: gap(
                    np.linalg.norm(d["g"]), np.linalg.norm(point(d))
                ),
                why=r"for any $p$ with $\|p\|\le c$",
                latex=r"\max(0,\|g\|-\|p\|)",
                relation=r"\le",
            ),
            Step(
                value=lambda d: np.linalg.norm(d["g"] - point(d)),
                why="the triangle inequality: no vector within the limit is "
                "nearer to $g$",
                latex=r"\|g-p\|",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "g": 2 * rng.normal(size=4),
            "p": rng.normal(size=4),
            "c": rng.uniform(0.5, 5),
            "u": rng.uniform(0, 0.9),
        },
        scope="four weights",
    )


def angle_by_value() -> Derivation:
    def cosine(d: dict) -> object:
        g, c = d["g"], d["c"]
        clipped = np.array([least(c, maximum(-c, v)[()]) for v in g])
        return g @ clipped / np.linalg.norm(g) / np.linalg.norm(clipped)

    def of_signs(d: dict) -> object:
        g = d["g"]
        return (sign(g) * g).sum() / np.linalg.norm(g) / ball(len(g)).sqrt()

    return Derivation(
        label="gradient_stability.8",
        lhs=r"\cos\angle(g,\mathrm{clip}(g))",
        steps=(
            Step(
                value=cosine,
                why="by value, each entry is cut at $\\pm c$; let all $n$ of "
                "them be larger than that",
                latex=r"\frac{g^\top\mathrm{clip}(g)}"
                r"{\|g\|\,\|\mathrm{clip}(g)\|}",
            ),
            Step(
                value=of_signs,
                why=r"then $\mathrm{clip}(g)=c\,\mathrm{sign}(g)$, and only "
                "signs are left",
                latex=r"\frac{\sum_i|g_i|}{\sqrt n\,\|g\|}",
            ),
            Step(
                value=lambda d: 1 / ball(len(d["g"])).sqrt(),
                why=r"$(\sum_i|g_i|)^2$ holds all the squares and more: near "
                "equality when one entry outweighs all others",
                latex=r"\frac1{\sqrt n}",
                relation=r"\ge",
            ),
        ),
        draw=lambda rng: {
            "g": rng.choice([-1, 1], 5) * np.exp(rng.normal(size=5)),
            "c": 0.01,
        },
        scope="five weights",
    )


def norm_by_layer() -> Derivation:
    def clipped(d: dict) -> list[Array]:
        return [shortened(g, d["c"]) for g in d["g"]]

    return Derivation(
        label="gradient_stability.9",
        lhs=r"\|\mathrm{clip}(g)\|",
        steps=(
            Step(
                value=lambda d: np.sqrt(sum(g @ g for g in clipped(d))),
                why="by layer, each of $n$ arrays is clipped by itself",
                latex=r"\Big(\sum_{i=1}^{n}\|\mathrm{clip}(g_i)\|^2"
                r"\Big)^{1/2}",
            ),
            Step(
                value=lambda d: ball(len(d["g"])).sqrt() * d["c"],
                why=r"each is at most $c$: the whole may be $\sqrt n$ times "
                "as long",
                latex=r"\sqrt n\,c",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "g": np.array([[0.01], [0.3], [1], [3]]) * rng.normal(size=(4, 3)),
            "c": rng.uniform(0.2, 3),
        },
        scope="four arrays of three weights",
    )


def relative_step() -> Derivation:
    def factor(d: dict) -> object:
        size = maximum(np.linalg.norm(d["w"]), d["eps"])[()]
        return least(1, d["c"] * size / np.linalg.norm(d["g"]))

    return Derivation(
        label="gradient_stability.10",
        lhs=r"\frac{\|\Delta w\|}{\|w\|}",
        steps=(
            Step(
                value=lambda d: (
                    np.linalg.norm(d["eta"] * factor(d) * d["g"])
                    / np.linalg.norm(d["w"])
                ),
                why="adaptive clipping: a step of plain gradient descent, at "
                r"the learning rate $\eta$, moves a "
                r"unit's weights $w$, where $\|w\|\ge\epsilon$, by",
                latex=r"\frac{\eta}{\|w\|}\,\Big\|g\,\min\Big(1,"
                r"\frac{c\,\max(\|w\|,\epsilon)}{\|g\|}\Big)\Big\|",
            ),
            Step(
                value=lambda d: (
                    d["eta"]
                    * least(
                        np.linalg.norm(d["g"]) / np.linalg.norm(d["w"]), d["c"]
                    )
                ),
                why="a positive factor comes out of the norm",
                latex=r"\eta\,\min\Big(\frac{\|g\|}{\|w\|},\,c\Big)",
            ),
            Step(
                value=lambda d: d["eta"] * d["c"],
                why="so no step changes a unit by more than this part of it",
                latex=r"\eta\,c",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "g": np.exp(2 * rng.normal()) * rng.normal(size=3),
            "w": rng.normal(size=3),
            "c": rng.uniform(0.01, 1),
            "eps": 1e-3,
            "eta": rng.uniform(0.01, 1),
        },
        scope="a unit of three weights",
    )


def clipping_bias() -> Derivation:
    q, m, c = sp.symbols("q m c", positive=True)
    return Derivation(
        label="gradient_stability.11",
        lhs=r"E[\mathrm{clip}(g)]",
        steps=(
            Step(
                value=q * c - (1 - q) * m,
                why="one weight whose gradient $g$ is large and positive with "
                "probability $q$, then clipped to $c$; usually it is $-m$, "
                "within the limit",
                latex=r"q\,c-(1-q)\,m",
            ),
            Step(
                value=q * (c + m) - m,
                why="collect $q$: the mean is negative wherever "
                r"$q<\frac{m}{c+m}$, however large the rare gradient was",
                latex=r"q\,(c+m)-m",
            ),
        ),
        draw=lambda rng: {
            "q": rng.uniform(0.01, 0.5),
            "m": rng.uniform(0.1, 1),
            "c": rng.uniform(1, 3),
        },
    )
