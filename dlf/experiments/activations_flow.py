"""How gradients flow: designs of C17 (depth 30) and C22 (mediation).

The flow of a net is |δ1| / |δL|: the norm of the loss's gradient with respect
to the first hidden layer's pre-activations, over that of the last.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlf.experiments import activations_training as nets
from dlf.experiments.activations_contests import LOW_FIVE
from dlf.experiments.core import (
    FAILS,
    HOLDS,
    OPEN,
    Effect,
    Outcome,
    assemble,
)
from dlf.experiments.statistics import (
    REFUTED,
    SUPPORTED,
    UNDECIDED,
    estimate,
    family,
    kendall,
    larger,
)


def deltas(net: Any, data: Any, count: int) -> Any:
    """Give |δ| of every hidden layer: K nets by L layers."""
    import torch

    from dlf.experiments import training

    x, y = training.take(net, data, data.train[:, :count])
    before: list[Any] = []
    loss = training.losses(net(x, before=before), y).sum()
    grads = torch.autograd.grad(loss, before)
    return torch.stack([g.flatten(1).norm(dim=1) for g in grads], dim=1)


def flow(net: Any, data: Any, count: int = 500) -> np.ndarray:
    """Give log10 |δ1| / |δL| of each net, on some training examples."""
    d = deltas(net, data, count)
    return (d[:, 0] / d[:, -1]).log10().double().numpy()


# C17: does the exponential make gradients vanish?


def curves() -> dict[str, tuple[Callable, float]]:
    """Give the curves of C17 with their gains.

    Gains are torch's where it has one (sigmoid 1, hard sigmoid likewise),
    else those that keep the variance.
    """
    import torch
    import torch.nn.functional as F

    def soft(x: torch.Tensor) -> torch.Tensor:
        return F.softplus(x) - math.log(2)

    named = {
        arm: nets.unit_gain(arm) for arm in ("relu", "tanh", "elu", "gelu")
    }
    return {
        **{
            arm: (getattr(torch, arm, None) or getattr(F, arm), g)
            for arm, g in named.items()
        },
        "sigmoid": (torch.sigmoid, 1.0),
        "hard sigmoid": (lambda x: (x / 4 + 0.5).clamp(0, 1), 1.0),
        "centred softplus": (soft, 1.8756),
    }


def depths(cell: dict, seeds: list[int]) -> dict[str, Any]:
    """Measure the flow through 30 layers of 128 before training."""
    cell = cell | {"data": "M1", "width": 128, "dtype": "float64"}
    data = nets.examples(cell, seeds)
    found = {}
    for arm, (f, gain) in curves().items():
        net = nets.build(cell | {"gain": gain}, f, seeds, 1)
        found[arm] = flow(net, data, 100)
    return found | {"data": data.describe()}


PARTS = (
    ("(a) ReLU keeps it", "relu", True),
    ("(a) sigmoid loses it", "sigmoid", False),
    ("(b) hard sigmoid, no exponential, keeps it", "hard sigmoid", True),
    ("(b) ELU, exponential, loses it", "elu", False),
    ("(b) GELU, exponential, loses it", "gelu", False),
    ("(b) centred softplus, exponential, loses it", "centred softplus", False),
    ("tanh, exponential, loses it", "tanh", False),
)


def vanished(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge: kept lies in [0.1, 10], lost below 1e-6."""
    [arms] = view.values()
    level = family(len(PARTS) - 1)
    found = []
    for cell, arm, keeps in PARTS:
        e = estimate(arms[arm], level)
        inside = e.low >= -1 and e.high <= 1
        outside = e.high < -1 or e.low > 1
        holds = inside if keeps else e.high < -6
        fails = outside if keeps else e.low >= -6
        word = SUPPORTED if holds else REFUTED if fails else UNDECIDED
        counted = arm != "tanh"
        found.append(Outcome(cell, word, e, "(log10)", counted=counted))
    return tuple(found)


VANISHING = {
    "cells": {"depth 30": {"depth": 30}},
    "measure": depths,
    "judge": vanished,
}

# C22: do modern activations win because of flow?

MODERN = ("swish", "gelu", "mish")
OLDER = ("tanh", "relu", "leaky_relu", "elu")
EPOCHS = {"M1": 200, "D8-200": 10, "FM": 500}  # steps of five


def grounds() -> dict[str, dict]:
    """Name the nets of C22: data, depth, and how they start."""
    cells = {}
    for data, depths in (
        ("M1", (2, 8, 16)),
        ("D8-200", (2, 8, 16)),
        ("FM", (2, 16)),
    ):
        fewer = {"seeds": 5, "steps": 500} if data == "FM" else {}
        starts = ("", "equal", 0.7, 1.4) if data == "M1" else ("", "equal")
        for depth in depths:
            for start in starts:
                cell = {"data": data, "depth": depth, "tuning": 1} | fewer
                if start == "equal":
                    cell["equal"] = True
                elif start:
                    cell["scale"] = start
                cells[name(data, depth, start)] = cell
    return cells


def name(data: str, depth: int, start: object = "") -> str:
    """Name a net of C22."""
    return f"{data}, {depth} layers{start and f', {start}'}"


def mediated(
    cell: dict, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train; give the flow before, and after five epochs."""
    gain = cell.get("scale", 1.0) * nets.unit_gain(arm)
    net = nets.build(cell | {"gain": gain}, arm, seeds, len(settings))
    data = nets.examples(cell, seeds)
    if cell.get("equal"):
        equalise(net, data)
    every = EPOCHS[cell["data"]]
    flows = {}

    def watch(step: int, net: Any) -> None:
        if step in (0, every):
            flows[step] = flow(net, data)

    out = nets.train(
        cell, arm, settings, seeds, net=net, data=data, every=every, watch=watch
    )
    del out["curve"]
    shape = len(settings), len(seeds)
    out["flow"], out["flow_later"] = (
        flows[step].reshape(shape) for step in (0, every)
    )
    return out


def equalise(net: Any, data: Any, sweeps: int = 100) -> None:
    """Rescale hidden weights until |δ| is the same in every layer.

    Small steps: with the whole factor at once some nets end in a cycle.
    """
    import torch

    for _ in range(sweeps):
        d = deltas(net, data, 100)
        factors = (d[:, 1:] / d[:, :-1]).pow(0.1).clamp(0.5, 2.0)
        with torch.no_grad():
            for w, f in zip(list(net.weights)[1:-1], factors.T, strict=True):
                w.mul_(f.view(-1, 1, 1))


def gap(arms: dict) -> np.ndarray:
    """Give the modern mean less the older mean of test accuracy."""
    modern, older = (
        sum(arms[a]["test"] for a in group) / len(group)
        for group in (MODERN, OLDER)
    )
    return modern - older


def agreement(*cells: dict) -> np.ndarray:
    """Give -τ of |log flow| and accuracy, over activations and nets."""
    flows, scores = (
        np.stack([point(arms[a], of) for arms in cells for a in MODERN + OLDER])
        for of in ("flow", "test")
    )
    flows = np.nan_to_num(np.abs(flows), nan=99.0)
    return np.array(
        [-kendall(f, s) for f, s in zip(flows.T, scores.T, strict=True)]
    )


def point(arm: dict, of: str) -> np.ndarray:
    """Give one value a seed."""
    return arm[of] if arm[of].ndim == 1 else arm[of].mean(1)


def removed(*cells: dict) -> np.ndarray:
    """Give half the gap less the gap with flows equalised, over depths."""
    half = len(cells) // 2
    pairs = zip(cells[:half], cells[half:], strict=True)
    return sum(gap(plain) / 2 - gap(equal) for plain, equal in pairs) / half


GROUNDS = grounds()
DATA = {
    data: tuple(c for c, cell in GROUNDS.items() if cell["data"] == data)
    for data in EPOCHS
}


def whole(data: str, *, equal: bool) -> tuple[str, ...]:
    """List a data set's nets with the usual, or the equalised, start."""
    return tuple(
        c
        for c in DATA[data]
        if "scale" not in GROUNDS[c] and ("equal" in GROUNDS[c]) == equal
    )


def because(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    """Without the effect (a) there is nothing to explain."""
    verdict, reason = assemble(outcomes)
    effect = [o.verdict for o in outcomes if o.counted and "(a)" in o.cell]
    if SUPPORTED in effect or verdict == HOLDS:
        return verdict, reason
    lost = 2 * effect.count(REFUTED) >= len(effect)
    return (FAILS if lost else OPEN), f"{reason}; (a) nowhere supported"


MEDIATION = {
    "cells": GROUNDS,
    "arms": MODERN + OLDER,
    "grid": LOW_FIVE,
    "train": mediated,
    "conclude": because,
    "effects": (
        *(
            Effect(f"(a) {c}", (c,), gap, larger(0.01))
            for data in DATA
            for c in whole(data, equal=False)
        ),
        *(
            Effect(
                f"(b) {data}: −τ of |log flow| and accuracy",
                tuple(c for c in DATA[data] if "equal" not in GROUNDS[c]),
                agreement,
                larger(0.4),
                "",
            )
            for data in DATA
        ),
        *(
            Effect(
                f"(c) {data}: half the gap less the equalised gap",
                whole(data, equal=False) + whole(data, equal=True),
                removed,
                larger(0.0),
            )
            for data in DATA
        ),
        *(
            Effect(
                f"{c}: −τ over activations alone",
                (c,),
                agreement,
                larger(0.4),
                "",
                counted=False,
            )
            for data in DATA
            for c in whole(data, equal=False)
        ),
    ),
}
