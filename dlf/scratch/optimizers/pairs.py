"""Pairs `(init, update)`: what every optimizer of this book is.

``state = init(params)`` starts it and ``params, state = update(params, grads,
state)`` makes a step, over flat dicts of arrays. Both leave their arguments as
they are, so that a run can be repeated from any of its steps, and keep the
type of the weights. (In float16 an ``eps`` of 1e-8 is 0, and 0/0 is NaN: train
in float32.) Most optimizers
treat each array by itself; they are written as a rule for one array, which
`for_each_array` extends to a dict of them.
Source: the form is that of optax (DeepMind, 2020).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlf.scratch.checks import alike, check_positive

Array = np.ndarray
Params = dict[str, Array]
Pair = tuple[Callable, Callable]
Rate = float | Callable[[int], float]
DOWNHILL = "a step goes downhill"


def for_each_array(name: str, slots: int, rule: Callable) -> Pair:
    """Extend a rule for one array to a dict of them.

    Args:
        name: of the optimizer, for errors.
        slots: how many arrays the rule remembers for each array of weights;
            they start at zero.
        rule: maps ``(t, w, g, *memory)``, with the number of the step, from 1,
            the weights and their gradient, to the new weights and memory.

    Raises:
        ValueError: in ``update``, a gradient has another shape than its
            weights.

    >>> init, update = for_each_array("sgd", 0, lambda t, w, g: (w - 0.1 * g,))
    >>> w = {"w": np.array([1.0])}
    >>> update(w, {"w": np.array([2.0])}, init(w))[0]["w"]
    array([0.8])
    """

    def init(params: Params) -> tuple[int, dict]:
        return 0, {
            k: tuple(np.zeros_like(w) for _ in range(slots))
            for k, w in params.items()
        }

    def update(params: Params, grads: Params, state: tuple) -> tuple:
        t, memory = state
        grads = fitted(name, grads, params, memory)
        new = {
            k: rule(t + 1, w, grads[k], *memory[k]) for k, w in params.items()
        }
        return (
            {k: w for k, (w, *_) in new.items()},
            (t + 1, {k: tuple(kept) for k, (_, *kept) in new.items()}),
        )

    return init, update


def fitted(
    name: str, grads: Params, params: Params, memory: dict | None = None
) -> Params:
    """Give the gradients in the types of their weights, or refuse them.

    Args:
        name: of the optimizer, for errors.
        grads: by name.
        params: the weights.
        memory: what the optimizer has kept of each, if anything.

    Raises:
        ValueError: weights or gradients are no floating-point numbers, have
            other names or shapes, or are not those that were begun with.
    """
    for which, arrays in (("params", params), ("grads", grads)):
        for k, a in arrays.items():
            if getattr(a, "dtype", np.dtype("O")).kind != "f":
                kind = getattr(a, "dtype", type(a).__name__)
                raise ValueError(
                    f"{name}: `{which}` must hold arrays of floating-point "
                    f"numbers, because steps are fractions; {k} is {kind}"
                )
    alike(name, "grads", grads, params)
    for which, others in (("grads", grads), ("state", memory or params)):
        if set(others) != set(params):
            odd = sorted(set(others) ^ set(params))[0]
            raise ValueError(
                f"{name}: `{which}` must belong to the weights, because each "
                f"is updated from its own; {odd} is in one of them alone"
            )
    return {k: grads[k].astype(w.dtype, copy=False) for k, w in params.items()}


def rate(name: str, lr: Rate) -> Callable[[int], float]:
    """Give the learning rate of every step.

    Args:
        name: of the optimizer, for errors.
        lr: a positive number, or a schedule: a function of how many steps
            were made before.

    Raises:
        ValueError: the number is not positive, or, when asked, what the
            schedule gives is negative, infinite or NaN.

    >>> at = rate("sgd", lambda done: 0.1 / (1 + done))
    >>> at(1), at(2)
    (0.1, 0.05)
    """
    if callable(lr):

        def scheduled(t: int) -> float:
            now = float(lr(t - 1))
            if not 0 <= now < np.inf:
                raise ValueError(
                    f"{name}: `lr` must give finite rates that are not "
                    f"negative, because {DOWNHILL}; it gave {now} at "
                    f"{t - 1}"
                )
            return now

        return scheduled
    check_positive(name, "lr", lr, DOWNHILL)
    constant = float(lr)  # so that the type of the weights wins
    return lambda t: constant


def not_negative(name: str, **given: Any) -> None:
    """Refuse a weight decay, or another setting, below 0, NaN included.

    Args:
        name: of the optimizer, for errors.
        given: settings by name.

    Raises:
        ValueError: naming the first that is negative.
    """
    for argument, value in given.items():
        if not value >= 0:
            raise ValueError(
                f"{name}: `{argument}` must not be negative, because it "
                f"would undo what it is for; got {value}"
            )


def l2(pair: Pair, weight_decay: float) -> Pair:
    """Add an L2 penalty: its gradient, decay times the weights, to theirs.

    Args:
        pair: an optimizer.
        weight_decay: multiple of the weights added to their gradient.

    Raises:
        ValueError: it is negative; in ``update``, a gradient has another
            shape than its weights.
    """
    not_negative("l2", weight_decay=weight_decay)
    init, update = pair
    decay = float(weight_decay)

    def penalized(params: Params, grads: Params, state: Any) -> tuple:
        grads = fitted("l2", grads, params)
        pulled = {k: g + decay * params[k] for k, g in grads.items()}
        return update(params, pulled, state)

    return init, penalized


def decoupled(pair: Pair, lr: Rate, weight_decay: float) -> Pair:
    """Add decoupled weight decay: weights shrink beside the optimizer's step.

    Args:
        pair: an optimizer.
        lr: its learning rate, positive, or its schedule.
        weight_decay: each step takes lr times this share of the weights.

    Raises:
        ValueError: a setting is out of its range.

    Source: Loshchilov & Hutter (2019), with the rate in the decay, as
    frameworks have it.
    """
    eta = rate("decoupled", lr)
    not_negative("decoupled", weight_decay=weight_decay)
    first, step = pair
    decay = float(weight_decay)

    def init(params: Params) -> tuple[int, Any]:
        return 0, first(params)

    def update(params: Params, grads: Params, state: tuple) -> tuple:
        done, inner = state
        moved, inner = step(params, grads, inner)
        share = eta(done + 1) * decay
        moved = {k: w - share * params[k] for k, w in moved.items()}
        return moved, (done + 1, inner)

    return init, update


def ascend(pair: Pair) -> Pair:
    """Climb instead of descend: the same optimizer on minus the gradient.

    Args:
        pair: an optimizer.

    Raises:
        ValueError: in ``update``, gradients do not fit their weights.
    """
    init, update = pair

    def climb(params: Params, grads: Params, state: Any) -> tuple:
        grads = fitted("ascend", grads, params)
        return update(params, {k: -g for k, g in grads.items()}, state)

    return init, climb
