"""What PReLU and ELU are praised for: design of C20."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.claims.activations.comparisons import LOW_FIVE, ahead
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import (
    estimate,
    larger,
    ratio,
    ratio_of_spreads,
)
from dlf.experiments.tuning import of_classes
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net

SCALES = (0.3, 0.55, 1.0, 1.7, 3.0)


@dataclass(frozen=True, kw_only=True)
class Labelled(Net):
    """A net, trained on labels as they are or drawn at random."""

    random: bool = False


TRIO = {
    "M1, 2 layers": Labelled(data="M1", depth=2, seeds=20),
    "M1, 8 layers": Labelled(data="M1", depth=8, seeds=20),
    "FM, CNN-4": Labelled(data="FM", model="cnn", depth=4, steps=400, tuning=1),
}
RANDOM = {
    f"random labels, {d} layers": Labelled(
        data="M1", depth=d, random=True, steps=2000, every=25, target=1.0
    )
    for d in (2, 8)
}


def properties(
    cell: Labelled, arm: str, settings: list[float], seeds: list[int]
) -> dict[str, Any]:
    """Train; of scored nets also give centring and accuracy over scales."""
    cell = replace(cell, gain=nets.unit_gain(arm))
    if cell.random:
        data = relabelled(nets.examples(cell, seeds), seeds)
        return nets.race(cell, arm, settings, seeds, data=data)
    net, data, out = nets.trained(cell, arm, settings, seeds)
    if "test" in out:
        shape = len(settings), len(seeds)
        out["offset"] = offset(net, data).reshape(shape)
        if cell.data == "M1":
            scaled = [replace(cell, scale=s) for s in SCALES]
            runs = [nets.level(c, arm, settings, seeds)["test"] for c in scaled]
            out["scales"] = np.stack(runs, axis=-1)
    return out


def relabelled(data: Any, seeds: list[int]) -> Any:
    """Keep 1,000 training examples a seed and draw all labels at random."""
    import torch

    each = len(data.y) // len(seeds)
    labels = [
        torch.randint(
            0, 10, (each,), generator=torch.Generator().manual_seed(9_000 + s)
        )
        for s in seeds
    ]
    return replace(data, y=torch.cat(labels), train=data.train[:, :1000])


def offset(net: Any, data: Any) -> np.ndarray:
    """Give |mean| over SD of a hidden unit, averaged over units and layers."""
    import torch

    from dlf.stacked import training

    x, _ = training.take(net, data, data.train[:, :1000])
    hidden: list[Any] = []
    net.eval()
    with torch.no_grad():
        net(x, after=hidden)
    net.train()
    ratios = []
    for h in hidden:
        if h.ndim == 4:  # B KC H W
            h = h.transpose(0, 1).reshape(net.K, -1, *h.shape[:1], *h.shape[2:])
            h = h.flatten(2).transpose(1, 2)
        spread = h.std(1).mean(-1)
        ratios.append(h.mean(1).abs().mean(-1) / spread.clamp_min(1e-12))
    return torch.stack(ratios).mean(0).double().numpy()


def spreads(arms: dict, of: str) -> np.ndarray:
    """Give what ReLU's spread over ELU's is estimated from.

    Over scales it is log SD(ReLU) - log SD(ELU) of each seed; over seeds the
    pairs of test accuracies, of which `statistics.ratio_of_spreads` is taken.
    """
    relu, elu = arms["relu"][of], arms["elu"][of]
    if of == "scales":
        return np.log(relu.std(1, ddof=1) / elu.std(1, ddof=1))
    return np.stack([relu, elu], axis=1)


def log_ratio_of(old: str, new: str, what: str) -> Callable[[dict], Any]:
    """Make the log ratio of two arms."""
    return lambda arms: np.log(arms[old][what] / arms[new][what])


C20 = Contrast(
    number="C20",
    title="PReLU adds capacity; ELU is centred and robust",
    sources=(
        Source("S0", "§3.5", "improving model capacity"),
        Source("S0", "§3.6", "maintains zero-centered activations"),
        Source("S0", "§3, table", "Robust activation"),
    ),
    hypothesis=(
        "(a) PReLU fits random labels in fewer steps than ReLU and gains 1 "
        "point of test accuracy or more. (b) After training, a hidden unit's "
        "mean over its SD is with ELU at most half of ReLU's. (c) ELU's test "
        "accuracy has an SD over seeds, and over initial scales from 0.3 to "
        "3, of at most 0.8 × ReLU's."
    ),
    rule=(
        "(a) R(ratio 1.25) on steps to a training loss of 1.0 on 1,000 "
        "randomly labelled examples, R(1 point) on test accuracy; (b) R(ratio "
        "2); (c) R(ratio 1.25) on the SDs. Twelve cells, intervals widened "
        "together."
    ),
    literature=(
        "He et al. (2015): PReLU lowers the top-1 error of a 14-layer "
        "ImageNet net by 1.2 points; Clevert et al. (2016) on ELU."
    ),
    expects=("holds", "holds in part"),
    cuts="FM: CNN-4 of 400 steps, no CNN-10; (c) on M1 only.",
    cells=TRIO | RANDOM,
    arms=("relu", "prelu", "elu"),
    grid=LOW_FIVE,
    train=properties,
    constant=of_classes,
    seeds=10,
    tuning=2,
    effects=(
        *(
            Effect(
                f"(a) PReLU fits {c}",
                (c,),
                log_ratio_of("relu", "prelu", "steps"),
                ratio(1.25),
                "ratio",
            )
            for c in RANDOM
        ),
        *(
            Effect(
                f"(a) PReLU, {c}", (c,), ahead("prelu", "relu"), larger(0.01)
            )
            for c in TRIO
        ),
        *(
            Effect(
                f"(b) ELU centred, {c}",
                (c,),
                log_ratio_of("relu", "elu", "offset"),
                ratio(2.0),
                "ratio",
            )
            for c in TRIO
        ),
        *(
            Effect(
                f"(c) ELU steadier over {over}, {c}",
                (c,),
                lambda arms, of=of: spreads(arms, of),
                ratio(1.25),
                "ratio",
                how=ratio_of_spreads if of == "test" else estimate,
            )
            for over, of in (("seeds", "test"), ("scales", "scales"))
            for c in list(TRIO)[:2]
        ),
    ),
)
