"""Sparse activations and what a unit stands for: measures of C123.

One hidden layer of 64 ReLUs, as a classifier or as an autoencoder, with and
without a penalty on the sum of its activations. Of the hidden units:

    selectivity = (mu_1 - mu_rest) / (mu_1 + mu_rest)

where mu_1 is a unit's mean over the class that drives it most and mu_rest that
over the other classes. Classes are decoded from units by a linear
discriminant: class means and one pooled covariance.
Source: Morcos, Barrett, Rabinowitz & Botvinick (2018), On the Importance of
Single Directions for Generalization, section A.2; Hastie, Tibshirani &
Friedman (2009), The Elements of Statistical Learning, section 4.3.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell

CLASSES, HIDDEN, UNITS = 10, 64, 5
PENALTIES = (3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)
TUNING = [10, 11, 12]


@dataclass(frozen=True, kw_only=True)
class Units(Cell):
    """Images, and the net whose hidden units are looked at.

    Args:
        data: D8 or G28.
        model: ``classifier`` or ``autoencoder``.
        steps: of training.
        rate: learning rate.
        penalty: on activations, if it is known.
    """

    data: str
    model: str
    steps: int
    rate: float
    penalty: float | None = None


def load(data: str, seeds: list[int]) -> list[np.ndarray]:
    """Load images, flat, and labels: train, validation, test of all seeds."""
    from dlf.data import digits, glyphs

    sets = [
        digits.load(seed=s)
        if data == "D8"
        else glyphs.load(train=2_000, validation=500, test=1_000, seed=s)
        for s in seeds
    ]
    return [
        np.stack([f(d[part]) for d in sets])
        for part in range(3)
        for f in (lambda e: e.flat(), lambda e: e.y)
    ]


def train(
    cell: Units, penalties: list[float], seeds: list[int], x: Any, y: Any
) -> tuple[Any, Any]:
    """Train a net for every penalty and seed; give nets before and after."""
    import copy

    import torch

    from dlf.stacked import nets, training

    dtype, copies = x.dtype, len(penalties)
    codes = cell.model == "autoencoder"
    widths = [x.shape[-1], HIDDEN, x.shape[-1] if codes else CLASSES]
    net = nets.Mlp(widths, seeds, copies, "relu", dtype=dtype)
    start = copy.deepcopy(net)
    weight = torch.tensor(penalties, dtype=dtype).repeat_interleave(len(seeds))
    params = list(net.parameters())
    update = training.adam(params, torch.full((net.K,), cell.rate, dtype=dtype))
    rng = np.random.default_rng(0)
    for _ in range(cell.steps):
        rows = torch.tensor(rng.integers(x.shape[1], size=100))
        some, labels = x[:, rows].repeat(copies, 1, 1), y[:, rows]
        hidden: list[Any] = []
        out = net(some, after=hidden)
        if codes:
            loss = (out - some).square().sum(-1).mean(1)
        else:
            loss = training.losses(out, labels.repeat(copies, 1))
        loss = loss + weight * hidden[0].sum(-1).mean(1)
        update(torch.autograd.grad(loss.sum(), params))
    return start, net


def units(net: Any, x: Any) -> np.ndarray:
    """Give hidden activations of each net: K N H."""
    import torch

    hidden: list[Any] = []
    with torch.no_grad():
        net(x.repeat(net.copies, 1, 1), after=hidden)
    return hidden[0].double().numpy()


def selectivity(h: np.ndarray, y: np.ndarray) -> tuple[float, int]:
    """Average the selectivity of the units that ever fire, and count them."""
    means = np.stack([h[y == c].mean(axis=0) for c in range(CLASSES)])
    means = means[:, means.max(axis=0) > 0]
    best = means.max(axis=0)
    rest = (means.sum(axis=0) - best) / (CLASSES - 1)
    return float(((best - rest) / (best + rest)).mean()), means.shape[1]


def discriminant(h: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give class means and the pooled covariance, a little rounded off."""
    means = np.stack([h[y == c].mean(axis=0) for c in range(CLASSES)])
    off = h - means[y]
    ridge = 1e-6 * (1 + np.square(off).mean())
    return means, off.T @ off / len(h) + ridge * np.eye(h.shape[1])


def decode(
    fitted: tuple[np.ndarray, np.ndarray], h: np.ndarray, chosen: list[int]
) -> np.ndarray:
    """Name the class of each row from the chosen units."""
    means, covariance = fitted[0][:, chosen], fitted[1][np.ix_(chosen, chosen)]
    w = np.linalg.solve(covariance, means.T)
    return (h[:, chosen] @ w - (means.T * w).sum(axis=0) / 2).argmax(axis=1)


def choose(h: np.ndarray, y: np.ndarray, count: int = UNITS) -> list[int]:
    """Pick units one by one, each the best addition on these examples."""
    fitted, chosen = discriminant(h, y), []
    for _ in range(count):
        left = [u for u in range(h.shape[1]) if u not in chosen]
        hits = [(decode(fitted, h, [*chosen, u]) == y).mean() for u in left]
        chosen.append(left[int(np.argmax(hits))])
    return chosen


def hits(cell: Units, net: Any, learn: tuple, judge: tuple) -> np.ndarray:
    """Say which examples each net gets right: K N.

    A classifier answers by its outputs, a code by the discriminant of all its
    units.

    Args:
        cell: says which of the two it is.
        net: K nets.
        learn: images and labels of each seed, for the discriminant.
        judge: images and labels that are asked.
    """
    import torch

    (x, y), (more, labels) = learn, judge
    labels = np.tile(labels, (net.copies, 1))
    if cell.model == "classifier":
        with torch.no_grad():
            out = net(more.repeat(net.copies, 1, 1))
        return out.argmax(-1).numpy() == labels
    every = list(range(HIDDEN))
    known = zip(units(net, x), np.tile(y, (net.copies, 1)), strict=True)
    fitted = [discriminant(*pair) for pair in known]
    asked = zip(fitted, units(net, more), strict=True)
    return np.stack([decode(f, h, every) for f, h in asked]) == labels


def examples(data: str, seeds: list[int], dtype: Any) -> list[tuple]:
    """Load images, less their mean, and labels: train, validation, test."""
    import torch

    flat = load(data, seeds)
    mean = flat[0].mean(axis=1, keepdims=True)
    return [
        (torch.tensor(x - mean, dtype=dtype), y)
        for x, y in zip(flat[::2], flat[1::2], strict=True)
    ]


def tune(cell: Units, dtype: Any) -> dict[str, Any]:
    """Choose the largest penalty that costs at most a point in validation.

    Returns:
        The penalty, and all trials: accuracies with axes penalty and seed.
    """
    import torch

    learn, judge, _ = examples(cell.data, TUNING, dtype)
    x, y = learn
    _, net = train(cell, [0.0, *PENALTIES], TUNING, x, torch.tensor(y))
    right = hits(cell, net, learn, judge).mean(axis=1)
    right = right.reshape(-1, len(TUNING))
    plain, *mean = right.mean(axis=1)
    kept = [
        p for p, m in zip(PENALTIES, mean, strict=True) if m >= plain - 0.01
    ]
    return {
        "penalty": max(kept, default=PENALTIES[0]),
        "penalties": [0.0, *PENALTIES],
        "tuning_seeds": TUNING,
        "val": right,
    }


def measure(cell: Units, seeds: list[int]) -> dict[str, Any]:
    """Choose the penalty, train with and without it, look at the units."""
    import torch

    from dlf.experiments.tuning import at_chance

    dtype = getattr(torch, cell.dtype)
    known = cell.penalty and {"penalty": cell.penalty}
    found = known or tune(cell, dtype)
    penalty = found["penalty"]
    learn, _, judge = examples(cell.data, seeds, dtype)
    (x, y), (test, labels) = learn, judge
    start, net = train(cell, [0.0, penalty], seeds, x, torch.tensor(y))
    right = hits(cell, net, learn, judge)
    before, after = units(net, x), units(net, test)
    R, lost = len(seeds), np.zeros(len(seeds), bool)
    out: dict[str, Any] = {"found": found}
    for n, arm in enumerate(("plain", "sparse")):
        rows = range(n * R, (n + 1) * R)
        five = [
            decode(discriminant(before[k], y[r]), after[k],
                   choose(before[k], y[r])) == labels[r]
            for r, k in enumerate(rows)
        ]  # fmt: skip
        chosen, alive = zip(
            *(selectivity(after[k], labels[r]) for r, k in enumerate(rows)),
            strict=True,
        )
        out[arm] = {
            "selectivity": np.array(chosen),
            "alive": np.array(alive, float),
            "right": at_chance(right[list(rows)], lost, 0.1),
            "five": at_chance(np.stack(five), lost, 0.1),
            "zeros": (after[list(rows)] == 0).mean(axis=(1, 2)),
        }
    raw = units(start, test)[:R]
    pairs = zip(raw, labels, strict=True)
    untrained = [selectivity(h, y)[0] for h, y in pairs]
    return out | {"untrained": {"selectivity": np.array(untrained)}}
