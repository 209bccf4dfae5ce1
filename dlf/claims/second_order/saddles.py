"""Where Newton's method ends: design of C52.

A hundred small nets, each on data of its own, take the printed step, damped
steps, and steps with |H|. A run has reached a minimum if its gradient is small
and no eigenvalue of the Hessian is below zero.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import (
    FALSE,
    SUPPORTED,
    at_least,
    proportion,
)

ARMS = ("printed", "damped", "absolute")
DECAY, FLAT, BELOW = 1e-3, 1e-6, -1e-6


@dataclass(frozen=True, kw_only=True)
class Net(Cell):
    """A net of tanh units, its data and its steps.

    Args:
        widths: of the input, the hidden layer and the output; one output is
            fitted by squares, more are classes.
        points: examples of a seed.
        steps: at most.
    """

    widths: tuple[int, int, int]
    points: int
    steps: int = 200


@dataclass(frozen=True, kw_only=True)
class Quadratics(Cell):
    """Quadratics in so many variables."""

    size: int


CELLS = {
    "(a) quadratics": Quadratics(size=50, seeds=20),
    "(b) net 2-4-1": Net(widths=(2, 4, 1), points=20, seeds=100),
    "(b) net 4-6-3": Net(widths=(4, 6, 3), points=60, seeds=100),
}


def one_step(size: int, seed: int) -> float:
    """Make one Newton step; give the relative distance that is left."""
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(size, size))
    h, best = a @ a.T + np.eye(size), rng.normal(size=size)
    w = rng.normal(scale=100.0, size=size)
    moved = w - np.linalg.solve(h, h @ (w - best))
    return float(np.linalg.norm(moved - best) / np.linalg.norm(w - best))


def draw(cell: Net, seeds: list[int]) -> tuple[Any, Any, Any]:
    """Draw inputs, targets and starts of all seeds."""
    import torch

    I, M, O = cell.widths
    x, y, w = [], [], []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x.append(rng.normal(size=(cell.points, I)))
        if O == 1:
            y.append(np.sin(2 * x[-1][:, 0]) * x[-1][:, 1])
        else:
            labels = np.arange(cell.points) % O
            y.append(labels)
            x[-1] = x[-1] * 0.7 + np.eye(O, I)[labels]
        first = rng.normal(scale=(2 / I) ** 0.5, size=M * I)
        second = rng.normal(scale=(2 / M) ** 0.5, size=O * M)
        w.append(np.concatenate([first, np.zeros(M), second, np.zeros(O)]))
    return tuple(torch.tensor(np.array(v)) for v in (x, y, w))


def loss_of(cell: Net) -> Callable:
    """Make the loss of one net as a function of its weights and data."""
    import torch
    import torch.nn.functional as F

    I, M, O = cell.widths

    def loss(w: Any, x: Any, y: Any) -> Any:
        a, b, c, d = w.split([M * I, M, O * M, O])
        out = torch.tanh(x @ a.view(M, I).T + b) @ c.view(O, M).T + d
        fit = (
            (out[:, 0] - y).square().mean() / 2
            if O == 1
            else F.cross_entropy(out, y)
        )
        return fit + DECAY / 2 * w.square().sum()

    return loss


def descend(cell: Net, arm: str, seeds: list[int]) -> np.ndarray:
    """Run all nets of an arm; say which reached a minimum, which a saddle."""
    import torch
    from torch.func import grad, hessian, vmap

    x, y, w = draw(cell, seeds)
    loss = loss_of(cell)
    value, slope, curved = (vmap(f) for f in (loss, grad(loss), hessian(loss)))
    damping = torch.full((len(w), 1), 1e-2, dtype=w.dtype)
    with torch.no_grad():
        for _ in range(cell.steps):
            g = slope(w, x, y)
            values, q = torch.linalg.eigh(torch.nan_to_num(curved(w, x, y)))
            along = (q.mT @ g[..., None])[..., 0]
            if arm == "printed":
                w = w - (q @ (along / values)[..., None])[..., 0]
                w = torch.nan_to_num(w.clamp(-1e6, 1e6))
                continue
            least = values[:, :1].clamp(max=0)
            by = values.abs() if arm == "absolute" else values - 2 * least
            ahead = w - (q @ (along / (by + damping))[..., None])[..., 0]
            lower = value(ahead, x, y) < value(w, x, y)
            w = torch.where(lower[:, None], ahead, w)
            factor = torch.where(lower[:, None], 0.3, 4.0)
            damping = (damping * factor).clamp(1e-12, 1e6)
        still = slope(w, x, y).abs().amax(1) < FLAT
        least = torch.linalg.eigvalsh(torch.nan_to_num(curved(w, x, y)))[:, 0]
    return np.stack([still & (least > BELOW), still & (least <= BELOW)], 1)


def measure(cell: Net | Quadratics, seeds: list[int]) -> dict[str, Any]:
    """Solve quadratics, or run the three arms on the nets."""
    if isinstance(cell, Quadratics):
        left = [one_step(cell.size, seed) for seed in seeds]
        return {"left": np.array(left)}
    return {arm: descend(cell, arm, seeds).astype(float) for arm in ARMS}


def judge(view: dict) -> tuple[Outcome, ...]:
    """Quadratics are background; of the nets the printed step counts."""
    found = []
    for cell, kept in view.items():
        if "left" in kept:
            worst = float(kept["left"].max())
            found.append(
                Outcome(
                    f"{cell}, one step",
                    SUPPORTED if worst < 1e-10 else FALSE,
                    note=f"at most {worst:.0e} of the distance is left",
                    counted=False,
                )
            )
            continue
        for arm in ARMS:
            minima, saddles = kept[arm].sum(0).astype(int)
            total = len(kept[arm])
            e = proportion(int(minima), total)
            note = (
                f"{minima} of {total} in a minimum, {saddles} in a saddle or "
                f"maximum, {total - minima - saddles} nowhere"
            )
            printed = arm == "printed"
            name = {
                "printed": "the printed step",
                "damped": "damped",
                "absolute": "with |H|",
            }[arm]
            found.append(
                Outcome(
                    f"{cell}, {name}",
                    at_least(e, 0.9),
                    e,
                    "points",
                    note=note,
                    counted=printed,
                )
            )
    return tuple(found)


C52 = Measured(
    number="C52",
    title="Newton's method minimizes by θ − H⁻¹g",
    sources=(
        Source("S4", "§1.1.2", "θ − H⁻¹g"),
        Source(
            "S0",
            "abstract",
            "second-order methods, among the optimizers evaluated",
        ),
    ),
    hypothesis=(
        "(a) A convex quadratic is solved in one step. (b) From random starts "
        "the printed step brings at least 90 % of small nets to a minimum "
        "within 200 steps."
    ),
    rule=(
        "(a) A theorem, computed on 20 quadratics of 50 variables to 1e-10: "
        "background. (b) 100 nets of 17 and of 51 weights, each on data of its "
        "own, weight decay 0.001, He's initialization: a minimum is a gradient "
        "whose entries are below 1e-6 and a Hessian without an eigenvalue at "
        "or below −1e-6. Exact interval of the fraction: supported if its "
        "lower end is 90 % or more, too small if its upper end is below. Two "
        "counted cells. The same nets with damped steps and with |H|, both "
        "made only if the loss falls, are controls."
    ),
    literature=(
        "Dauphin et al. (2014): Newton's method is drawn to saddles, of which "
        "high-dimensional losses have many."
    ),
    expects=("not supported", "mostly not"),
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=100,
)
