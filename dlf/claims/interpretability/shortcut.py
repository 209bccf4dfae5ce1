"""A shortcut planted in images, and whether maps show it: measures of C124.

Label 1 is a digit of 5 to 9. A shortcut lights up where the label is 1, in a
share of the images that is the reliance; in the others it lights up at random.
It is one pixel in a corner, or a faint texture on one of the four lattices of
every other pixel. The net *relies* on it if randomising it in the test images
costs three points of accuracy or more. A map *shows* it if of the map's |S|
strongest pixels, averaged over test images, half or more belong to the
shortcut's |S| pixels: the first pixel of all, or half of the lattice.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell

METHODS = ("gradient", "gradient x input", "occlusion")
RELIANCE = (0.0, 0.5, 0.9, 1.0)
PLACES, LOSS = 4, 0.03
HEIGHT = {"pixel": 1.0, "texture": 0.15}
SIDES = {"D8": 8, "G28": 28}


@dataclass(frozen=True, kw_only=True)
class Shortcut(Cell):
    """Images, the kind of shortcut planted in them, and steps of training."""

    data: str
    kind: str
    steps: int


def pixels(kind: str, place: int, side: int) -> np.ndarray:
    """Say which pixels the shortcut has: a corner, or a lattice."""
    grid = np.zeros((side, side), bool)
    down, across = divmod(place, 2)
    if kind == "pixel":
        grid[-down, -across] = True
    else:
        grid[down::2, across::2] = True
    return grid.ravel()


def images(data: str, seed: int) -> tuple[np.ndarray, ...]:
    """Load digits, flat, and whether each is 5 or more: train, then test."""
    from dlf.data import digits, glyphs

    if data == "D8":
        d = digits.load(seed=seed)
    else:
        d = glyphs.load(train=2_000, validation=0, test=500, seed=seed)
    out = [a for part in (d.train, d.test) for a in (part.flat(), part.y >= 5)]
    return tuple(out)


def plant(
    x: np.ndarray,
    lit: np.ndarray,
    where: np.ndarray,
    height: float,
) -> np.ndarray:
    """Add the shortcut to the images in which it is lit."""
    return np.clip(x + height * lit[:, None] * where, 0, 1)


def lights(
    y: np.ndarray, reliance: float, rng: np.random.Generator
) -> np.ndarray:
    """Light it by the label in some of the images, else at random."""
    told = rng.random(len(y)) < reliance
    return np.where(told, y, rng.random(len(y)) < 0.5)


def measure(cell: Shortcut, seeds: list[int]) -> dict[str, Any]:
    """Train a net for every place and seed; say what relies and what shows.

    Returns:
        Arrays seed, place, reliance: ``drop``, and one a method, 1 where its
        map shows the shortcut; likewise of the nets before training.
    """
    import torch

    from dlf.stacked import nets

    side = SIDES[cell.data]
    dtype = getattr(torch, cell.dtype)
    shape = len(seeds), PLACES, len(RELIANCE)
    planted = [
        _planted(cell, seed, place, reliance)
        for seed in seeds
        for place in range(PLACES)
        for reliance in RELIANCE
    ]
    x, told, blank, y, wanted, where = map(np.stack, zip(*planted, strict=True))
    x, told, blank = (torch.tensor(v, dtype=dtype) for v in (x, told, blank))
    y, wanted = map(torch.tensor, (y, wanted))
    names = [s * 100 + p for s in seeds for p in range(PLACES)]
    names = [n for n in names for _ in RELIANCE]  # one start for a reliance
    net = nets.Mlp([side * side, 64, 2], names, 1, "relu", dtype=dtype)
    before = {n: shows(m, where) for n, m in maps(net, told, wanted).items()}
    _train(net, x, y, cell.steps)
    with torch.no_grad():
        drop = _hits(net, told, wanted) - _hits(net, blank, wanted)
    after = {n: shows(m, where) for n, m in maps(net, told, wanted).items()}
    out = {"drop": drop.reshape(shape)}
    out |= {n: v.reshape(shape) for n, v in after.items()}
    return out | {
        f"{n}, untrained": v.reshape(shape) for n, v in before.items()
    }


def _planted(cell: Shortcut, seed: int, place: int, reliance: float) -> tuple:
    """Plant one shortcut: training and test images, and images without it."""
    x, y, test, wanted = images(cell.data, seed)
    rng = np.random.default_rng([seed, place])  # one draw for a reliance
    where = pixels(cell.kind, place, SIDES[cell.data])
    height = HEIGHT[cell.kind]
    lit = lights(y, reliance, rng), lights(wanted, reliance, rng)
    chance = rng.random(len(test)) < 0.5
    told, blank = (plant(test, v, where, height) for v in (lit[1], chance))
    y, wanted = y.astype(np.int64), wanted.astype(np.int64)
    return plant(x, lit[0], where, height), told, blank, y, wanted, where


def _train(net: Any, x: Any, y: Any, steps: int) -> None:
    """Train all nets side by side by Adam, each on its own images."""
    import torch

    from dlf.stacked import training

    params = list(net.parameters())
    update = training.adam(params, torch.full((net.K,), 3e-3, dtype=net.dtype))
    rng = np.random.default_rng(0)
    for _ in range(steps):
        rows = torch.tensor(rng.integers(x.shape[1], size=100))
        loss = training.losses(net(x[:, rows]), y[:, rows]).sum()
        update(torch.autograd.grad(loss, params))


def _hits(net: Any, x: Any, y: Any) -> np.ndarray:
    """Give each net's accuracy."""
    return (net(x).argmax(-1) == y).double().mean(1).numpy()


def maps(net: Any, x: Any, y: Any, items: int = 200) -> dict[str, np.ndarray]:
    """Average the size of each method's map over test images: net, pixel.

    All explain the logit of the true class less the other; occlusion puts 0
    in the place of one pixel.
    """
    import torch

    x, sign = x[:, :items].clone().requires_grad_(), 2 * y[:, :items] - 1

    def margin(v: Any) -> Any:
        logits = net(v)
        return (logits[..., 1] - logits[..., 0]) * sign

    m = margin(x)
    (slope,) = torch.autograd.grad(m.sum(), x)
    found = {"gradient": slope, "gradient x input": slope * x}
    found = {n: v.detach().abs().mean(1) for n, v in found.items()}
    with torch.no_grad():
        z = torch.baddbmm(net.biases[0], x, net.weights[0])
        columns = []
        for d in range(
            x.shape[-1]
        ):  # one pixel's share of every pre-activation
            less = z - x[..., d, None] * net.weights[0][:, None, d]
            out = torch.baddbmm(net.biases[1], net.f(less), net.weights[1])
            moved = m - (out[..., 1] - out[..., 0]) * sign
            columns.append(moved.abs().mean(1))
        found["occlusion"] = torch.stack(columns, dim=1)
    return {n: v.double().numpy() for n, v in found.items()}


def shows(maps: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Say of each map whether half of its strongest pixels are the shortcut's.

    >>> shows(np.array([[3.0, 1.0, 2.0]]), np.array([[True, False, False]]))
    array([1.])
    """
    size = where.sum(axis=1)
    order = np.argsort(-maps, axis=1, kind="stable")
    hits = np.take_along_axis(where, order, axis=1).cumsum(axis=1)
    return (2 * hits[np.arange(len(maps)), size - 1] >= size).astype(float)
