"""Units that do not fire: design of C18, dying ReLU.

Three layers of 64 units on D8.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dlf.experiments.cards import outcome
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.seeds import TUNING
from dlf.experiments.statistics import estimate, family, kendall, larger
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net

RATES = (0.01, 0.0316, 0.1, 0.316, 0.6)


@dataclass(frozen=True, kw_only=True)
class Dying(Net):
    """A net trained at several rates; ``best`` numbers the best, if known."""

    data: str = "D8"
    depth: int = 3
    bias: float = field()
    rates: tuple[float, ...] = RATES
    best: int | None = None


BIASED = {"bias 0": Dying(bias=0.0), "bias −0.3": Dying(bias=-0.3)}


def fires(net: Any, data: Any) -> Any:
    """Say which hidden units are positive on some training example: K L H."""
    import torch

    from dlf.stacked import training

    hidden: list[Any] = []
    x, _ = training.take(net, data, data.train)
    with torch.no_grad():
        net(x, after=hidden)
    return torch.stack([(h > 0).any(dim=1) for h in hidden], dim=1)


def deaths(cell: Dying, seeds: list[int]) -> dict[str, Any]:
    """Train at five rates; count dead units, and those that come back."""
    rates = list(cell.rates)
    S, R = len(rates), len(seeds)
    data = nets.examples(cell, seeds)
    history = []

    def watch(step: int, net: Any) -> None:
        history.append(fires(net, data))

    out = nets.train(
        cell, "relu", rates, seeds, data=data, every=10, watch=watch
    )
    import torch

    alive = torch.stack(history)  # epoch K L H
    later = alive.flip(0).cummax(0).values.flip(0)
    was_dead = (~alive[:-1]).any(0)
    first = (~alive).int().argmax(0, keepdim=True)
    after = later.gather(0, (first + 1).clamp_max(len(alive) - 1))[0]
    back = was_dead & after

    def by_seed(t: Any) -> np.ndarray:
        return t.double().numpy().reshape(S, R, *t.shape[1:]).swapaxes(0, 1)

    return {
        "dead": by_seed((~alive[-1]).float().mean(2)),
        "ever_dead": by_seed(was_dead.sum((1, 2))),
        "back": by_seed(back.sum((1, 2))),
        "back_first_layer": by_seed(back[:, 0].sum(1)),
        "failed": (~(out["loss"] <= out["initial"])).T.astype(float),
        "data": data.describe(),
    }


def best_rate(cell: Dying) -> dict[str, Any]:
    """Choose the rate on the tuning seeds, by validation accuracy.

    Returns:
        Its number, and all trials: axes rate and seed.
    """
    seeds = list(range(TUNING, TUNING + 3))
    val = nets.train(cell, "relu", list(cell.rates), seeds)["val"]
    tried = {"rates": list(cell.rates), "tuning_seeds": seeds, "val": val}
    return {"best": int(val.mean(1).argmax())} | tried


def dying(cell: Dying, seeds: list[int]) -> dict[str, Any]:
    """Choose the best rate, then count deaths on fresh seeds at all."""
    known = best_rate(cell) if cell.best is None else {"best": cell.best}
    return deaths(cell, seeds) | {"found": known}


def dying_here() -> dict[str, dict]:
    """Count on a page: three rates, none of them chaotic, 20 epochs."""
    return {
        name: C18.measured(
            replace(
                cell,
                rates=(0.0316, 0.1, 0.2),
                best=1,
                seeds=4,
                first=200,
                steps=200,
                dtype="float64",
            )
        )
        for name, cell in BIASED.items()
    }


def perpetual(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge the fraction of dead units, its causes, and if death is final."""
    plain = view["bias 0"]
    dead = {name: v["dead"].mean(2) for name, v in view.items()}
    share = dead["bias 0"][:, plain["found"]["best"]]
    ok = {name: v["failed"] == 0 for name, v in view.items()}
    by_rate = np.array(
        [
            kendall(np.arange(k.sum()).astype(float), d[k])
            for d, k in zip(dead["bias 0"], ok["bias 0"], strict=True)
        ]
    )
    both = ok["bias 0"] & ok["bias −0.3"]
    by_bias = np.array(
        [
            kendall(np.repeat([0.0, 1.0], k.sum()), np.r_[a[k], b[k]])
            for a, b, k in zip(
                dead["bias 0"], dead["bias −0.3"], both, strict=True
            )
        ]
    )
    died, back = (
        sum((v[of] * ok[name]).sum(1) for name, v in view.items())
        for of in ("ever_dead", "back")
    )
    first = sum(
        (v["back_first_layer"] * ok[name]).sum() for name, v in view.items()
    )
    level = family(4)
    rules = (
        ("(a) share dead at the best rate, less 5 %", share - 0.05, 0.0),
        ("(b) τ of dead share and rate", np.nan_to_num(by_rate), 0.2),
        ("(b) τ of dead share and bias −0.3", np.nan_to_num(by_bias), 0.2),
        (
            "(c) 1 %, less the share of the dead that revive",
            0.01 - back / np.maximum(died, 1),
            0.0,
        ),
    )
    found = []
    for name, values, delta in rules:
        e, rule = estimate(values, level), larger(delta)
        unit = "" if "τ" in name else "points"
        found.append(Outcome(name, rule(e), e, unit, rule))
    note = f"{int(back.sum())} of {int(died.sum())}, {int(first)} in layer 1"
    found[-1] = replace(found[-1], note=note)
    lost = ", ".join(
        f"{1 - ok[name].mean(0)[-2:].mean():.2f} at {name}" for name in view
    )
    note = f"failed at the two highest rates: {lost}"
    return (*found, outcome("runs lost", None, note, counted=False))


C18 = Measured(
    number="C18",
    title="Dying ReLU, “perpetually”",
    sources=(
        Source("S3", "§1", "outputs 0 perpetually. The gradient becomes 0"),
    ),
    hypothesis=(
        "On D8, three layers of 64, trained for 60 epochs: (a) at the best "
        "rate at least 5 % of hidden units are zero on all training data; (b) "
        "that share rises with the rate and with a negative initial bias; (c) "
        "a unit dead at one epoch never fires again."
    ),
    rule=(
        "(a) R(0) on the share less 5 %; (b) R(0.2) on Kendall's τ of dead "
        "share and rate, and of dead share and bias −0.3, over the runs of a "
        "seed that did not fail; (c) R(0) on 1 % less the share of units ever "
        "dead that fire at a later epoch, again without failed runs: four "
        "cells. Rates 0.01 to 0.6; the best is chosen on tuning seeds."
    ),
    literature=(
        "Maas et al. (2013); Lu et al. (2020): at initialisation a ReLU net "
        "of fixed width is dead with a probability that tends to 1 as depth "
        "grows. That death is final is proved for units of the first layer "
        "under plain SGD; momentum, decay or moving layers below can revive."
    ),
    expects=("holds in part", "does not hold"),
    cuts=(
        "The negative bias is −0.3 instead of −1, which kills whole layers of "
        "this net before the first step."
    ),
    mode="live",
    replica=dying_here,
    here="Four fresh seeds, rates 0.03, 0.1 and 0.2, 20 epochs.",
    cells=BIASED,
    measure=dying,
    judge=perpetual,
)
