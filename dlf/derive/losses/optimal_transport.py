"""The one-dimensional Wasserstein distance, derived.

Source of (losses.13): Villani (2009), Optimal Transport, chapter 6.
"""

import itertools

import numpy as np

from dlf.derive.derivation import Derivation, Step


def wasserstein_1d() -> Derivation:
    def every_way(d: dict) -> float:
        ways = itertools.permutations(d["y"])
        return min(float(np.abs(d["x"] - way).mean()) for way in ways)

    def between(d: dict) -> float:
        """Earth that crosses a point is the difference of what lies left."""
        cuts = np.sort(np.concatenate([d["x"], d["y"]]))
        left = [
            abs((d["x"] <= c).mean() - (d["y"] <= c).mean()) for c in cuts[:-1]
        ]
        return float(np.array(left) @ np.diff(cuts))

    def in_order(d: dict) -> float:
        return float(np.abs(np.sort(d["x"]) - np.sort(d["y"])).mean())

    return Derivation(
        label="losses.13",
        lhs=r"W(x,y)",
        steps=(
            Step(
                value=every_way,
                why="the least mean distance over which N grains at x are "
                "carried to y, over all N! ways to pair them",
                latex=r"\min_\pi\,\frac1N\sum_i|x_i-y_{\pi(i)}|",
            ),
            Step(
                value=between,
                why="past each point u of the line must go at least the "
                "surplus on one side of it, the difference of the two "
                "distribution functions, and no more is needed",
                latex=r"\int\big|F_x(u)-F_y(u)\big|\,du",
            ),
            Step(
                value=in_order,
                why="pairing in sorted order, smallest with smallest, does "
                "exactly that",
                latex=r"\frac1N\sum_i|x_{(i)}-y_{(i)}|",
            ),
        ),
        draw=lambda rng: {
            "x": rng.normal(size=6),
            "y": rng.normal(1, 2, size=6),
        },
        scope="six grains",
    )
