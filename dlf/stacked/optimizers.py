"""Optimizers of stacked nets: each net with its own rate, and its own knobs.

    momentum   v <- m v + g                   w <- w - rate v
    Nesterov   v <- m v + g                   w <- w - rate (g + m v)
    AdaGrad    s <- s + g²                    w <- w - rate g / (√s + eps)
    RMSProp    s <- a s + (1 - a) g²          w <- w - rate g / (√s + eps)
    Adam       moments of g and g², corrected, their quotient a step
    NAdam      Adam whose mean looks a step ahead
    Lion       the sign of a mean of gradients

They are the optimizers of `torch.optim` and `dlf.scratch.optimizers`. A knob is
a number, or a tensor with one for each net.
Source: Duchi, Hazan & Singer (2011); Tieleman & Hinton (2012); Kingma & Ba
(2015); Dozat (2016); Reddi, Kale & Kumar (2018); Chen et al. (2023).
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

Knob = float | Tensor
Update = Callable[[Sequence[Tensor]], None]
Make = Callable[[Sequence[Tensor], Tensor], Update]
Rule = Callable[..., Tensor]


def knob(value: Knob, p: Tensor) -> Any:
    """Bring what each net has to the shape of a parameter; leave a number.

    Args:
        value: a number, or a tensor with one for each net.
        p: a parameter, with nets on axis 0.
    """
    if isinstance(value, Tensor):
        return value.view(-1, *(1 for _ in p.shape[1:]))
    return value


def for_each(count: int, rule: Rule) -> Make:
    """Make an optimizer of a rule for one parameter.

    Args:
        count: state tensors of a parameter, which start at zero.
        rule: maps step (from 1), parameter, gradient and state to the step
            that a rate of 1 takes; it changes the state in place.
    """

    def make(params: Sequence[Tensor], rates: Float[Tensor, " K"]) -> Update:
        state = [[torch.zeros_like(p) for _ in range(count)] for p in params]
        steps = 0

        @torch.no_grad()
        def update(grads: Sequence[Tensor]) -> None:
            nonlocal steps
            steps += 1
            for p, g, held in zip(params, grads, state, strict=True):
                p.addcmul_(rule(steps, p, g, *held), knob(rates, p), value=-1)

        return update

    return make


def momentum(m: Knob = 0.9, nesterov: bool = False) -> Make:
    """Make SGD with momentum, or with Nesterov's.

    Args:
        m: the fraction of the velocity that is kept; 0 for none.
        nesterov: step from where the velocity leads.
    """

    def rule(t: int, p: Tensor, g: Tensor, v: Tensor) -> Tensor:
        v.mul_(knob(m, p)).add_(g)
        return g + knob(m, p) * v if nesterov else v

    return for_each(1, rule)


def adagrad(eps: float = 1e-10) -> Make:
    """Make AdaGrad.

    Args:
        eps: added to the root of the summed squares.
    """

    def rule(t: int, p: Tensor, g: Tensor, s: Tensor) -> Tensor:
        s.addcmul_(g, g)
        return g / (s.sqrt() + eps)

    return for_each(1, rule)


def rmsprop(alpha: Knob = 0.99, eps: float = 1e-8) -> Make:
    """Make RMSProp.

    Args:
        alpha: the fraction of the mean square that is kept.
        eps: added to its root.
    """

    def rule(t: int, p: Tensor, g: Tensor, s: Tensor) -> Tensor:
        a = knob(alpha, p)
        s.mul_(a).add_((1 - a) * g * g)
        return g / (s.sqrt() + eps)

    return for_each(1, rule)


def adam(
    b1: Knob = 0.9,
    b2: Knob = 0.999,
    eps: float = 1e-8,
    amsgrad: bool = False,
) -> Make:
    """Make Adam, or AMSGrad.

    Args:
        b1: the fraction of the mean that is kept.
        b2: the fraction of the mean square that is kept.
        eps: added to the root of the corrected mean square.
        amsgrad: divide by the largest mean square so far.
    """

    def rule(
        t: int, p: Tensor, g: Tensor, m: Tensor, s: Tensor, *top: Tensor
    ) -> Tensor:
        k1, k2 = knob(b1, p), knob(b2, p)
        m.mul_(k1).add_((1 - k1) * g)
        s.mul_(k2).add_((1 - k2) * g * g)
        for largest in top:
            torch.maximum(largest, s, out=largest)
        root = (top[0] if top else s).sqrt() / (1 - k2**t) ** 0.5
        return m / (root + eps) / (1 - k1**t)

    return for_each(3 if amsgrad else 2, rule)


def nadam(
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    momentum_decay: float = 0.004,
) -> Make:
    """Make NAdam, as PyTorch has it.

    Args:
        b1: the fraction of the mean that is kept in the long run.
        b2: the fraction of the mean square that is kept.
        eps: added to the root of the corrected mean square.
        momentum_decay: how fast that fraction rises from b1/2.
    """

    def mu(t: int) -> float:
        return b1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))

    products = [1.0]  # of mu up to each step

    def rule(t: int, p: Tensor, g: Tensor, m: Tensor, s: Tensor) -> Tensor:
        while len(products) <= t + 1:
            products.append(products[-1] * mu(len(products)))
        m.mul_(b1).add_((1 - b1) * g)
        s.mul_(b2).add_((1 - b2) * g * g)
        root = (s / (1 - b2**t)).sqrt() + eps
        now = (1 - mu(t)) / (1 - products[t])
        ahead = mu(t + 1) / (1 - products[t + 1])
        return (now * g + ahead * m) / root

    return for_each(2, rule)


def lion(b1: Knob = 0.9, b2: Knob = 0.99) -> Make:
    """Make Lion: steps of equal length, by the sign of a mean of gradients.

    Args:
        b1: the fraction of the mean in the sign.
        b2: the fraction of the mean that is kept.
    """

    def rule(t: int, p: Tensor, g: Tensor, m: Tensor) -> Tensor:
        k1, k2 = knob(b1, p), knob(b2, p)
        sign = (k1 * m + (1 - k1) * g).sign()
        m.mul_(k2).add_((1 - k2) * g)
        return sign

    return for_each(1, rule)


def decayed(make: Make, decay: Knob, decoupled: bool) -> Make:
    """Add weight decay: to the gradient (L2), or beside the step (AdamW).

    Args:
        make: an optimizer.
        decay: the fraction of the weights that is added to the gradient, or
            that a rate of 1 takes away.
        decoupled: beside the step.
    """

    def made(params: Sequence[Tensor], rates: Float[Tensor, " K"]) -> Update:
        inner = make(params, rates)

        @torch.no_grad()
        def update(grads: Sequence[Tensor]) -> None:
            if decoupled:
                for p in params:
                    p.mul_(1 - knob(rates, p) * knob(decay, p))
                inner(grads)
            else:
                pairs = zip(grads, params, strict=True)
                inner([g + knob(decay, p) * p for g, p in pairs])

        return update

    return made


def norms(grads: Sequence[Tensor]) -> Float[Tensor, " K"]:
    """Give the norm of each net's whole gradient.

    Args:
        grads: one a parameter, with nets on axis 0.
    """
    return sum(g.square().flatten(1).sum(1) for g in grads).sqrt()  # pyright: ignore[reportReturnType, reportAttributeAccessIssue]


def clipped(make: Make, limit: float) -> Make:
    """Shorten each net's gradient to a largest norm.

    Args:
        make: an optimizer.
        limit: the largest norm.
    """

    def made(params: Sequence[Tensor], rates: Float[Tensor, " K"]) -> Update:
        inner = make(params, rates)

        def update(grads: Sequence[Tensor]) -> None:
            factor = (limit / norms(grads)).clamp(max=1.0)
            inner([g * knob(factor, g) for g in grads])

        return update

    return made


#: name: optimizer with its usual knobs
OPTIMIZERS: dict[str, Callable[..., Make]] = {
    "sgd": lambda: momentum(0.0),
    "momentum": momentum,
    "nesterov": lambda m=0.9: momentum(m, nesterov=True),
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "amsgrad": lambda: adam(amsgrad=True),
    "nadam": nadam,
    "lion": lion,
}
