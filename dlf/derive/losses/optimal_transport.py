"""The one-dimensional Wasserstein distance, derived.

Source of (losses.13): Villani (2009), Optimal Transport, chapter 6.
"""

import itertools

import numpy as np

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import smallest

N = 6  # grains


def wasserstein_1d() -> Derivation:
    ways = np.array(list(itertools.permutations(range(N))))

    def every_way(d: dict) -> object:
        distance = np.abs(np.subtract.outer(d["x"], d["y"]))
        return smallest(distance[np.arange(N), ways].sum(axis=1)) / N

    def between(d: dict) -> object:
        """Earth that crosses a point is the difference of what lies left."""
        cuts = np.sort(np.concatenate([d["x"], d["y"]]))
        surplus = [
            abs(int((d["x"] <= c).sum()) - int((d["y"] <= c).sum()))
            for c in cuts[:-1]
        ]
        return np.array(surplus) @ np.diff(cuts) / N

    def in_order(d: dict) -> object:
        return np.abs(np.sort(d["x"]) - np.sort(d["y"])).mean()

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
            "x": rng.normal(size=N),
            "y": rng.normal(1, 2, size=N),
        },
        scope="six grains",
    )
