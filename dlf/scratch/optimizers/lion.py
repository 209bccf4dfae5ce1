"""Sign descent and Lion: every weight takes a step of the same length.

    sign descent    w <- w - lr sign(g)
    Lion            c = b1 m + (1 - b1) g          w <- w - lr sign(c)
                    m <- b2 m + (1 - b2) g

Adam with b1 = b2 = eps = 0 is sign descent. Since every step has length lr, a
rate that suits Lion is some three to ten times smaller than Adam's, and its
weight decay as much larger.
Source: Bernstein et al. (2018), signSGD; Chen et al. (2023), Symbolic
discovery of optimization algorithms, algorithm 2.
"""

import numpy as np

from dlf.scratch.checks import kept
from dlf.scratch.optimizers.pairs import (
    Array,
    Pair,
    Rate,
    for_each_array,
    rate,
)


def sign_descent(lr: Rate) -> Pair:
    """Make sign descent: step by the sign of the gradient, not its size.

    Args:
        lr: length of each weight's step, positive, or a schedule.

    Raises:
        ValueError: the rate is not positive.
    """
    eta = rate("sign_descent", lr)

    def rule(t: int, w: Array, g: Array) -> tuple:
        return (w - eta(t) * np.sign(g),)

    return for_each_array("sign_descent", 0, rule)


def lion(
    lr: Rate = 0.0001,
    b1: float = 0.9,
    b2: float = 0.99,
) -> Pair:
    """Make Lion: step by the sign of a mix of momentum and gradient.

    Args:
        lr: length of each weight's step, positive, or a schedule.
        b1: share of the momentum in the mix whose sign is taken, in [0, 1).
        b2: share of the momentum that is kept, in [0, 1).

    Raises:
        ValueError: a setting is out of its range.
    """
    eta = rate("lion", lr)
    kept("lion", b1=b1, b2=b2)
    b1, b2 = float(b1), float(b2)

    def rule(t: int, w: Array, g: Array, m: Array) -> tuple:
        mix = b1 * m + (1 - b1) * g
        return w - eta(t) * np.sign(mix), b2 * m + (1 - b2) * g

    return for_each_array("lion", 1, rule)
