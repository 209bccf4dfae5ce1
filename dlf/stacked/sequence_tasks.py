"""Sequences that a recurrent net must remember something of.

    recall   one of eight letters, then noise of two others; which letter?
    adding   numbers in [0, 1], two of them marked; what is their sum?

Each seed has sequences of its own. A net without memory has loss log 8 in the
first and 1/6 (the variance of a sum of two numbers) in the second.
Tiny Shakespeare (TS): each seed trains on windows of its own from the first
nine tenths, and is judged on windows of the last.
Source: Hochreiter & Schmidhuber (1997), experiments 2 and 4; Arjovsky, Shah &
Bengio (2016), for the floors; Karpathy (2015), char-rnn.
"""

from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from dlf.stacked.datasets import Sets

LETTERS, ALPHABET = 8, 10
TRAIN, HELD = 10_000, 1_000
WINDOW = 50  # characters of a window of text


@cache
def recall(seeds: tuple[int, ...], lag: int) -> Sets:
    """Draw the sequences of each seed: a letter and `lag` steps of noise.

    Args:
        seeds: one drawing each.
        lag: steps between the letter and the question, 1 or more.
    """
    N = TRAIN + 2 * HELD
    xs, ys = [], []
    for seed in seeds:
        rng = np.random.default_rng([seed, lag])
        x = rng.integers(LETTERS, ALPHABET, size=(N, lag + 1))
        x[:, 0] = rng.integers(LETTERS, size=N)
        xs.append(x)
        ys.append(x[:, 0].copy())
    return pooled("recall", xs, ys)


@cache
def adding(seeds: tuple[int, ...], lag: int, dtype: str = "float32") -> Sets:
    """Draw the sequences of each seed: numbers, and marks on two of them.

    One mark is in the first half, one in the second.

    Args:
        seeds: one drawing each.
        lag: numbers of a sequence, 2 or more.
        dtype: of the numbers.
    """
    N, half = TRAIN + 2 * HELD, lag // 2
    xs, ys = [], []
    for seed in seeds:
        rng = np.random.default_rng([seed, lag])
        x = np.zeros((N, lag, 2))
        x[..., 0] = rng.uniform(size=(N, lag))
        rows = np.arange(N)
        x[rows, rng.integers(half, size=N), 1] = 1.0
        x[rows, rng.integers(half, lag, size=N), 1] = 1.0
        xs.append(x.astype(dtype))
        ys.append(x.prod(-1).sum(1).astype(dtype))
    return pooled("adding", xs, ys)


def pooled(name: str, xs: list[np.ndarray], ys: list[np.ndarray]) -> Sets:
    """Put the sequences of all seeds into one pool.

    Args:
        name: of the task.
        xs: sequences, one array a seed.
        ys: what is asked.
    """
    rows = torch.arange(len(xs) * len(xs[0])).view(len(xs), -1)
    parts = rows.split([TRAIN, HELD, HELD], dim=1)
    x, y = (torch.tensor(np.concatenate(a)) for a in (xs, ys))
    return Sets(name, x, y, *parts)


@cache
def shakespeare(seeds: tuple[int, ...]) -> Sets:
    """Give each seed windows of the plays, and what follows each character.

    Args:
        seeds: one choice of windows each.
    """
    from dlf.data import corpus, tinyshakespeare

    codes = torch.tensor(corpus.encode(tinyshakespeare.load())[0])
    x = codes.unfold(0, WINDOW, 1)[:-1]
    y = codes[1:].unfold(0, WINDOW, 1)
    first = int(0.9 * len(codes))
    ends = [(0, first - WINDOW), (first, len(x))]
    parts = []
    for i, size in enumerate((12_000, 2 * HELD)):
        drawn = [
            np.random.default_rng([seed, i]).permutation(np.arange(*ends[i]))
            for seed in seeds
        ]
        parts.append(torch.tensor(np.stack([d[:size] for d in drawn])))
    held, test = parts[1].split(HELD, dim=1)
    return Sets("TS", x, y, parts[0], held, test)


def squared_error(outputs: Tensor, y: Tensor) -> Tensor:
    """Give each net's mean squared error.

    Args:
        outputs: K B 1.
        y: K B.
    """
    return (outputs[..., 0] - y).square().mean(1)


def everywhere(logits: Tensor, y: Tensor) -> Tensor:
    """Give each net's cross-entropy, averaged over every step of a text.

    Args:
        logits: K B T C.
        y: the characters that follow, K B T.
    """
    each = F.cross_entropy(logits.flatten(0, 2), y.flatten(), reduction="none")
    return each.view(len(y), -1).mean(1)
