"""One curve, five contaminations, four losses: design of C24.

    y = sin 4x + noise,  x uniform on [-1, 1], 200 examples

with noise of SD 0.1; a share of the examples is moved by 5, up or down
(symmetric) or up (one-sided). An MLP 1-32-32-1 with tanh is trained on all
examples at once; its error is the RMSE to sin 4x on a grid of 500 points.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.seeds import SCORED
from dlf.experiments.statistics import not_worse, ratio

N, NOISE, MOVE, GRID = 200, 0.1, 5.0, 500
RATES = (0.001, 0.00316, 0.01, 0.0316, 0.1)
STEPS, ROBUST = 1_500, ("mae", "huber 1", "log-cosh")


@dataclass(frozen=True, kw_only=True)
class Curve(Cell):
    """The examples of a curve, and how a net is fitted to them.

    Args:
        share: fraction of the examples that is moved.
        kind: ``symmetric`` or ``one-sided``.
        noise: SD of that on all examples.
        steps: of training.
        optimizer: see `regression_training.fit`.
        target: the RMSE that ends a race; no race if None.
    """

    share: float
    kind: str
    noise: float = NOISE
    steps: int = STEPS
    optimizer: str = "adam"
    target: float | None = None


DIRTY = {
    f"{percent} %, {kind}": Curve(share=percent / 100, kind=kind)
    for percent in (5, 20)
    for kind in ("symmetric", "one-sided")
}
CELLS = {"0 %": Curve(share=0.0, kind="symmetric")} | DIRTY


def curve(x: np.ndarray) -> np.ndarray:
    """The function behind the data."""
    return np.sin(4 * x)


def examples(cell: Curve, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw one seed's points; contaminations differ in the moves alone."""
    rng = np.random.default_rng([24, seed])
    x = rng.uniform(-1, 1, N)
    noise, order = rng.normal(size=N), rng.permutation(N)
    signs = rng.choice([-1.0, 1.0], N)
    y = curve(x) + cell.noise * noise
    moved = order[: round(cell.share * N)]
    y[moved] += MOVE * (1 if cell.kind == "one-sided" else signs[moved])
    return x, y


def penalty(arm: str) -> Callable[[Any], Any]:
    """Give an arm's loss of a residual: its name, then its parameter."""
    import torch.nn.functional as F

    name, _, value = arm.partition(" ")
    d = float(value or 1)
    return {
        "mse": lambda r: r.square(),
        "mae": lambda r: r.abs(),
        "log-cosh": lambda r: r.abs() + F.softplus(-2 * r.abs()) - math.log(2),
        "huber": lambda r: F.huber_loss(r, 0 * r, reduction="none", delta=d),
        "slope": lambda r: (
            F.huber_loss(r, 0 * r, reduction="none", delta=d) / d
        ),
        "smooth": lambda r: (r.square() + d * d).sqrt() - d,
    }[name]


def train(
    cell: Curve, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train a net for every rate and seed; the best has the lowest RMSE.

    A cell with a ``target`` is a race: score and ``steps`` are then those to
    that RMSE, read every 10 steps; ``zeros`` is the share of residuals that
    were exactly 0, ``jitter`` the RMSE's SD over the last fifth of the looks.
    """
    import torch

    from dlf.stacked import nets
    from dlf.stacked import regression_training as loop
    from dlf.stacked.activation_nets import crossing

    real = loop.dtype_of(cell)
    drawn = [examples(cell, s) for s in seeds]
    x, y = (
        torch.tensor(np.stack(v), dtype=real)[..., None]
        for v in zip(*drawn, strict=True)
    )
    fine = np.linspace(-1, 1, GRID)
    grid = torch.tensor(fine, dtype=real).expand(len(seeds), -1)[..., None]
    truth = torch.tensor(curve(fine), dtype=real)[:, None]
    net = nets.Mlp([1, 32, 32, 1], seeds, len(settings), "tanh", dtype=real)
    f, looks, zeros = penalty(arm), [], []

    def rmse() -> np.ndarray:
        off = (loop.outputs(net, grid) - truth).square()
        return off.mean((-2, -1)).sqrt().double().numpy()

    def watch(step: int, out: Any, to: Any) -> None:
        zeros.append((out == to).double().mean((-2, -1)))
        if step % 10 == 0:
            looks.append(rmse())

    done = loop.fit(
        net,
        x,
        y,
        settings,
        steps=cell.steps,
        loss=lambda out, to: loop.each(f(out - to)),
        optimizer=cell.optimizer,
        watch=None if cell.target is None else watch,
    )
    error = np.nan_to_num(rmse(), nan=10.0, posinf=10.0).clip(max=10.0)
    done["score"] = -np.log(error)
    kept = {"rmse": error}
    if cell.target is not None:
        seen = np.nan_to_num(np.stack([*looks, rmse()], -1), nan=10.0)
        kept["steps"] = crossing(seen, 10, cell.target)
        missed = kept["steps"] >= 10 * (seen.shape[-1] - 1)
        done["score"] = -np.log(kept["steps"]) - missed * error
        last = seen[..., -seen.shape[-1] // 5 :]
        kept["jitter"] = last.std(-1)
        kept["zeros"] = torch.stack(zeros).mean(0).view(error.shape).numpy()
    return done | (kept if min(seeds) >= SCORED else {})


def better(old: str, new: str, what: str = "rmse") -> Callable[[dict], Any]:
    """Make the log ratio of two arms, positive where the new one is lower."""
    return lambda arms: np.log(arms[old][what] / arms[new][what])


C24 = Contrast(
    number="C24",
    title="MSE is sensitive to outliers; MAE, Huber and log-cosh are not",
    sources=(
        Source("S2", "Losses 2(a)", "Sensitive to outliers"),
        Source("S2", "Losses 2(b)", "More robust to outliers"),
        Source("S0", "§5", "penalizes larger errors more heavily"),
    ),
    hypothesis=(
        "With 5 % or 20 % of the targets moved by 5, up or down or only up, "
        "the RMSE to the clean curve is at least 20 % lower under MAE, Huber "
        "(δ = 1) and log-cosh than under MSE. With none moved it is at most "
        "10 % higher."
    ),
    rule=(
        "R(ratio 0.8) on the RMSE in each of the four contaminated cells for "
        "each rival of MSE, the twelve intervals widened together. “Not worse "
        "by more than 10 %” at 0 % is shown and not counted. Rates are chosen "
        "by the RMSE to the clean curve on the tuning seeds."
    ),
    literature=(
        "Huber (1964): the minimax estimate under contamination weights "
        "residuals beyond δ by a constant; it bounds the influence of an "
        "outlier and does not remove it."
    ),
    expects=("holds",),
    cuts="1,500 steps of Adam on all 200 points at once.",
    cells=CELLS,
    arms=("mse", *ROBUST),
    grid=RATES,
    train=train,
    seeds=10,
    effects=(
        *(
            Effect(
                f"{arm}, {cell}",
                (cell,),
                better("mse", arm),
                ratio(0.8),
                "ratio",
            )
            for arm in ROBUST
            for cell in DIRTY
        ),
        *(
            Effect(
                f"{arm}, 0 %",
                ("0 %",),
                better("mse", arm),
                not_worse(math.log(1.1)),
                "ratio",
                counted=False,
            )
            for arm in ROBUST
        ),
    ),
    here="Five fresh seeds, one of the five contaminations.",
    replica=lambda: C24.small(("5 %, symmetric",), seeds=5),
)
