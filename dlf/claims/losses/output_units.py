"""Which output unit a task asks for: design of C31."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from dlf.experiments.cards import outcome
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Outcome
from dlf.experiments.seeds import SCORED
from dlf.experiments.statistics import equivalent, estimate, family, larger

RATES = (0.001, 0.00316, 0.01, 0.0316, 0.1)
SHIFTS = np.linspace(0.02, 0.98, 49)  # thresholds tried on validation data


@cache
def labelled(seed: int) -> tuple[np.ndarray, ...]:
    """Draw pictures of one or two digits, 14 x 14: train, validation, test."""
    from dlf.data import glyphs

    out: list[np.ndarray] = []
    for part in glyphs.load(train=2_000, validation=500, test=1_000, seed=seed):
        rng = np.random.default_rng([31, seed, len(part.y)])
        mate = rng.permutation(len(part.y))
        both = rng.random(len(part.y)) < 0.5
        small = part.x.reshape(-1, 14, 2, 14, 2).mean((2, 4))
        small = small.reshape(len(part.y), -1)
        other = np.maximum(small, small[mate])
        hot = np.eye(10)[part.y]
        out.append(np.where(both[:, None], other, small))
        out.append(np.maximum(hot, both[:, None] * hot[mate]))
    return tuple(out)


@cache
def plane(seed: int) -> tuple[np.ndarray, ...]:
    """Draw moons that overlap: train, validation and test."""
    from dlf.data import toys

    rng = np.random.default_rng([31, seed])
    parts = [toys.moons(n, rng, 0.3) for n in (400, 500, 2_000)]
    return tuple(a for p in parts for a in (p.x, p.y[:, None].astype(float)))


@cache
def waves(seed: int) -> tuple[np.ndarray, ...]:
    """Draw a curve with targets within ±3: train, validation and test."""
    rng, out = np.random.default_rng([31, seed]), []
    for n in (200, 200, 1_000):
        x = rng.uniform(-1, 1, (n, 1))
        out += [x, 3 * np.sin(4 * x) + 0.1 * rng.normal(size=x.shape)]
    return tuple(out)


TASKS = {
    "labels that co-occur": (labelled, 196, ("sigmoid", "softmax"), 600),
    "targets within ±3, sigmoid": (waves, 1, ("linear", "sigmoid"), 600),
    "targets within ±3, tanh": (waves, 1, ("linear", "tanh"), 600),
    "two classes": (plane, 2, ("sigmoid", "softmax"), 400),
}


@dataclass(frozen=True, kw_only=True)
class Task(Cell):
    """One of `TASKS`."""

    task: str


def units(
    cell: Task, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train the right and the wrong output unit of a task.

    ``val`` and ``test`` are shares: of pictures whose labels are all right
    (the threshold chosen on validation data), of points classified right, or
    of the targets' variance explained.
    """
    import torch
    import torch.nn.functional as F

    from dlf.stacked import nets
    from dlf.stacked import regression_training as loop

    task = cell.task
    draw, width, names, steps = TASKS[task]
    unit = names[("right", "wrong").index(arm)]
    dtype = loop.dtype_of(cell)
    sets = zip(*map(draw, seeds), strict=True)
    x, y, vx, vy, tx, ty = (
        torch.tensor(np.stack(s), dtype=dtype) for s in sets
    )
    two = task == "two classes" and unit == "softmax"
    out = 2 if two else y.shape[-1]
    widths = [width, 64, out] if draw is labelled else [width, 32, 32, out]
    net = nets.Mlp(widths, seeds, len(settings), "relu", dtype=dtype)

    def loss(z: Any, to: Any) -> Any:
        if draw is waves:
            made = z if unit == "linear" else getattr(torch, unit)(z)
            return loop.each((made - to).square())
        if two:
            to = torch.cat([1 - to, to], -1)
        if unit == "softmax":
            to = to / to.sum(-1, keepdim=True)
            return -(to * F.log_softmax(z, -1)).sum(-1).mean(-1)
        each = F.binary_cross_entropy_with_logits(z, to, reduction="none")
        return each.sum(-1).mean(-1)

    done = loop.fit(net, x, y, settings, steps=steps, loss=loss, batch=100)

    def made(at: Any) -> np.ndarray:
        z = loop.outputs(net, at)
        if two:
            z = z[..., 1:] - z[..., :1]
            return torch.sigmoid(z).numpy()
        if unit == "softmax":
            return torch.softmax(z, -1).numpy()
        return (z if unit == "linear" else getattr(torch, unit)(z)).numpy()

    def score(p: np.ndarray, to: np.ndarray, at: np.ndarray) -> np.ndarray:
        if draw is waves:
            left = ((p - to) ** 2).mean((-2, -1)) / to.var((-2, -1))
            return np.clip(np.nan_to_num(1 - left, nan=0.0), -1, 1)
        return ((p > at[..., None, None]) == (to > 0)).all(-1).mean(-1)

    p, to = made(vx), vy.numpy()
    at = np.full(p.shape[:2], 0.5)
    if draw is labelled:
        tried = [score(p, to, np.full(at.shape, s)) for s in SHIFTS]
        at = SHIFTS[np.argmax(tried, 0)]
    done["val"] = score(p, to, at)
    if min(seeds) >= SCORED:
        done["test"] = score(made(tx), ty.numpy(), at)
    return done


def by_task(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge the identity, what a wrong unit costs, and the two logits."""
    z = np.random.default_rng(0).normal(scale=5, size=(1_000, 2))
    p = np.exp(z - z.max(1, keepdims=True))
    p = p[:, 1] / p.sum(1)
    off = float(np.abs(p - 1 / (1 + np.exp(z[:, 0] - z[:, 1]))).max())
    found = [
        outcome("(a) identity", off < 1e-10, f"to {off:.0e}", counted=False)
    ]
    level = family(len(view))
    for task, arms in view.items():
        e = estimate(arms["right"]["test"] - arms["wrong"]["test"], level)
        last = task == "two classes"
        rule = equivalent(0.005) if last else larger(0.01)
        name = f"({'c' if last else 'b'}) {task}"
        note = " against ".join(TASKS[task][2])
        found.append(Outcome(name, rule(e), e, "points", rule, note))
    return tuple(found)


C31 = Contrast(
    number="C31",
    title="The output unit follows from the task",
    sources=(
        Source("S3", "§2", "depends directly on the task"),
        Source("S2", "MLFFN", "output layer"),
    ),
    hypothesis=(
        "(a) A softmax of two logits is the sigmoid of their difference. (b) A "
        "wrong unit costs at least 1 point: softmax where labels co-occur, "
        "sigmoid or tanh where targets range over ±3. (c) Two softmax logits "
        "and one sigmoid reach the same accuracy within half a point."
    ),
    rule=(
        "(a) exact. (b) R(1 point) on the share of pictures with every label "
        "right, each unit with its best threshold on validation data, and of "
        "the share of variance explained. (c) equivalence within 0.5 points on "
        "overlapping moons."
    ),
    literature=(
        "Nelder and Wedderburn (1972): the unit is the inverse link of the "
        "targets' distribution; counts call for a logarithmic link."
    ),
    expects=("holds", "holds in part"),
    cuts="Pictures 14 x 14, one hidden layer; no arm for counts.",
    cells={task: Task(task=task) for task in TASKS},
    arms=("right", "wrong"),
    grid=RATES,
    train=units,
    seeds=10,
    judge=by_task,
    chance=0.0,
    here="Five fresh seeds, two of the four tasks.",
    replica=lambda: C31.small(
        ("targets within ±3, tanh", "two classes"), seeds=5
    ),
)
