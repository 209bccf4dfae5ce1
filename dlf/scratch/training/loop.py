"""The six steps of training, and two things one does around them.

    g = mean over the batch of the examples' gradients            (training.1)
    g of a batch = sum of N_k / N g_k over its parts              (training.5)
    a <- d a + (1 - d) w                                          (training.6)

The steps: initialize; then forward, loss, backward, update; and repeat.
Source: Goodfellow, Bengio & Courville (2016), Deep Learning, algorithm 8.1;
Polyak & Juditsky (1992) for averaged weights.
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.checks import alike, kept
from dlf.scratch.losses.classification import cross_entropy
from dlf.scratch.mlp import mlp
from dlf.scratch.shapes import sizes

Array = np.ndarray
Params = dict[str, Array]


def minibatches(
    N: int, batch: int, rng: np.random.Generator
) -> list[Int[Array, " B"]]:
    """Shuffle N examples and split them into minibatches of one epoch.

    Args:
        N: how many examples there are.
        batch: how many a step sees; the last step sees those that are left.
        rng: draws the order.

    Raises:
        ValueError: ``batch`` is not positive.

    >>> rng = np.random.default_rng(0)
    >>> [len(rows) for rows in minibatches(10, 4, rng)]
    [4, 4, 2]
    """
    if batch < 1:
        raise ValueError(
            "minibatches: `batch` must be positive, because a step needs an "
            f"example; got {batch}"
        )
    return np.split(rng.permutation(N), range(batch, N, batch))


def train(
    params: Params,
    x: Float[Array, "N I"],
    y: Int[Array, " N"],
    optimizer: tuple[Callable, Callable],
    *,
    epochs: int,
    batch: int,
    rng: np.random.Generator,
) -> tuple[Params, list[float]]:
    """Run the six steps on a classifier, for so many passes over the data.

    Args:
        params: step 1 is done: ``mlp.init`` drew them. They stay as they are.
        x: inputs.
        y: their classes.
        optimizer: a pair of `dlf.scratch.optimizers`.
        epochs: passes over the data.
        batch: examples a step.
        rng: deals them anew for every pass.

    Returns:
        The parameters trained, and the loss of each step, before its update.

    Raises:
        ValueError: inputs and classes differ in number, a class has no
            output, or ``batch`` is not positive.
    """
    sizes(train, x, y)
    start, update = optimizer
    state, losses = start(params), []
    for _ in range(epochs):
        for rows in minibatches(len(x), batch, rng):
            logits, pull_net = mlp(params, x[rows])  # 2 forward
            loss, pull_loss = cross_entropy(logits, y[rows])  # 3 loss
            grads, _ = pull_net(pull_loss(), dx=False)  # 4 backward
            params, state = update(params, grads, state)  # 5 update
            losses.append(loss)
    return params, losses  # 6 was: repeat


def accumulate_gradients(parts: Sequence[tuple[int, Params]]) -> Params:
    """Accumulate gradients of microbatches into the batch's (training.5).

    Args:
        parts: how many examples each had, and the gradient of their mean.

    Raises:
        ValueError: there is no example, or the parts differ in shape.
    """
    N = sum(count for count, _ in parts)
    if N < 1:
        raise ValueError(
            "accumulate_gradients: `parts` must hold an example, because "
            f"their mean is asked for; got {len(parts)} parts with {N}"
        )
    names = parts[0][1]
    for _, grads in parts:
        alike("accumulate_gradients", "parts", grads, names)
    return {k: sum(n / N * g[k] for n, g in parts) for k in names}


def ema(mean: Params, params: Params, decay: float) -> Params:
    """Update an exponential moving average of the weights (training.6).

    Args:
        mean: the slow copy, which begins as the initial weights.
        params: the weights after a step.
        decay: share of the past that is kept, in [0, 1).

    Raises:
        ValueError: ``decay`` is out of its range, or a weight has another
            shape than its mean.
    """
    kept("ema", decay=decay)
    alike("ema", "params", params, mean)
    decay = float(decay)  # a NumPy scalar would impose its type
    return {k: decay * a + (1 - decay) * params[k] for k, a in mean.items()}
