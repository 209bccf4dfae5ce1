"""Tools of the claims about training: gradients, sharpness, tuned rates."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from dlf.claims.training.cells import Training
from dlf.experiments import tuning
from dlf.experiments.cells import Cell
from dlf.stacked import datasets, nets, training
from dlf.stacked.datasets import Sets
from dlf.stacked.nets import Stack

OPTIMIZERS: dict[str, Any] = {
    "sgd": partial(training.sgd, momentum=0.0),
    "momentum": "sgd",
    "adam": "adam",
}
WIDTHS = {"M1": (40, 64, 64, 10), "D8": (64, 64, 64, 10)}
WIDTHS["FM"] = (784, 128, 128, 10)


def examples(cell: Training, seeds: Sequence[int]) -> Sets:
    """Load a cell's data, of which it may keep the first ``keep`` to train."""
    data = datasets.load(cell.data, tuple(seeds), cell.dtype)
    return replace(data, train=data.train[:, : cell.keep])


def net(cell: Training, seeds: Sequence[int], copies: int) -> nets.Mlp:
    """Make two hidden layers of the cell's activation."""
    return nets.Mlp(
        WIDTHS[cell.data],
        seeds,
        copies,
        cell.activation,
        dtype=getattr(torch, cell.dtype),
        gain=2**0.5,
    )


def total(model: Stack, data: Sets, rows: Tensor) -> Float[Tensor, " K"]:
    """Give each net's loss on the rows, as part of a graph."""
    x, y = training.take(model, data, rows)
    return training.losses(model(x), y)


def norm(parts: Sequence[Tensor]) -> Float[Tensor, " K"]:
    """Give each net's norm of what has one part a parameter."""
    return sum(p.square().flatten(1).sum(1) for p in parts).sqrt()


def gradient_norm(
    model: Stack, data: Sets, chunk: int = 2_000
) -> Float[Tensor, " K"]:
    """Give each net's norm of the gradient over all its training data."""
    params = list(model.parameters())
    N = data.train.shape[1]
    grads = [torch.zeros_like(p) for p in params]
    for rows in data.train.split(chunk, dim=1):
        value = total(model, data, rows).sum() * (rows.shape[1] / N)
        for g, part in zip(
            grads, torch.autograd.grad(value, params), strict=True
        ):
            g += part
    return norm(grads)


def sharpness(
    model: Stack, data: Sets, iterations: int = 50
) -> Float[Tensor, " K"]:
    """Give each net's largest curvature, by power iteration on all data."""
    params = list(model.parameters())
    generator = torch.Generator().manual_seed(0)
    way = [
        torch.randn(p.shape[1:], generator=generator, dtype=p.dtype)
        .expand_as(p)
        .clone()
        for p in params
    ]
    value = total(model, data, data.train).sum()
    grads = torch.autograd.grad(value, params, create_graph=True)
    for _ in range(iterations):
        length = norm(way)
        way = [v / training._like(length, v) for v in way]
        pushed = torch.autograd.grad(
            grads, params, grad_outputs=way, retain_graph=True
        )
        curvature = sum(
            (h * v).flatten(1).sum(1) for h, v in zip(pushed, way, strict=True)
        )
        way = list(pushed)
    return curvature.detach()


def best(
    train: Callable[..., dict],
    cell: Cell,
    arms: Sequence[str],
    grid: Sequence[float],
    count: int = 2,
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Choose the arms' rates together, on tuning seeds.

    Returns:
        Each arm's rate, and each arm's score at every rate tried.
    """
    tried = tuning.choose(train, cell, arms, grid, count)
    rates = {arm: max(of, key=of.get) for arm, of in tried.items()}
    scores = {
        arm: {f"{rate:g}": score for rate, score in of.items()}
        for arm, of in tried.items()
    }
    return rates, scores


def by_loss(out: dict[str, Any]) -> dict[str, Any]:
    """Let the choice go by the final training loss; failures lose."""
    loss = np.where(tuning.failed(out), np.inf, out["loss"])
    return out | {"score": -np.log(np.clip(loss, 1e-30, 1e30))}
