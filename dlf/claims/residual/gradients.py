"""Gradients through fifty layers with skips and without: design of C95."""

from typing import Any

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, MEASURED

DEPTH, WIDTH, BATCH, SEEDS = 50, 64, 64, tuple(range(100, 110))
NEAR, AHEAD, STEPS, RATE = 0.03, 0.2, 300, 0.01


def skip_net(f: str, kind: str, scaled: bool) -> Any:
    """Make ten nets of fifty layers."""
    import torch

    from dlf.stacked.skip_nets import SkipNet

    return SkipNet(
        40,
        WIDTH,
        DEPTH,
        SEEDS,
        1,
        f,
        kind=kind,
        scaled=scaled,
        dtype=torch.float64,
    )


def data() -> Any:
    """Load MNIST-1D for the seeds."""
    from dlf.stacked import datasets

    return datasets.load("M1", SEEDS, "float64")


def factor(net: Any) -> float:
    """Give the median factor a layer by which gradients grow on the way back.

    Args:
        net: ten nets; a gradient's size is its norm over a batch.
    """
    import torch

    from dlf.stacked import training

    sets = data()
    x, y = training.take(net, sets, sets.train[:, :BATCH])
    after: list[Any] = []
    loss = training.losses(net(x, after=after), y).sum()
    first, last = torch.autograd.grad(loss, (after[0], after[-1]))
    ratio = first.flatten(1).norm(dim=1) / last.flatten(1).norm(dim=1)
    return float(ratio.median()) ** (1 / DEPTH)


def stays(found: float) -> bool:
    """Tell whether a factor is within 3 % of 1."""
    return abs(found - 1) <= NEAR


def of_sigmoid() -> tuple[bool, str]:
    """Sigmoid: vanishing without skips, kept with them."""
    plain = factor(skip_net("sigmoid", "plain", False))
    found = factor(skip_net("sigmoid", "residual", True))
    return stays(found) and plain < 1 - NEAR, (
        f"× {plain:.3f} a layer plain, × {found:.3f} with skips"
    )


def of_tanh() -> tuple[bool, str]:
    """Tanh at gain 1: vanishing without skips, kept with them."""
    plain = factor(tanh_net("plain", False))
    found = factor(tanh_net("residual", True))
    return stays(found) and plain < 1 - NEAR, (
        f"× {plain:.3f} a layer plain, × {found:.3f} with skips"
    )


def tanh_net(kind: str, scaled: bool) -> Any:
    """Make tanh nets with weights of variance 1 / fan-in."""
    import torch

    from dlf.stacked.skip_nets import SkipNet

    how: dict[str, Any] = {"kind": kind, "scaled": scaled, "gain": 1.0}
    how["dtype"] = torch.float64
    return SkipNet(40, WIDTH, DEPTH, SEEDS, 1, "tanh", **how)


def as_printed() -> tuple[bool, str]:
    """Y = F(x) + x with ReLU from He's start, nothing scaled."""
    found = factor(skip_net("relu", "residual", False))
    return stays(found), (
        f"× {found:.3f} a layer, {found**DEPTH:.0e} over fifty"
    )


def scaled() -> tuple[bool, str]:
    """The same, branches smaller by the root of their number."""
    found = factor(skip_net("relu", "residual", True))
    plain = factor(skip_net("relu", "plain", False))
    return stays(found), f"× {found:.3f} a layer; plain × {plain:.3f}"


def trained() -> tuple[bool, str]:
    """The scaled net after 300 steps."""
    from dlf.stacked import training

    net = skip_net("relu", "residual", True)
    out = training.fit(net, data(), [RATE], steps=STEPS, batch=50)
    found, loss = factor(net), float(np.median(out["loss"]))
    return stays(found), f"× {found:.3f} a layer at a loss of {loss:.2f}"


def likeness(net: Any) -> float:
    """Correlate gradients at neighbors, a tenth of the input's size apart.

    Args:
        net: ten nets; the gradient is that of a random output by the input.
    """
    import torch

    draw = torch.Generator().manual_seed(100)
    how: dict[str, Any] = {"generator": draw, "dtype": torch.float64}
    x = torch.randn(len(SEEDS), BATCH, 40, **how)
    weights = torch.randn(len(SEEDS), 1, 10, **how)
    step = torch.randn(x.shape, **how) / 10
    pair = []
    for at in (x, x + step):
        at = at.requires_grad_()
        (g,) = torch.autograd.grad((net(at) * weights).sum(), at)
        pair.append(g.flatten(1) - g.flatten(1).mean(1, keepdim=True))
    return float(torch.cosine_similarity(*pair, dim=1).median())


def shattered() -> tuple[bool, str]:
    """ReLU: gradients at neighbors resemble each other more with skips."""
    plain = likeness(skip_net("relu", "plain", False))
    found = likeness(skip_net("relu", "residual", True))
    return found - plain >= AHEAD, (
        f"correlation {found:.2f} with skips, {plain:.2f} plain"
    )


C95 = Exact(
    number="C95",
    title="Skips cure vanishing gradients and stabilize",
    sources=(
        Source("S4", "§1.5.2", "Mitigates vanishing gradient problem"),
        Source("S4", "§1.5.2", "Improves gradient flow"),
        Source("S4", "§1.5.3", "Training stability"),
    ),
    hypothesis=(
        "Through 50 layers gradients change with skips by a factor within 3 % "
        "of 1 a layer, where plain nets' vanish: (a) sigmoid, (b) tanh; (c) "
        "with ReLU in y = F(x) + x as printed. “Improves gradient flow” where "
        "nothing vanishes, with He's start and ReLU: (d) the gradients at "
        "neighboring inputs are more alike, their correlation higher by 0.2. "
        "“Training stability”: (e) the factor stays within 3 % of 1 over 300 "
        "steps of training."
    ),
    rule=(
        "Part by part, medians over ten nets of width 64 and 50 layers, 25 "
        "blocks x + W2 f(W1 f(x)), on 64 examples of MNIST-1D; the factor is "
        "that of the gradient's norm from the last block's output to the "
        "stem's, to the power 1/50. In (a), (b), (d) and (e) branches start "
        "smaller by the root of their number; in (c) they do not. Tanh at "
        "weights of variance 1/fan-in. Neighbors are a tenth of the input's "
        "size apart. Momentum, rate 0.01, batches of 50 in (e). (c) with "
        "scaled branches is shown as background."
    ),
    literature=(
        "Balduzzi et al. (2017): gradients of plain nets shatter, their "
        "correlation falls exponentially with depth; with skips sublinearly. "
        "Hanin & Rolnick (2018): scaled branches keep the length. De & Smith "
        "(2020): norm shrinks branches."
    ),
    expects=("mostly supported", "mixed"),
    cuts="Ten nets of one width; five epochs became 300 steps; no CNN.",
    parts=(
        Part(
            "(a) sigmoid",
            "Mitigates vanishing gradient problem",
            of_sigmoid,
            MEASURED,
        ),
        Part(
            "(b) tanh",
            "Mitigates vanishing gradient problem",
            of_tanh,
            MEASURED,
        ),
        Part(
            "(c) y = F(x) + x, ReLU",
            "Improves gradient flow",
            as_printed,
            MEASURED,
        ),
        Part("(c) scaled", "Improves gradient flow", scaled, BACKGROUND),
        Part("(d) likeness", "Improves gradient flow", shattered, MEASURED),
        Part("(e) trained", "Training stability", trained, MEASURED),
    ),
)
