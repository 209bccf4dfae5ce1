"""What PReLU and ELU are praised for: design of C20."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dlf.claims.activations.comparisons import LOW_FIVE
from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import ratio
from dlf.experiments.tuning import of_classes
from dlf.stacked import activation_nets as nets
from dlf.stacked.activation_nets import Net

SCALES = (0.3, 0.55, 1.0, 1.7, 3.0)


@dataclass(frozen=True, kw_only=True)
class Labelled(Net):
    """A net, trained on labels as they are or drawn at random."""

    random: bool = False


LABELED = {
    f"M1, {d} layers": Labelled(data="M1", depth=d, first=200) for d in (2, 8)
}
RANDOM = {
    f"random labels, {d} layers": Labelled(
        data="M1",
        depth=d,
        random=True,
        steps=2000,
        every=25,
        target=1.0,
        grid=(0.0178, 0.0316, 0.0562, 0.1, 0.178),
        first=200,
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
        how = {"data": data, "stop": cell.target}
        return nets.race(cell, arm, settings, seeds, **how)
    net, data, out = nets.trained(cell, arm, settings, seeds)
    if "test" in out:
        shape = len(settings), len(seeds)
        out["offset"] = offset(net, data).reshape(shape)
        if arm != "prelu":
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


def steadier(arms: dict) -> np.ndarray:
    """Give log SD over initial scales, ReLU's less ELU's, of each seed."""
    relu, elu = arms["relu"]["scales"], arms["elu"]["scales"]
    return np.log(relu.std(1, ddof=1) / elu.std(1, ddof=1))


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
        "(a) “Improving model capacity”: PReLU fits random labels in fewer "
        "steps than ReLU. (b) “Maintains zero-centered activations”: after "
        "training, a hidden unit's mean over its SD is with ELU at most half "
        "of ReLU's. (c) “Robust”: over initial scales from 0.3 to 3, ELU's "
        "test accuracy has an SD of at most 0.8 times ReLU's."
    ),
    rule=(
        "With 2 and with 8 layers on M1: (a) R(ratio 1.25) on steps to a "
        "training loss of 1.0 on 1,000 randomly labelled examples; (b) "
        "R(ratio 2) on |mean| / SD; (c) R(ratio 1.25) on the SDs over five "
        "scales, at the rate that is best at scale 1. Six cells, intervals "
        "widened together. Test accuracies are no part of it."
    ),
    literature=(
        "He et al. (2015): PReLU lowers the top-1 error of a 14-layer "
        "ImageNet net by 1.2 points; Clevert et al. (2016) on ELU."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts=(
        "M1 only: on FM every CNN was worse than a linear model. “Robust” is "
        "read as robust to the initial scale; its SD over seeds is left out, "
        "which would take hundreds of seeds."
    ),
    cells=LABELED | RANDOM,
    arms=("relu", "prelu", "elu"),
    grid=LOW_FIVE,
    train=properties,
    constant=of_classes,
    seeds=10,
    tuning=3,
    effects=(
        *(
            Effect(
                f"(a) PReLU fits, {d} layers",
                (f"random labels, {d} layers",),
                log_ratio_of("relu", "prelu", "steps"),
                ratio(1.25),
                "ratio",
                words="improving model capacity",
            )
            for d in (2, 8)
        ),
        *(
            Effect(
                f"(b) ELU centered, {d} layers",
                (f"M1, {d} layers",),
                log_ratio_of("relu", "elu", "offset"),
                ratio(2.0),
                "ratio",
                words="zero-centered activations",
            )
            for d in (2, 8)
        ),
        *(
            Effect(
                f"(c) ELU robust, {d} layers",
                (f"M1, {d} layers",),
                steadier,
                ratio(1.25),
                "ratio",
                words="robust activation",
            )
            for d in (2, 8)
        ),
    ),
)
