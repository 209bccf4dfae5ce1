"""What a start at zero does, case by case: C57.

A net of one hidden layer, or of residual branches, is trained on 300 digits in
float64 by full-batch gradient descent. Gradients that are 0 are so to the bit;
equal units stay equal but for rounding errors, which grow.
"""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, PRINTED

STEPS, RATE, HIDDEN, EQUAL = 100, 0.5, 16, 1e-6


def images() -> tuple:
    """Give 300 digits, with features in [0, 1], and their labels."""
    import torch

    from dlf.data import digits

    d = digits.load(seed=101).train
    return torch.tensor(d.flat()[:300]).double(), torch.tensor(d.y[:300])


def start(first: float | None, last: float | None) -> list:
    """Give weights and biases of a 64-16-10 net, biases 0.

    Args:
        first: the value of every weight of the first layer; He's if None.
        last: of the second, likewise.
    """
    import torch

    generator = torch.Generator().manual_seed(101)
    shapes, given = [(HIDDEN, 64), (10, HIDDEN)], [first, last]
    params = []
    for (rows, columns), value in zip(shapes, given, strict=True):
        drawn = torch.randn(
            rows, columns, generator=generator, dtype=torch.float64
        )
        w = drawn * (2 / columns) ** 0.5
        params.append(w if value is None else torch.full_like(w, value))
        params.append(torch.zeros(rows, dtype=torch.float64))
    return [p.requires_grad_() for p in params]


def train(params: list, forward: object, steps: int = STEPS) -> list[float]:
    """Descend on the mean cross-entropy; return the losses."""
    import torch
    import torch.nn.functional as F

    x, y = images()
    losses = []
    for _ in range(steps):
        loss = F.cross_entropy(forward(x, *params), y)  # pyright: ignore[reportCallIssue]
        losses.append(loss.item())
        for p, g in zip(params, torch.autograd.grad(loss, params), strict=True):
            p.data -= RATE * g
    return losses


def one_hidden(name: str) -> object:
    """Give the forward pass of a net with that activation function."""
    import torch

    f = getattr(torch, name)
    return lambda x, w, b, v, c: f(x @ w.T + b) @ v.T + c


def spread(w: object) -> float:
    """Give the largest difference of a row from the first."""
    rows = w.detach().numpy()  # pyright: ignore[reportAttributeAccessIssue]
    return float(np.abs(rows - rows[0]).max())


def by_frequency() -> float:
    """Give the loss of the best constant prediction: an entropy."""
    _, y = images()
    p = np.bincount(y.numpy(), minlength=10) / len(y)
    return float(-(p @ np.log(p)))


def _stuck(name: str) -> tuple[bool, str]:
    params = start(0.0, 0.0)
    losses = train(params, one_hidden(name))
    w, _, v, c = (p.detach() for p in params)
    still = not (w.any() or v.any())
    gap = losses[-1] - by_frequency()
    return not still, (
        f"after {STEPS} steps both weight matrices are still exactly 0; only "
        f"the output biases moved (up to {float(c.abs().max()):.2f}), and the "
        f"loss is within {np.ceil(1e4 * gap) / 1e4:g} of the best constant's"
        if still
        else "the weights moved"
    )


def relu_from_zero() -> tuple[bool, str]:
    """ReLU leaves 0, with derivative 0: no weight gets a gradient."""
    return _stuck("relu")


def tanh_from_zero() -> tuple[bool, str]:
    """Tanh leaves 0, so that the output weights get no gradient either."""
    return _stuck("tanh")


def sigmoid_from_zero() -> tuple[bool, str]:
    """Sigmoid leaves ½: output weights move, then equal hidden units do."""
    params = start(0.0, 0.0)
    train(params, one_hidden("sigmoid"))
    moved = float(params[0].detach().abs().max())
    same = spread(params[0]) < EQUAL
    return same and moved > 0.01, (
        f"the {HIDDEN} rows of the first layer are equal but for rounding, and "
        f"have moved by up to {moved:.2f}"
    )


def constant_start() -> tuple[bool, str]:
    """Any constant keeps units equal; ReLU then gets gradients as well."""
    found = []
    for name in ("relu", "tanh", "sigmoid"):
        params = start(0.1, 0.1)
        train(params, one_hidden(name))
        found.append(max(spread(params[0]), spread(params[2].T)) < EQUAL)
    return all(found), "ReLU, tanh and sigmoid: equal units but for rounding"


def no_learning() -> tuple[bool, str]:
    """See whether the sigmoid net from zero gets below the best constant."""
    params = start(0.0, 0.0)
    losses = train(params, one_hidden("sigmoid"), 10 * STEPS)
    alike = "still equal" if spread(params[0]) < EQUAL else "no longer equal"
    return losses[-1] > by_frequency() - 0.01, (
        f"the sigmoid net from 0 gets to a loss of {losses[-1]:.2f}, the best "
        f"constant to {by_frequency():.2f}; its units are {alike}"
    )


def output_layer() -> tuple[bool, str]:
    """Set the output layer alone to 0; compare with He's start throughout."""
    zero, random = start(None, 0.0), start(None, None)
    ours = train(zero, one_hidden("relu"), 3 * STEPS)[-1]
    theirs = train(random, one_hidden("relu"), 3 * STEPS)[-1]
    return spread(zero[0]) < EQUAL or ours > 2 * theirs, (
        f"hidden units differ, and the loss after {3 * STEPS} steps is "
        f"{ours:.2f}; {theirs:.2f} where that layer is random too"
    )


def residual_branches() -> tuple[bool, str]:
    """Set the last layer of every branch to 0: the net starts as linear."""
    import torch

    generator = torch.Generator().manual_seed(102)
    params = [torch.randn(10, 64, generator=generator).double() / 8]
    for _ in range(3):
        w = torch.randn(HIDDEN, 64, generator=generator).double() / 32**0.5
        params += [w, torch.zeros(64, HIDDEN).double()]
    params = [p.requires_grad_() for p in params]

    def forward(x: object, out: object, *branches: object) -> object:
        for w, v in zip(branches[::2], branches[1::2], strict=True):
            x = x + torch.relu(x @ w.T) @ v.T  # pyright: ignore
        return x @ out.T  # pyright: ignore

    losses = train(params, forward)
    same = any(spread(w) < EQUAL for w in params[1::2])
    return same or losses[-1] > losses[0] / 2, (
        f"units differ, and the loss falls from {losses[0]:.2f} to "
        f"{losses[-1]:.2f}"
    )


def linear_model() -> tuple[bool, str]:
    """Start softmax regression at 0: its loss is convex."""
    import torch

    params = [torch.zeros(10, 64).double(), torch.zeros(10).double()]
    params = [p.requires_grad_() for p in params]
    losses = train(params, lambda x, w, b: x @ w.T + b)
    return losses[-1] > losses[0] / 2, (
        f"softmax regression from 0: the loss falls from {losses[0]:.2f} to "
        f"{losses[-1]:.2f}"
    )


C57 = Exact(
    number="C57",
    title="From zero, all neurons learn the same features",
    sources=(
        Source(
            "S1",
            "l.69",
            "all neurons to learn the same features → prevents learning",
        ),
        Source("S3", "§4", "break symmetry"),
    ),
    hypothesis=(
        "(a) With all weights 0 the hidden units receive equal updates that "
        "are not 0. (b) A net that starts so does not learn. (c) The same is "
        "true of any layer that starts at 0."
    ),
    rule=(
        "Exact, case by case, on 300 digits in float64: (a) is true of an "
        "activation function if after 100 steps the rows of the first layer "
        "are equal but for rounding (1e-6) and have moved by 0.01; (b) if the "
        "loss after 1,000 steps is not 0.01 below that of the best constant; "
        "(c) if units are equal, or the loss is more than twice that of a "
        "random start (half of the first, where there is no such rival)."
    ),
    literature=(
        "Goyal et al. (2017) start the last scale of each residual block at "
        "0, and Zhang, Dauphin & Ma (2019) the last layer of each branch."
    ),
    expects=("holds in part",),
    parts=(
        Part("(a) ReLU", "the same features", relu_from_zero, PRINTED),
        Part("(a) tanh", "the same features", tanh_from_zero, PRINTED),
        Part("(a) sigmoid", "the same features", sigmoid_from_zero, PRINTED),
        Part("(a) constant 0.1", "the same", constant_start, BACKGROUND),
        Part("(b) sigmoid learns", "prevents learning", no_learning, PRINTED),
        Part("(c) output layer", "all neurons", output_layer),
        Part("(c) residual", "all neurons", residual_branches, BACKGROUND),
        Part("(c) no hidden layer", "prevents learning", linear_model),
    ),
)
