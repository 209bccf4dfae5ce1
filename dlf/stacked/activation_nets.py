"""Train the nets that the claims about activations compare.

A cell says data, model and depth; an arm is an activation. Widths are 64, on
Fashion-MNIST 128 for two layers; 15 epochs of M1, 60 of D8, 10 of FM
(CNNs 5), unless the cell says otherwise.
"""

import math
import time
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell

STEPS = {"M1": 600, "D8": 600, "D8-200": 400, "FM": 1000}
INPUTS = {"M1": 40, "D8": 64, "D8-200": 64, "FM": 784}
WARM, ROUNDS = 5, 60


@dataclass(frozen=True, kw_only=True)
class Net(Cell):
    """Settings of a net, and of its training.

    Args:
        data: D8, D8-200, M1 or FM.
        depth: hidden layers; of a CNN, convolutions after the stem.
        model: ``mlp`` or ``cnn``.
        width: of hidden layers, if not the usual one.
        norm, residual, gain, bias: see `nets.Stack`.
        scale: of the initial weights, beside `unit_gain` (see `level`).
        steps: of training, if not the usual number.
        optimizer: see `training.fit`.
        every: steps between two looks at the loss, in a race.
        target: the loss that ends a race.
    """

    data: str
    depth: int
    model: str = "mlp"
    width: int | None = None
    norm: bool = False
    residual: bool = False
    gain: float | None = None
    bias: float = 0.0
    scale: float = 1.0
    steps: int | None = None
    optimizer: str = "sgd"
    every: int = 20
    target: float = 0.0


def build(cell: Net, activation: Any, seeds: list[int], copies: int) -> Any:
    """Make the nets of a cell, a copy for every setting.

    Args:
        cell: data, model, depth and what else a `Net` sets.
        activation: by name, or a function of tensors, as `nets.Stack` takes it.
        seeds: of the initial weights, one net each.
        copies: of every seed's net, one a setting.
    """
    import torch

    from dlf.stacked import convolutional_nets
    from dlf.stacked import nets as stacked_nets

    names = "norm", "residual", "gain", "bias"
    options = {name: getattr(cell, name) for name in names}
    options["dtype"] = getattr(torch, cell.dtype)
    depth, data = cell.depth, cell.data
    if cell.model == "cnn":
        options["pool"] = data == "FM"
        return convolutional_nets.Cnn(
            depth, seeds, copies, activation, **options
        )
    width = cell.width or (128 if data == "FM" and depth == 2 else 64)
    widths = [INPUTS[data], *[width] * depth, 10]
    return stacked_nets.Mlp(widths, seeds, copies, activation, **options)


def examples(cell: Net, seeds: list[int]) -> Any:
    """Load the data of a cell, as images for a CNN.

    Args:
        cell: its ``data``, ``model`` and ``dtype`` are read.
        seeds: one split of the data each.
    """
    from dlf.stacked import datasets

    data = datasets.load(cell.data, tuple(seeds), cell.dtype)
    if cell.model == "cnn" and data.x.ndim == 2:
        side = math.isqrt(data.x.shape[1])
        data = replace(data, x=data.x.view(-1, 1, side, side))
    return data


def trained(
    cell: Net,
    arm: str,
    settings: list[float],
    seeds: list[int],
    *,
    net: Any = None,
    data: Any = None,
    **how: Any,
) -> Any:
    """Train one net for every rate and seed; give a `training.Trained`.

    Args:
        cell: data, model, depth and what else `build` reads.
        arm: an activation, by name.
        settings: learning rates.
        seeds: of data, weights and batches.
        net: to be trained instead of the one that cell and arm say.
        data: to be used instead of the cell's.
        how: passed on to `training.fit`.
    """
    from dlf.stacked import training

    net = net or build(cell, arm, seeds, len(settings))
    data = data or examples(cell, seeds)
    results = training.fit(
        net,
        data,
        settings,
        steps=cell.steps or STEPS[cell.data],
        optimizer=cell.optimizer,
        **how,
    )
    return training.Trained(net, data, results)


def train(
    cell: Net,
    arm: str,
    settings: list[float],
    seeds: list[int],
    **how: Any,
) -> dict[str, Any]:
    """Train as `trained` does; give the results alone.

    Args:
        cell: see `trained`.
        arm: an activation, by name.
        settings: learning rates.
        seeds: of data, weights and batches.
        how: passed on to `trained`.
    """
    return trained(cell, arm, settings, seeds, **how).results


def race(
    cell: Net,
    arm: str,
    settings: list[float],
    seeds: list[int],
    **how: Any,
) -> dict[str, Any]:
    """Train, and count the steps to the cell's target loss; fewest win.

    Args:
        cell: its ``target`` loss ends a race; the loss is read ``every`` so
            many steps.
        arm: an activation, by name.
        settings: learning rates.
        seeds: of data, weights and batches.
        how: passed on to `trained`.
    """
    every = cell.every
    out = train(cell, arm, settings, seeds, every=every, **how)
    curve = out.pop("curve")
    out["steps"] = crossing(curve, every, cell.target)
    missed = out["steps"] >= every * (curve.shape[-1] - 1)
    last = np.nan_to_num(curve[..., -1], nan=1e6, posinf=1e6)
    out["score"] = -np.log(out["steps"]) - missed * np.minimum(last, 1e6)
    return out


def timed_race(
    cell: Net, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Race, and for scored seeds give the cost of a step beside ReLU's.

    Args:
        cell: as for `race`.
        arm: an activation, by name.
        settings: learning rates.
        seeds: of data, weights and batches.
    """
    out = race(cell, arm, settings, seeds)
    if "test" in out:
        ones = np.ones_like(out["steps"])
        out["cost"] = ones * cost(cell, arm, "relu")
    return out


def crossing(curve: np.ndarray, every: int, target: float) -> np.ndarray:
    """Interpolate when each curve first reaches the target; else its end.

    Args:
        curve: training losses, looks on the last axis, the first at step 0.
        every: steps between two looks.
        target: the loss to be reached.

    >>> crossing(np.array([[3.0, 2.0, 1.0], [3.0, 3.0, 2.9]]), 10, 1.5)
    array([15., 20.])
    """
    curve = np.nan_to_num(curve, nan=np.inf)
    below = curve <= target
    first = np.where(below.any(-1), below.argmax(-1), curve.shape[-1] - 1)
    at = np.maximum(first, 1)[..., None]
    a = np.take_along_axis(curve, at - 1, -1)[..., 0]
    b = np.take_along_axis(curve, at, -1)[..., 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.clip((a - target) / (a - b), 0, 1)
    reached = below.any(-1) & np.isfinite(a)
    step = np.where(reached, first - 1 + part, first)
    return np.maximum(step, 1 / every) * every


def cost(cell: Net, arm: str, against: str) -> float:
    """Time a training step of one arm as a multiple of another's.

    Five nets side by side, one thread, the thread's own time (others may use
    the machine); the two take turns, 60 rounds after warm-up; ratio of medians.

    Args:
        cell: says the net and the data.
        arm: the activation that is timed.
        against: the activation whose time counts as 1.
    """
    import torch

    from dlf.stacked import training

    seeds = list(range(5))
    data = examples(cell, seeds)
    x, y = (pool[data.train[:, :100]] for pool in (data.x, data.y))
    nets = [build(cell, name, seeds, 1) for name in (arm, against)]
    spent: list[list[float]] = [[], []]
    for _ in range(WARM + ROUNDS):
        for net, times in zip(nets, spent, strict=True):
            params = list(net.parameters())
            update = training.sgd(params, torch.full((len(seeds),), 1e-9))
            start = time.thread_time()
            loss = training.losses(net(x), y).sum()
            update(torch.autograd.grad(loss, params))
            times.append(time.thread_time() - start)
    ours, theirs = (np.median(times[WARM:]) for times in spent)
    return float(ours / theirs)


@cache
def unit_gain(arm: str) -> float:
    """Give the gain that keeps the variance of N(0, 1) pre-activations.

        gain = E[f(z)²]^(-1/2)  for z ~ N(0, 1)

    It is √2 for ReLU, 1.59 for tanh, 1.68 for Swish, 1 for SELU.

    Args:
        arm: an activation, by name; ``prelu`` counts as it starts.
    """
    import torch
    import torch.nn.functional as F

    from dlf.stacked import nets as stacked_nets

    z = torch.linspace(-10, 10, 20_001, dtype=torch.float64)
    weight = torch.exp(-z.square() / 2) / math.sqrt(2 * math.pi)
    learned = arm == "prelu"  # starts as a leaky ReLU of slope 0.25
    bent = (
        F.leaky_relu(z, 0.25)
        if learned
        else stacked_nets.activation_function(arm)(z)
    )
    moment = torch.trapezoid(weight * bent.square(), z)
    return round(float(moment.rsqrt()), 4)


def level(
    cell: Net,
    arm: str,
    settings: list[float],
    seeds: list[int],
    **how: Any,
) -> dict[str, Any]:
    """Train from weights that keep each activation's variance.

    Args:
        cell: its ``scale`` multiplies the gain.
        arm: an activation, by name.
        settings: learning rates.
        seeds: of data, weights and batches.
        how: passed on to `train`.
    """
    cell = replace(cell, gain=cell.scale * unit_gain(arm))
    return train(cell, arm, settings, seeds, **how)
