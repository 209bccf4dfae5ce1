"""Trust region: minimize the quadratic model where it can be trusted.

    least m(p) subject to |p| <= radius

by conjugate gradient, with products of the Hessian alone. The radius grows
when the model foretold the decrease and shrinks when it did not. Negative
curvature is no obstacle: it is followed to the boundary.
Source: Nocedal & Wright (2006), algorithms 4.1 and 7.2; Steihaug (1983).
"""

import math
from collections.abc import Callable

import numpy as np

from dlf.scratch.second_order.conjugate_gradient import conjugate_gradient
from dlf.scratch.second_order.objectives import (
    Array,
    Minimum,
    Objective,
    begin,
    evaluate,
    limits,
)


def trust_region_cg(
    objective: Objective,
    product: Callable[[Array, Array], Array],
    w: Array,
    radius: float = 1.0,
    largest: float = 1000.0,
    max_iter: int = 200,
    tolerance_grad: float = 1e-7,
) -> Minimum:
    """Minimize by a trust region whose steps conjugate gradient finds.

    Args:
        objective: maps a vector to its value and gradient.
        product: maps a point and a vector to the Hessian times the vector.
        w: start.
        radius: the first, positive.
        largest: radius allowed.
        max_iter: how many steps are tried at most.
        tolerance_grad: ends the search: the largest entry of the gradient.

    Raises:
        ValueError: a bad start, or a radius that is not positive.
    """
    limits("trust_region_cg", max_iter=max_iter, tolerance_grad=tolerance_grad)
    if not 0 < radius <= largest:
        raise ValueError(
            "trust_region_cg: `radius` must lie in (0, largest], because a "
            f"step has to fit into it; got {radius} and {largest}"
        )
    f, g = begin("trust_region_cg", objective, w)
    evaluations, products, values = 1, 0, [f]
    for _ in range(int(max_iter)):
        length = float(np.linalg.norm(g))
        if np.abs(g).max(initial=0) <= tolerance_grad:
            break

        def here(v: Array, at: Array = w) -> Array:
            return product(at, v)

        exact = min(0.5, math.sqrt(length))  # the nearer, the more exactly
        found = conjugate_gradient(here, -g, exact, None, radius)
        p, products = found.x, products + found.products + 1
        foretold = float(g @ p) + float(p @ here(p)) / 2
        new, g_new = evaluate("trust_region_cg", objective, w + p)
        evaluations += 1
        good = (new - f) / foretold if foretold < 0 else -math.inf
        if not good >= 0.25:
            radius = 0.25 * float(np.linalg.norm(p))
        elif good > 0.75 and found.ended in ("boundary", "negative curvature"):
            radius = min(2 * radius, largest)
        if good > 0.1 and np.isfinite(g_new).all():
            w, f, g = w + p, new, g_new
            values.append(f)
        if foretold > -1e-16 * max(abs(f), 1e-300):
            break
    return Minimum(w, f, g, len(values) - 1, evaluations, products, values)
