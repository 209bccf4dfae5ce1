"""Depth against width at equal numbers of weights: the design of C9.

A cell is a data set with a budget of parameters, an arm a design and a depth:
``relu`` is plain, ``gelu`` adds each equally wide layer's input to its output.
The data set CT is a composition: eight numbers meet in pairs, the results in
pairs again, and once more,

    y = g(g(g(x1, x2), g(x3, x4)), g(g(x5, x6), g(x7, x8)))        (mlp_depth.1)

and the label is the decile of y.
Source: Mhaskar & Poggio (2016), Deep vs. shallow networks, section 4.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from dlf.experiments import statistics
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Outcome
from dlf.experiments.seeds import SCORED
from dlf.experiments.statistics import FALSE, SUPPORTED
from dlf.experiments.tuning import of_classes

Array = np.ndarray

INPUTS = {"M1": 40, "D8": 64, "D8-200": 64, "CT": 8, "FM": 784}

STEPS, EVERY = 2_000, 100

SIZES = [4_000, 1_000, 5_000]


@dataclass(frozen=True, kw_only=True)
class Net(Cell):
    """Data, and how many weights and biases a net has."""

    data: str
    budget: int
    steps: int = STEPS


CELLS = {
    "M1": Net(data="M1", budget=12_000),
    "D8-200": Net(data="D8-200", budget=12_000),
    "composition": Net(data="CT", budget=12_000),
    "FM": Net(data="FM", budget=50_000, seeds=5),
}

ARMS = tuple(f"{f} {d}" for f in ("relu", "gelu") for d in (1, 2, 4, 8))

RATES = (0.01, 0.0316, 0.1, 0.316, 1.0)


def parameters(inputs: int, width: int, depth: int, classes: int = 10) -> int:
    """Count weights and biases of ``depth`` hidden layers of equal width.

    >>> parameters(784, 128, 2)
    118282
    """
    hidden = (depth - 1) * (width + 1) * width
    return (inputs + 1) * width + hidden + (width + 1) * classes


def width(inputs: int, depth: int, budget: int) -> int:
    """Find the width whose number of parameters is nearest to the budget.

    >>> [width(40, d, 12_000) for d in (1, 2, 4, 8)]
    [235, 87, 55, 37]
    """
    return min(
        range(1, budget),
        key=lambda w: abs(parameters(inputs, w, depth) - budget),
    )


def composition(
    n: int, rng: np.random.Generator
) -> tuple[Float[Array, "N 8"], Int[Array, " N"]]:
    """Draw inputs from the cube and label them by the decile (mlp_depth.1)."""
    x = rng.uniform(-1, 1, size=(n, 8))
    y = x
    while y.shape[1] > 1:
        a, b = y[:, ::2], y[:, 1::2]
        y = np.sin(math.pi * (a + b) / 2) * np.cos(math.pi * (a - b) / 4)
    order = y[:, 0].argsort().argsort()
    return x, order * 10 // n


def load(name: str, seeds: tuple[int, ...], dtype: str = "float32"):
    """Load a data set by name; CT is drawn anew by each seed."""
    import torch

    from dlf.stacked import datasets

    if name != "CT":
        return datasets.load(name, seeds, dtype)
    draws = [composition(sum(SIZES), np.random.default_rng(s)) for s in seeds]
    x, y = (np.concatenate(parts) for parts in zip(*draws, strict=True))
    rows = torch.arange(len(x)).view(len(seeds), -1).split(SIZES, dim=1)
    return datasets.Sets(
        name, torch.tensor(x.astype(dtype)), torch.tensor(y), *rows
    )


def build(cell: Net, arm: str, seeds: list[int], copies: int):
    """Make the nets of an arm, as wide as the budget allows."""
    import torch

    from dlf.stacked import nets

    name, depth = arm.split()
    inputs, depth = INPUTS[cell.data], int(depth)
    w = width(inputs, depth, cell.budget)
    return nets.Mlp(
        [inputs, *[w] * depth, 10],
        seeds,
        copies,
        name,
        residual=name == "gelu",
        dtype=getattr(torch, cell.dtype),
    )


def train(cell: Net, arm: str, settings: list[float], seeds: list[int]) -> dict:
    """Train, look every 100 steps, and keep each net at its best look.

    Returns:
        What `training.fit` returns, with ``val`` and ``test`` at the look of
        highest validation accuracy; for scored seeds also the losses
        (``losses``) and test accuracies (``tests``) at all looks.
    """
    from dlf.stacked import training

    net = build(cell, arm, seeds, len(settings))
    data = load(cell.data, tuple(seeds), cell.dtype)
    scored = min(seeds) >= SCORED
    val, test = [], []

    def watch(_: int, net) -> None:
        _, right = training.evaluate(net, data, data.validation)
        val.append(right.double().mean(1).numpy())
        if scored:
            test.append(training.evaluate(net, data, data.test)[1].numpy())

    out = training.fit(
        net,
        data,
        settings,
        steps=cell.steps,
        every=EVERY,
        watch=watch,
    )
    shape = len(settings), len(seeds)
    best = np.argmax(val, axis=0)
    out["val"] = np.max(val, axis=0).reshape(shape)
    curve = out.pop("curve")
    if scored:
        looks = np.array(test)
        kept = looks[best, np.arange(len(best))].reshape(*shape, -1)
        out["test"] = kept if kept.shape[-1] < training.SMALL else kept.mean(-1)
        out["tests"] = looks.mean(-1).T.reshape(*shape, -1)
        out["losses"] = curve
    return out


def better(arms: dict) -> str:
    """Name the design whose deep net did better on the tuning seeds."""
    return max(("relu", "gelu"), key=lambda d: arms[f"{d} 4"]["tuned"])


def generalises(arms: dict) -> Array:
    """Subtract the shallow net's test accuracy from the deep one's."""
    d = better(arms)
    return arms[f"{d} 4"]["test"] - arms[f"{d} 1"]["test"]


def at_equal_loss(arms: dict) -> Array:
    """Subtract where both first have the lowest loss that both reach."""
    d = better(arms)
    deep, flat = arms[f"{d} 4"], arms[f"{d} 1"]
    lows = [np.nanmin(a["losses"], axis=-1) for a in (deep, flat)]
    level = np.maximum(*lows)[:, None]
    first = [(a["losses"] <= level).argmax(axis=-1) for a in (deep, flat)]
    rows = np.arange(len(level))
    return deep["tests"][rows, first[0]] - flat["tests"][rows, first[1]]


def saw(k: int) -> tuple[int, int]:
    """Count the pieces of k folded tents, and the units they took.

    A tent 2 relu(x) - 4 relu(x - 1/2) takes two units; k of them in a row
    have corners at multiples of 2^-k only, so that slopes between these, in
    exact arithmetic, count the pieces.
    """
    x = np.arange(2**k + 1) / 2**k
    for _ in range(k):
        x = 2 * np.maximum(x, 0) - 4 * np.maximum(x - 0.5, 0)
    return 1 + int(np.count_nonzero(np.diff(np.diff(x)))), 2 * k


def sawtooth(most: int = 12) -> Outcome:
    """Part (a): 2^k pieces from 2k units, for k up to ``most``."""
    found = [saw(k) for k in range(1, most + 1)]
    holds = found == [(2**k, 2 * k) for k in range(1, most + 1)]
    pieces, units = found[-1]
    return Outcome(
        "(a) sawtooth",
        SUPPORTED if holds else FALSE,
        note=(
            f"{pieces} pieces from {units} units in {most} layers; one hidden "
            f"layer, which adds a piece a unit, needs {pieces - 1}"
        ),
        counted=False,
    )


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide (a), and (b) and (c) on each data set."""
    parts: dict[str, Callable] = {
        "(b) accuracy": generalises,
        "(c) at equal loss": at_equal_loss,
    }
    rule, level = statistics.larger(0.01), statistics.family(2 * len(view))
    outcomes = [sawtooth()]
    for part, of in parts.items():
        for cell, arms in view.items():
            e = statistics.estimate(of(arms), level)
            note = f"design: {better(arms)}"
            outcomes.append(
                Outcome(f"{part}, {cell}", rule(e), e, "points", rule, note)
            )
    return tuple(outcomes)


C9 = Contrast(
    number="C9",
    title="Depth saves parameters and generalises better",
    sources=(
        Source("S4", "§1.5.1", "Parameter efficiency"),
        Source("S4", "§1.5.1", "Better generalization"),
        Source("S4", "§1.5.1", "Captures compositional structure"),
    ),
    hypothesis=(
        "(a) A sawtooth of 2ᵏ pieces takes O(k) units in a deep ReLU net and "
        "at least 2ᵏ − 1 in one hidden layer. (b) At equal parameters a net of "
        "depth 4 beats one of depth 1 in test accuracy, (c) also where both "
        "have the same training loss."
    ),
    rule=(
        "(a) exact. (b), (c) R(1 point) on each of M1, D8-200, a composition "
        "of pairs and FM, depth 4 against depth 1 in whichever design, plain "
        "ReLU or GELU with skips, has the better depth 4 on the tuning seeds. "
        "Every net trains for 2,000 steps, and (b) reads its test accuracy at "
        "the look, one every 100 steps, of highest validation accuracy; (c) "
        "reads both at the first look at which each has the lowest training "
        "loss that both reach. Nine cells, the eight intervals widened "
        "together."
    ),
    literature=(
        "Telgarsky (2016), Eldan and Shamir (2016): some functions need "
        "exponentially more units without depth. Ba and Caruana (2014): "
        "shallow nets can often mimic deep ones with as many parameters."
    ),
    expects=("holds in part",),
    cuts=(
        "Depths 1, 2, 4, 8 of 1, 2, 4, 8, 16; steps fixed at 2,000 of at most "
        "4,000, with a stop by validation instead of at a plateau; D8 with "
        "200 training images, because all nets exceed 98 % with 1,000; FM "
        "with 5 seeds, two tuning seeds."
    ),
    cells=CELLS,
    arms=ARMS,
    grid=RATES,
    train=train,
    constant=of_classes,
    judge=judge,
    tuning=2,
)
