"""LARS and LAMB: steps in proportion to the norm of each layer's weights.

    LARS    u = g + decay w                      v <- m v + lr r u
            w <- w - v                           r = trust ‖w‖ / ‖u‖
    LAMB    u = m̂ / (√ŝ + eps) + decay w         w <- w - lr r u
                                                 r = ‖w‖ / ‖u‖

m̂ and ŝ are Adam's. A layer whose gradient is large against its weights does
not limit the rate of the others, which is what allows batches of thousands.
Source: You, Gitman & Ginsburg (2017); You et al. (2020), algorithm 2, with
the identity for its function of the norm.
"""

import numpy as np

from dlf.scratch.checks import check_positive, kept
from dlf.scratch.optimizers.adam import moment_settings
from dlf.scratch.optimizers.pairs import (
    Array,
    Pair,
    Rate,
    for_each_array,
    not_negative,
    rate,
)


def trust_ratio(w: Array, u: Array) -> float:
    """Length of the weights over that of their step; 1 where either is zero.

    Args:
        w: weights of a layer.
        u: their step.

    >>> trust_ratio(np.array([3.0, 4.0]), np.array([0.0, 0.5]))
    10.0
    """
    weights, step = (
        float(np.linalg.norm(a.astype(np.float64))) for a in (w, u)
    )
    return weights / step if weights > 0 and step > 0 else 1.0


def lars(
    lr: Rate,
    momentum: float = 0.9,
    weight_decay: float = 0.0,
    trust: float = 0.001,
) -> Pair:
    """Make LARS: momentum SGD with a rate for each layer, by its norm.

    Args:
        lr: learning rate, positive, or a schedule.
        momentum: share of the last step that is kept, in [0, 1).
        weight_decay: multiple of the weights added to their gradient.
        trust: share of a layer's norm that a step at rate 1 takes, positive.

    Raises:
        ValueError: a setting is out of its range.
    """
    eta = rate("lars", lr)
    kept("lars", momentum=momentum)
    check_positive("lars", "trust", trust, "it scales every step")
    not_negative("lars", weight_decay=weight_decay)
    m, decay, trust = float(momentum), float(weight_decay), float(trust)

    def rule(t: int, w: Array, g: Array, v: Array) -> tuple:
        u = g + decay * w
        v = m * v + eta(t) * trust * trust_ratio(w, u) * u
        return w - v, v

    return for_each_array("lars", 1, rule)


def lamb(
    lr: Rate = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-6,
    weight_decay: float = 0.01,
) -> Pair:
    """Make LAMB: Adam with a rate for each layer, by its norm.

    Args:
        lr: learning rate, positive, or a schedule: the share of a layer's
            norm that a step takes.
        b1: share kept of the mean, in [0, 1).
        b2: share kept of the mean square, in [0, 1).
        eps: keeps the quotient finite where gradients are zero, positive.
        weight_decay: multiple of the weights added to the quotient.

    Raises:
        ValueError: a setting is out of its range.
    """
    eta, b1, b2, eps = moment_settings("lamb", lr, b1, b2, eps)
    not_negative("lamb", weight_decay=weight_decay)
    decay = float(weight_decay)

    def rule(t: int, w: Array, g: Array, m: Array, s: Array) -> tuple:
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g * g
        u = m / (1 - b1**t) / (np.sqrt(s / (1 - b2**t)) + eps) + decay * w
        return w - eta(t) * trust_ratio(w, u) * u, m, s

    return for_each_array("lamb", 2, rule)
