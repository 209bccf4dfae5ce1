"""Gradients followed while nets train: what C35 measures.

The norm is that of the gradient over all training data, not of a batch's.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.claims.training.cells import Training

RATES = (0.01, 0.0316, 0.1, 0.316, 1.0)
GRIDS = {
    "sgd": RATES,
    "momentum": tuple(r / 10 for r in RATES),
    "adam": tuple(r / 100 for r in RATES),
}
EPOCH = 40  # batches of 100 in 4,000 examples


@dataclass(frozen=True, kw_only=True)
class Norms(Training):
    """A net whose gradient is followed, at its best rate unless one is given.

    Args:
        what: ``norms``.
        optimizer: one of `GRIDS`.
        schedule: ``constant`` or ``cosine``.
        steps: of training.
        batch: examples a step.
        rate: the learning rate, once it is chosen.
    """

    what: str
    optimizer: str
    schedule: str
    steps: int
    batch: int = 100
    rate: float | None = None


@dataclass(frozen=True, kw_only=True)
class Activations(Training):
    """Nets with and without a kink."""

    what: str
    steps: int


@dataclass(frozen=True, kw_only=True)
class Criteria(Training):
    """A net that three criteria watch, at this rate."""

    what: str
    steps: int
    rate: float


CELLS: dict[str, Training] = {
    f"M1, {optimizer}, {schedule}": Norms(
        what="norms",
        data="M1",
        optimizer=optimizer,
        schedule=schedule,
        steps=100 * EPOCH,
    )
    for optimizer in GRIDS
    for schedule in ("constant", "cosine")
}
CELLS["M1-1000, full batch"] = Norms(
    what="norms",
    data="M1",
    keep=1_000,
    batch=1_000,
    optimizer="momentum",
    schedule="constant",
    steps=50 * EPOCH,
)
CELLS["M1, bends"] = Activations(what="bends", data="M1", steps=15 * EPOCH)
CELLS["FM, criteria"] = Criteria(
    what="criteria", data="FM", steps=3_000, seeds=5, rate=0.03
)


def trained(
    cell: Norms, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train; for scored seeds keep the norm after 1, 5, 10, … epochs."""
    from dlf.claims.training import common as tools
    from dlf.stacked import training

    data, steps = tools.examples(cell, seeds), cell.steps
    model = tools.net(cell, seeds, len(settings))
    norms = []

    def watch(step: int, _: Any) -> None:
        if step == EPOCH or (step and step % (5 * EPOCH) == 0):
            norms.append(tools.gradient_norm(model, data).double().numpy())

    waves = {
        "constant": None,
        "cosine": lambda step: (1 + math.cos(math.pi * step / steps)) / 2,
    }
    scored = cell.rate is not None
    out = training.fit(
        model,
        data,
        settings,
        steps=steps,
        batch=cell.batch,
        optimizer=tools.OPTIMIZERS[cell.optimizer],
        schedule=waves[cell.schedule],
        every=EPOCH if scored else 0,
        watch=watch if scored else None,
    )
    out.pop("curve", None)
    if scored:
        out["norms"] = np.stack(norms, -1)[None]
    return tools.by_loss(out)


def norms(cell: Norms, seeds: list[int]) -> dict[str, Any]:
    """Choose the rate by training loss, then follow the gradient."""
    from dlf.claims.training import common as tools

    rate, tried, name = cell.rate, {}, cell.optimizer
    if rate is None:
        rates, scores = tools.best(trained, cell, (name,), GRIDS[name])
        rate, tried = rates[name], scores[name]
    out = trained(replace(cell, rate=rate), name, [rate], seeds)
    data = out.pop("data")
    kept = {k: out[k][0] for k in ("loss", "initial", "norms", "test")}
    kept["test"] = np.asarray(kept["test"], float)
    return kept | {"data": data, "found": {"rate": rate, "tuning": tried}}


def activations(cell: Activations, seeds: list[int]) -> dict[str, Any]:
    """Train with ReLU and with a smooth activation that is close to it."""
    import torch.nn.functional as F

    from dlf.claims.training import common as tools

    smooth = {
        "relu": "relu",
        "softplus": lambda z: F.softplus(z, beta=20.0),
    }

    def accurate(cell: Activations, arm: str, *rest: Any) -> dict[str, Any]:
        from dlf.stacked import training

        settings, seeds = rest
        cell = replace(cell, activation=smooth[arm])
        return training.fit(
            tools.net(cell, seeds, len(settings)),
            tools.examples(cell, seeds),
            settings,
            steps=cell.steps,
        )

    scored: dict[str, Any] = {}
    rates, tried = tools.best(
        accurate, cell, tuple(smooth), GRIDS["momentum"], 3
    )
    for arm in smooth:
        out = accurate(cell, arm, [rates[arm]], seeds)
        scored[arm] = np.asarray(out["test"][0], float)
    return scored | {"found": {"rates": rates, "tuning": tried}}


def criteria(cell: Criteria, seeds: list[int]) -> dict[str, Any]:
    """Follow what the three detectors read, once an epoch."""
    from dlf.claims.training import common as tools
    from dlf.stacked import training

    data = tools.examples(cell, seeds)
    model = tools.net(cell, seeds, 1)
    kept: dict[str, list] = {k: [] for k in ("norms", "train", "held", "hits")}

    def watch(step: int, _: Any) -> None:
        train, _ = training.evaluate(model, data, data.train)
        held, right = training.evaluate(model, data, data.validation)
        norm = tools.gradient_norm(model, data)
        row = (norm, train, held, right.double().mean(1))
        for name, value in zip(kept, row, strict=True):
            kept[name].append(value.double().numpy())

    out = training.fit(
        model,
        data,
        [cell.rate],
        steps=cell.steps,
        every=100,
        watch=watch,
    )
    scored = {k: np.stack(v, -1) for k, v in kept.items()}
    return scored | {"data": out["data"], "found": {"rate": cell.rate}}


def measure(cell: Any, seeds: list[int]) -> dict[str, Any]:
    """Do what the cell says."""
    what = {"norms": norms, "bends": activations, "criteria": criteria}
    return what[cell.what](cell, seeds)
