"""Exercises on second-order methods: what the log of a run says.

Four runs on one small net. Three have a fault that second-order methods are
prone to: a saddle, batches that change, a gradient that is not the value's.
"""

from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise
from dlf.scratch.mlp import init
from dlf.scratch.second_order.hessian_products import tanh_hvp
from dlf.scratch.second_order.minimizers import lbfgs
from dlf.scratch.second_order.newton import newton
from dlf.scratch.second_order.objectives import flatten, unflatten
from dlf.scratch.second_order.quasi_newton import two_loop

Array = np.ndarray
Row = tuple[float, float, int]
SHOWN = (0, 2, 5, 10, 20)
DECAY = 0.01


def net(seed: int) -> dict[str, Array]:
    """Draw a net of 31 weights."""
    return init((3, 4, 3), np.random.default_rng(seed))


def points() -> tuple[Array, Array]:
    """Draw 60 points of three classes that overlap."""
    rng = np.random.default_rng(0)
    y = np.arange(60) % 3
    return np.eye(3)[y] + 0.6 * rng.normal(size=(60, 3)), y


def loss_of(
    params: dict[str, Array], rows: slice | Array = slice(None)
) -> Callable[[Array], tuple[float, Array]]:
    """Make the objective: cross-entropy on some points, and weight decay."""
    x, y = points()
    dtype = next(iter(params.values())).dtype
    x = x.astype(dtype)

    def objective(w: Array) -> tuple[float, Array]:
        now = unflatten(w, params)
        loss, grads, _ = tanh_hvp(now, x[rows], y[rows], now)
        loss += DECAY / 2 * float(w @ w)
        return loss, flatten(grads, params) + dtype.type(DECAY) * w

    return objective


def hessian_of(params: dict[str, Array], w: Array) -> Array:
    """Assemble the Hessian, a product for each of its rows."""
    x, y = points()
    rows = [
        flatten(tanh_hvp(unflatten(w, params), x, y, unflatten(e, params))[2])
        for e in np.eye(w.size)
    ]
    return np.array(rows) + DECAY * np.eye(w.size)


def of_saddle() -> list[Row]:
    """Make Newton steps without damping."""
    params = net(5)
    w, found = flatten(params) * 0.3, []
    objective = loss_of(params)
    for step in range(SHOWN[-1] + 1):
        f, g = objective(w)
        if step in SHOWN:
            found.append((f, float(np.linalg.norm(g)), step + 1))
        w = w - np.linalg.solve(hessian_of(params, w), g)
    return found


def of_batches() -> list[Row]:
    """Read L-BFGS's pairs from gradients of different batches."""
    params, rng = net(5), np.random.default_rng(0)
    w, pairs, found, before = flatten(params), [], [], None
    for step in range(SHOWN[-1] + 1):
        f, g = loss_of(params)(w)
        if step in SHOWN:
            found.append((f, float(np.linalg.norm(g)), step + 1))
        _, g = loss_of(params, rng.permutation(60)[:8])(w)
        if before is not None and (w - before[0]) @ (g - before[1]) > 1e-10:
            pairs.append((w - before[0], g - before[1]))
        steps = [np.stack(part) for part in zip(*pairs[-10:], strict=True)]
        before, p = (w, g), two_loop(g, *steps)[0] if pairs else g
        w = w - p
    return found


def of_gradient() -> list[Row]:
    """Forget the weight decay in the gradient, and not in the value."""
    params = net(5)
    whole = loss_of(params)

    def objective(w: Array) -> tuple[float, Array]:
        f, g = whole(w)
        return f + 5 * DECAY * float(w @ w), g

    def run(steps: int) -> Row:
        end = lbfgs(objective, flatten(params), steps, 10_000, 0.0, 0.0)
        return end.value, float(np.linalg.norm(end.gradient)), end.evaluations

    return [run(steps) for steps in SHOWN]


def of_damping() -> list[Row]:
    """Make damped Newton steps: nothing is wrong with them."""
    params = net(5)
    start, objective = flatten(params), loss_of(params)

    def run(steps: int) -> Row:
        end = newton(
            objective, lambda w: hessian_of(params, w), start, 0.1, steps
        )
        return end.value, float(np.linalg.norm(end.gradient)), end.evaluations

    return [run(steps) for steps in SHOWN]


RUNS = {
    "A": of_gradient,
    "B": of_saddle,
    "C": of_damping,
    "D": of_batches,
}
CAUSES = {"A": "gradient", "B": "saddle", "C": "none", "D": "batches"}


def four_logs() -> str:
    """Write the four logs, one below the other."""
    lines = ["run  step     loss   |gradient|  evaluations"]
    for name, run in RUNS.items():
        for step, (f, g, count) in zip(SHOWN, run(), strict=True):
            tiny = 0.0 if g < 1e-12 else g
            lines.append(f"{name}{step:8}{f:9.3f}{tiny:13.1e}{count:13}")
    return "\n".join(lines)


LOGS = Exercise(
    "second_order-11",
    CAUSES,
    wrong=(
        CAUSES | {"A": "saddle", "B": "gradient"},
        CAUSES | {"A": "batches", "D": "gradient"},
        CAUSES | {"B": "none", "C": "saddle"},
        CAUSES | {"C": "batches", "D": "none"},
        dict.fromkeys("ABCD", "saddle"),
        {"A": "gradient"},
        CAUSES | {"E": "none"},
        list(CAUSES.values()),
    ),
    right=({k: CAUSES[k] for k in "DCBA"},),
)
