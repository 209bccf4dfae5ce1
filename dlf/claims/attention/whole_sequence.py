"""What a self-attention layer sees, orders and costs: design of C100."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, MEASURED, PRINTED
from dlf.stacked.transformer_recipes import Sequences

PLACES, WIDTH, HEADS = 128, 64, 4
TIMED, LENGTHS, ROUNDS = 128, (16, 128, 512, 2048), 30
SEEDS, ORDERED, FASTER = tuple(range(100, 105)), 0.75, 1.25
ORDER = Sequences(
    task="order", length=16, width=32, layers=1, heads=4, steps=300
)
RATE = 0.00316


def layer(causal: bool = False) -> Any:
    """Make a layer of attention and perceptron in float64."""
    import torch

    from dlf.stacked.transformer_nets import Layer

    torch.manual_seed(100)
    return Layer(WIDTH, HEADS, "/ root d", causal).double()


def reach(f: Callable, T: int = PLACES) -> np.ndarray:
    """Give the size of each output's derivative by each input, T by T.

    Args:
        f: maps 1 T D to as many rows.
        T: places.
    """
    import torch

    torch.manual_seed(101)
    x = torch.randn(1, T, WIDTH, dtype=torch.float64, requires_grad=True)
    y = f(x)
    to = torch.randn(WIDTH, dtype=torch.float64)
    rows = [
        torch.autograd.grad(y[0, t] @ to, x, retain_graph=True)[0][0]
        for t in range(T)
    ]
    return torch.stack(rows).norm(dim=-1).numpy()


def all_pairs() -> tuple[bool, str]:
    """One layer: does every output depend on every input?"""
    found = reach(layer())
    return bool((found > 0).all()), (
        f"{(found > 0).sum():,} of {found.size:,} derivatives differ from 0"
    )


def causal_pairs() -> tuple[bool, str]:
    """The same with a causal mask, as a decoder has it."""
    found = reach(layer(causal=True)) > 0
    earlier = np.tril(np.ones_like(found))
    return bool((found == earlier).all()), (
        f"{found.sum():,} of {found.size:,}: the earlier places"
    )


def reversed_rows() -> tuple[bool, str]:
    """Rows in reverse order in, rows in reverse order out."""
    import torch

    net = layer()
    torch.manual_seed(102)
    x = torch.randn(4, PLACES, WIDTH, dtype=torch.float64)
    with torch.no_grad():
        apart = (net(x.flip(1)).flip(1) - net(x)).abs().max().item()
    return apart < 1e-10, "largest difference below 1e-10"


def ordered(positions: bool) -> tuple[bool, str]:
    """Accuracy on which of two symbols came first, five seeds."""
    from dataclasses import replace

    from dlf.stacked import transformer_recipes

    cell = replace(ORDER, positions=positions)
    out = transformer_recipes.train(cell, [RATE], SEEDS)
    right = np.asarray(out["right"])[0]
    return bool(right.mean() >= ORDERED), (
        f"{100 * right.mean():.1f} % right, from {100 * right.min():.1f} to "
        f"{100 * right.max():.1f}; a guess has 50"
    )


def milliseconds(make: Callable, T: int) -> float:
    """Give the thread's own time of one sequence, forward and backward.

    Args:
        make: makes a layer of width `TIMED`.
        T: places.
    """
    import torch

    torch.manual_seed(103)
    f = make()
    x = torch.randn(1, T, TIMED, requires_grad=True)
    taken = []
    for _ in range(ROUNDS + 3):
        start = time.thread_time()
        y = f(x)
        y = y[0] if isinstance(y, tuple) else y
        y.sum().backward()
        taken.append(1e3 * (time.thread_time() - start))
    return float(np.median(taken[3:]))


def times() -> dict[str, list[float]]:
    """Time attention and an LSTM of one width at every length."""
    import torch
    from torch import nn

    from dlf.stacked.transformer_nets import Layer

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    makes: dict[str, Callable] = {
        "attention": lambda: Layer(TIMED, HEADS, "/ root d", False),
        "LSTM": lambda: nn.LSTM(TIMED, TIMED, batch_first=True),
    }
    found = {
        name: [milliseconds(make, T) for T in LENGTHS]
        for name, make in makes.items()
    }
    torch.set_num_threads(threads)
    return found


def told(found: dict[str, list[float]]) -> str:
    """Say the times of both at every length."""
    return ", ".join(
        f"{T:,}: {a:.1f} and {b:.1f} ms"
        for T, a, b in zip(
            LENGTHS, found["attention"], found["LSTM"], strict=True
        )
    )


def faster() -> tuple[bool, str]:
    """At 512 places: attention's seconds against the LSTM's."""
    found = times()
    gain = found["LSTM"][2] / found["attention"][2]
    return gain >= FASTER, f"× {gain:.2f} as fast at 512; {told(found)}"


def grows_slower() -> tuple[bool, str]:
    """From 16 places to 512: whose seconds grow by the larger factor?"""
    found = times()
    a, b = (found[k][2] / found[k][0] for k in ("attention", "LSTM"))
    return a < b, f"× {a:.1f} against × {b:.1f} for 32 times the places"


def at_2048() -> tuple[bool, str]:
    """At 2,048 places, where the square of the length shows."""
    found = times()
    gain = found["LSTM"][3] / found["attention"][3]
    return gain >= FASTER, f"× {gain:.2f} as fast at 2,048"


C100 = Exact(
    number="C100",
    title="Self-attention sees the whole sequence at once",
    sources=(
        Source("S0", "§2.4", "consider the entire sequence at once"),
        Source("S0", "§2.4", "without relying on recurrence"),
        Source("S0", "§2.6", "parallelism"),
    ),
    hypothesis=(
        "“Consider the entire”: (a) in one layer every output depends on every "
        "input. “Sequence”: (b) built of the parts that the source lists, "
        "which have no positions, it can tell which of two symbols came first. "
        "“Parallelism”: (c) on one thread it is at 512 places at least 1.25 "
        "times as fast as an LSTM of equal width, and (d) its time grows by a "
        "smaller factor than the LSTM's from 16 places to 512."
    ),
    rule=(
        "Part by part. (a) 128 places, width 64, random weights: all "
        "derivatives differ from 0. (b) Two marked symbols among 14 of noise, "
        "one layer of width 32, readout from the mean, 300 steps of 32 at a "
        "rate of 0.00316; mean accuracy of five seeds at least 75 %. (c), (d) "
        "Attention and perceptron together, width 128, four heads, against an "
        "LSTM of width 128; one sequence, forward and backward, float32, the "
        "thread's own time, medians of 30. Background: the causal mask; rows "
        "reversed; positions; 2,048 places."
    ),
    literature=(
        "Vaswani et al. (2017), table 1: path length 1 against n, sequential "
        "operations 1 against n, and work n²d against nd². Their model adds "
        "positions because it “contains no recurrence and no convolution”. Yun "
        "et al. (2020): with positions any continuous sequence-to-sequence "
        "function on a compact domain, without them those that commute with "
        "permutations and vanish outside one."
    ),
    expects=("mostly supported", "mixed"),
    cuts="One thread of a CPU, not a GPU, on which far more runs at once.",
    mode="recorded",
    parts=(
        Part(
            "(a) every pair in one layer",
            "consider the entire sequence at once",
            all_pairs,
            PRINTED,
        ),
        Part(
            "(a) with a causal mask",
            "consider the entire sequence at once",
            causal_pairs,
            BACKGROUND,
        ),
        Part(
            "(b) order, from the parts listed",
            "sequence",
            lambda: ordered(False),
            MEASURED,
        ),
        Part(
            "(b) order, with positions",
            "sequence",
            lambda: ordered(True),
            BACKGROUND,
        ),
        Part(
            "(b) reversed in, reversed out",
            "sequence",
            reversed_rows,
            BACKGROUND,
        ),
        Part("(c) faster at 512", "parallelism", faster, MEASURED),
        Part("(d) grows slower", "parallelism", grows_slower, MEASURED),
        Part("(c) faster at 2,048", "parallelism", at_2048, BACKGROUND),
    ),
)
