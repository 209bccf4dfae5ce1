"""What a GRU costs beside an LSTM: C98, counted and timed in turns.

Times are the thread's own, in blocks; the two cells of a block take turns and
each gives its median, and a block's ratio is the unit that counts, as a seed
does elsewhere.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import (
    SUPPORTED,
    UNCLEAR,
    estimate,
    family,
    ratio,
)

BATCH, STEPS = 20, 20
Contender = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Layer(Cell):
    """A layer as wide as its inputs, timed for so many rounds a block."""

    way: str
    width: int
    rounds: int = 15


CELLS = {
    f"{way}, width {width}": Layer(way=way, width=width)
    for way in ("PyTorch's layers", "cells in PyTorch", "NumPy")
    for width in (32, 128)
}


def layers(width: int) -> dict[str, Contender]:
    """Give training passes through PyTorch's own layers."""
    import torch
    from torch import nn

    x = torch.randn(BATCH, STEPS, width)

    def passing(layer: Any) -> Contender:
        params = list(layer.parameters())

        def run() -> None:
            y, _ = layer(x)
            torch.autograd.grad(y.square().sum(), params)

        return run

    return {
        "gru": passing(nn.GRU(width, width, batch_first=True)),
        "lstm": passing(nn.LSTM(width, width, batch_first=True)),
    }


def cells(width: int) -> dict[str, Contender]:
    """Give training passes through cells that are called step by step."""
    import torch

    from dlf.nn.recurrence.layers import Recurrent

    x = torch.randn(BATCH, STEPS, width)

    def passing(kind: str) -> Contender:
        layer = Recurrent(width, width, kind)
        params = list(layer.parameters())

        def run() -> None:
            y, _ = layer(x)
            torch.autograd.grad(y.square().sum(), params)

        return run

    return {kind: passing(kind) for kind in ("gru", "lstm")}


def arrays(width: int) -> dict[str, Contender]:
    """Give training passes through the layers of `dlf.scratch`."""
    from dlf.scratch.recurrence import gru, lstm

    rng = np.random.default_rng(0)

    def some(*shape: int) -> np.ndarray:
        return (rng.normal(size=shape) / width**0.5).astype(np.float32)

    def weights(gates: int) -> list[np.ndarray]:
        G = gates * width
        return [some(G, width), some(G, width), some(G), some(G)]

    x, h = some(BATCH, STEPS, width), some(BATCH, width)
    three, four = weights(3), weights(4)

    def of_gru() -> None:
        y, pull = gru.gru(x, h, *three)
        pull(2 * y)

    def of_lstm() -> None:
        y, pull = lstm.lstm(x, h, h, *four)
        pull(2 * y)

    return {"gru": of_gru, "lstm": of_lstm}


WAYS = {
    "PyTorch's layers": layers,
    "cells in PyTorch": cells,
    "NumPy": arrays,
}


def turns(contenders: dict[str, Contender], rounds: int) -> dict[str, float]:
    """Let contenders take turns; give each one's median time."""
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.thread_time()
            run()
            spent[name].append(time.thread_time() - start)
    return {name: float(np.median(times)) for name, times in spent.items()}


def timed(cell: Layer, seeds: list[int]) -> dict[str, Any]:
    """Time both cells in as many blocks as there are seeds."""
    contenders = WAYS[cell.way](cell.width)
    turns(contenders, 3)  # warm-up
    blocks = [turns(contenders, cell.rounds) for _ in seeds]
    micro = {n: 1e6 * np.median([b[n] for b in blocks]) for n in contenders}
    quotients = np.array([b["lstm"] / b["gru"] for b in blocks])
    return {"lstm over gru": quotients, "found": {"microseconds": micro}}


def parameters(gates: int, width: int) -> int:
    """Count weights and both biases of a layer as wide as its inputs."""
    return gates * (2 * width * width + 2 * width)


def costs(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge ratios; a difference below twice the spread decides nothing."""
    found, rule = [], ratio(1 / 0.85)
    for name, of in view.items():
        values = np.log(of["lstm over gru"])
        e = estimate(values, family(len(view)))
        word = rule(e)
        if word == SUPPORTED and e.mean < 2 * float(values.std(ddof=1)):
            word = UNCLEAR
        micro = of["found"]["microseconds"]
        note = f"GRU {micro['gru']:.0f} µs, LSTM {micro['lstm']:.0f} µs"
        found.append(Outcome(f"(b) {name}", word, e, "ratio", rule, note))
    exact = all(4 * parameters(3, w) == 3 * parameters(4, w) for w in (1, 128))
    found.append(
        Outcome(
            "(a) parameters and multiply-adds",
            SUPPORTED if exact else UNCLEAR,
            note="a GRU has three quarters of an LSTM's, at any width",
            counted=False,
        )
    )
    return tuple(found)


C98 = Measured(
    number="C98",
    title="GRU is computationally faster than LSTM",
    sources=(Source("S0", "§2.3", "making it computationally faster"),),
    hypothesis=(
        "(a) At equal width a GRU has three quarters of an LSTM's parameters "
        "and multiply-adds. (b) “Computationally faster”: a training pass "
        "takes at most 0.85 times the LSTM's seconds, in PyTorch's own layers, "
        "in cells that are called step by step, and in NumPy."
    ),
    rule=(
        "(a) is arithmetic and background. (b) R(ratio 0.85) on the seconds of "
        "a forward and backward pass, LSTM's over GRU's: three "
        "implementations, widths 32 and 128, 20 sequences of 20 steps, "
        "float32: six cells, intervals widened together. Ten blocks, in each "
        "the medians of 15 passes in turns, one thread, its own time; a ratio "
        "below twice the spread of the blocks decides nothing."
    ),
    literature=(
        "Cho et al. (2014) call the cell simpler to compute. Chung et al. "
        "(2014) compare both in updates and in processor time, data set by "
        "data set, without one winner."
    ),
    expects=("mixed", "mostly supported", "mostly not"),
    cuts=(
        "(c), seconds to equal validation loss, is left out: steps to a loss "
        "differ by task, as C97 shows. Two widths in place of five."
    ),
    cells=CELLS,
    measure=timed,
    judge=costs,
    seeds=10,
)
