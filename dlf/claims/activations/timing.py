"""What an exponential costs: C16, kernels and whole steps timed in turns.

Times are the thread's own, in blocks; the contenders of a block take turns and
each gives its median, and a block's ratio is the unit that counts, as a seed
does elsewhere.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.claims.activations.speed import FIVE
from dlf.experiments import tuning
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.seeds import TUNING
from dlf.experiments.statistics import (
    SUPPORTED,
    UNCLEAR,
    estimate,
    family,
    larger,
    ratio,
)
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net

BATCH, WIDTH = 256, 512


@dataclass(frozen=True, kw_only=True)
class Kernels(Cell):
    """Kernels, timed for so many rounds a block."""

    rounds: int


@dataclass(frozen=True, kw_only=True)
class Steps(Net):
    """Training steps of a net, timed likewise."""

    rounds: int


NETS = {
    "MLP 4×64": Steps(data="M1", depth=4, width=64, rounds=40),
    "MLP 4×512": Steps(data="M1", depth=4, width=512, rounds=40),
    "CNN-4": Steps(data="D8", model="cnn", depth=4, rounds=40),
}
SIZES: dict[str, Cell] = {
    "kernels": Kernels(rounds=60),
    **NETS,
    "accuracy": Net(data="M1", depth=2),
}


def turns(
    contenders: dict[str, Callable[[], object]], rounds: int
) -> dict[str, float]:
    """Let contenders take turns; give each one's median time."""
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.thread_time()
            run()
            spent[name].append(time.thread_time() - start)
    return {name: float(np.median(times)) for name, times in spent.items()}


def kernels() -> dict[str, Callable[[], object]]:
    """Give the forward kernels on 256 x 512 normal numbers."""
    import torch
    import torch.nn.functional as F

    g = torch.Generator().manual_seed(0)
    x = torch.randn(BATCH, WIDTH, generator=g)
    return {
        "relu": lambda: F.relu(x),
        "sigmoid": lambda: torch.sigmoid(x),
        "tanh": lambda: torch.tanh(x),
        "softmax": lambda: torch.softmax(x, dim=1),
        "hardtanh": lambda: F.hardtanh(x),
    }


def steps(cell: Net) -> dict[str, Callable[[], object]]:
    """Give whole training steps of one net, batch 100, by activation."""
    import torch

    from dlf.stacked import training

    data = nets.examples(cell, [0])
    x, y = (pool[data.train[:, :100]] for pool in (data.x, data.y))

    def stepping(arm: str) -> Callable[[], object]:
        net = nets.build(cell, arm, [0], 1)
        params = list(net.parameters())
        update = training.sgd(params, torch.full((1,), 1e-9))

        def step() -> None:
            loss = training.losses(net(x), y).sum()
            update(torch.autograd.grad(loss, params))

        return step

    return {arm: stepping(arm) for arm in ("relu", "sigmoid", "tanh")}


def contest(cell: Net, seeds: list[int]) -> dict[str, Any]:
    """Tune tanh and hard tanh alike and score them on fresh seeds."""
    arms = ("tanh", "hardtanh")
    cell = replace(cell, gain=5 / 3)
    count = cell.tuning or 3
    tried = tuning.choose(nets.train, cell, arms, FIVE, count)
    chosen = {arm: max(t, key=t.__getitem__) for arm, t in tried.items()}
    out = {a: nets.train(cell, a, [chosen[a]], seeds) for a in arms}
    found = {
        "chosen": chosen,
        "tuning": tried,
        "tuning_seeds": [TUNING, TUNING + count - 1],
    }
    return {a: {"test": o["test"][0]} for a, o in out.items()} | {
        "found": found
    }


def timed(cell: Kernels | Net, seeds: list[int]) -> dict[str, Any]:
    """Time the contenders of a cell in as many blocks as there are seeds."""
    if not isinstance(cell, Kernels | Steps):
        return contest(cell, seeds)
    contenders = kernels() if isinstance(cell, Kernels) else steps(cell)
    turns(contenders, 10)  # warm-up
    blocks = [turns(contenders, cell.rounds) for _ in seeds]
    names = [name for name in contenders if name != "relu"]
    found = {
        name: np.array([block[name] / block["relu"] for block in blocks])
        for name in names
    }
    micro = {n: 1e6 * np.median([b[n] for b in blocks]) for n in contenders}
    return found | {"found": {"seconds_micro": micro}}


def costs(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge ratios; a difference below twice the spread decides nothing."""
    asked: list[tuple[str, np.ndarray, Any]] = []
    for cell, of in view.items():
        if cell == "kernels":
            asked += [
                (f"(a) {a} kernel over ReLU's", np.log(of[a]), ratio(1.5))
                for a in ("sigmoid", "tanh", "softmax")
            ]
            clip = np.log(of["tanh"] / of["hardtanh"])
            asked.append(("(c) tanh kernel over hard tanh's", clip, ratio(2.0)))
        elif cell in NETS:
            asked += [
                (
                    f"(b) step with {a} over ReLU's, {cell}",
                    np.log(of[a]),
                    ratio(1.05),
                )
                for a in ("sigmoid", "tanh")
            ]
        else:
            lost = of["tanh"]["test"] - of["hardtanh"]["test"]
            asked.append(("(d) tanh less hard tanh, M1", lost, larger(0.01)))
    found = []
    for name, values, rule in asked:
        e = estimate(values, family(len(asked)))
        word, unit = rule(e), "points" if "(d)" in name else "ratio"
        spread = 0.0 if "(d)" in name else 2 * float(values.std(ddof=1))
        if word == SUPPORTED and e.mean < spread:
            word = UNCLEAR
        found.append(Outcome(name, word, e, unit, rule))
    return tuple(found)


def timed_here() -> dict[str, dict]:
    """Time on a page, in five blocks, all but the widest net and (d)."""
    return {
        name: C16.measured(replace(SIZES[name], seeds=5, first=200))
        for name in ("kernels", "MLP 4×64", "CNN-4")
    }


C16 = Measured(
    number="C16",
    title="Exponentials are expensive; hard tanh is the cheap tanh",
    sources=(
        Source("S3", "§1", "Expensive exponential calculation"),
        Source("S2", "Softmax", "computationally expensive"),
        Source("S2", "Hard Tanh", "Faster to compute"),
        Source("S2", "Hard Tanh", "Hard clipping can affect learning"),
    ),
    hypothesis=(
        "(a) The kernels of sigmoid, tanh and softmax take at least 1.5 × "
        "ReLU's time. (b) They lengthen a whole training step by 5 % or more. "
        "(c) Hard tanh takes at most half of tanh's time, (d) and costs 1 "
        "point of test accuracy or more."
    ),
    rule=(
        "(a) R(ratio 1.5) for three kernels on 256 × 512 numbers; (b) R(ratio "
        "1.05) for sigmoid and tanh in three nets; (c) R(ratio 2); (d) R(1 "
        "point) on M1, two layers, each at its best rate: eleven cells, "
        "intervals widened together. Ten blocks, in each the medians of 60 "
        "kernels (40 steps) in turns, one thread, its own time; a ratio below "
        "twice the spread of the blocks decides nothing. (a) without (b) is "
        "in part."
    ),
    literature=(
        "None decisive: it depends on the library and its vector unit. A "
        "256 × 512 × 512 product beside the kernels takes longer than all."
    ),
    expects=("holds in part",),
    cuts="The CNN is that of 8 × 8 images.",
    mode="live",
    replica=timed_here,
    here="Five blocks, without the widest net and (d).",
    cells=SIZES,
    measure=timed,
    judge=costs,
)
