"""Adaptive rates: a step for each weight, by the size of its own gradients.

    AdaGrad     s <- s + g²                  w <- w - lr g / (√s + eps)
    RMSProp     s <- a s + (1 - a) g²        w <- w - lr g / (√s + eps)
    AdaDelta    s <- a s + (1 - a) g²        d = g √(u + eps) / √(s + eps)
                u <- a u + (1 - a) d²        w <- w - lr d

Squares, roots and quotients are taken entry by entry, so all three depend on
the axes: turn the weights' coordinates and the steps change.
Source: Duchi, Hazan & Singer (2011); Tieleman & Hinton (2012), lecture 6.5;
Zeiler (2012), algorithm 1.
"""

import numpy as np

from dlf.scratch.checks import check_positive, kept
from dlf.scratch.optimizers.pairs import (
    Array,
    Pair,
    Rate,
    for_each_array,
    not_negative,
    rate,
)

FINITE = "it keeps the quotient finite where gradients are zero"


def adagrad(
    lr: Rate = 0.01,
    lr_decay: float = 0.0,
    initial: float = 0.0,
    eps: float = 1e-10,
) -> Pair:
    """Make AdaGrad: divide by the root of the sum of all squared gradients.

    Args:
        lr: learning rate, positive, or a schedule.
        lr_decay: the rate is divided by 1 + lr_decay (t - 1) as well.
        initial: value that the sums of squares start from.
        eps: keeps the quotient finite, positive; outside the root.

    Raises:
        ValueError: a setting is out of its range.
    """
    eta = rate("adagrad", lr)
    check_positive("adagrad", "eps", eps, FINITE)
    not_negative("adagrad", lr_decay=lr_decay, initial=initial)
    slower, first, eps = float(lr_decay), float(initial), float(eps)

    def rule(t: int, w: Array, g: Array, s: Array) -> tuple:
        s = s + g * g if t > 1 else first + g * g
        step = eta(t) / (1 + (t - 1) * slower)
        return w - step * g / (np.sqrt(s) + eps), s

    return for_each_array("adagrad", 1, rule)


def rmsprop(
    lr: Rate = 0.01,
    alpha: float = 0.99,
    eps: float = 1e-8,
    momentum: float = 0.0,
    centered: bool = False,
) -> Pair:
    """Make RMSProp: divide by the root of a running mean of squares.

    Args:
        lr: learning rate, positive, or a schedule.
        alpha: share of the mean square that is kept, in [0, 1).
        eps: keeps the quotient finite, positive; outside the root.
        momentum: share of the last step that is kept, in [0, 1).
        centered: divide by a running standard deviation instead, the mean
            square less the square of a running mean.

    Raises:
        ValueError: a setting is out of its range.
    """
    eta = rate("rmsprop", lr)
    kept("rmsprop", alpha=alpha, momentum=momentum)
    check_positive("rmsprop", "eps", eps, FINITE)
    a, m, eps = float(alpha), float(momentum), float(eps)

    def rule(
        t: int, w: Array, g: Array, s: Array, mean: Array, v: Array
    ) -> tuple:
        s = a * s + (1 - a) * g * g
        mean = a * mean + (1 - a) * g if centered else mean
        square = np.maximum(s - mean * mean, 0) if centered else s
        spread = np.sqrt(square) + eps  # rounding can make it negative
        v = m * v + g / spread
        return w - eta(t) * v, s, mean, v

    return for_each_array("rmsprop", 3, rule)


def adadelta(
    lr: Rate = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> Pair:
    """Make AdaDelta: steps in the unit of the weights, with no rate to set.

    Args:
        lr: factor of the steps, positive, or a schedule.
        rho: share of both running means of squares that is kept, in [0, 1).
        eps: keeps the quotient finite, and makes the first step; positive.

    Raises:
        ValueError: a setting is out of its range.
    """
    eta = rate("adadelta", lr)
    kept("adadelta", rho=rho)
    check_positive("adadelta", "eps", eps, FINITE)
    a, eps = float(rho), float(eps)

    def rule(t: int, w: Array, g: Array, s: Array, u: Array) -> tuple:
        s = a * s + (1 - a) * g * g
        d = g * np.sqrt(u + eps) / np.sqrt(s + eps)
        u = a * u + (1 - a) * d * d
        return w - eta(t) * d, s, u

    return for_each_array("adadelta", 2, rule)
