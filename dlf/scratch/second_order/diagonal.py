"""AdaHessian and Sophia: Adam's quotient with curvature in it.

    m <- b1 m + (1 - b1) g                    m̂ = m / (1 - b1^t)
    AdaHessian  s <- b2 s + (1 - b2) d²       w <- w - lr m̂ / (ŝ^(k/2) + eps)
    Sophia      h <- b2 h + (1 - b2) d
                            w <- w - lr clip(m / max(rho h, eps), -1, 1)

where d is an estimate of the Hessian's diagonal, z * H z with random signs z
(second_order.10). Both are pairs as in `dlf.scratch.optimizers.pairs`, whose
``update`` takes d after the gradients. Keep their weights in float32 or more:
float16 rounds (1 - b2) d² to 0 where d is below 0.005, and then divides by eps.
Source: Yao et al. (2021), algorithm 1, without averaging over blocks; Liu et
al. (2024), algorithm 3, where d is estimated at every k-th step alone and rho
is called γ: 0.01 for Hutchinson's d, as here. Their code, whose estimate is
another, calls it rho and multiplies it by the batch.
"""

from typing import Any

import numpy as np

from dlf.scratch.checks import alike, check_positive, floating, kept
from dlf.scratch.optimizers.pairs import (
    Pair,
    Params,
    Rate,
    fitted,
    not_negative,
    rate,
)


def adahessian(
    lr: Rate = 0.1,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-4,
    hessian_power: float = 1.0,
    weight_decay: float = 0.0,
) -> Pair:
    """Make AdaHessian: Adam with the Hessian's diagonal for the gradient's.

    Args:
        lr: learning rate, positive, or a schedule.
        b1: fraction kept of the mean gradient, in [0, 1).
        b2: fraction kept of the mean squared diagonal, in [0, 1).
        eps: keeps the quotient finite where curvature is 0, positive.
        hessian_power: 1 divides by the curvature, 0 not at all.
        weight_decay: each step takes lr times this fraction of the weights.

    Returns:
        ``init(params)`` and ``update(params, grads, diagonal, state)``.

    Raises:
        ValueError: a setting is out of its range; in ``update``, a gradient
            or a diagonal has another shape than its weights.
    """
    eta = rate("adahessian", lr)
    kept("adahessian", b1=b1, b2=b2)
    check_positive("adahessian", "eps", eps, "it keeps quotients finite")
    not_negative(
        "adahessian", hessian_power=hessian_power, weight_decay=weight_decay
    )
    b1, b2, eps = float(b1), float(b2), float(eps)
    power, decay = float(hessian_power), float(weight_decay)

    def init(params: Params) -> tuple[int, Params, Params]:
        zero = {k: np.zeros_like(w) for k, w in params.items()}
        return 0, zero, zero

    def update(
        params: Params, grads: Params, diagonal: Params, state: tuple
    ) -> tuple:
        t, m, s = state
        grads = fitted("adahessian", grads, params, m)
        diagonal = estimated("adahessian", diagonal, params)
        t, now = t + 1, eta(t + 1)
        m = {k: b1 * m[k] + (1 - b1) * g for k, g in grads.items()}
        s = {k: b2 * s[k] + (1 - b2) * d * d for k, d in diagonal.items()}
        c1, c2 = 1 - b1**t, (1 - b2**t) ** 0.5
        new = {
            k: w * (1 - now * decay)
            - now / c1 * m[k] / ((np.sqrt(s[k]) / c2) ** power + eps)
            for k, w in params.items()
        }
        return new, (t, m, s)

    return init, update


def sophia(
    lr: Rate = 1e-3,
    b1: float = 0.965,
    b2: float = 0.99,
    rho: float = 0.01,
    eps: float = 1e-12,
    weight_decay: float = 0.0,
) -> Pair:
    """Make Sophia: the mean gradient over curvature, each entry clipped to 1.

    Where curvature is small or negative the step has length lr, as in sign
    descent.

    Args:
        lr: learning rate, positive, or a schedule: the longest step.
        b1: fraction kept of the mean gradient, in [0, 1).
        b2: fraction kept of the mean diagonal, in [0, 1).
        rho: what curvature is multiplied by, positive; smaller ones clip more.
        eps: the least that is divided by, positive.
        weight_decay: each step takes lr times this fraction of the weights.

    Returns:
        ``init(params)`` and ``update(params, grads, diagonal, state)``, where
        ``diagonal`` is None in steps without a new estimate.

    Raises:
        ValueError: a setting is out of its range; in ``update``, a gradient
            or a diagonal has another shape than its weights.
    """
    eta = rate("sophia", lr)
    kept("sophia", b1=b1, b2=b2)
    check_positive("sophia", "rho", rho, "curvature is multiplied by it")
    check_positive("sophia", "eps", eps, "it keeps quotients finite")
    not_negative("sophia", weight_decay=weight_decay)
    b1, b2, rho = float(b1), float(b2), float(rho)
    eps, decay = float(eps), float(weight_decay)

    def init(params: Params) -> tuple[int, Params, Params]:
        zero = {k: np.zeros_like(w) for k, w in params.items()}
        return 0, zero, zero

    def update(
        params: Params, grads: Params, diagonal: Any, state: tuple
    ) -> tuple:
        t, m, h = state
        grads = fitted("sophia", grads, params, m)
        m = {k: b1 * m[k] + (1 - b1) * g for k, g in grads.items()}
        if diagonal is not None:
            diagonal = estimated("sophia", diagonal, params)
            h = {k: b2 * h[k] + (1 - b2) * d for k, d in diagonal.items()}
        now, new = eta(t + 1), {}
        for k, w in params.items():
            least = max(eps, float(np.finfo(w.dtype).tiny))
            quotient = m[k] / np.maximum(rho * h[k], least)
            step = np.clip(quotient, -1.0, 1.0)
            new[k] = w * (1 - now * decay) - now * step
        return new, (t + 1, m, h)

    return init, update


def estimated(name: str, diagonal: Params, params: Params) -> Params:
    """Give the estimated diagonal in the types of the weights, or refuse it.

    Args:
        name: of the optimizer, for errors.
        diagonal: by name.
        params: the weights.

    Raises:
        ValueError: it has other names, shapes or kinds of numbers.
    """
    alike(name, "diagonal", diagonal, params)
    for k in params:
        floating(name, diagonal=diagonal[k])
    return {
        k: diagonal[k].astype(w.dtype, copy=False) for k, w in params.items()
    }
