"""Races to a training loss: designs of C12 (ReLU) and C14 (centring)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from dlf.claims.activations import rate_sweep as live
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import equivalent, larger, ratio
from dlf.experiments.tuning import of_classes
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net

HALF_DECADES = (0.001, 0.00316, 0.01, 0.0316, 0.1, 0.316, 1.0)
FIVE = HALF_DECADES[2:]

RACES = {
    "M1, 2 layers": Net(data="M1", depth=2, target=1.0, steps=1500, first=200),
    "M1, 4 layers": Net(data="M1", depth=4, target=1.0, steps=3000, first=200),
    "D8, 2 layers": Net(data="D8", depth=2, target=0.1, every=10, first=200),
}
SEVEN = (0.01, 0.0316, 0.1, 0.178, 0.316, 0.562, 1.0)


def timed(
    cell: Net, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Race until the target is met; of scored nets also time a step."""
    out = nets.race(cell, arm, settings, seeds, stop=cell.target)
    if "test" in out:
        cost = nets.cost(cell, arm, "relu")
        out["cost"] = cost * np.ones_like(out["steps"])
    return out


def faster(rival: str, by_time: bool) -> Callable[[dict], np.ndarray]:
    """Make the log ratio of the rival's steps, or seconds, to ReLU's."""

    def effect(arms: dict) -> np.ndarray:
        ours, theirs = arms["relu"], arms[rival]
        gain = np.log(theirs["steps"] / ours["steps"])
        if by_time:
            gain = gain + np.log(theirs["cost"] / ours["cost"])
        return gain

    return effect


C12 = Contrast(
    number="C12",
    title="ReLU speeds up training",
    sources=(
        Source("S2", "ReLU", "(Speeds up learning)"),
        Source("S0", "§3.3", "which speeds up training"),
        Source("S3", "§1", "accelerating training"),
    ),
    hypothesis=(
        "“Speeds up training”: at its own best learning rate ReLU takes fewer "
        "steps than sigmoid, and fewer than tanh, to a training loss of 1.0 on "
        "M1 with 2 and with 4 layers and of 0.1 on D8 with 2 layers."
    ),
    rule=(
        "R(ratio 0.8): the rival's steps are at least 1.25 times ReLU's, in "
        "three nets against two rivals: six cells, intervals widened together. "
        "Steps are read off the loss of 1,000 training examples every 20 steps "
        "(D8 10) and interpolated; a run that misses the target counts as the "
        "whole budget (1,500, 3,000 and 600 steps). Each rival has the same "
        "rates; the one with the fewest steps on three tuning seeds is run on "
        "10 fresh ones. Seconds (steps times the ratio of the two step times "
        "in processor time) are shown and not counted."
    ),
    literature=(
        "Krizhevsky et al. (2012): a four-layer CNN with ReLU reaches 25 % "
        "training error on CIFAR-10 six times faster than with tanh, and the "
        "size of the effect varies with the architecture; Glorot, Bordes and "
        "Bengio (2011)."
    ),
    expects=("mixed", "supported", "mostly supported"),
    cuts=(
        "No net of 8 layers, where no sigmoid reached the target, and no CNN "
        "on FM, where a linear model was better than every arm."
    ),
    replica=live.raced,
    here="Four fresh seeds, 400 steps, a target of 1.5.",
    cells=RACES,
    arms=("relu", "tanh", "sigmoid"),
    grid=SEVEN,
    train=timed,
    constant=of_classes,
    seeds=10,
    tuning=3,
    effects=tuple(
        Effect(
            f"{cell}, {unit} against {rival}",
            (cell,),
            faster(rival, unit == "seconds"),
            ratio(0.8),
            "ratio",
            counted=unit == "steps",
            words="speeds up training" if unit == "steps" else "",
        )
        for unit in ("steps", "seconds")
        for rival in ("sigmoid", "tanh")
        for cell in RACES
    ),
)

SHIFTED = ("tanh", "tanh + 1", "2σ − 1", "2σ")


def shifted_curve(arm: str) -> tuple[Callable, float]:
    """Give a curve of C14 and its gain: a shift leaves the derivative alone."""
    import torch

    return {
        "tanh": (torch.tanh, 5 / 3),
        "tanh + 1": (lambda x: torch.tanh(x) + 1, 5 / 3),
        "2σ − 1": (lambda x: 2 * torch.sigmoid(x) - 1, 10 / 3),
        "2σ": (lambda x: 2 * torch.sigmoid(x), 10 / 3),
    }[arm]


def shifted(
    cell: Net, arm: str, settings: list[float], seeds: list[int]
) -> dict:
    """Race with a curve that is centred, or the same one shifted up."""
    f, gain = shifted_curve(arm)
    net = nets.build(replace(cell, gain=gain), f, seeds, len(settings))
    return nets.race(cell, arm, settings, seeds, net=net)


def centred(what: str) -> Callable[[dict], np.ndarray]:
    """Make the gain of the centred curves over the shifted, both pairs."""

    def effect(arms: dict) -> np.ndarray:
        a, b, c, d = (arms[name][what] for name in SHIFTED)
        if what == "steps":
            return (np.log(b / a) + np.log(d / c)) / 2
        return (a - b + c - d) / 2

    return effect


def deep(data: str, depth: int, **rest: Any) -> Net:
    """Describe one race of C14."""
    target = {"M1": 1.0, "D8-200": 0.1}[data]
    return Net(data=data, depth=depth, target=target, **rest)


CENTRED_CELLS = {
    **{
        f"M1, SGD, {d} layer{'s' * (d > 1)}": deep("M1", d)
        for d in (1, 2, 4, 8)
    },
    **{
        f"M1, Adam, {d} layers": deep(
            "M1", d, optimizer="adam", grid=HALF_DECADES[:5]
        )
        for d in (2, 8)
    },
    **{f"D8-200, SGD, {d} layers": deep("D8-200", d, every=10) for d in (2, 8)},
}
CONTROL = "M1, SGD, 8 layers, batch norm"

C14 = Contrast(
    number="C14",
    title="Non-centred outputs slow learning",
    sources=(
        Source("S0", "§3.1", "not zero-centered … slower convergence"),
        Source("S0", "§3.2", "helps improve training efficiency"),
        Source("S2", "Sigmoid", "Not zero-centered"),
    ),
    hypothesis=(
        "A centred curve beats the same curve shifted up, so with the same "
        "slope and curvature: tanh against tanh + 1, and 2σ − 1 against 2σ, "
        "in steps to a training loss of 1.0 (M1) or 0.1 (D8-200) and in test "
        "accuracy."
    ),
    rule=(
        "The mean of the two pairs decides: R(ratio 0.8) on steps and R(1 "
        "point) on test accuracy, in each of eight nets: 16 cells, intervals "
        "widened together. Rates are chosen by fewest steps; the accuracy is "
        "that at the chosen rate after 600 steps (D8-200: 400). Control, not "
        "counted: with batch normalisation the effect on accuracy lies within "
        "±1 point."
    ),
    literature=(
        "LeCun et al. (1998), Efficient BackProp: mean activations near zero "
        "speed convergence; Clevert et al. (2016) argue the same for ELU."
    ),
    expects=("holds", "holds in part"),
    cuts=(
        "Adam and D8 at 2 and 8 layers only; D8 with 200 training images, "
        "since with 1,000 all arms saturate; the two pairs are averaged."
    ),
    here="Four fresh seeds, one of the nets, the recorded rates.",
    replica=lambda: C14.small(("M1, SGD, 4 layers",), seeds=4),
    cells=CENTRED_CELLS | {CONTROL: deep("M1", 8, norm=True)},
    arms=SHIFTED,
    grid=FIVE,
    train=shifted,
    constant=of_classes,
    effects=(
        *(
            Effect(f"{c}, steps", (c,), centred("steps"), ratio(0.8), "ratio")
            for c in CENTRED_CELLS
        ),
        *(
            Effect(f"{c}, accuracy", (c,), centred("test"), larger(0.01))
            for c in CENTRED_CELLS
        ),
        Effect(
            f"{CONTROL}, accuracy",
            (CONTROL,),
            centred("test"),
            equivalent(0.01),
            counted=False,
        ),
    ),
)
