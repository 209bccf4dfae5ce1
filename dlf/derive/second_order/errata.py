"""Errata of the sources on second-order methods, each with its witness."""

import numpy as np

from dlf.derive.erratum import Erratum


def _where_newton_ends() -> tuple:
    def f(x: float) -> float:
        return x**4 / 4 - x**2 / 2

    def is_minimum(x: float) -> bool:
        return f(x) <= min(f(x - 0.01), f(x + 0.01))

    ends = []
    for curvature in (lambda h: h, abs):
        x = 0.1
        for _ in range(20):
            x -= (x**3 - x) / curvature(3 * x**2 - 1)
        ends.append([f(x), is_minimum(x)])
    grid = np.linspace(-2, 2, 40_001)
    best = float(grid[(grid**4 / 4 - grid**2 / 2).argmin()])
    return np.array(ends[0]), np.array(ends[1]), [f(best), is_minimum(best)]


E38 = Erratum(
    key="E38",
    kind="needs a condition",
    place="S4 §1.1.2",
    prints=(
        r"under “Higher-Order Optimization”, $\theta\leftarrow\theta-H^{-1}g$ "
        "as a step that minimizes, and beside it BFGS and conjugate gradient."
    ),
    correct=(
        "the step goes to the stationary point of the quadratic model, be it a "
        r"minimum, a saddle or a maximum. To minimize it needs $H\succ0$, or "
        r"one of its repairs, such as $|H|$ in place of $H$. And quasi-Newton "
        "methods and nonlinear conjugate gradient use first derivatives alone."
    ),
    witness=_where_newton_ends,
    of=(
        r"$f=\frac14x^4-\frac12x^2$ from $x=0.1$: twenty steps with $H$, "
        r"twenty with $|H|$, and the least value on a grid"
    ),
    columns=("$f$ where it ends", "a minimum?"),
)
