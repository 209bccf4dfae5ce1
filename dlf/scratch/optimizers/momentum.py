"""Gradient descent and momentum, in the three conventions that are in use.

    sgd            v <- m v + (1 - d) g     w <- w - lr v
    Nesterov       v <- m v + g             w <- w - lr (g + m v)
    mean           v <- m v + (1 - m) g     w <- w - lr v
    rate inside    v <- m v + lr g          w <- w - v

The first is PyTorch's, with the damping d = 0 unless it is asked for; the
second looks ahead, as seen from the point where the gradient is taken, by
(optimizers.8). A mean at rate lr is a sum at lr (1 - m), and the rate may as
well stand inside as long as it stays the same, both by (optimizers.3).
Source: Polyak (1964); Nesterov (1983); Sutskever et al. (2013), equations 1-4.
"""

from dlf.scratch.checks import kept
from dlf.scratch.optimizers.pairs import (
    Array,
    Pair,
    Rate,
    for_each_array,
    rate,
)


def sgd(lr: Rate, momentum: float = 0.0, dampening: float = 0.0) -> Pair:
    """Make SGD with momentum: step against a running sum of gradients.

    Args:
        lr: learning rate, positive, or a schedule.
        momentum: share of the last step that is kept, in [0, 1).
        dampening: share of each new gradient that is left out, after the
            first; in [0, 1). Without momentum it does nothing.

    Raises:
        ValueError: a setting is out of its range; in ``update``, a gradient
            has another shape than its weights.

    >>> import numpy as np
    >>> init, update = sgd(lr=0.1)
    >>> w = {"w": np.array([1.0])}
    >>> w, _ = update(w, {"w": np.array([2.0])}, init(w))
    >>> w["w"]
    array([0.8])
    """
    eta = rate("sgd", lr)
    kept("sgd", momentum=momentum, dampening=dampening)
    m, d = float(momentum), float(dampening) if momentum else 0.0

    def rule(t: int, w: Array, g: Array, v: Array) -> tuple:
        v = m * v + (g if t == 1 else (1 - d) * g)
        return w - eta(t) * v, v

    return for_each_array("sgd", 1, rule)


def nesterov(lr: Rate, momentum: float = 0.9) -> Pair:
    """Make Nesterov's momentum: the gradient as if one step ahead.

    Args:
        lr: learning rate, positive, or a schedule.
        momentum: share of the last step that is kept, in [0, 1).

    Raises:
        ValueError: a setting is out of its range.
    """
    eta = rate("nesterov", lr)
    kept("nesterov", momentum=momentum)
    m = float(momentum)

    def rule(t: int, w: Array, g: Array, v: Array) -> tuple:
        v = m * v + g
        return w - eta(t) * (g + m * v), v

    return for_each_array("nesterov", 1, rule)


def mean_momentum(lr: Rate, momentum: float = 0.9) -> Pair:
    """Make SGD with momentum as an exponential moving average of gradients.

    Args:
        lr: learning rate, positive, or a schedule; 1/(1 - momentum) times
            that of `sgd` makes the same steps.
        momentum: share of the average that is kept, in [0, 1).

    Raises:
        ValueError: a setting is out of its range.
    """
    eta = rate("mean_momentum", lr)
    kept("mean_momentum", momentum=momentum)
    m = float(momentum)

    def rule(t: int, w: Array, g: Array, v: Array) -> tuple:
        v = m * v + (1 - m) * g
        return w - eta(t) * v, v

    return for_each_array("mean_momentum", 1, rule)


def velocity_momentum(lr: Rate, momentum: float = 0.9) -> Pair:
    """Make SGD with momentum whose velocity contains the learning rate.

    When a schedule lowers the rate, the steps already in the velocity keep
    the rate that they were made with.

    Args:
        lr: learning rate, positive, or a schedule.
        momentum: share of the velocity that is kept, in [0, 1).

    Raises:
        ValueError: a setting is out of its range.
    """
    eta = rate("velocity_momentum", lr)
    kept("velocity_momentum", momentum=momentum)
    m = float(momentum)

    def rule(t: int, w: Array, g: Array, v: Array) -> tuple:
        v = m * v + eta(t) * g
        return w - v, v

    return for_each_array("velocity_momentum", 1, rule)
