"""Exercises on generative models that ask for a function."""

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def divergence(mean: Array, log_var: Array) -> float:
    """KL from N(0, 1), summed over codes and averaged over examples."""
    each = (mean**2 + np.exp(log_var) - 1 - log_var) / 2
    return float(each.sum(axis=1).mean())


def noisy(x: Array, noise: Array, betas: Array, t: int) -> Array:
    """State after t steps, in one step: roots of the fraction that is left."""
    left = np.prod(1 - betas[:t])
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


def couple(x: Array, w: Array, v: Array) -> tuple[Array, Array]:
    """Second feature scaled and shifted by what the first says."""
    log_factor = np.tanh(w * x[:, 0])
    second = x[:, 1] * np.exp(log_factor) + v * x[:, 0]
    return np.stack([x[:, 0], second], axis=1), log_factor


def sliced_distance(x: Array, y: Array, directions: Array) -> float:
    """Sort the projections, and compare in order."""
    a, b = (np.sort(z @ directions.T, axis=0) for z in (x, y))
    return float(np.abs(a - b).mean())


def settles(gamma: float, rate: float) -> bool:
    """Whether simultaneous steps of the Dirac GAN, ℓ′(0) = ½, come to rest."""
    step = np.array([[1, -rate / 2], [rate / 2, 1 - rate * gamma]])
    return bool(np.abs(np.linalg.eigvals(step)).max() < 1)


def some_codes(rng: np.random.Generator) -> tuple:
    """Draw means and logarithms of variances."""
    shape = tuple(int(v) for v in rng.integers(1, 6, size=2))
    return rng.normal(size=shape), rng.normal(size=shape)


def some_steps(rng: np.random.Generator) -> tuple[Array, int, int]:
    """Draw betas and two times."""
    betas = rng.uniform(0.02, 0.5, size=int(rng.integers(4, 9)))
    s = int(rng.integers(1, len(betas) - 1))
    return betas, s, int(rng.integers(s + 1, len(betas) + 1))


def some_noisy(rng: np.random.Generator) -> tuple:
    """Draw examples, noise, betas and a time."""
    betas, _, t = some_steps(rng)
    return rng.normal(size=(4, 2)), rng.normal(size=(4, 2)), betas, t


def some_points(rng: np.random.Generator) -> tuple:
    """Draw points to denoise, data, and a spread."""
    n, m, d = (int(v) for v in rng.integers(2, 6, size=3))
    return (
        rng.normal(size=(n, d)),
        2 * rng.normal(size=(m, d)),
        float(rng.uniform(0.3, 2)),
    )


def some_clouds(rng: np.random.Generator) -> tuple:
    """Draw two clouds, and directions."""
    u = rng.normal(size=(int(rng.integers(2, 5)), 3))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    return rng.normal(size=(7, 3)), rng.normal(size=(7, 3)) + 1, u


def some_pair(rng: np.random.Generator) -> tuple:
    """Draw examples of two features, and two weights."""
    return rng.normal(size=(5, 2)), float(rng.normal()), float(rng.normal())


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
    edges=((np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]])),),
    wrong=(
        lambda m, v: ((m**2 + np.exp(v) - 1 - v) / 2).mean(),
        lambda m, v: ((m**2 + np.exp(v) - 1 - v) / 2).sum(),
        lambda m, v: -divergence(m, v),
        lambda m, v: 2 * divergence(m, v),
        lambda m, v: (m**2 + v - 1 - np.log(np.abs(v))).sum(1).mean() / 2,
        lambda m, v: (m**2 + np.exp(v) ** 2 - 1 - 2 * v).sum(1).mean() / 2,
    ),
    right=(
        lambda m, v: -0.5 * np.sum(1 + v - m**2 - np.exp(v)) / len(m),
        lambda m, v: (
            sum(
                float((a**2 + np.exp(b) - 1 - b) / 2)
                for row in zip(m, v, strict=True)
                for a, b in zip(*row, strict=True)
            )
            / len(m)
        ),
    ),
)
NOISY = Exercise(
    "generative-6",
    noisy,
    some_noisy,
    wrong=(
        lambda x, e, b, t: (
            np.sqrt(np.prod(1 - b[:t])) * x + (1 - np.prod(1 - b[:t])) * e
        ),
        lambda x, e, b, t: (
            np.prod(1 - b[:t]) * x + np.sqrt(1 - np.prod(1 - b[:t])) * e
        ),
        lambda x, e, b, t: noisy(x, e, b, t - 1),
        lambda x, e, b, t: noisy(x, e, b, len(b) + 1) + 0 * t + 1e-2,
        lambda x, e, b, t: np.sqrt(1 - b[t - 1]) * x + np.sqrt(b[t - 1]) * e,
        lambda x, e, b, t: x + np.sqrt(b[:t].sum()) * e,
    ),
    right=(
        lambda x, e, b, t: (
            np.exp(np.log1p(-b[:t]).sum() / 2) * x
            + np.sqrt(-np.expm1(np.log1p(-b[:t]).sum())) * e
        ),
        lambda x, e, b, t: noisy(x, e, b, t).tolist(),
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
DENOISER = Exercise(
    "generative-8",
    best_denoiser,
    some_points,
    edges=((np.array([[0.5]]), np.array([[-1.0], [1.0]]), 1.0),),
    wrong=(
        lambda x, data, s: data[
            ((x[:, None] - data) ** 2).sum(2).argmin(axis=1)
        ],
        lambda x, data, s: np.broadcast_to(data.mean(0), x.shape),
        lambda x, data, s: x,
        lambda x, data, s: best_denoiser(x, data, s / np.sqrt(2)),
        lambda x, data, s: best_denoiser(x, data, np.sqrt(s) + 0.1),
        lambda x, data, s: x + (best_denoiser(x, data, s) - x) / s**2 + 1e-3,
    ),
    right=(
        lambda x, data, s: [
            np.average(
                data,
                axis=0,
                weights=np.exp(-((p - data) ** 2).sum(1) / (2 * s * s)),
            )
            for p in x
        ],
    ),
)
COUPLING = Exercise(
    "generative-9",
    couple,
    some_pair,
    wrong=(
        lambda x, w, v: (couple(x, w, v)[0], np.exp(couple(x, w, v)[1])),
        lambda x, w, v: (couple(x, w, v)[0], -couple(x, w, v)[1]),
        lambda x, w, v: (couple(x, w, v)[0], couple(x, w, v)[1].sum()),
        lambda x, w, v: couple(x[:, ::-1], w, v),
        lambda x, w, v: (
            np.stack(
                [x[:, 0], x[:, 1] * np.tanh(w * x[:, 0]) + v * x[:, 0]], 1
            ),
            np.tanh(w * x[:, 0]),
        ),
        lambda x, w, v: (
            np.stack(
                [
                    x[:, 0],
                    (x[:, 1] + v * x[:, 0]) * np.exp(np.tanh(w * x[:, 0])),
                ],
                1,
            ),
            np.tanh(w * x[:, 0]),
        ),
        lambda x, w, v: couple(x, w, v)[0],
    ),
    right=(
        lambda x, w, v: [part.tolist() for part in couple(x, w, v)],
        lambda x, w, v: (
            np.array(
                [(a, b * np.exp(np.tanh(w * a)) + v * a) for a, b in x.tolist()]
            ),
            np.tanh(w * x.T[0]),
        ),
    ),
)
SLICED = Exercise(
    "generative-10",
    sliced_distance,
    some_clouds,
    wrong=(
        lambda x, y, u: np.abs((x - y) @ u.T).mean(),
        lambda x, y, u: np.abs((x.mean(0) - y.mean(0)) @ u.T).mean(),
        lambda x, y, u: np.abs(np.sort(x, 0) - np.sort(y, 0)).mean(),
        lambda x, y, u: sliced_distance(x, y, u) * len(u),
        lambda x, y, u: (
            (np.sort(x @ u.T, 0) - np.sort(y @ u.T, 0)) ** 2
        ).mean(),
        lambda x, y, u: sliced_distance(x, y, u[:1]),
    ),
    right=(
        lambda x, y, u: np.mean(
            [
                np.abs(np.sort(x @ d) - np.sort(y @ d)).mean()
                for d in np.asarray(u)
            ]
        ),
    ),
)
SETTLES = Exercise(
    "generative-11",
    settles,
    some_game,
    edges=((0.0, 0.1), (0.5, 0.1), (2.5, 1.0), (0.05, 1.0)),
    wrong=(
        lambda gamma, rate: True,
        lambda gamma, rate: False,
        lambda gamma, rate: gamma > 0,
        lambda gamma, rate: gamma > 1,
        lambda gamma, rate: rate < 0.5,
        lambda gamma, rate: rate * gamma < 2,
    ),
    right=(
        lambda gamma, rate: (
            gamma > rate / 4 and 4 - 2 * rate * gamma + rate**2 / 4 > 0
        ),
        lambda gamma, rate: np.bool_(settles(gamma, rate)),
    ),
)
