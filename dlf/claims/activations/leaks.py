"""Leaky ReLU, where units die and elsewhere: design of C19."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dlf.claims.activations.comparisons import LOW_FIVE
from dlf.claims.activations.dead_units import fires
from dlf.experiments.cards import outcome
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect, Outcome, decide, noted
from dlf.experiments.statistics import equivalent, larger
from dlf.experiments.tuning import of_classes
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net

LEAKS = {"leaky 0.01": 0.01, "leaky 0.2": 0.2}


@dataclass(frozen=True, kw_only=True)
class Biased(Net):
    """A net whose initial bias is always stated."""

    bias: float = field()


STARTS = {
    f"{data}, bias {bias:g}".replace("-", "−"): Biased(
        data=data, depth=3, bias=bias, first=130
    )
    for data, biases in (("D8", (0.0, -0.3, -0.5)), ("M1", (0.0, -1.0, -3.0)))
    for bias in biases
}


def leaking(
    cell: Biased, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train; of scored nets give the fraction of units with no gradient."""
    import torch.nn.functional as F

    leak = LEAKS.get(arm, 0.0)
    net = nets.build(
        replace(cell, gain=2**0.5),
        lambda x: F.leaky_relu(x, leak),
        seeds,
        len(settings),
    )
    _, data, out = nets.trained(cell, arm, settings, seeds, net=net)
    if "test" in out:
        flat = flatlined(net, data) if leak == 0 else leaked(net, data)
        out["dead"] = flat.reshape(len(settings), len(seeds))
    return out


def flatlined(net: Any, data: Any) -> np.ndarray:
    """Give the fraction of units that are never positive."""
    return (~fires(net, data)).double().mean((1, 2)).numpy()


def leaked(net: Any, data: Any) -> np.ndarray:
    """Give the fraction of units whose derivative is zero on all examples."""
    import torch

    from dlf.stacked import training

    before: list[Any] = []
    x, _ = training.take(net, data, data.train)
    net(x, before=before)
    shares = []
    for z in before:
        z = z.detach().requires_grad_()
        derivative = torch.autograd.grad(net.f(z).sum(), z)[0]
        shares.append((derivative == 0).all(dim=1).double())
    return torch.stack(shares, dim=1).mean((1, 2)).numpy()


def repaired(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Where ReLU has 10 % dead units ask for a gain, elsewhere for none."""
    effects, dead = [], {}
    for cell, arms in view.items():
        dead[cell] = float(arms["relu"]["dead"].mean())
        many = dead[cell] >= 0.1
        for arm in LEAKS:
            effects.append(
                Effect(
                    f"({'b' if many else 'c'}) {cell}, {arm}",
                    (cell,),
                    lambda r, arm=arm: r[arm]["test"] - r["relu"]["test"],
                    larger(0.01) if many else equivalent(0.01),
                )
            )
    found = [
        noted(o, f"ReLU: {dead[e.runs[0]]:.0%} dead")
        for o, e in zip(decide(effects, view), effects, strict=True)
    ]
    none = sum(
        int((arms[a]["dead"] > 0).sum())
        for arms in view.values()
        for a in LEAKS
    )
    note = f"{none} nets with such a unit"
    gone = outcome("(a) no unit without gradient", none == 0, note)
    return (replace(gone, printed=True), *found)


C19 = Contrast(
    number="C19",
    title="Leaky ReLU repairs dying ReLU",
    sources=(
        Source("S0", "§3.4", "Addresses dying ReLU problem"),
        Source("S3", "§1", "Designed to solve"),
    ),
    hypothesis=(
        "(a) With a leak no unit has zero gradient on all data. (b) Where at "
        "least 10 % of ReLU's units are dead, a leak gains 1 point of test "
        "accuracy or more. (c) Elsewhere it costs nothing: ±1 point."
    ),
    rule=(
        "Six nets of three layers (D8 and M1, initial bias from 0 to one that "
        "kills most units) by two leaks, 0.01 and 0.2. ReLU's dead share at "
        "its best rate, on the scored seeds, says whether a net belongs to "
        "(b), R(1 point), or to (c), equivalence within ±1 point; with (a), an "
        "exact count, 13 cells, intervals widened together."
    ),
    literature=(
        "Maas et al. (2013): on speech leaky and plain are nearly identical; "
        "Xu et al. (2015), CIFAR and plankton: a leak of 1/5.5 is better than "
        "one of 0.01."
    ),
    expects=("holds in part",),
    cuts=(
        "Biases on D8 are 0, −0.3 and −0.5: at −1 all of its units are dead "
        "before the first step. Scored seeds begin at 130: three from 100 were "
        "used up in testing the code."
    ),
    mode="live",
    here="Four fresh seeds, 200 steps, two of the nets, the recorded rates.",
    replica=lambda: C19.small(
        ("D8, bias 0", "M1, bias −3"), seeds=4, steps=200
    ),
    cells=STARTS,
    arms=("relu", *LEAKS),
    grid=LOW_FIVE,
    train=leaking,
    constant=of_classes,
    seeds=20,
    tuning=2,
    judge=repaired,
)
