"""Attention weights against removal: nets, tasks and measures of C122.

A readout token that stands for nothing attends to the tokens of a sequence,
once; in the deeper net the tokens attend to each other first. Everything that
decides the prediction goes through the weights a_t of that readout:

    read = sum over t of a_t v_t,    logits = head(read)

What a token matters is the change of the loss when it is taken out, that is,
when no query sees it any more. Weights and changes are compared by rank,
within each sequence. One head, so that each token has one weight.
Source: Jain & Wallace (2019), Attention is not Explanation, sections 3 and 4.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from dlf.experiments.cells import Cell

WIDTH, BATCH, RATE, SHUFFLES = 64, 64, 2e-3, 20
VOTES = 30, 50, 10  # length, kinds of tokens, kinds that vote
WINDOW = 50
SCORES = ("attention", "gradient")


class Task(NamedTuple):
    """Token sequences with labels, and what each kind of token is worth."""

    x: Any
    y: Any
    test_x: Any
    test_y: Any
    kinds: int
    classes: int
    worth: Any = None


def votes(seed: int, items: int) -> Task:
    """Draw the planted task: ten kinds of 50 vote ±1, ±2, …, ±5; who wins?

    The label is drawn with the odds that the sum of votes gives, so that no
    net becomes certain; what every token is worth is known.
    """
    rng = np.random.default_rng(seed)
    T, kinds, voting = VOTES
    worth = np.zeros(kinds)
    worth[:voting] = [s * v for v in range(1, voting // 2 + 1) for s in (1, -1)]
    x = rng.integers(voting, kinds, size=(20_000 + items, T))
    chosen = rng.random(x.shape) < 6 / T
    x[chosen] = rng.integers(voting, size=chosen.sum())
    share = 1 / (1 + np.exp(-worth[x].sum(axis=1) / 2))
    y = (rng.random(len(x)) < share).astype(np.int64)
    return Task(
        x[:-items] + 2, y[:-items], x[-items:] + 2, y[-items:], kinds + 2, 2,
        np.concatenate([[0.0, 0.0], np.abs(worth)]),
    )  # fmt: skip


def characters(seed: int, items: int) -> Task:
    """Cut the book's own prose into windows and ask for the next character.

    The last tenth of the text is the test.
    """
    from dlf.data import corpus

    numbers, alphabet = corpus.encode(corpus.load())
    windows = np.lib.stride_tricks.sliding_window_view(numbers + 2, WINDOW + 1)
    cut = len(windows) * 9 // 10
    rng = np.random.default_rng(seed)
    start = cut + WINDOW
    test = windows[start + rng.permutation(len(windows) - start)[:items]]
    x, y = windows[:cut, :-1], windows[:cut, -1] - 2
    C = len(alphabet)
    return Task(x, y, test[:, :-1], test[:, -1] - 2, C + 2, C)


def films(seed: int, items: int) -> Task:
    """Take the first 100 words of 10,000 reviews, and of some of the test."""
    from dlf.data import imdb

    d = imdb.load(train=10_000, validation=0, test=items, seed=seed)
    return Task(*d.train, *d.test, 10_002, 2)


TASKS = {"votes": votes, "characters": characters, "films": films}


def net(task: Task, depth: int, seed: int, dtype: Any) -> dict[str, Any]:
    """Draw the parameters, under names."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    D, T = WIDTH, task.x.shape[1]
    shapes = {"tokens": (task.kinds, D), "places": (T, D), "query": (D,)}
    for n in range(depth):
        shapes |= {f"{name}.{n}": (D, D) for name in ("key", "value")}
    if depth == 2:
        shapes |= {"ask.0": (D, D), "out.0": (D, D)}
    shapes |= {"hidden": (D, D), "head": (task.classes, D)}
    params = {
        name: torch.randn(shape, generator=generator, dtype=torch.float64)
        / (1.0 if name in ("tokens", "query") else math.sqrt(D))
        for name, shape in shapes.items()
    }
    params["places"] *= 0.1 * math.sqrt(D)
    return {k: v.to(dtype).requires_grad_() for k, v in params.items()}


def embed(params: dict, x: Any) -> Any:
    """Give each token its vector."""
    return params["tokens"][x] + params["places"]


def weights(params: dict, e: Any, seen: Any, depth: int) -> tuple[Any, Any]:
    """Give the readout's weights and the values that they weigh.

    Args:
        params: of `net`.
        e: token vectors, N T D.
        seen: which tokens are there, N T.
        depth: 1, or 2 if the tokens attend to each other first.
    """
    import torch

    hide = ~seen[:, None, :]
    for n in range(depth):
        last = n == depth - 1
        q = params["query"][None, None] if last else e @ params[f"ask.{n}"]
        scores = q @ (e @ params[f"key.{n}"]).mT / math.sqrt(WIDTH)
        a = torch.softmax(scores.masked_fill(hide, -1e9), dim=-1)
        v = e @ params[f"value.{n}"]
        if last:
            return a[:, 0], v
        e = e + a @ v @ params[f"out.{n}"]
    raise ValueError(f"weights: `depth` must be 1 or 2; got {depth}")


def predict(params: dict, a: Any, v: Any) -> Any:
    """Give logits from the readout's weights and values."""
    import torch

    read = (a[..., None, :] @ v).squeeze(-2)
    return torch.relu(read @ params["hidden"]) @ params["head"].T


def train(task: Task, depth: int, seed: int, steps: int, dtype: Any) -> dict:
    """Train by Adam with the rate falling to zero; give the parameters."""
    import torch
    from torch.nn.functional import cross_entropy

    params = net(task, depth, seed, dtype)
    adam = torch.optim.Adam(params.values(), lr=RATE)
    fall = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.0, steps)
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        rows = rng.integers(len(task.x), size=BATCH)
        x, y = torch.tensor(task.x[rows]), torch.tensor(task.y[rows])
        a, v = weights(params, embed(params, x), x > 0, depth)
        loss = cross_entropy(predict(params, a, v), y)
        adam.zero_grad()
        loss.backward()
        adam.step()
        fall.step()
    return {k: p.detach() for k, p in params.items()}


def parts(task: Task, size: int = 10) -> Iterator[tuple[Any, Any]]:
    """Give the test items, a few at a time."""
    import torch

    x, y = torch.tensor(task.test_x), torch.tensor(task.test_y)
    yield from zip(x.split(size), y.split(size), strict=True)


def scored(params: dict, task: Task, depth: int, seed: int) -> dict[str, Any]:
    """Score every token of every test item, by four measures.

    Returns:
        Arrays N T: ``attention``; ``gradient``, the size of gradient times
        input; ``removal``, the size of the change of the loss; ``there``; and
        one number an item: ``right``, ``moved`` (by shuffling the weights).
    """
    import torch
    from torch.nn.functional import cross_entropy

    generator = torch.Generator().manual_seed(seed)
    found: dict[str, list] = {}
    for x, y in parts(task):
        seen, (N, T) = x > 0, x.shape
        e = embed(params, x).requires_grad_()
        a, v = weights(params, e, seen, depth)
        logits = predict(params, a, v)
        each = cross_entropy(logits, y, reduction="none")
        (slope,) = torch.autograd.grad(each.sum(), e)
        with torch.no_grad():
            gone = ~torch.eye(T, dtype=torch.bool) & seen[:, None, :]
            many = e[:, None].expand(N, T, T, WIDTH).reshape(N * T, T, WIDTH)
            b, u = weights(params, many, gone.reshape(N * T, T), depth)
            without = cross_entropy(
                predict(params, b, u), y.repeat_interleave(T), reduction="none"
            ).view(N, T)
            moved = shuffled(params, a, v, seen, generator)
        for name, value in {
            "attention": a,
            "gradient": (slope * e).sum(-1).abs(),
            "removal": (without - each[:, None]).abs(),
            "there": seen,
            "right": logits.argmax(-1) == y,
            "moved": moved,
        }.items():
            found.setdefault(name, []).append(value.detach())
    return {k: torch.cat(v).double().numpy() for k, v in found.items()}


def shuffled(params: dict, a: Any, v: Any, seen: Any, generator: Any) -> Any:
    """Permute each item's weights; how far do the probabilities move?

    Half the sum of absolute differences, median of 20 permutations.
    """
    import torch

    before = predict(params, a, v).softmax(-1)
    changes = []
    for _ in range(SHUFFLES):
        keys = torch.rand(a.shape, generator=generator)
        to = keys.masked_fill(~seen, 2.0).argsort(-1)
        here = torch.argsort((~seen).long(), dim=-1, stable=True)
        dealt = torch.zeros_like(a).scatter(1, to, a.gather(1, here))
        after = predict(params, dealt, v).softmax(-1)
        changes.append((after - before).abs().sum(-1) / 2)
    return torch.stack(changes).median(0).values


def taus(a: np.ndarray, b: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Give Kendall's tau-b within each row, over the tokens that are there.

    A row in which all are tied has no rank correlation and counts as 0.

    >>> row = np.array([[1.0, 2.0, 3.0, 0.0]])
    >>> taus(row, -row, row > 0)
    array([-1.])
    """
    out = []
    for rows in np.array_split(np.arange(len(a)), max(1, len(a) // 50)):
        both = there[rows, :, None] * there[rows, None, :]
        s, t = (
            np.sign(v[rows, :, None] - v[rows, None, :]) * both for v in (a, b)
        )
        scale = np.sqrt((s * s).sum((1, 2)) * (t * t).sum((1, 2)))
        out.append((s * t).sum((1, 2)) / np.where(scale > 0, scale, 1.0))
    return np.concatenate(out)


@dataclass(frozen=True, kw_only=True)
class Attention(Cell):
    """One of `TASKS`, depth and steps of the net, and test items."""

    task: str
    depth: int
    steps: int
    items: int


def measure(cell: Attention, seeds: list[int]) -> dict[str, Any]:
    """Train a net a seed; give mean rank correlations, and the controls."""
    import torch

    dtype = getattr(torch, cell.dtype)
    out: dict[str, list] = {}
    for seed in seeds:
        task = TASKS[cell.task](seed, cell.items)
        params = train(task, cell.depth, seed, cell.steps, dtype)
        s = scored(params, task, cell.depth, seed)
        there = s["there"]
        values = {n: taus(s[n], s["removal"], there).mean() for n in SCORES}
        values |= {n: s[n].mean() for n in ("right", "moved")}
        top = (s["attention"] * there).argmax(1)
        strongest = (s["removal"] * there).argmax(1)
        values["same top"] = (top == strongest).mean()
        if task.worth is not None:
            truth = task.worth[task.test_x]
            for n in (*SCORES, "removal"):
                values[f"{n}, truth"] = taus(s[n], truth, there).mean()
        for name, value in values.items():
            out.setdefault(name, []).append(value)
    return {name: np.array(v) for name, v in out.items()}
