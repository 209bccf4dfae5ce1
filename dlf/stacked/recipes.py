"""Recipes: a net, its data and how it is trained, as one cell of a claim.

An arm of a claim is what it changes in the cell. A cell with a target is a
race: its nets are scored by their steps to that training loss, and trained no
further.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell
from dlf.stacked.activation_nets import INPUTS, crossing

GLYPHS = 196  # inputs of a printed character of 14 x 14


@dataclass(frozen=True, kw_only=True)
class Recipe(Cell):
    """Settings of a multilayer perceptron and of its training.

    Args:
        data: M1, D8, D8-200 or G14 (then ``classes`` says how many).
        depth: hidden layers.
        width: of each.
        keep: training examples, the first of each seed; all if None.
        noise: the fraction of training labels that are drawn at random.
        activation: of the hidden units.
        steps: of training.
        batch: examples a step.
        optimizer: a name in `optimizers.OPTIMIZERS`.
        decay: weight decay, 0 for none.
        decoupled: beside the step, and not in the gradient.
        clip: the largest norm of a net's gradient, 0 for any.
        schedule: a name for `schedules.schedule`.
        scale: factor of the rates that are tried.
        every: steps between two looks at the loss, in a race.
        target: the training loss that ends a race, 0 for none.
    """

    data: str
    depth: int = 2
    width: int = 64
    keep: int | None = None
    noise: float = 0.0
    activation: str = "relu"
    steps: int = 600
    batch: int = 100
    optimizer: str = "momentum"
    decay: float = 0.0
    decoupled: bool = False
    clip: float = 0.0
    schedule: str = "constant"
    scale: float = 1.0
    every: int = 20
    target: float = 0.0

    def net(self, seeds: Sequence[int], copies: int) -> Any:
        """Make the nets, a copy for every setting.

        Args:
            seeds: of their weights.
            copies: one a setting.
        """
        import torch

        from dlf.stacked import nets

        return nets.Mlp(
            self.widths(),
            seeds,
            copies,
            self.activation,
            dtype=getattr(torch, self.dtype),
        )

    def widths(self) -> list[int]:
        """Give inputs, hidden layers and outputs."""
        inputs = GLYPHS if self.data == "G14" else INPUTS[self.data]
        return [inputs, *[self.width] * self.depth, self.classes]

    def examples(self, seeds: Sequence[int]) -> Any:
        """Load the data of these seeds, fewer or noisier as the cell says.

        Args:
            seeds: of splits and of noise.
        """
        from dlf.stacked import datasets, glyph_nets

        few = tuple(seeds)
        if self.data == "G14":
            data = glyph_nets.glyphs(few, self.classes, self.dtype)
        else:
            data = datasets.load(self.data, few, self.dtype)
        data = replace(data, train=data.train[:, : self.keep])
        if not self.noise:
            return data
        y = data.y.clone()
        for seed, rows in zip(seeds, data.train.numpy(), strict=True):
            rng = np.random.default_rng(seed)
            hit = rows[rng.random(len(rows)) < self.noise]
            drawn = rng.integers(self.classes, size=len(hit))
            y[hit] = y.new_tensor(drawn)
        return replace(data, y=y)

    def make(self) -> Any:
        """Give the optimizer, with its decay and its clipping."""
        from dlf.stacked import optimizers

        made = optimizers.OPTIMIZERS[self.optimizer]()
        if self.clip:
            made = optimizers.clipped(made, self.clip)
        if self.decay:
            made = optimizers.decayed(made, self.decay, self.decoupled)
        return made


def train(
    cell: Recipe, settings: Sequence[float], seeds: Sequence[int], **how: Any
) -> dict[str, Any]:
    """Train the nets of a cell, one for every rate and seed.

    Args:
        cell: net, data and training.
        settings: learning rates.
        seeds: of data, weights and batches.
        how: passed on to `training.fit`; among it may be a ``net`` and
            ``data`` in place of the cell's.
    """
    from dlf.stacked import schedules, training

    net = how.pop("net", None) or cell.net(seeds, len(settings))
    data = how.pop("data", None) or cell.examples(seeds)
    how.setdefault("every", cell.every if cell.target else 0)
    out = training.fit(
        net,
        data,
        [cell.scale * rate for rate in settings],
        steps=cell.steps,
        batch=cell.batch,
        optimizer=cell.make(),
        schedule=schedules.schedule(cell.schedule, cell.steps),
        stop=cell.target or None,
        **how,
    )
    return raced(out, cell) if cell.target else out


def raced(out: dict[str, Any], cell: Recipe) -> dict[str, Any]:
    """Count the steps to the target; fewest win, and a miss by its loss.

    Args:
        out: of a training that was looked at.
        cell: with the target.
    """
    curve = out.pop("curve")
    out["steps"] = crossing(curve, cell.every, cell.target)
    missed = out["steps"] >= cell.every * (curve.shape[-1] - 1)
    last = np.nan_to_num(curve[..., -1], nan=1e6, posinf=1e6)
    out["score"] = -np.log(out["steps"]) - missed * np.minimum(last, 1e6)
    return out


def arms(
    changes: Mapping[str, Mapping[str, Any]],
    trained: Callable[..., dict[str, Any]] = train,
) -> Callable[..., dict[str, Any]]:
    """Make the ``train`` of a `Contrast` whose arms change the cell.

    Args:
        changes: arm to the settings that it changes.
        trained: maps cell, settings and seeds to results.
    """

    def run(
        cell: Recipe, arm: str, settings: list[float], seeds: list[int]
    ) -> dict[str, Any]:
        return trained(replace(cell, **changes[arm]), settings, seeds)

    return run


def best(arms: Mapping[str, Any], start: str) -> Any:
    """Give of the arms whose names begin so the one best in tuning.

    Args:
        arms: scored, as an effect gets them.
        start: of their names.
    """
    names = [name for name in arms if name.startswith(start)]
    return arms[max(names, key=lambda name: arms[name]["tuned"])]


def gain(
    new: str, old: str, what: str = "test"
) -> Callable[[dict], np.ndarray]:
    """Make the difference of two arms, each the best of its name.

    Args:
        new: how the names of the arms begin that should be ahead.
        old: how those of the others begin.
        what: is compared.
    """
    return lambda arms: best(arms, new)[what] - best(arms, old)[what]


def speedup(
    new: str, old: str, what: str = "steps"
) -> Callable[[dict], np.ndarray]:
    """Make the log ratio of an arm's steps to another's: positive is faster.

    Args:
        new: how the names of the arms begin that should be faster.
        old: how those of the others begin.
        what: is compared, smaller being better.
    """
    return lambda arms: np.log(best(arms, old)[what] / best(arms, new)[what])
