"""Adam and its family: a running mean over the root of a running mean square.

    m <- b1 m + (1 - b1) g            m̂ = m / (1 - b1^t)
    s <- b2 s + (1 - b2) g²           ŝ = s / (1 - b2^t)

    Adam       w <- w - lr m̂ / (√ŝ + eps)
    AMSGrad    the same with the largest s so far in place of s
    AdamW      the same, and lr decay w is taken away as well
    NAdam      the mean looks one step ahead, as Nesterov's momentum does
    RAdam      no division until ŝ has seen enough gradients to be trusted
    AdaMax     the largest |g|, fading, in place of √ŝ

Source: Kingma & Ba (2015), algorithms 1 and 2; Reddi, Kale & Kumar (2018);
Loshchilov & Hutter (2019); Dozat (2016); Liu et al. (2020), algorithm 2. The
details are those of `torch.optim`.
"""

from collections.abc import Callable

import numpy as np

from dlf.scratch.checks import check_positive, kept
from dlf.scratch.optimizers.adaptive import FINITE
from dlf.scratch.optimizers.pairs import (
    Array,
    Pair,
    Rate,
    decoupled,
    for_each_array,
    not_negative,
    rate,
)


def moment_settings(
    name: str, lr: Rate, b1: float, b2: float, eps: float
) -> tuple[Callable[[int], float], float, float, float]:
    """Check what all of the family are set by; give the rate, and floats.

    Args:
        name: of the optimizer, for errors.
        lr: learning rate, positive, or a schedule.
        b1: share kept of the mean, in [0, 1).
        b2: share kept of the mean square, in [0, 1).
        eps: keeps the quotient finite where gradients are zero, positive.

    Raises:
        ValueError: a setting is out of its range.
    """
    kept(name, b1=b1, b2=b2)
    check_positive(name, "eps", eps, FINITE)
    return rate(name, lr), float(b1), float(b2), float(eps)


def adam(
    lr: Rate = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    amsgrad: bool = False,
) -> Pair:
    """Make Adam: a running mean of gradients over the root of their squares.

    Args:
        lr: learning rate, positive, or a schedule; about the length of a
            weight's step.
        b1: share kept of the mean, in [0, 1).
        b2: share kept of the mean square, in [0, 1).
        eps: keeps the quotient finite where gradients are zero, positive.
        amsgrad: divide by the largest mean square so far.

    Raises:
        ValueError: a setting is out of its range; in ``update``, a gradient
            has another shape than its weights.
    """
    eta, b1, b2, eps = moment_settings("adam", lr, b1, b2, eps)

    def rule(t: int, w: Array, g: Array, m: Array, s: Array, *top) -> tuple:
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        largest = np.maximum(top[0], s) if amsgrad else s
        c1, c2 = 1 - b1**t, (1 - b2**t) ** 0.5
        w = w - eta(t) / c1 * m / (np.sqrt(largest) / c2 + eps)
        return (w, m, s, largest) if amsgrad else (w, m, s)

    return for_each_array("adam", 3 if amsgrad else 2, rule)


def adamw(
    lr: Rate = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    amsgrad: bool = False,
) -> Pair:
    """Make AdamW: Adam whose weight decay does not pass through the quotient.

    Args:
        lr: learning rate, positive, or a schedule.
        b1: share kept of the mean, in [0, 1).
        b2: share kept of the mean square, in [0, 1).
        eps: keeps the quotient finite where gradients are zero, positive.
        weight_decay: each step takes lr times this share of the weights.
        amsgrad: divide by the largest mean square so far.

    Raises:
        ValueError: a setting is out of its range.
    """
    return decoupled(adam(lr, b1, b2, eps, amsgrad), lr, weight_decay)


def nadam(
    lr: Rate = 0.002,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    momentum_decay: float = 0.004,
) -> Pair:
    """Make NAdam: Adam with Nesterov's look ahead in the mean.

    Args:
        lr: learning rate, positive, or a schedule.
        b1: share kept of the mean in the long run, in [0, 1).
        b2: share kept of the mean square, in [0, 1).
        eps: keeps the quotient finite where gradients are zero, positive.
        momentum_decay: the share kept begins near b1/2 and rises to b1, the
            faster the larger this is.

    Raises:
        ValueError: a setting is out of its range.
    """
    eta, b1, b2, eps = moment_settings("nadam", lr, b1, b2, eps)
    not_negative("nadam", momentum_decay=momentum_decay)
    grows = float(momentum_decay)

    def mu(t: int) -> float:
        return b1 * (1 - 0.5 * 0.96 ** (t * grows))

    def rule(t: int, w: Array, g: Array, m: Array, s: Array, product) -> tuple:
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        root = np.sqrt(s / (1 - b2**t)) + eps
        product = (product if t > 1 else 1.0) * mu(t)
        now = (1 - mu(t)) / (1 - product)
        ahead = mu(t + 1) / (1 - product * mu(t + 1))
        return w - eta(t) * (now * g + ahead * m) / root, m, s, product

    return for_each_array("nadam", 3, rule)


def radam(
    lr: Rate = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> Pair:
    """Make RAdam: Adam that divides only once its mean square is reliable.

    Args:
        lr: learning rate, positive, or a schedule.
        b1: share kept of the mean, in [0, 1).
        b2: share kept of the mean square, in [0, 1).
        eps: keeps the quotient finite where gradients are zero, positive.

    Raises:
        ValueError: a setting is out of its range.
    """
    eta, b1, b2, eps = moment_settings("radam", lr, b1, b2, eps)
    limit = 2 / (1 - b2) - 1

    def rule(t: int, w: Array, g: Array, m: Array, s: Array) -> tuple:
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        step = eta(t) / (1 - b1**t) * m
        seen = limit - 2 * t * b2**t / (1 - b2**t)
        if seen > 5:
            sure = (seen - 4) * (seen - 2) * limit
            sure /= (limit - 4) * (limit - 2) * seen
            step = step * (sure * (1 - b2**t)) ** 0.5 / (np.sqrt(s) + eps)
        return w - step, m, s

    return for_each_array("radam", 2, rule)


def adamax(
    lr: Rate = 0.002,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> Pair:
    """Make AdaMax: Adam with a fading maximum for the root of the squares.

    Args:
        lr: learning rate, positive, or a schedule.
        b1: share kept of the mean, in [0, 1).
        b2: share kept of the maximum at each step, in [0, 1).
        eps: added to the size of each gradient, positive.

    Raises:
        ValueError: a setting is out of its range.
    """
    eta, b1, b2, eps = moment_settings("adamax", lr, b1, b2, eps)

    def rule(t: int, w: Array, g: Array, m: Array, u: Array) -> tuple:
        m = b1 * m + (1 - b1) * g
        u = np.maximum(b2 * u, np.abs(g) + eps)
        return w - eta(t) / (1 - b1**t) * m / u, m, u

    return for_each_array("adamax", 2, rule)
