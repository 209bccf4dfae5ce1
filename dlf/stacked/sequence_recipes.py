"""Recipes of recurrent nets: cells of claims, cheap to import.

Every net has one recurrent layer of about as many parameters, whatever its
kind. Adam, clipped; where no rate learns anything the middle one is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe

#: by data: features of a step, outputs, and units by kind
SHAPES: dict[str, tuple[int, int, dict[str, int]]] = {
    "recall": (10, 8, {"plain": 46, "lstm": 20, "gru": 24}),
    "adding": (2, 1, {"plain": 46, "lstm": 22, "gru": 26}),
    "CH": (0, 0, {"plain": 64}),
    "TS": (65, 65, {"plain": 152, "lstm": 64, "gru": 78}),
}
FLOORS = {"recall": float(np.log(8)), "adding": 1 / 6}  # losses without memory
MIDDLE = 0.01  # of the rates that are tried


@dataclass(frozen=True, kw_only=True)
class Sequences(Recipe):
    """A recurrent net that reads sequences, and its training.

    Args:
        lag: steps to remember, of recall and adding.
        kind: plain, lstm or gru.
        start: of the recurrent weights.
        gain: of the weights.
        forget: initial bias of an LSTM's forget gate; None for log(lag - 1),
            with which half a memory lasts about 0.7 lags.
    """

    lag: int = 50
    kind: str = "plain"
    start: str = "normal"
    gain: float = 1.0
    forget: float | None = 0.0
    activation: str = "tanh"
    steps: int = 1_000
    batch: int = 20
    optimizer: str = "adam"
    clip: float = 1.0

    def net(self, seeds: Sequence[int], copies: int) -> Any:
        """Make the nets, a copy for every setting.

        Args:
            seeds: of their weights.
            copies: one a setting.
        """
        import torch

        from dlf.stacked import character_nets
        from dlf.stacked.recurrent_nets import RecurrentNet

        inputs, outputs, units = SHAPES[self.data]
        alphabet = character_nets.symbols() if self.data == "CH" else 0
        forget = self.forget
        return RecurrentNet(
            inputs or alphabet,
            units[self.kind],
            outputs or alphabet,
            seeds,
            copies,
            kind=self.kind,
            activation=self.activation,
            start=self.start,
            gain=self.gain,
            forget=float(np.log(self.lag - 1)) if forget is None else forget,
            everywhere=self.data == "TS",
            dtype=getattr(torch, self.dtype),
        )

    def examples(self, seeds: Sequence[int]) -> Any:
        """Give the sequences of these seeds.

        Args:
            seeds: of the drawings, or of the windows of text.
        """
        from dlf.stacked import character_nets, sequence_tasks

        few = tuple(seeds)
        if self.data == "recall":
            return sequence_tasks.recall(few, self.lag)
        if self.data == "adding":
            return sequence_tasks.adding(few, self.lag, self.dtype)
        if self.data == "TS":
            return sequence_tasks.shakespeare(few)
        return character_nets.characters(few)


def train(
    cell: Sequences, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train the nets of a cell; judge them by their loss.

    Args:
        cell: net, data and training.
        settings: learning rates.
        seeds: of data, weights and batches.

    Returns:
        What `recipes.train` does, chosen by validation loss; of scored nets
        ``nats``, the loss on the test sequences: a squared error of adding. A
        net that does not learn recall or adding has not failed: that it solves
        nothing is what is measured.
    """
    from dlf.stacked import sequence_tasks, training

    if cell.data == "TS":
        return train_on_text(cell, settings, seeds)
    net, data = cell.net(seeds, len(settings)), cell.examples(seeds)
    adding = cell.data == "adding"
    how = {"loss": sequence_tasks.squared_error} if adding else {}
    out = recipes.train(cell, settings, seeds, net=net, data=data, **how)
    parts = {"held": data.validation}
    if "test" in out:
        parts["nats"] = data.test
    for name, rows in parts.items():
        lost, _ = training.evaluate(net, data, rows, **how)  # pyright: ignore[reportArgumentType]
        lost = lost.double().view(len(settings), len(seeds)).numpy()
        out[name] = np.nan_to_num(lost, nan=99.0, posinf=99.0)
    out["score"] = -out.pop("held")
    if cell.data in FLOORS:
        floor = FLOORS[cell.data]
        learned = -out["score"] < 0.9 * floor
        off = abs(np.log10(np.asarray(settings, float) / MIDDLE))[:, None]
        out["score"] = np.where(learned, out["score"], -floor - off)
        out["initial"] = np.full_like(out["initial"], np.inf)
        out["loss"] = np.nan_to_num(out["loss"], nan=99.0, posinf=99.0)
        out.pop("constant", None)
    return out


def train_on_text(
    cell: Sequences, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train nets that predict every next character of windows of text.

    Args:
        cell: net, data and training.
        settings: learning rates.
        seeds: of windows, weights and batches.

    Returns:
        What `train` does; ``loss`` and ``initial`` are means of ten batches.
    """
    import torch

    from dlf.experiments.seeds import SCORED
    from dlf.stacked import sequence_tasks, training

    S, R = len(settings), len(seeds)
    net, data = cell.net(seeds, S), cell.examples(seeds)
    params = list(net.parameters())
    rates = torch.tensor(list(settings), dtype=net.dtype).repeat_interleave(R)
    update = cell.make()(params, rates)

    def loss(rows: Any) -> Any:
        x, y = (part[rows].repeat(S, 1, 1) for part in (data.x, data.y))
        return sequence_tasks.everywhere(net(x), y)

    def judged(rows: Any) -> np.ndarray:
        with torch.no_grad():
            parts = [loss(part) for part in rows.split(250, dim=1)]
        mean = torch.stack(parts).mean(0).double().view(S, R)
        return np.nan_to_num(mean.numpy(), nan=99.0, posinf=99.0)

    seen = []
    for rows in training.batches(data.train, seeds, cell.steps, cell.batch):
        total = loss(rows)
        seen.append(total.detach().double().view(S, R))
        update(torch.autograd.grad(total.sum(), params))
    first, last = (
        torch.stack(part).mean(0).numpy() for part in (seen[:10], seen[-10:])
    )
    out = {"loss": last, "initial": first, "score": -judged(data.validation)}
    if min(seeds) >= SCORED:
        out |= {"nats": judged(data.test), "data": data.describe()}
    return out
