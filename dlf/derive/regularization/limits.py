"""Max-norm: the shortened row is the nearest within the limit.

Source: Srivastava et al. (2014), 5.1, for the constraint; the projection onto a
ball is that of every textbook on convex optimization.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step


def nearest_within() -> Derivation:
    def length(x: object) -> object:
        return np.sqrt((x * x).sum())

    def draw(rng: np.random.Generator) -> dict:
        u, v = rng.normal(size=(2, 4))
        return {
            "c": 1.0,
            "u": u / np.linalg.norm(u) * rng.uniform(0.1, 0.99),
            "w": v / np.linalg.norm(v) * rng.uniform(1.1, 5),
        }

    return Derivation(
        label="regularization.8",
        lhs=r"\lVert w-u\rVert",
        steps=(
            Step(
                value=lambda d: length(d["w"] - d["u"]),
                why="the distance of a row $w$, longer than $c$, from any row "
                r"$u$ with $\lVert u\rVert\le c$",
                latex=r"\lVert w-u\rVert",
            ),
            Step(
                value=lambda d: length(d["w"]) - length(d["u"]),
                why="the triangle inequality",
                latex=r"\lVert w\rVert-\lVert u\rVert",
                relation=r"\ge",
            ),
            Step(
                value=lambda d: length(d["w"]) - d["c"],
                why="$u$ is within the limit",
                latex=r"\lVert w\rVert-c",
                relation=r"\ge",
            ),
            Step(
                value=lambda d: length(
                    d["w"] - d["c"] / length(d["w"]) * d["w"]
                ),
                why="so the shortened row is the nearest one",
                latex=r"\Big\lVert w-\frac{c}{\lVert w\rVert}\,w\Big\rVert",
            ),
        ),
        draw=draw,
    )
