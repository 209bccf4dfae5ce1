"""The row of the losses: its derivations, gathered, and its errata.

Source of (losses.13): Villani (2009), Optimal Transport, chapter 6.
"""

import itertools

import numpy as np

from dlf.derive.core import Derivation, Step
from dlf.derive.losses_answers import (
    cross_entropy_gradient,
    entropy_and_divergence,
    likelihood,
    yes_or_no,
)
from dlf.derive.losses_errata import E18, E19, E20, E21, E22, E23
from dlf.derive.losses_numbers import (
    gaussian_surprise,
    huber_forgives,
    laplace_surprise,
    log_cosh_is_a_surprise,
    quantile_slope,
)

__all__ = [
    "E18",
    "E19",
    "E20",
    "E21",
    "E22",
    "E23",
    "cross_entropy_gradient",
    "earth_moved",
    "entropy_and_divergence",
    "gaussian_surprise",
    "huber_forgives",
    "laplace_surprise",
    "likelihood",
    "log_cosh_is_a_surprise",
    "quantile_slope",
    "yes_or_no",
]


def earth_moved() -> Derivation:
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
        "losses.13",
        r"W(x,y)",
        (
            Step(
                every_way,
                "the least work of carrying N grains from x to y, over all "
                "N! ways to pair them",
                r"\min_\pi\,\frac1N\sum_i|x_i-y_{\pi(i)}|",
            ),
            Step(
                between,
                "whatever the way, over each point of the line must be "
                "carried what lies too much to one side of it, and that is "
                "enough",
                r"\int\big|F_x(u)-F_y(u)\big|\,du",
            ),
            Step(
                in_order,
                "which the smallest to the smallest achieves, and so on up",
                r"\frac1N\sum_i|x_{(i)}-y_{(i)}|",
            ),
        ),
        lambda rng: {"x": rng.normal(size=6), "y": rng.normal(1, 2, size=6)},
        "six grains",
    )
