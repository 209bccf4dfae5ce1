"""Tuned contests of activations: designs of C13, C20 and C21.

Weights start with the gain that keeps each activation's variance.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlf.experiments import activations_training as nets
from dlf.experiments.activations_speed import HALF_DECADES
from dlf.experiments.core import (
    FAILS,
    HOLDS,
    OPEN,
    PART,
    Effect,
    Outcome,
)
from dlf.experiments.statistics import (
    DRAWS,
    REFUTED,
    SUPPORTED,
    UNDECIDED,
    estimate,
    larger,
    ratio,
)

LOW_FIVE = HALF_DECADES[1:6]

# C13: regret of ReLU to the best of nine

NINE = (
    "relu",
    "sigmoid",
    "tanh",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "swish",
    "mish",
)
ENOUGH, SOME = 9, 6  # of 11 cells


def tasks() -> dict[str, dict]:
    """Name the eleven nets of C13."""
    cells: dict[str, dict] = {}
    for data in ("M1", "D8-200", "FM"):
        base = {"data": data} | ({"steps": 500} if data == "FM" else {})
        cells[f"{data}, 2 layers"] = base | {"depth": 2}
        cells[f"{data}, 8 layers"] = base | {"depth": 8}
        cells[f"{data}, 8 layers, norm"] = base | {"depth": 8, "norm": True}
    for data, steps in (("D8-200", 300), ("FM", 400)):
        cells[f"{data}, CNN-4"] = {
            "data": data,
            "model": "cnn",
            "depth": 4,
            "steps": steps,
            "tuning": 1,
        }
    return cells


def regrets(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Measure ReLU's regret in each cell to the rival best in tuning."""
    found, values = [], []
    for cell, arms in view.items():
        rival = max(arms, key=lambda arm: arms[arm]["tuned"])
        regret = arms[rival]["test"] - arms["relu"]["test"]
        e = estimate(regret)
        values.append(regret if regret.ndim == 1 else regret.mean(1))
        word = SUPPORTED if e.mean <= 0.01 else REFUTED
        found.append(Outcome(cell, word, e, "points", note=f"best {rival}"))
    rng = np.random.default_rng(0)
    counts = sum(
        v[rng.integers(len(v), size=(DRAWS, len(v)))].mean(1) <= 0.01
        for v in values
    )
    count = sum(o.verdict == SUPPORTED for o in found)
    moved = float((grade(counts) != grade(np.array(count))).mean())
    word = SUPPORTED if moved <= 0.05 else UNDECIDED
    note = f"{count} of {len(found)} cells; resampled, {moved:.2f} change class"
    return (*found, Outcome("the count", word, note=note, counted=False))


def grade(counts: np.ndarray) -> np.ndarray:
    """Class of a count: 2 holds, 1 in part, 0 does not hold."""
    return (counts >= ENOUGH).astype(int) + (counts >= SOME)


def by_count(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    """Let the count of cells decide, unless resampling moves it."""
    *cells, count = outcomes
    n = sum(o.verdict == SUPPORTED for o in cells)
    reason = f"regret of at most 1 point in {n} of {len(cells)} cells"
    if count.verdict == UNDECIDED:
        return OPEN, f"{reason}, a count that resampling moves"
    bad = any(o.estimate.low > 0.02 for o in cells if o.estimate)
    if n >= ENOUGH and not bad:
        return HOLDS, reason
    return (PART if n >= SOME else FAILS), reason


SAFE = {
    "cells": tasks(),
    "arms": NINE,
    "grid": LOW_FIVE,
    "train": nets.level,
    "seeds": 5,
    "tuning": 2,
    "judge": regrets,
    "conclude": by_count,
}

# C20: PReLU and ELU

SCALES = (0.3, 0.55, 1.0, 1.7, 3.0)
TRIO = {
    "M1, 2 layers": {"data": "M1", "depth": 2, "seeds": 20},
    "M1, 8 layers": {"data": "M1", "depth": 8, "seeds": 20},
    "FM, CNN-4": {
        "data": "FM",
        "model": "cnn",
        "depth": 4,
        "steps": 400,
        "tuning": 1,
    },
}
RANDOM = {
    f"random labels, {d} layers": {
        "data": "M1",
        "depth": d,
        "random": True,
        "steps": 2000,
        "every": 25,
        "target": 1.0,
    }
    for d in (2, 8)
}


def properties(
    cell: dict, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train; of scored nets also give centring and accuracy over scales."""
    if cell.get("random"):
        data = relabelled(nets.examples(cell, seeds), seeds)
        cell = cell | {"gain": nets.unit_gain(arm)}
        return nets.race(cell, arm, settings, seeds, data=data)
    gain = nets.unit_gain(arm)
    net = nets.build(cell | {"gain": gain}, arm, seeds, len(settings))
    out = nets.train(cell, arm, settings, seeds, net=net)
    if "test" in out:
        shape = len(settings), len(seeds)
        data = nets.examples(cell, seeds)
        out["offset"] = offset(net, data).reshape(shape)
        if cell["data"] == "M1":
            runs = [
                nets.level(cell | {"scale": s}, arm, settings, seeds)["test"]
                for s in SCALES
            ]
            out["scales"] = np.stack(runs, axis=-1)
    return out


def relabelled(data: Any, seeds: list[int]) -> Any:
    """Keep 1,000 training examples a seed and draw all labels at random."""
    from dataclasses import replace

    import torch

    each = len(data.y) // len(seeds)
    labels = [
        torch.randint(
            0, 10, (each,), generator=torch.Generator().manual_seed(9_000 + s)
        )
        for s in seeds
    ]
    return replace(data, y=torch.cat(labels), train=data.train[:, :1000])


def offset(net: Any, data: Any) -> np.ndarray:
    """Give |mean| over SD of a hidden unit, averaged over units and layers."""
    import torch

    from dlf.experiments import training

    x, _ = training.take(net, data, data.train[:, :1000])
    hidden: list[Any] = []
    net.eval()
    with torch.no_grad():
        net(x, after=hidden)
    net.train()
    ratios = []
    for h in hidden:
        if h.ndim == 4:  # B KC H W
            h = h.transpose(0, 1).reshape(net.K, -1, *h.shape[:1], *h.shape[2:])
            h = h.flatten(2).transpose(1, 2)
        spread = h.std(1).mean(-1)
        ratios.append(h.mean(1).abs().mean(-1) / spread.clamp_min(1e-12))
    return torch.stack(ratios).mean(0).double().numpy()


def spreads(arms: dict, of: str) -> np.ndarray:
    """Give log SD(ReLU) - log SD(ELU): over scales, or over seeds.

    Over seeds these are the jackknife's pseudo-values, one a seed.
    """
    relu, elu = arms["relu"][of], arms["elu"][of]
    if of == "scales":
        return np.log(relu.std(1, ddof=1) / elu.std(1, ddof=1))

    def log_ratio(keep: np.ndarray) -> float:
        return float(np.log(relu[keep].std(ddof=1) / elu[keep].std(ddof=1)))

    n = len(relu)
    rest = [log_ratio(np.arange(n) != i) for i in range(n)]
    return n * log_ratio(np.arange(n)) - (n - 1) * np.array(rest)


def ahead(new: str, old: str, what: str = "test") -> Callable[[dict], Any]:
    """Make the difference of two arms."""
    return lambda arms: arms[new][what] - arms[old][what]


def log_ratio_of(old: str, new: str, what: str) -> Callable[[dict], Any]:
    """Make the log ratio of two arms."""
    return lambda arms: np.log(arms[old][what] / arms[new][what])


PROPERTIES = {
    "cells": TRIO | RANDOM,
    "arms": ("relu", "prelu", "elu"),
    "grid": LOW_FIVE,
    "train": properties,
    "seeds": 10,
    "tuning": 2,
    "effects": (
        *(
            Effect(
                f"(a) PReLU fits {c}",
                (c,),
                log_ratio_of("relu", "prelu", "steps"),
                ratio(1.25),
                "ratio",
            )
            for c in RANDOM
        ),
        *(
            Effect(
                f"(a) PReLU, {c}", (c,), ahead("prelu", "relu"), larger(0.01)
            )
            for c in TRIO
        ),
        *(
            Effect(
                f"(b) ELU centred, {c}",
                (c,),
                log_ratio_of("relu", "elu", "offset"),
                ratio(2.0),
                "ratio",
            )
            for c in TRIO
        ),
        *(
            Effect(
                f"(c) ELU steadier over {over}, {c}",
                (c,),
                lambda arms, of=of: spreads(arms, of),
                ratio(1.25),
                "ratio",
            )
            for over, of in (("seeds", "test"), ("scales", "scales"))
            for c in list(TRIO)[:2]
        ),
    ),
}

# C21: Swish against ReLU, deep against shallow

VARIANTS = {"plain": {}, "norm": {"norm": True}, "skips": {"residual": True}}


def deeper() -> tuple[dict[str, dict], list[tuple[str, str, str]]]:
    """Name the nets of C21 and which are the deep and shallow of a pair."""
    cells, pairs = {}, []
    for data in ("M1", "D8-200", "FM"):
        image = data == "FM"
        shallow, deep = (4, 10) if image else (2, 8)
        base = {
            "data": data,
            **(
                {"model": "cnn", "steps": 400, "tuning": 1, "grid": LOW_FIVE}
                if image
                else {"seeds": 20}
            ),
        }
        for variant in list(VARIANTS)[: 2 if image else 3]:
            names = [f"{data}, {d}, {variant}" for d in (shallow, deep)]
            for name, depth in zip(names, (shallow, deep), strict=True):
                cells[name] = base | VARIANTS[variant] | {"depth": depth}
            pairs.append((f"{data}, {variant}", *names))
    return cells, pairs


CELLS, PAIRS = deeper()
swish = ahead("swish", "relu")

DEEP = {
    "cells": CELLS,
    "arms": ("relu", "swish"),
    "grid": HALF_DECADES,
    "train": nets.level,
    "seeds": 10,
    "effects": (
        *(
            Effect(f"(a) {pair}: deep", (deep,), swish, larger(0.01))
            for pair, _, deep in PAIRS
        ),
        *(
            Effect(
                f"(b) {pair}: deep less shallow",
                (deep, shallow),
                lambda a, b: swish(a) - swish(b),
                larger(0.01),
            )
            for pair, shallow, deep in PAIRS
        ),
        *(
            Effect(
                f"{pair}: shallow",
                (shallow,),
                swish,
                larger(0.01),
                counted=False,
            )
            for pair, shallow, _ in PAIRS
        ),
    ),
}
