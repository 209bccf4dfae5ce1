"""Leaky ReLU, where units die and elsewhere: design of C19."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from dlf.claims.activations.dead_units import fires
from dlf.experiments.cards import outcome
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect, Outcome, decide
from dlf.experiments.statistics import (
    Estimate,
    equivalent,
    larger,
    proportion,
)
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
        data=data, depth=3, bias=bias, first=200, seeds=seeds
    )
    for data, bias, seeds in (
        ("M1", -3.0, 20),
        ("D8", -0.4, 20),
        ("D8", 0.0, 20),
        ("M1", 0.0, 50),
    )
}
DEAD, SOME, USUAL, LONG = STARTS


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


def rescued(arm: str) -> Callable[[dict], np.ndarray]:
    """Make the failures of ReLU less those of an arm: 1, 0 or −1 a seed."""
    return lambda arms: arms["relu"]["failed"] - arms[arm]["failed"]


def accuracy(arm: str) -> Callable[[dict], np.ndarray]:
    """Make the gain in test accuracy of an arm over ReLU."""
    return lambda arms: arms[arm]["test"] - arms["relu"]["test"]


def paired_proportions(values: np.ndarray, level: float) -> Estimate:
    """Estimate the difference of two paired proportions from −1, 0 or 1 a seed.

    The bounds are those of two exact intervals, each with half of the error:
    of the seeds with 1 and of those with −1.

    >>> e = paired_proportions(np.ones(20), 0.95)
    >>> round(e.low, 2), e.high
    (0.61, 1.0)
    """
    n, half = len(values), (1 + level) / 2
    more = proportion(int((values > 0).sum()), n, half)
    less = proportion(int((values < 0).sum()), n, half)
    mean = float(np.mean(values))
    low, high = more.low - less.high, more.high - less.low
    return Estimate(mean, low, high, n, "Clopper–Pearson, paired")


EFFECTS = (
    *(
        Effect(
            f"(b) failures, {arm}",
            (DEAD,),
            rescued(arm),
            larger(0.3),
            words="addresses dying ReLU",
            how=paired_proportions,
        )
        for arm in LEAKS
    ),
    *(
        Effect(
            f"(c) accuracy, {arm}",
            (SOME,),
            accuracy(arm),
            larger(0.01),
            words="addresses dying ReLU",
        )
        for arm in LEAKS
    ),
    *(
        Effect(
            f"(d) no cost, {cell[:2]}",
            (cell,),
            accuracy("leaky 0.01"),
            equivalent(0.01),
            words="designed to solve",
        )
        for cell in (USUAL, LONG)
    ),
)


def repaired(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Count units without gradient, then judge failures and accuracy."""
    leaky = [arms[a]["dead"] for arms in view.values() for a in LEAKS]
    some = sum(int((dead > 0).sum()) for dead in leaky)
    plain = "; ".join(
        f"ReLU, {cell}: {arms['relu']['dead'].mean():.0%}"
        for cell, arms in view.items()
    )
    gone = outcome(
        "(a) a leak leaves no unit without gradient",
        some == 0,
        f"{some} nets with such a unit; {plain}",
        counted=False,
    )
    return (gone, *decide(EFFECTS, view))


C19 = Contrast(
    number="C19",
    title="Leaky ReLU repairs dying ReLU",
    sources=(
        Source("S0", "§3.4", "Addresses dying ReLU problem"),
        Source("S3", "§1", "Designed to solve"),
    ),
    hypothesis=(
        "“Addresses dying ReLU”: (b) where the initial bias kills most units "
        "(M1, bias −3), fewer nets fail to learn with a leak than with ReLU, "
        "by 30 points or more; (c) where at least a tenth of ReLU's units are "
        "dead and all nets learn (D8, bias −0.4), a leak gains 1 point of test "
        "accuracy; (d) where few are dead (bias 0), a leak of 0.01 costs "
        "nothing: ±1 point."
    ),
    rule=(
        "Nets of three layers, leaks 0.01 and 0.2, each at its own best rate. "
        "(b) R(0.30) on the share of runs that fail (final training loss no "
        "better than a constant's), of ReLU less that of the leak, with an "
        "exact interval of paired shares: the failures are the effect. (c) R(1 "
        "point), the bias found in the pilot. (d) equivalence within 1 point, "
        "on D8 and on M1 with 50 seeds. Six cells, intervals widened together. "
        "(a) That a leak leaves no unit without gradient is exact, and shown "
        "and not counted."
    ),
    literature=(
        "Maas et al. (2013): on speech leaky and plain are nearly identical; "
        "Xu et al. (2015), CIFAR and plankton: a leak of 1/5.5 is better than "
        "one of 0.01."
    ),
    expects=("mixed", "mostly supported", "supported"),
    cuts="One bias for (b) and one for (c), found in a pilot.",
    mode="live",
    cells=STARTS,
    arms=("relu", *LEAKS),
    grid=(0.01, 0.0316, 0.1, 0.178, 0.316),
    train=leaking,
    effects=EFFECTS,
    constant=of_classes,
    seeds=20,
    tuning=3,
    judge=repaired,
)
