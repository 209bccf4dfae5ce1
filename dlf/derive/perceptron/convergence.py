"""Why the rule ends: the weights advance faster than they grow.

    M gamma <= u . w_M                                       (perceptron.3)
    |w_M|^2 <= M R^2                                         (perceptron.4)
    M <= (R / gamma)^2                                       (perceptron.5)

Part of the row `dlf.derive.perceptron`, which imports it.
Source: Novikoff (1962), On Convergence Proofs on Perceptrons, (perceptron.5).
"""

import numpy as np

from dlf.derive.balls import ball
from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import largest, smallest

Array = np.ndarray


def advance() -> Derivation:
    return Derivation(
        label="perceptron.3",
        lhs=r"M\gamma",
        steps=(
            Step(
                value=lambda d: sum([margin(d)] * len(d["t"])),
                why="each mistake counts γ",
                latex=r"\sum_{m=1}^{M}\gamma",
            ),
            Step(
                value=lambda d: (d["t"] * (missed(d) @ unit(d))).sum(),
                why="γ is the least of the numbers t u·x over all examples, "
                "and so over those that were mistaken",
                latex=r"\sum_m t_m\,u^\top x_m",
                relation=r"\le",
            ),
            Step(
                value=lambda d: weights(d)[-1] @ unit(d),
                why="the corrections, added up from zero, are the weights",
                latex=r"u^\top w_M",
            ),
        ),
        draw=_journey,
    )


def growth() -> Derivation:
    def steps(d: dict) -> object:
        return np.diff((weights(d) ** 2).sum(1)).sum()

    def opened(d: dict) -> object:
        x = missed(d)
        crossed = 2 * d["t"] * (weights(d)[:-1] * x).sum(1)
        return (crossed + (x**2).sum(1)).sum()

    return Derivation(
        label="perceptron.4",
        lhs=r"\|w_M\|^2",
        steps=(
            Step(
                value=steps,
                why="the square grows from zero, mistake by mistake",
                latex=r"\sum_m\big(\|w_m\|^2-\|w_{m-1}\|^2\big)",
            ),
            Step(
                value=opened,
                why="multiply out the square of w + t x",
                latex=r"\sum_m\big(2\,t_m\,w_{m-1}^\top x_m+\|x_m\|^2\big)",
            ),
            Step(
                value=lambda d: (missed(d) ** 2).sum(),
                why="each was a mistake: the old weights put the sum on the "
                "wrong side, so the first term is not positive",
                latex=r"\sum_m\|x_m\|^2",
                relation=r"\le",
            ),
            Step(
                value=lambda d: len(d["t"]) * radius(d) ** 2,
                why="no input is longer than R",
                latex=r"M R^2",
                relation=r"\le",
            ),
        ),
        draw=_journey,
    )


def novikoff() -> Derivation:
    return Derivation(
        label="perceptron.5",
        lhs="M",
        steps=(
            Step(
                value=lambda d: len(d["t"]),
                why="the number of mistakes, of which each advances the "
                "weights along u by γ at least",
                latex="M",
            ),
            Step(
                value=lambda d: weights(d)[-1] @ unit(d) / margin(d),
                why="as shown first, Mγ is at most u·w; divide by γ",
                latex=r"\frac{u^\top w_M}{\gamma}",
                relation=r"\le",
            ),
            Step(
                value=lambda d: np.linalg.norm(weights(d)[-1]) / margin(d),
                why="an inner product is at most the product of the two "
                "lengths (Cauchy–Schwarz), and u has length 1",
                latex=r"\frac{\|w_M\|}{\gamma}",
                relation=r"\le",
            ),
            Step(
                value=lambda d: (
                    np.sqrt(ball(len(d["t"]))) * radius(d) / margin(d)
                ),
                why="but they have not grown faster than √M, as shown second",
                latex=r"\sqrt{M}\,\frac{R}{\gamma}",
                relation=r"\le",
            ),
            Step(
                value=lambda d: (radius(d) / margin(d)) ** 2,
                why="so √M is at most R/γ",
                latex=r"\Big(\frac{R}{\gamma}\Big)^2",
                relation=r"\le",
            ),
        ),
        draw=_journey,
    )


def _journey(rng: np.random.Generator) -> dict:
    """Run the rule on separable points, and note its mistakes."""
    u = rng.normal(size=4)
    x = rng.normal(size=(200, 4))
    x[:, -1] = 1
    x = x[np.abs(x @ u) > 0.1 * np.linalg.norm(u)]
    t = np.where(x @ u >= 0, 1, -1)
    w, mistakes = np.zeros(4), []
    while (wrong := np.where(x @ w >= 0, 1, -1) != t).any():
        n = int(rng.choice(np.flatnonzero(wrong)))
        w = w + t[n] * x[n]
        mistakes.append(n)
    return {"u": u, "x": x, "t": t[mistakes], "n": np.array(mistakes)}


def missed(d: dict) -> Array:
    """The input of each mistake.

    Args:
        d: inputs ``x``, and of each mistake the row ``n`` among them.
    """
    return d["x"][d["n"]]


def weights(d: dict) -> Array:
    """The weights before the first mistake and after each.

    Args:
        d: inputs ``x``, and of each mistake the row ``n`` and the class ``t``,
            ±1.
    """
    steps = d["t"][:, None] * missed(d)
    return np.cumsum(np.vstack([np.zeros((1, 4), dtype=int), steps]), axis=0)


def unit(d: dict) -> Array:
    """The direction that separates the points, of length 1.

    Args:
        d: has the direction ``u``, of any length.
    """
    return d["u"] / np.linalg.norm(d["u"])


def margin(d: dict) -> object:
    """The least distance, by that direction, over all examples.

    Args:
        d: has the direction ``u`` and the inputs ``x``, one a row.
    """
    return smallest(np.abs(d["x"] @ unit(d)))


def radius(d: dict) -> object:
    """The length of the longest example.

    Args:
        d: has the inputs ``x``, one a row.
    """
    return np.sqrt(largest((d["x"] ** 2).sum(axis=1)))
