"""Zeros and overfitting: design of C23."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect, Outcome, decide, noted
from dlf.experiments.statistics import larger
from dlf.experiments.tuning import of_classes
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net

GRID = (0.0178, 0.0316, 0.0562, 0.1, 0.178)
WINNERS = {"k 25 %": 32, "k 10 %": 13, "k 5 %": 6}
PENALTIES = {"L1 0.001": 1e-3, "L1 0.01": 1e-2}
FORCED = (*WINNERS, *PENALTIES)


@dataclass(frozen=True, kw_only=True)
class Stopped(Net):
    """A net trained until its loss falls to ``stop``."""

    every: int = field()
    stop: float


SPARSE_CELLS = {
    data: Stopped(
        data=data,
        depth=2,
        width=128,
        steps=steps,
        every=every,
        stop=stop,
        tuning=2,
    )
    for data, steps, every, stop in (
        ("M1", 1200, 20, 0.2),
        ("D8-200", 300, 5, 0.1),
    )
}


def winners(k: int) -> Callable:
    """Make a ReLU that keeps the k largest units of each example."""
    import torch.nn.functional as F

    def activation(x: Any) -> Any:
        h = F.relu(x)
        least = h.topk(k, dim=-1).values[..., -1:]
        return h * (h >= least)

    return activation


def sparse(
    cell: Stopped, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train to the same loss; give zeros, and accuracy in training."""
    from dlf.stacked import training

    activation: Any = {"leaky": "leaky_relu"}.get(arm, "relu")
    if arm in WINNERS:
        activation = winners(WINNERS[arm])
    how: dict[str, Any] = {"every": cell.every, "stop": cell.stop}
    if arm in PENALTIES:
        how["penalty"] = lambda net, hidden: (
            PENALTIES[arm] * sum(h.abs().sum(-1).mean(1) for h in hidden)
        )
    cell = replace(cell, gain=2**0.5)
    net = nets.build(cell, activation, seeds, len(settings))
    _, data, out = nets.trained(cell, arm, settings, seeds, net=net, **how)
    reached = (out.pop("curve") <= cell.stop).any(-1)
    out["reached"] = reached.astype(float)
    out["score"] = out["val"] - ~reached
    if "test" in out:
        _, right = training.evaluate(net, data, data.train)
        shape = len(settings), len(seeds)
        out["train"] = right.double().mean(1).numpy().reshape(shape)
        out["zeros"] = zeros(net, data).reshape(shape)
    return out


def zeros(net: Any, data: Any) -> np.ndarray:
    """Give the fraction of hidden activations that are exactly zero."""
    import torch

    from dlf.stacked import training

    hidden: list[Any] = []
    x, _ = training.take(net, data, data.train[:, :1000])
    with torch.no_grad():
        net(x, after=hidden)
    shares = [(h == 0).double().mean((1, 2)) for h in hidden]
    return torch.stack(shares).mean(0).numpy()


def gap(arm: dict) -> np.ndarray:
    """Give accuracy in training less that in test, example by example."""
    test, train = arm["test"], arm["train"]
    return (train[:, None] if test.ndim == 2 else train) - test


def overfit(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge zeros by source, and what forcing or forbidding them does."""
    effects, best = [], {}
    for data, arms in view.items():
        best[data] = max(FORCED, key=lambda arm: arms[arm]["tuned"])
        effects += [
            Effect(
                f"(a) {data}: zeros, less 30 %",
                (data,),
                lambda r: r["relu"]["zeros"] - 0.3,
                larger(0.0),
            ),
            Effect(
                f"(a) {data}: 20 %, less active units",
                (data,),
                lambda r: r["relu"]["zeros"] - 0.8,
                larger(0.0),
            ),
            Effect(
                f"(b) {data}: gap of ReLU less that with more zeros",
                (data,),
                lambda r, arm=best[data]: gap(r["relu"]) - gap(r[arm]),
                larger(0.01),
            ),
            Effect(
                f"(b) {data}: gap of Leaky less that of ReLU",
                (data,),
                lambda r: gap(r["leaky"]) - gap(r["relu"]),
                larger(0.01),
            ),
        ]
    found = decide(effects, view)
    return tuple(
        noted(o, forced(view[e.runs[0]], best[e.runs[0]]))
        if "more zeros" in o.cell
        else o
        for o, e in zip(found, effects, strict=True)
    )


def forced(arms: dict, best: str) -> str:
    """Say which arm was best in tuning and how many zeros it has."""
    return f"{best}, {float(arms[best]['zeros'].mean()):.0%} zeros"


C23 = Contrast(
    number="C23",
    title="Sparse activations reduce overfitting",
    sources=(
        Source("S1", "l.191", "Sparsity-inducing (reduces overfitting)"),
        Source("S2", "Sparsity", "only a few neurons are active"),
        Source("S2", "Sparsity", "Better generalization"),
        Source("S4", "§1.2.2", "Introduces sparsity"),
    ),
    hypothesis=(
        "(a) After training at least 30 % of ReLU's activations are exactly "
        "zero (S1, S4), and at most 20 % of units are active (S2, “only a "
        "few”). (b) At equal training loss, forcing more zeros lowers the gap "
        "between training and test accuracy by 1 point or more, and Leaky "
        "ReLU, which has no zeros, has a gap larger than ReLU's by as much."
    ),
    rule=(
        "(a) the interval lies beyond the threshold, for each source; (b) R(1 "
        "point), for M1 and D8-200: eight cells, intervals widened together. "
        "Nets of two layers of 128 stop at a training loss of 0.2 (M1) or 0.1 "
        "(D8-200). Zeros are forced by keeping the k largest units of a layer "
        "or by an L1 penalty on activations; the arm best in tuning, by "
        "validation accuracy among rates that reach the loss, is measured."
    ),
    literature=(
        "Glorot et al. (2011): 50–80 % zeros in the best models, no harm up "
        "to about 85 %, and no causal test; Ahmad and Scheinkman (2019): "
        "k-winners help against noise, not accuracy."
    ),
    expects=("holds in part", "does not hold"),
    cuts=(
        "Width 128 instead of 256; k of 25, 10 and 5 %; M1 stops at a loss of "
        "0.2, which the penalised nets can reach."
    ),
    cells=SPARSE_CELLS,
    arms=("relu", "leaky", *FORCED),
    grid=GRID,
    train=sparse,
    constant=of_classes,
    seeds=10,
    judge=overfit,
)
