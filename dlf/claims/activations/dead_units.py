"""Units that do not fire: designs of C18 (dying ReLU) and C19 (leaks)."""

from dataclasses import replace
from typing import Any

import numpy as np

from dlf.claims.activations.comparisons import LOW_FIVE
from dlf.experiments.cards import outcome
from dlf.experiments.claim import Contrast, Measured, Source
from dlf.experiments.outcomes import Effect, Outcome, decide, noted
from dlf.experiments.statistics import (
    equivalent,
    estimate,
    family,
    kendall,
    larger,
)
from dlf.experiments.tuning import of_classes
from dlf.stacked import activation_nets as nets

# C18: dying ReLU on D8, three layers of 64

RATES = (0.01, 0.0316, 0.1, 0.316, 0.6)


def fires(net: Any, data: Any) -> Any:
    """Say which hidden units are positive on some training example: K L H."""
    import torch

    from dlf.stacked import training

    hidden: list[Any] = []
    x, _ = training.take(net, data, data.train)
    with torch.no_grad():
        net(x, after=hidden)
    return torch.stack([(h > 0).any(dim=1) for h in hidden], dim=1)


def deaths(cell: dict, seeds: list[int]) -> dict[str, Any]:
    """Train at five rates; count dead units, and those that come back."""
    rates = list(cell.get("rates", RATES))
    S, R = len(rates), len(seeds)
    cell = cell | {"data": "D8", "depth": 3}
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


def best_rate(cell: dict) -> dict[str, Any]:
    """Choose the rate on the tuning seeds, by validation accuracy."""
    cell = cell | {"data": "D8", "depth": 3}
    val = nets.train(cell, "relu", list(RATES), [10, 11, 12])["val"].mean(1)
    return {"best": int(val.argmax()), "val": val}


def dying(cell: dict, seeds: list[int]) -> dict[str, Any]:
    """Choose the best rate, then count deaths on fresh seeds at all."""
    known = {"best": cell["best"]} if "best" in cell else best_rate(cell)
    return deaths(cell, seeds) | {"found": known}


def dying_here() -> dict[str, dict]:
    """Count on a page: three rates, none of them chaotic, 20 epochs."""
    here = {
        "rates": (0.0316, 0.1, 0.2),
        "best": 1,
        "seeds": 4,
        "first": 200,
        "steps": 200,
        "dtype": "float64",
    }
    return {n: C18.measured(c | here) for n, c in C18.cells.items()}


def perpetual(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge share of dead units, its causes, and whether death is final."""
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
    cells={"bias 0": {"bias": 0.0}, "bias −0.3": {"bias": -0.3}},
    measure=dying,
    judge=perpetual,
)

# C19: Leaky ReLU, where units die and elsewhere

LEAKS = {"leaky 0.01": 0.01, "leaky 0.2": 0.2}
STARTS = {
    f"{data}, bias {bias:g}".replace("-", "−"): {
        "data": data,
        "depth": 3,
        "bias": bias,
        "first": 130,
    }
    for data, biases in (("D8", (0.0, -0.3, -0.5)), ("M1", (0.0, -1.0, -3.0)))
    for bias in biases
}


def leaking(
    cell: dict, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train; of scored nets give the share of units with no gradient."""
    import torch.nn.functional as F

    slope = LEAKS.get(arm, 0.0)
    net = nets.build(
        cell | {"gain": 2**0.5},
        lambda x: F.leaky_relu(x, slope),
        seeds,
        len(settings),
    )
    out = nets.train(cell, arm, settings, seeds, net=net)
    if "test" in out:
        data = nets.examples(cell, seeds)
        flat = flatlined(net, data) if slope == 0 else leaked(net, data)
        out["dead"] = flat.reshape(len(settings), len(seeds))
    return out


def flatlined(net: Any, data: Any) -> np.ndarray:
    """Give the share of units that are never positive."""
    return (~fires(net, data)).double().mean((1, 2)).numpy()


def leaked(net: Any, data: Any) -> np.ndarray:
    """Give the share of units whose slope is zero on all examples."""
    import torch

    from dlf.stacked import training

    before: list[Any] = []
    x, _ = training.take(net, data, data.train)
    net(x, before=before)
    shares = []
    for z in before:
        z = z.detach().requires_grad_()
        slope = torch.autograd.grad(net.f(z).sum(), z)[0]
        shares.append((slope == 0).all(dim=1).double())
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
