"""Averages of the path: schedule-free optimizers and Lookahead.

    schedule-free    y = (1 - b) z + b x         the gradient is taken at y
                     z <- z - lr g(y)            a plain, or Adam's, step
                     x <- (1 - c) x + c z        c = 1/t: x is the mean of z

    Lookahead        after every k steps of any optimizer
                     slow <- slow + a (fast - slow),    fast <- slow

A schedule-free run needs no length set beforehand: x is as good at every step
as a run whose rate had been lowered to end there. The weights that a pair
returns are y; `averaged` gives x.
Source: Defazio et al. (2024), The road less scheduled; Zhang et al. (2019),
Lookahead optimizer.
"""

from typing import Any

import numpy as np

from dlf.scratch.checks import check_positive, kept
from dlf.scratch.optimizers.adaptive import FINITE
from dlf.scratch.optimizers.pairs import (
    Pair,
    Params,
    Rate,
    fitted,
    not_negative,
    rate,
)


def schedule_free(
    lr: Rate = 1.0, momentum: float = 0.9, weight_decay: float = 0.0
) -> Pair:
    """Make schedule-free SGD: gradients between the last point and the mean.

    Args:
        lr: learning rate, positive, or a warm-up; the mean weighs each point
            by the square of its rate.
        momentum: how near to the mean gradients are taken, in [0, 1).
        weight_decay: multiple of the weights added to their gradient.

    Raises:
        ValueError: a setting is out of its range; in ``update``, a gradient
            has another shape than its weights.
    """
    return _between("schedule_free", lr, momentum, weight_decay, 0.0, None)


def schedule_free_adamw(
    lr: Rate = 0.0025,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> Pair:
    """Make schedule-free AdamW: the same, with Adam's quotient in the step.

    Args:
        lr: learning rate, positive, or a warm-up.
        b1: how near to the mean gradients are taken, in [0, 1).
        b2: share kept of the mean square, in [0, 1).
        eps: keeps the quotient finite where gradients are zero, positive.
        weight_decay: multiple of the weights added to the quotient.

    Raises:
        ValueError: a setting is out of its range; in ``update``, a gradient
            has another shape than its weights.
    """
    kept("schedule_free_adamw", b2=b2)
    check_positive("schedule_free_adamw", "eps", eps, FINITE)
    return _between("schedule_free_adamw", lr, b1, weight_decay, b2, eps)


def _between(
    name: str,
    lr: Rate,
    near: float,
    weight_decay: float,
    b2: float,
    eps: float | None,
) -> Pair:
    """Make either: with ``eps`` the step is divided as Adam's is."""
    eta = rate(name, lr)
    kept(name, **{"momentum" if eps is None else "b1": near})
    not_negative(name, weight_decay=weight_decay)
    b, decay, b2 = float(near), float(weight_decay), float(b2)

    def init(params: Params) -> tuple:
        zeros = {k: np.zeros_like(w) for k, w in params.items()}
        return 0, 0.0, copied(params), copied(params), zeros

    def update(params: Params, grads: Params, state: tuple) -> tuple:
        done, weight, z, x, s = state
        grads = fitted(name, grads, params, z)
        t = done + 1
        weight += eta(t) ** 2
        c = eta(t) ** 2 / weight if weight > 0 else 0.0
        step = grads
        if eps is not None:
            s = {k: b2 * v + (1 - b2) * grads[k] ** 2 for k, v in s.items()}
            step = {
                k: g / (np.sqrt(s[k] / (1 - b2**t)) + eps)
                for k, g in grads.items()
            }
        z = {
            k: v - eta(t) * (step[k] + decay * params[k]) for k, v in z.items()
        }
        x = {k: (1 - c) * v + c * z[k] for k, v in x.items()}
        y = {k: (1 - b) * z[k] + b * v for k, v in x.items()}
        return y, (t, weight, z, x, s)

    return init, update


def averaged(state: tuple) -> Params:
    """Give the mean of the path of a schedule-free run: the weights to use.

    Args:
        state: of `schedule_free` or `schedule_free_adamw`.
    """
    return copied(state[3])


def copied(params: Params) -> Params:
    """Copy every array, so that changing one leaves the other.

    Args:
        params: by name.
    """
    return {k: w.copy() for k, w in params.items()}


def lookahead(pair: Pair, every: int = 5, alpha: float = 0.5) -> Pair:
    """Make Lookahead: go k steps, then part of the way back.

    Args:
        pair: the optimizer that makes the steps.
        every: steps between two returns, at least 1.
        alpha: share of the way that is kept, in (0, 1].

    Raises:
        ValueError: a setting is out of its range.
    """
    if not every >= 1 or not 0 < alpha <= 1:
        raise ValueError(
            "lookahead: `every` must be at least 1 and `alpha` in (0, 1], "
            "because it keeps that share of so many steps; got "
            f"{every} and {alpha}"
        )
    first, step = pair
    a = float(alpha)

    def init(params: Params) -> tuple:
        return 0, copied(params), first(params)

    def update(params: Params, grads: Params, state: tuple) -> tuple[Any, Any]:
        done, slow, inner = state
        params, inner = step(params, grads, inner)
        if (done + 1) % every == 0:
            slow = {k: v + a * (params[k] - v) for k, v in slow.items()}
            params = copied(slow)
        return params, (done + 1, slow, inner)

    return init, update
