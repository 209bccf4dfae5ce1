"""Optimizers as pairs `(init, update)` over flat dicts of arrays.

    momentum SGD   v <- m v + g                  w <- w - lr v
    Adam           m <- b1 m + (1 - b1) g        s <- b2 s + (1 - b2) g²
                   w <- w - lr m̂ / (√ŝ + eps)    m̂ = m/(1 - b1^t), ŝ likewise

``state = init(params)`` starts it, ``params, state = update(params, grads,
state)`` makes a step; both leave their arguments as they are, so that a run
can be repeated from any of its steps.
Source: Sutskever et al. (2013), On the importance of initialization and
momentum, as torch writes it; Kingma & Ba (2015), Adam, algorithm 1.
"""

from collections.abc import Callable

import numpy as np

from dlf.scratch.checks import alike, check_positive, kept

Params = dict[str, np.ndarray]
Pair = tuple[Callable, Callable]
DOWNHILL = "a step goes downhill"


def sgd(lr: float, momentum: float = 0.0) -> Pair:
    """Make SGD with momentum: step against a running sum of gradients.

    Args:
        lr: learning rate, positive.
        momentum: share of the last step that is kept, in [0, 1).

    Raises:
        ValueError: a setting is out of its range; in ``update``, a gradient
            has another shape than its weights.

    >>> init, update = sgd(lr=0.1)
    >>> w = {"w": np.array([1.0])}
    >>> w, _ = update(w, {"w": np.array([2.0])}, init(w))
    >>> w["w"]
    array([0.8])
    """
    check_positive("sgd", "lr", lr, DOWNHILL)
    kept("sgd", momentum=momentum)
    lr, momentum = float(lr), float(momentum)  # the weights' type wins

    def init(params: Params) -> Params:
        return {k: np.zeros_like(w) for k, w in params.items()}

    def update(
        params: Params, grads: Params, state: Params
    ) -> tuple[Params, Params]:
        alike("sgd", "grads", grads, params)
        state = {k: momentum * v + grads[k] for k, v in state.items()}
        return {k: w - lr * state[k] for k, w in params.items()}, state

    return init, update


def adam(
    lr: float = 0.001, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8
) -> Pair:
    """Make Adam: a running mean of gradients over the root of their squares.

    Args:
        lr: learning rate, positive; about the length of a weight's step.
        b1: share kept of the mean, in [0, 1).
        b2: share kept of the mean square, in [0, 1).
        eps: keeps the quotient finite where gradients are zero.

    Raises:
        ValueError: a setting is out of its range; in ``update``, a gradient
            has another shape than its weights.
    """
    check_positive("adam", "lr", lr, DOWNHILL)
    kept("adam", b1=b1, b2=b2)
    lr, b1, b2, eps = float(lr), float(b1), float(b2), float(eps)

    def init(params: Params) -> tuple[int, Params, Params]:
        zeros = {k: np.zeros_like(w) for k, w in params.items()}
        return 0, zeros, zeros

    def update(params: Params, grads: Params, state: tuple) -> tuple:
        alike("adam", "grads", grads, params)
        step, first, second = state
        step += 1
        first = {k: b1 * m + (1 - b1) * grads[k] for k, m in first.items()}
        second = {
            k: b2 * s + (1 - b2) * grads[k] ** 2 for k, s in second.items()
        }
        c1, c2 = 1 - b1**step, (1 - b2**step) ** 0.5
        params = {
            k: w - lr / c1 * first[k] / (np.sqrt(second[k]) / c2 + eps)
            for k, w in params.items()
        }
        return params, (step, first, second)

    return init, update
