"""Train stacked nets and judge them: batches, optimizers, results by seed.

    v <- m v + g,  w <- w - rate v                        momentum SGD
    Adam with b1 = 0.9, b2 = 0.999, eps = 1e-8

Results have axes setting S and seed R. A net that fails spoils no other.
Source: Sutskever et al. (2013), momentum SGD; Kingma & Ba (2015), Algorithm 1.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor

from dlf.experiments.seeds import SCORED
from dlf.stacked.datasets import Sets
from dlf.stacked.nets import Stack

Loss = Callable[[Tensor, Tensor], Tensor]
Update = Callable[[Sequence[Tensor]], None]
SMALL = 1_000  # test sets below are kept example by example
PROBE = 1_000  # training examples on which progress is watched


class Trained(NamedTuple):
    """Nets that were trained, their data, and what `fit` returned."""

    net: Stack
    data: Sets
    results: dict[str, Any]


def batches(
    rows: Int[Tensor, "R N"], seeds: Sequence[int], steps: int, size: int
) -> Iterator[Int[Tensor, "R B"]]:
    """Give each seed's rows in its own order, epoch after epoch.

    Args:
        rows: numbers of each seed's training examples.
        seeds: of the orders, one a row of ``rows``.
        steps: how many batches.
        size: of a batch, at most N.
    """
    N = rows.shape[1]
    size = min(size, N)
    whole = N // size  # batches an epoch
    generators = [torch.Generator().manual_seed(s) for s in seeds]
    for step in range(steps):
        if step % whole == 0:
            order = torch.stack(
                [
                    row[torch.randperm(N, generator=g)]
                    for row, g in zip(rows, generators, strict=True)
                ]
            )
        at = step % whole * size
        yield order[:, at : at + size]


def take(
    net: Stack, data: Sets, rows: Int[Tensor, "R B"]
) -> tuple[Tensor, ...]:
    """Fetch inputs and labels of each seed's rows, for every copy.

    Args:
        net: stacked nets, whose number of copies is read.
        data: the pool of examples.
        rows: numbers of examples in it, a row a seed.
    """
    x, y = data.x[rows], data.y[rows]
    S = net.copies
    return x.repeat(S, *(1 for _ in x.shape[1:])), y.repeat(S, 1)


def losses(
    logits: Float[Tensor, "K B C"], labels: Int[Tensor, "K B"]
) -> Float[Tensor, " K"]:
    """Average each net's cross-entropy over its batch.

    Args:
        logits: of C classes.
        labels: the true classes, 0..C-1.
    """
    K, B = labels.shape
    each = F.cross_entropy(
        logits.reshape(K * B, -1), labels.reshape(-1), reduction="none"
    )
    return each.view(K, B).mean(1)


@torch.no_grad()
def evaluate(
    net: Stack,
    data: Sets,
    rows: Int[Tensor, "R N"],
    loss: Loss = losses,
    chunk: int = 1_000,
) -> tuple[Float[Tensor, " K"], Bool[Tensor, "K N"]]:
    """Give each net's loss and which examples it gets right.

    Args:
        net: stacked nets, which are back in training mode afterwards.
        data: of the net's seeds, in their order.
        rows: numbers of each seed's examples.
        loss: of each net, from logits and labels, averaged over examples.
        chunk: examples of a seed at a time.
    """
    net.eval()
    total, right = 0.0, []
    for part in rows.split(chunk, dim=1):
        x, y = take(net, data, part)
        logits = net(x)
        total = total + loss(logits, y) * part.shape[1]
        right.append(logits.argmax(-1) == y)
    net.train()
    return total / rows.shape[1], torch.cat(right, dim=1)  # pyright: ignore[reportReturnType]


def sgd(
    params: Sequence[Tensor], rates: Float[Tensor, " K"], momentum: float = 0.9
) -> Update:
    """Momentum SGD with a rate a net; call it with gradients.

    Args:
        params: with the nets on axis 0; changed in place.
        rates: learning rate of each net.
        momentum: m, in [0, 1).
    """
    velocity = [torch.zeros_like(p) for p in params]

    @torch.no_grad()
    def update(grads: Sequence[Tensor]) -> None:
        for p, v, g in zip(params, velocity, grads, strict=True):
            v.mul_(momentum).add_(g)
            p.addcmul_(v, _like(rates, p), value=-1)

    return update


def adam(
    params: Sequence[Tensor],
    rates: Float[Tensor, " K"],
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> Update:
    """Adam with a rate a net; call it with gradients.

    Args:
        params: with the nets on axis 0; changed in place.
        rates: learning rate of each net.
        b1: decay of the mean of gradients, in [0, 1).
        b2: decay of the mean of their squares, in [0, 1).
        eps: added to the root of that mean.
    """
    first = [torch.zeros_like(p) for p in params]
    second = [torch.zeros_like(p) for p in params]
    step = 0

    @torch.no_grad()
    def update(grads: Sequence[Tensor]) -> None:
        nonlocal step
        step += 1
        c1, c2 = 1 - b1**step, math.sqrt(1 - b2**step)
        for p, m, v, g in zip(params, first, second, grads, strict=True):
            m.lerp_(g, 1 - b1)
            v.mul_(b2).addcmul_(g, g, value=1 - b2)
            p.addcmul_(
                m / (v.sqrt() / c2 + eps), _like(rates, p), value=-1 / c1
            )

    return update


OPTIMIZERS = {"sgd": sgd, "adam": adam}


def _like(rates: Tensor, p: Tensor) -> Tensor:
    return rates.view(-1, *(1 for _ in p.shape[1:]))


def fit(
    net: Stack,
    data: Sets,
    rates: Sequence[float],
    *,
    steps: int,
    batch: int = 100,
    optimizer: str | Callable[..., Update] = "sgd",
    loss: Loss = losses,
    penalty: Callable[[Stack, list[Tensor]], Tensor] | None = None,
    schedule: Callable[[int], float] | None = None,
    every: int = 0,
    stop: float | None = None,
    watch: Callable[[int, Stack], None] | None = None,
) -> dict[str, Any]:
    """Train, and return what a `Contrast` needs.

    Args:
        net: as many copies as there are rates.
        data: of the net's seeds, in their order.
        rates: learning rates, one a copy.
        steps: of every net.
        batch: examples a step.
        optimizer: ``sgd``, ``adam`` or a function like them.
        loss: of each net, from logits and labels.
        penalty: maps net and hidden activations to a penalty of each net.
        schedule: maps the step to a factor on all rates.
        every: steps between two looks at the training loss of 1,000 examples
            (``curve``, last axis); 0 for none.
        stop: a net whose loss at a look is no higher is trained no further.
        watch: called at every look, before the step.

    Returns:
        ``val``, ``loss``, ``initial``, ``constant`` (the loss of the best
        constant prediction, where ``loss`` is cross-entropy) and, where the
        seeds are scored ones, ``test``; axes setting and seed. ``test`` has the
        examples as a third axis where they are fewer than 1,000.
    """
    S, R = len(rates), len(net.seeds)
    params = list(net.parameters())
    base = torch.tensor(list(rates), dtype=net.dtype).repeat_interleave(R)
    speeds = base.clone()
    make = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else optimizer
    update = make(params, speeds)
    probe = data.train[:, :PROBE]
    initial = evaluate(net, data, probe, loss)[0]
    curve: list[Tensor] = []

    def look(step: int) -> None:
        if watch:
            watch(step, net)
        curve.append(evaluate(net, data, probe, loss)[0])
        if stop is not None:
            base.masked_fill_(curve[-1] <= stop, 0.0)

    for step, rows in enumerate(batches(data.train, net.seeds, steps, batch)):
        if every and step % every == 0:
            look(step)
            if not base.any():
                break
        speeds.copy_(base * (schedule(step) if schedule else 1.0))
        x, y = take(net, data, rows)
        hidden: list[Tensor] = []
        logits = net(x, after=hidden if penalty else None)
        total = loss(logits, y)
        if penalty:
            total = total + penalty(net, hidden)
        update(torch.autograd.grad(total.sum(), params))
    else:
        if every:
            look(steps)

    def by_setting(t: Tensor) -> np.ndarray:
        return t.view(S, R, *t.shape[1:]).numpy()

    final, _ = evaluate(net, data, data.train, loss)
    _, right = evaluate(net, data, data.validation, loss)
    out = {
        "val": by_setting(right.to(torch.float64).mean(1)),
        "loss": by_setting(final),
        "initial": by_setting(initial),
    }
    if loss is losses:
        out["constant"] = np.tile(label_entropy(data.y[data.train]), (S, 1))
    if every:
        out["curve"] = by_setting(torch.stack(curve, dim=1))
    if min(net.seeds) >= SCORED:
        _, right = evaluate(net, data, data.test, loss)
        if right.shape[1] >= SMALL:
            right = right.to(torch.float64).mean(1)
        out |= {"test": by_setting(right), "data": data.describe()}
    return out


def label_entropy(labels: Int[Tensor, "R N"]) -> Float[np.ndarray, " R"]:
    """Give the cross-entropy of predicting each row's frequencies throughout.

    Args:
        labels: classes of N examples in each row.

    >>> label_entropy(torch.tensor([[0, 1], [1, 1]])).round(4).tolist()
    [0.6931, 0.0]
    """
    shares = F.one_hot(labels).double().mean(1)
    return -torch.special.xlogy(shares, shares).sum(1).numpy() + 0.0
