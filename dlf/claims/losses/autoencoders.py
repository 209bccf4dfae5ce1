"""BCE or MSE for autoencoders: design of C32."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.seeds import SCORED
from dlf.experiments.statistics import ratio

RATES = (0.001, 0.00316, 0.01, 0.0316, 0.1)


@dataclass(frozen=True, kw_only=True)
class Pictures(Cell):
    """Pictures, as they are or as black and white."""

    data: str
    binary: bool


@cache
def pictures(data: str, seed: int, binary: bool) -> tuple[np.ndarray, ...]:
    """Load pictures, flat, as they are or as black and white."""
    from dlf.data import digits, glyphs

    if data == "D8":
        parts = [p.flat() for p in digits.load(seed=seed)]
    else:
        loaded = glyphs.load(train=2_000, validation=500, test=1_000, seed=seed)
        parts = [
            p.x.reshape(-1, 14, 2, 14, 2).mean((2, 4)).reshape(len(p.y), -1)
            for p in loaded
        ]
    return tuple((p > 0.5).astype(float) if binary else p for p in parts)


def autoencoder(
    cell: Pictures, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train an autoencoder with sigmoid outputs; score by its own loss."""
    import torch
    import torch.nn.functional as F

    from dlf.stacked import nets
    from dlf.stacked import regression_training as loop

    dtype = loop.dtype_of(cell)
    drawn = [pictures(cell.data, s, cell.binary) for s in seeds]
    x, v, t = (
        torch.tensor(np.stack(s), dtype=dtype) for s in zip(*drawn, strict=True)
    )
    D = x.shape[-1]
    widths = [D, 32, 8, 32, D]
    net = nets.Mlp(widths, seeds, len(settings), "relu", dtype=dtype)

    def bce(z: Any, to: Any) -> Any:
        return loop.each(
            F.binary_cross_entropy_with_logits(z, to, reduction="none")
        )

    def mse(z: Any, to: Any) -> Any:
        return loop.each((torch.sigmoid(z) - to).square())

    own = {"bce": bce, "mse": mse}[arm]
    done = loop.fit(net, x, x, settings, steps=1_000, loss=own, batch=100)
    shape = len(settings), len(seeds)

    def held(of: Any, at: Any) -> np.ndarray:
        z = loop.outputs(net, at).flatten(0, 1)
        value = of(z, loop.copied(at, len(settings))).view(shape)
        return np.nan_to_num(value.double().numpy(), nan=10.0)

    done["score"] = -held(own, v)
    if min(seeds) >= SCORED:
        done["nll"] = held(bce, t)
        done["rmse"] = np.sqrt(held(mse, t))
        done["wrong"] = held(
            lambda z, to: loop.each(((z > 0) != (to > 0.5)).to(dtype)), t
        )
    return done


def lower(old: str, new: str, what: str) -> Any:
    """Make the log ratio of two arms, positive where the new one is lower."""
    return lambda arms: np.log(arms[old][what] / arms[new][what])


WORDS = {"nll": "Bernoulli NLL", "wrong": "wrong pixels"}

C32 = Contrast(
    number="C32",
    title="BCE for reconstructing binary data",
    sources=(
        Source("S2", "Losses 4(b)", "Used when reconstructing binary data"),
        Source("S2", "Losses 4(a)", "image … reconstruction"),
    ),
    hypothesis=(
        "On black-and-white pictures an autoencoder trained with BCE has a "
        "held-out Bernoulli NLL and a share of wrong pixels at least 2 % lower "
        "than one trained with MSE; on grey pictures MSE has the lower RMSE, "
        "by 2 % or more."
    ),
    rule=(
        "R(ratio 0.98) on each metric, for D8 and printed digits (G14): six "
        "cells, intervals widened together. Each arm's rate is chosen by its "
        "own loss on validation data."
    ),
    literature=(
        "Kingma and Welling (2014) use the Bernoulli likelihood; "
        "Loaiza-Ganem and Cunningham (2019): on grey data it is no likelihood."
    ),
    expects=("holds in part",),
    cuts="1,000 steps of Adam; printed digits 14 x 14.",
    cells={
        f"{data}, {'binary' if binary else 'grey'}": Pictures(
            data=data, binary=binary
        )
        for data in ("D8", "G14")
        for binary in (True, False)
    },
    arms=("mse", "bce"),
    grid=RATES,
    train=autoencoder,
    seeds=10,
    tuning=2,
    effects=(
        *(
            Effect(
                f"{data}, binary: {WORDS[what]}",
                (f"{data}, binary",),
                lower("mse", "bce", what),
                ratio(0.98),
                "ratio",
            )
            for data in ("D8", "G14")
            for what in WORDS
        ),
        *(
            Effect(
                f"{data}, grey: RMSE, MSE's against BCE's",
                (f"{data}, grey",),
                lower("bce", "mse", "rmse"),
                ratio(0.98),
                "ratio",
            )
            for data in ("D8", "G14")
        ),
    ),
    here="Five fresh seeds, one of the four sets.",
    replica=lambda: C32.small(("D8, binary",), seeds=5),
)
