"""LIME: explain a model near an input by a straight line fitted there.

    phi = argmin over (phi, c) of sum_m pi_m (v(S_m) - c - S_m phi)^2
          + alpha |phi|^2,    pi_m = exp(-d_m^2 / width^2)

d_m is the cosine distance of the random coalition S_m from that of all
players. Kernel SHAP (`shapley.kernel_shap`) is the same regression with other
weights.
Source: Ribeiro, Singh & Guestrin (2016), arXiv:1602.04938, section 3.
"""

import numpy as np
from jaxtyping import Float

from dlf.scratch.interpretability.shapley import Game
from dlf.scratch.reductions import sum_examples

Array = np.ndarray


def lime(
    v: Game,
    players: int,
    samples: int,
    rng: np.random.Generator,
    width: float = 0.25,
    alpha: float = 0.01,
) -> Float[Array, "N P"]:
    """Compute LIME: a linear fit to random coalitions, weighed by nearness.

    Args:
        v: a game, from `dlf.scratch.interpretability.shapley.value_function`.
        players: how many groups of inputs there are.
        samples: coalitions, each player in it by a coin.
        rng: throws the coins.
        width: of the neighbourhood.
        alpha: penalty on the squares of the shares.

    Raises:
        ValueError: there are fewer samples than players, or a setting is out
            of range.

    >>> v = lambda s: s.astype(float) @ np.array([[1.0], [2.0]])
    >>> lime(v, 2, 50, np.random.default_rng(0), alpha=0.0).round(9)
    array([[1., 2.]])
    """
    if samples <= players or width <= 0 or alpha < 0:
        raise ValueError(
            "lime: `samples` must exceed the players, `width` be positive and "
            f"`alpha` not negative; got {samples}, {width}, {alpha}"
        )
    s = rng.random((samples, players)) < 0.5
    s[0] = True  # the input itself
    y = v(s)
    distance = 1 - np.sqrt(s.sum(axis=1) / players)
    pi = np.exp(-(distance**2) / width**2).astype(y.dtype)[:, None]
    a = s - sum_examples(pi * s) / pi.sum()  # centered: no intercept
    ridge = y.dtype.type(alpha) * np.eye(players, dtype=y.dtype)
    gram = (a.T @ (pi * a)).astype(y.dtype) + ridge
    return np.linalg.solve(gram, (pi * a).T.astype(y.dtype) @ y).T
