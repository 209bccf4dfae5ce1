"""Shapley values: exactly, by sampling and by regression (kernel SHAP).

The players of a game are groups of inputs; v(S) is the model's output when
only those in S are there and the others are at the baseline.

    phi_i = mean over orders of v(before i and i) - v(before i)
          = sum over S without i of |S|! (P-|S|-1)! / P!
            times v(S and i) - v(S)                       (interpretability.3)
    sum of phi = v(all) - v(none)                         (interpretability.4)
    phi = the line nearest v by weights 1 / (C(P,|S|) |S| (P-|S|)),
          held to v(none) and v(all)                      (interpretability.5)

Source: Shapley (1953), A Value for n-Person Games; Castro, Gomez & Tejada
(2009), Polynomial calculation of the Shapley value based on sampling;
Lundberg & Lee (2017), arXiv:1705.07874, theorem 2.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Bool, Float, Int

from dlf.scratch.interpretability.outputs import (
    Baseline,
    Model,
    Target,
    check_inputs,
    selected_output,
)

Array = np.ndarray
Game = Callable[[Bool[Array, "M P"]], Float[Array, "M N"]]
MOST, ROWS = 20, 2048  # players of an exact computation, inputs at once


def value_function(
    f: Model,
    x: Float[Array, "N ..."],
    target: Target,
    groups: Int[Array, "..."],
    baseline: Baseline = 0.0,
) -> Game:
    """Make a game of a model: coalitions M P to outputs M N.

    Args:
        f: the model.
        x: inputs, one row an example.
        target: the output to explain.
        groups: the player, 0..P-1, to which each input belongs; of the shape
            of one example.
        baseline: what stands in for inputs that are absent.

    Raises:
        ValueError: the groups do not fit the inputs or leave a number out, or
            as `check_inputs` says.
    """
    q = check_inputs("value_function", f, x, target, baseline)
    if groups.shape != x.shape[1:] or groups.dtype.kind not in "iu":
        raise ValueError(
            f"value_function: `groups` must have the shape {x.shape[1:]} of "
            "one input and hold integers, because they number players; got "
            f"{groups.dtype} of shape {groups.shape}"
        )
    P = int(groups.max()) + 1
    if not np.array_equal(np.unique(groups), np.arange(P)):
        raise ValueError(
            "value_function: `groups` must use every number from 0, because "
            f"each is a player; got {np.unique(groups).tolist()}"
        )

    def v(coalitions: Bool[Array, "M P"]) -> Float[Array, "M N"]:
        blocks = np.array_split(
            coalitions, 1 + len(coalitions) * len(x) // ROWS
        )
        return np.concatenate([some(block) for block in blocks])

    def some(block: Bool[Array, "M P"]) -> Float[Array, "M N"]:
        there = block[:, None, groups]
        rows = np.where(there, x, q.baseline).reshape(-1, *x.shape[1:])
        y = selected_output(f, rows, np.tile(q.columns, len(block)))
        return y.reshape(len(block), len(x))

    return v


def to_inputs(
    phi: Float[Array, "N P"], groups: Int[Array, "..."]
) -> Float[Array, "N ..."]:
    """Spread each player's value over its inputs.

    Args:
        phi: values of players.
        groups: the player of each input.
    """
    return phi[:, groups]


def coalitions(players: int) -> Bool[Array, "M P"]:
    """List all subsets: bit p of row m says whether p is in it.

    Args:
        players: how many, at most 20.

    Raises:
        ValueError: there are more than 20 players, or none.
    """
    if not 1 <= players <= MOST:
        raise ValueError(
            f"coalitions: `players` must lie in 1..{MOST}, because there are "
            f"2^players subsets; got {players}. Sample them instead"
        )
    return (np.arange(2**players)[:, None] >> np.arange(players) & 1) == 1


def exact_shapley(v: Game, players: int) -> Float[Array, "N P"]:
    """Compute Shapley values exactly, over all coalitions (interpretability.3).

    Args:
        v: a game, from `value_function`.
        players: how many.

    >>> exact_shapley(lambda s: s.astype(float) @ np.array([[1.0], [2.0]]), 2)
    array([[1., 2.]])
    """
    every = coalitions(players)
    values, size = v(every), every.sum(axis=1)
    weight = np.array(
        [
            math.factorial(s) * math.factorial(players - s - 1)
            / math.factorial(players)
            for s in range(players)
        ]
    )  # fmt: skip
    phi = []
    for p in range(players):
        without = np.flatnonzero(~every[:, p])
        added = values[without + 2**p] - values[without]
        phi.append(weight[size[without]].astype(values.dtype) @ added)
    return np.stack(phi, axis=1)


def permutation_shapley(
    v: Game, players: int, orders: int, rng: np.random.Generator
) -> Float[Array, "N P"]:
    """Estimate Shapley values by permutation sampling; always efficient.

    Args:
        v: a game, from `value_function`.
        players: how many.
        orders: how many; each costs as many runs as there are players.
        rng: draws the orders.
    """
    if orders < 1:
        raise ValueError(
            f"permutation_shapley: `orders` must be at least 1; got {orders}"
        )
    total = 0.0
    for _ in range(orders):
        place = rng.permutation(players)
        joined = place < np.arange(players + 1)[:, None]
        values = v(joined)
        total = total + np.diff(values, axis=0)[place].T
    return total / orders


def kernel_weights(players: int) -> Float[Array, " Q"]:
    """Weigh coalitions of 1 to P-1 players as in (interpretability.5).

    Args:
        players: how many.
    """
    s = np.arange(1, players)
    choose = np.array([math.comb(players, k) for k in range(1, players)], float)
    return 1 / (choose * s * (players - s))


def kernel_shap(
    v: Game,
    players: int,
    samples: int | None = None,
    rng: np.random.Generator | None = None,
) -> Float[Array, "N P"]:
    """Compute kernel SHAP: the regression of (interpretability.5).

    Args:
        v: a game, from `value_function`.
        players: how many, at least 2.
        samples: coalitions drawn in pairs with their complements, by their
            weight; None takes all of them, which is exact.
        rng: draws them.

    Raises:
        ValueError: there are fewer than two players, a sample is asked for
            without a generator, or it leaves the line open.
    """
    if players < 2 or (samples is not None and rng is None):
        raise ValueError(
            "kernel_shap: `players` must be two or more, and `rng` be given "
            f"with `samples`; got {players} and {rng}"
        )
    if samples is None:
        s = coalitions(players)[1:-1]
        weight = kernel_weights(players)[s.sum(axis=1) - 1]
    else:
        count = np.array([math.comb(players, k) for k in range(1, players)])
        share = kernel_weights(players) * count
        size = 1 + rng.choice(
            players - 1, size=max(1, samples // 2), p=share / share.sum()
        )
        rank = rng.random((len(size), players)).argsort(axis=1).argsort(axis=1)
        half = rank < size[:, None]
        s = np.concatenate([half, ~half])
        weight = np.ones(len(s))
    none, whole = v(np.array([[False] * players, [True] * players]))
    last = s[:, -1:].astype(none.dtype)
    a = s[:, :-1] - last  # the last share is what the others leave
    b = v(s) - none - last * (whole - none)
    root = np.sqrt(weight)[:, None].astype(none.dtype)
    phi, _, rank, _ = np.linalg.lstsq(root * a, root * b, rcond=None)
    if rank < players - 1:
        raise ValueError(
            f"kernel_shap: `samples` must be more, because {len(s)} "
            f"coalitions fix {rank + 1} of {players} shares and leave the "
            "others open; got "
            f"{samples}"
        )
    return np.concatenate([phi, (whole - none - phi.sum(axis=0))[None]]).T
