"""How gradients flow: design of C22, whether it is why activations win.

The flow of a net is |δ1| / |δL|: the norm of the loss's gradient with respect
to the first hidden layer's pre-activations, over that of the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.claims.activations.comparisons import LOW_FIVE
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.headline import Headline, with_cause
from dlf.experiments.outcomes import Effect, Outcome
from dlf.experiments.statistics import kendall, larger
from dlf.experiments.tuning import of_classes
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net


def deltas(net: Any, data: Any, count: int) -> Any:
    """Give |δ| of every hidden layer: K nets by L layers."""
    import torch

    from dlf.stacked import training

    x, y = training.take(net, data, data.train[:, :count])
    before: list[Any] = []
    loss = training.losses(net(x, before=before), y).sum()
    grads = torch.autograd.grad(loss, before)
    return torch.stack([g.flatten(1).norm(dim=1) for g in grads], dim=1)


def flow(net: Any, data: Any, count: int = 500) -> np.ndarray:
    """Give log10 |δ1| / |δL| of each net, on some training examples."""
    d = deltas(net, data, count)
    return (d[:, 0] / d[:, -1]).log10().double().numpy()


MODERN = ("swish", "gelu", "mish")
OLDER = ("tanh", "relu", "leaky_relu", "elu")
EPOCHS = {"M1": 200, "D8-200": 10, "FM": 500}  # steps of five


@dataclass(frozen=True, kw_only=True)
class Start(Net):
    """A net that may start with the same |δ| in every layer."""

    equal: bool = False


def grounds() -> dict[str, Start]:
    """Name the nets of C22: data, depth, and how they start."""
    cells = {}
    for data, depths in (
        ("M1", (2, 8, 16)),
        ("D8-200", (2, 8, 16)),
        ("FM", (2, 16)),
    ):
        starts = ("", "equal", 0.7, 1.4) if data == "M1" else ("", "equal")
        for depth in depths:
            cell = Start(data=data, depth=depth, tuning=1)
            if data == "FM":
                cell = replace(cell, seeds=5, steps=500)
            for start in starts:
                cells[name(data, depth, start)] = replace(
                    cell,
                    equal=start == "equal",
                    scale=start if isinstance(start, float) else 1.0,
                )
    return cells


def name(data: str, depth: int, start: object = "") -> str:
    """Name a net of C22."""
    return f"{data}, {depth} layers{start and f', {start}'}"


def mediated(
    cell: Start, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train; give the flow before, and after five epochs."""
    cell = replace(cell, gain=cell.scale * nets.unit_gain(arm))
    net = nets.build(cell, arm, seeds, len(settings))
    data = nets.examples(cell, seeds)
    if cell.equal:
        equalise(net, data)
    every = EPOCHS[cell.data]
    flows = {}

    def watch(step: int, net: Any) -> None:
        if step in (0, every):
            flows[step] = flow(net, data)

    out = nets.train(
        cell, arm, settings, seeds, net=net, data=data, every=every, watch=watch
    )
    del out["curve"]
    shape = len(settings), len(seeds)
    out["flow"], out["flow_later"] = (
        flows[step].reshape(shape) for step in (0, every)
    )
    return out


def equalise(net: Any, data: Any, sweeps: int = 100) -> None:
    """Rescale hidden weights until |δ| is the same in every layer.

    Small steps: with the whole factor at once some nets end in a cycle.
    """
    import torch

    for _ in range(sweeps):
        d = deltas(net, data, 100)
        factors = (d[:, 1:] / d[:, :-1]).pow(0.1).clamp(0.5, 2.0)
        with torch.no_grad():
            for w, f in zip(list(net.weights)[1:-1], factors.T, strict=True):
                w.mul_(f.view(-1, 1, 1))


def gap(arms: dict) -> np.ndarray:
    """Give the modern mean less the older mean of test accuracy."""
    modern, older = (
        sum(arms[a]["test"] for a in group) / len(group)
        for group in (MODERN, OLDER)
    )
    return modern - older


def agreement(*cells: dict) -> np.ndarray:
    """Give -τ of |log flow| and accuracy, over activations and nets.

    A net without an accuracy (one that failed, where these are left out) is
    left out.
    """
    flows, scores = (
        np.stack([point(arms[a], of) for arms in cells for a in MODERN + OLDER])
        for of in ("flow", "test")
    )
    flows = np.nan_to_num(np.abs(flows), nan=99.0)
    there = ~np.isnan(scores)
    return np.array(
        [
            -kendall(f[k], s[k])
            for f, s, k in zip(flows.T, scores.T, there.T, strict=True)
        ]
    )


def point(arm: dict, of: str) -> np.ndarray:
    """Give one value a seed."""
    return arm[of] if arm[of].ndim == 1 else arm[of].mean(1)


def removed(*cells: dict) -> np.ndarray:
    """Give half the gap less the gap with flows equalised, over depths."""
    half = len(cells) // 2
    pairs = zip(cells[:half], cells[half:], strict=True)
    return sum(gap(plain) / 2 - gap(equal) for plain, equal in pairs) / half


GROUNDS = grounds()
DATA = {
    data: tuple(c for c, cell in GROUNDS.items() if cell.data == data)
    for data in EPOCHS
}


def whole(data: str, *, equal: bool) -> tuple[str, ...]:
    """List a data set's nets with the usual, or the equalised, start."""
    return tuple(
        c
        for c in DATA[data]
        if GROUNDS[c].scale == 1.0 and GROUNDS[c].equal == equal
    )


def because(outcomes: Sequence[Outcome]) -> Headline:
    """Ask for the effect (a) and for its cause (c)."""
    return with_cause(outcomes, "(a)", "(c)")


C22 = Contrast(
    number="C22",
    title="Modern activations win because of gradient flow",
    sources=(
        Source(
            "S0",
            "§12",
            "(Swish, GELU, Mish) outperform traditional ones due to better "
            "gradient flow",
        ),
    ),
    hypothesis=(
        "(a) The mean test accuracy of Swish, GELU and Mish exceeds that of "
        "tanh, ReLU, Leaky ReLU and ELU by 1 point or more. (b) Over "
        "activations, depths and initial scales, accuracy falls as |log flow| "
        "rises, τ ≤ −0.4, where the flow is the gradient's norm at the first "
        "hidden layer over that at the last, before training. (c) Rescaling "
        "the layers until the flow is 1 removes half of (a) or more."
    ),
    rule=(
        "(a) R(1 point) in each of eight nets; (b) R(0.4) on −τ in each data "
        "set; (c) half the gap less the gap with equal flows, averaged over "
        "depths, above 0 in each data set: 14 cells, intervals widened "
        "together. (a) alone is in part; without (a) in any net there is "
        "nothing to explain, and the claim does not hold if half of (a) or "
        "more is refuted."
    ),
    literature=(
        "Ramachandran et al. (2017); Hendrycks and Gimpel (2016); Hayou et al. "
        "(2019): smooth activations carry signals deeper. No mediation study "
        "is known."
    ),
    expects=("holds in part", "does not hold"),
    cuts=(
        "Five rates instead of seven and sigmoid left out (it trains in no "
        "deep net of C12); D8 with 200 training images; FM at depths 2 and 16, "
        "500 steps, 5 seeds; other initial scales (×0.7, ×1.4) on M1 only; the "
        "flow also after five epochs, not after one."
    ),
    here="Four fresh seeds, 300 steps, one of the nets, the recorded rates.",
    replica=lambda: C22.small(("M1, 2 layers",), seeds=4, steps=300),
    cells=GROUNDS,
    arms=MODERN + OLDER,
    grid=LOW_FIVE,
    train=mediated,
    constant=of_classes,
    conclude=because,
    effects=(
        *(
            Effect(f"(a) {c}", (c,), gap, larger(0.01))
            for data in DATA
            for c in whole(data, equal=False)
        ),
        *(
            Effect(
                f"(b) {data}: −τ of |log flow| and accuracy",
                tuple(c for c in DATA[data] if not GROUNDS[c].equal),
                agreement,
                larger(0.4),
                "",
            )
            for data in DATA
        ),
        *(
            Effect(
                f"(c) {data}: half the gap less the equalised gap",
                whole(data, equal=False) + whole(data, equal=True),
                removed,
                larger(0.0),
            )
            for data in DATA
        ),
        *(
            Effect(
                f"{c}: −τ over activations alone",
                (c,),
                agreement,
                larger(0.4),
                "",
                counted=False,
            )
            for data in DATA
            for c in whole(data, equal=False)
        ),
    ),
)
