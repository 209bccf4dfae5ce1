"""Trained nets squeezed to low rank, and what rank says of the gap (C1).

    W -> U_r S_r V_r^T                     the singular value decomposition
    W -> W where |w| is among the largest  magnitude pruning
    W -> W V V^T                           a random r-dimensional subspace
    W -> (W C^1/2)_r C^-1/2                weighted by the inputs, C = E[x x^T]

A net keeps r (m + n) numbers of a matrix where those are fewer than its m n;
a pruned matrix keeps as many, half of them values and half their indices.
Source: Eckart & Young (1936); Mirsky (1960), theorem 2.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dlf.experiments.tuning import at_chance, failed
from dlf.stacked import datasets, nets, training
from dlf.stacked.training import Trained

RANKS = (1, 2, 4, 8, 16, 32, 64, 128)
DECAYS, NOISES = (0.0, 1e-3), (0.0, 0.2)
RATES = (0.003, 0.01, 0.03, 0.1, 0.3)
STEPS, WIDTH, FRACTION = 1_000, 128, 0.5
ARMS = ("svd", "pruned", "pruned, no indices", "random", "weighted")


def trained(
    cell: Any,
    rates: list[float],
    seeds: list[int],
    decays: list[float] | None = None,
    noise: float = 0.0,
) -> Trained:
    """Train two hidden layers of ReLU, every rate and seed side by side.

    Args:
        cell: says the data and their number format.
        rates: learning rates.
        seeds: of data, weights and batches.
        decays: weight decay of each rate; none if None.
        noise: fraction of the training labels that are drawn at random.
    """
    data = datasets.load(cell.data, tuple(seeds), cell.dtype)
    data = relabelled(data, noise, seeds) if noise else data
    net = nets.Mlp(
        [data.x[0].numel(), WIDTH, WIDTH, 10],
        seeds,
        len(rates),
        "relu",
        dtype=getattr(torch, cell.dtype),
    )
    strength = torch.tensor(decays or [0.0] * len(rates), dtype=net.dtype)
    strength = strength.repeat_interleave(len(seeds))

    def penalty(model: nets.Stack, _: list[Tensor]) -> Tensor:
        each = [w.square().flatten(1).sum(1) for w in model.weights]
        return strength / 2 * torch.stack(each).sum(0)

    steps = cell.steps or STEPS
    out = training.fit(
        net, data, rates, steps=steps, penalty=penalty if decays else None
    )
    return Trained(net, data, out)


def relabelled(
    data: datasets.Sets, noise: float, seeds: list[int]
) -> datasets.Sets:
    """Draw the labels of a fraction of each seed's training data anew."""
    y = data.y.clone()
    for seed, rows in zip(seeds, data.train, strict=True):
        rng = np.random.default_rng([1, seed])
        hit = rows[torch.tensor(rng.random(len(rows)) < noise)]
        y[hit] = torch.tensor(rng.integers(10, size=len(hit)), dtype=y.dtype)
    return replace(data, y=y)


def tried(cell: Any) -> dict[float, float]:
    """Give the validation accuracy of each rate on the tuning seeds."""
    seeds = list(range(10, 13))
    out = trained(cell, list(RATES), seeds).results
    means = out["val"].mean(axis=1)
    return dict(zip(RATES, map(float, means), strict=True))


def stored(shapes: list[tuple[int, int]], r: int) -> int:
    """Count the numbers of all matrices, factored where that saves.

    >>> stored([(64, 128)], 8), stored([(64, 128)], 60)
    (1536, 8192)
    """
    return sum(min(r * (m + n), m * n) for m, n in shapes)


def half_rank(shapes: list[tuple[int, int]], fraction: float = FRACTION) -> int:
    """Give the largest rank that keeps no more than a fraction of the numbers.

    >>> half_rank([(64, 128), (128, 128), (128, 10)])
    26
    """
    room = fraction * sum(m * n for m, n in shapes)
    return max(r for r in range(1, WIDTH + 1) if stored(shapes, r) <= room)


def squeezed(w: Tensor, r: int, arm: str, x: Tensor, seed: int) -> Tensor:
    """Bring the matrices of K nets, inputs by outputs, to rank r.

    Args:
        w: matrices of shape K I O.
        r: rank to keep; a matrix that this would not shrink stays whole.
        arm: one of `ARMS`.
        x: the layer's inputs on training examples, K N I, for ``weighted``.
        seed: of the random subspace.
    """
    _, m, n = w.shape
    if r * (m + n) >= m * n:
        return w
    if arm == "random":
        generator = torch.Generator().manual_seed(seed)
        draw = torch.randn(m, r, generator=generator, dtype=torch.float64)
        v = torch.linalg.qr(draw)[0].to(w.dtype)
        return v @ (v.T @ w)
    if arm.startswith("pruned"):
        return pruned(w, r * (m + n) // (1 if "no indices" in arm else 2))
    if arm == "svd":
        return truncated(w, r)
    c = x.mT @ x / x.shape[1]
    spread, q = torch.linalg.eigh(c)
    floor = 1e-6 * spread[:, -1:]
    root = spread.clamp(min=floor).sqrt()
    half = (q * root[:, None]) @ q.mT
    back = (q / root[:, None]) @ q.mT
    return back @ truncated(half @ w, r)


def pruned(w: Tensor, count: int) -> Tensor:
    """Keep the weights of largest magnitude of each matrix, so many.

    >>> pruned(torch.tensor([[[1.0, -3.0], [2.0, 0.5]]]), 2).tolist()
    [[[0.0, -3.0], [2.0, 0.0]]]
    """
    least = w.abs().flatten(1).topk(count, dim=1).values[:, -1]
    return w * (w.abs() >= least[:, None, None])


def truncated(w: Tensor, r: int) -> Tensor:
    """Keep the r largest singular values of each matrix."""
    u, s, vt = torch.linalg.svd(w, full_matrices=False)
    return (u[..., :r] * s[..., None, :r]) @ vt[..., :r, :]


@torch.no_grad()
def right(
    net: nets.Stack, data: datasets.Sets, r: int | None, arm: str = ""
) -> Tensor:
    """Say which test examples are right after squeezing, and undo it."""
    kept = [w.detach().clone() for w in net.weights]
    if r is not None:
        inputs: list[Tensor] = []
        x, _ = training.take(net, data, data.train)
        net(x, after=inputs)
        for i, (w, a) in enumerate(
            zip(net.weights, [x.flatten(2), *inputs], strict=True)
        ):
            w.copy_(squeezed(w, r, arm, a, 7_000 + 10 * net.seeds[0] + i))
    _, got = training.evaluate(net, data, data.test)
    for w, old in zip(net.weights, kept, strict=True):
        w.copy_(old)
    return got


def squeeze(cell: Any, seeds: list[int]) -> dict:
    """Train, then test at the rank of half the numbers and over all ranks."""
    trials = {} if cell.rate else tried(cell)
    rate = cell.rate or max(trials, key=trials.__getitem__)
    net, data, out = trained(cell, [rate], seeds)
    shapes = [tuple(w.shape[1:]) for w in net.weights]
    half, lost = half_rank(shapes), failed(out)[0]

    def scored(got: Tensor) -> np.ndarray | dict:
        few = got.shape[1] < training.SMALL
        values = got.numpy() if few else got.double().mean(1).numpy()
        return at_chance(values, lost, 0.1)

    scores = {"full": scored(right(net, data, None))}
    for arm in ARMS:
        scores[arm] = scored(right(net, data, half, arm))
        curve = [right(net, data, r, arm).double().mean(1) for r in RANKS]
        scores[f"{arm} curve"] = torch.stack(curve, 1).numpy()
    found = {
        "rate": rate,
        "trials": trials,
        "rank": half,
        "numbers": [stored(shapes, r) for r in (half, WIDTH)],
        "ranks": list(RANKS),
    }
    return scores | {"found": found, "data": data.describe()}


def ranked(cell: Any, seeds: list[int]) -> dict:
    """Train twelve nets a seed; note stable rank and train-test gap of each.

    All of one width and one number of steps: three rates, with and without
    weight decay, with and without noise in the labels.
    """
    rates = [r for r in RATES[1:4] for _ in DECAYS]
    ranks, gaps = [], []
    for noise in NOISES:
        decays = list(DECAYS) * (len(rates) // len(DECAYS))
        net, data, _ = trained(cell, rates, seeds, decays, noise)
        per = torch.stack([stable_rank(w.detach()) for w in net.weights[:-1]])
        fitted = training.evaluate(net, data, data.train)[1]
        tested = training.evaluate(net, data, data.test)[1]
        gap = fitted.double().mean(1) - tested.double().mean(1)
        shape = len(rates), len(seeds)
        ranks.append(per.log().mean(0).view(shape))
        gaps.append(gap.view(shape))
    return {
        name: torch.cat(values).T.double().numpy()
        for name, values in (("rank", ranks), ("gap", gaps))
    }


def stable_rank(w: Tensor) -> Tensor:
    """Squared Frobenius norm over squared spectral norm, net by net.

    >>> stable_rank(torch.eye(3)[None]).tolist()
    [3.0]
    """
    s = torch.linalg.svdvals(w)
    return s.square().sum(-1) / s[..., 0].square()
