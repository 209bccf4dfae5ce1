"""Exercises on generative models that ask for a function."""

import numpy as np
from scipy.special import softmax

from dlf.exercises.core import Exercise

Array = np.ndarray


def divergence(mean: Array, log_var: Array, prior: float) -> float:
    """KL from N(0, prior²), summed over codes and averaged over examples.

    Divide by prior, which changes no divergence: then the prior is N(0, 1).
    """
    each = (mean**2 + np.exp(log_var)) / prior**2 - 1
    each = (each - log_var + 2 * np.log(prior)) / 2
    return float(each.sum(axis=1).mean())


def onward(x: Array, noise: Array, betas: Array, s: int, t: int) -> Array:
    """State after t steps from that after s: only the steps between count."""
    left = np.prod(1 - betas[s:t])
    return np.sqrt(left) * x + np.sqrt(1 - left) * noise


def skipped_variance(betas: Array, s: int, t: int) -> float:
    """Variance of x_s given x_t and x_0, with all between skipped.

    The beta of the long step is 1 − ᾱ_t / ᾱ_s; betas[t − 1] is that of the
    last short one.
    """
    before, after = np.prod(1 - betas[:s]), np.prod(1 - betas[:t])
    return float((1 - after / before) * (1 - before) / (1 - after))


def best_denoiser(x: Array, data: Array, sigma: float) -> Array:
    """Mean of the examples, weighted by how likely each became x."""
    square = ((x[:, None] - data) ** 2).sum(axis=2)
    nearest = square.min(axis=1, keepdims=True)
    weights = np.exp(-(square - nearest) / (2 * sigma**2))
    return weights @ data / weights.sum(axis=1, keepdims=True)


def settles(gamma: float, rate: float) -> bool:
    """Whether simultaneous steps of the Dirac GAN, ℓ′(0) = ½, come to rest."""
    step = np.array([[1, -rate / 2], [rate / 2, 1 - rate * gamma]])
    return bool(np.abs(np.linalg.eigvals(step)).max() < 1)


def some_codes(rng: np.random.Generator) -> tuple:
    """Draw means, logarithms of variances, and the prior's deviation."""
    shape = tuple(int(v) for v in rng.integers(1, 6, size=2))
    prior = float(rng.uniform(0.3, 3))
    return rng.normal(size=shape), rng.normal(size=shape), prior


def some_steps(rng: np.random.Generator) -> tuple[Array, int, int]:
    """Draw betas and two times."""
    betas = rng.uniform(0.02, 0.5, size=int(rng.integers(4, 9)))
    s = int(rng.integers(1, len(betas) - 1))
    return betas, s, int(rng.integers(s + 1, len(betas) + 1))


def some_states(rng: np.random.Generator) -> tuple:
    """Draw states, noise, betas and two times."""
    return (*rng.normal(size=(2, 4, 2)), *some_steps(rng))


def some_points(rng: np.random.Generator) -> tuple:
    """Draw points to denoise, data, and a spread."""
    n, m, d = (int(v) for v in rng.integers(2, 6, size=3))
    return (
        rng.normal(size=(n, d)),
        2 * rng.normal(size=(m, d)),
        float(rng.uniform(0.3, 2)),
    )


def some_game(rng: np.random.Generator) -> tuple[float, float]:
    """Draw a penalty and a rate, not near the border."""
    while True:
        gamma, rate = float(rng.uniform(0, 3)), float(rng.uniform(0.05, 1.5))
        step = np.array([[1, -rate / 2], [rate / 2, 1 - rate * gamma]])
        if abs(np.abs(np.linalg.eigvals(step)).max() - 1) > 1e-3:
            return gamma, rate


DIVERGENCE = Exercise(
    "generative-5",
    divergence,
    some_codes,
    edges=((np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]]), 2.0),),
    wrong=(
        lambda m, v, p: divergence(m, v, 1.0),
        lambda m, v, p: divergence(m, v, p) / m.shape[1] + 1e-3,
        lambda m, v, p: divergence(m, v, p) * len(m) + 1e-3,
        lambda m, v, p: -divergence(m, v, p),
        lambda m, v, p: 2 * divergence(m, v, p),
        lambda m, v, p: divergence(m / p, v, 1.0),
        lambda m, v, p: divergence(m, v, p) - m.shape[1] * np.log(p),
        lambda m, v, p: divergence(m, v, np.sqrt(p)) + 1e-3,
        lambda m, v, p: divergence(m, 2 * v, p),
    ),
    right=(
        lambda m, v, p: (
            -0.5
            * np.sum(1 + v - np.log(p**2) - (m**2 + np.exp(v)) / p**2)
            / len(m)
        ),
        lambda m, v, p: divergence(m / p, v - 2 * np.log(p), 1.0),
    ),
)
ONWARD = Exercise(
    "generative-6",
    onward,
    some_states,
    wrong=(
        lambda x, e, b, s, t: onward(x, e, b, 0, t),
        lambda x, e, b, s, t: onward(x, e, b, s - 1, t),
        lambda x, e, b, s, t: onward(x, e, b, s, t - 1),
        lambda x, e, b, s, t: (
            np.sqrt(np.prod(1 - b[s:t])) * x + (1 - np.prod(1 - b[s:t])) * e
        ),
        lambda x, e, b, s, t: (
            np.prod(1 - b[s:t]) * x + np.sqrt(1 - np.prod(1 - b[s:t])) * e
        ),
        lambda x, e, b, s, t: (
            np.sqrt(np.prod(1 - b[s:t])) * x
            + np.sqrt(np.prod(1 - b[:s]) - np.prod(1 - b[:t])) * e
        ),
        lambda x, e, b, s, t: x + np.sqrt(b[s:t].sum()) * e,
    ),
    right=(
        lambda x, e, b, s, t: (
            np.sqrt(np.prod(1 - b[:t]) / np.prod(1 - b[:s])) * x
            + np.sqrt(1 - np.prod(1 - b[:t]) / np.prod(1 - b[:s])) * e
        ),
        lambda x, e, b, s, t: onward(x, e, b, s, t).tolist(),
    ),
)
SKIPPED = Exercise(
    "generative-7",
    skipped_variance,
    some_steps,
    wrong=(
        lambda b, s, t: (
            b[t - 1] * (1 - np.prod(1 - b[:s])) / (1 - np.prod(1 - b[:t]))
        ),
        lambda b, s, t: b[t - 1],
        lambda b, s, t: 1 - np.prod(1 - b[s:t]),
        lambda b, s, t: (
            np.sum(b[s:t]) * (1 - np.prod(1 - b[:s])) / (1 - np.prod(1 - b[:t]))
        ),
        lambda b, s, t: np.sqrt(skipped_variance(b, s, t)),
        lambda b, s, t: skipped_variance(b, s - 1, t) + 1e-3,
    ),
    right=(
        lambda b, s, t: (
            1
            / (
                1 / (1 - np.prod(1 - b[:s]))
                + np.prod(1 - b[s:t]) / (1 - np.prod(1 - b[s:t]))
            )
        ),
    ),
)


def weighed(weights: Array, data: Array) -> Array:
    """Average the data by a row of weights each."""
    return weights @ data / weights.sum(axis=1, keepdims=True)


def one_shift(x: Array, data: Array, s: float) -> Array:
    """Weigh with all rows shifted by the least square of all."""
    squares = ((x[:, None] - data) ** 2).sum(axis=2) / (2 * s * s)
    return np.exp(squares.min() - squares)


DENOISER = Exercise(
    "generative-8",
    best_denoiser,
    some_points,
    edges=(
        (np.array([[0.5]]), np.array([[-1.0], [1.0]]), 1.0),
        (np.array([[0.9], [30.0]]), np.array([[-1.0], [1.0]]), 0.3),
        (np.array([[100.0]]), np.array([[-1.0], [1.0]]), 0.3),
    ),
    wrong=(
        lambda x, data, s: data[
            ((x[:, None] - data) ** 2).sum(2).argmin(axis=1)
        ],
        lambda x, data, s: np.broadcast_to(data.mean(0), x.shape),
        lambda x, data, s: x,
        lambda x, data, s: best_denoiser(x, data, s / np.sqrt(2)),
        lambda x, data, s: best_denoiser(x, data, np.sqrt(s) + 0.1),
        lambda x, data, s: x + (best_denoiser(x, data, s) - x) / s**2 + 1e-3,
        lambda x, data, s: [
            np.average(
                data,
                axis=0,
                weights=np.exp(-((p - data) ** 2).sum(1) / (2 * s * s)),
            )
            for p in x
        ],
        lambda x, data, s: weighed(
            np.exp((2 * x @ data.T - (data**2).sum(1)) / (2 * s**2)), data
        ),
        lambda x, data, s: weighed(one_shift(x, data, s), data),
    ),
    right=(
        lambda x, data, s: [
            np.average(
                data,
                axis=0,
                weights=softmax(
                    (2 * p @ data.T - (data**2).sum(1)) / (2 * s**2)
                ),
            )
            for p in x
        ],
    ),
)
SETTLES = Exercise(
    "generative-11",
    settles,
    some_game,
    edges=(
        (0.0, 0.1),
        (0.5, 0.1),
        (2.5, 1.0),
        (0.05, 1.0),
        (2.1, 1.0),
        (2.2, 1.0),
        (1.45, 1.5),
    ),
    wrong=(
        lambda gamma, rate: True,
        lambda gamma, rate: False,
        lambda gamma, rate: gamma > 0,
        lambda gamma, rate: gamma > 1,
        lambda gamma, rate: rate < 0.5,
        lambda gamma, rate: rate * gamma < 2,
        lambda gamma, rate: gamma > rate / 4,
        lambda gamma, rate: gamma > rate / 4 and rate * gamma < 2,
        lambda gamma, rate: rate / 4 < gamma < 2 / rate,
    ),
    right=(
        lambda gamma, rate: (
            gamma > rate / 4 and 4 - 2 * rate * gamma + rate**2 / 4 > 0
        ),
        lambda gamma, rate: np.bool_(settles(gamma, rate)),
    ),
)
