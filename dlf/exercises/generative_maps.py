"""Exercises on generative models that ask for an inverse and a derivative."""

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def uncouple(y: Array, w: Array, v: Array) -> tuple[Array, Array]:
    """Know the first feature, and with it what it did to the second."""
    log_factor = np.tanh(w * y[:, 0])
    second = (y[:, 1] - v * y[:, 0]) * np.exp(-log_factor)
    return np.stack([y[:, 0], second], axis=1), -log_factor


def sliced_gradient(x: Array, y: Array, directions: Array) -> Array:
    """Move each point along each direction, away from its partner in order."""
    gradient = np.zeros_like(x)
    for u in directions:
        order = np.argsort(x @ u)
        side = np.sign((x @ u)[order] - np.sort(y @ u))
        gradient[order] += side[:, None] * u
    return gradient / (len(x) * len(directions))


def some_clouds(rng: np.random.Generator) -> tuple:
    """Draw two clouds, and directions."""
    u = rng.normal(size=(int(rng.integers(2, 5)), 3))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    return rng.normal(size=(7, 3)), rng.normal(size=(7, 3)) + 1, u


def some_pair(rng: np.random.Generator) -> tuple:
    """Draw examples of two features, and two weights."""
    return rng.normal(size=(5, 2)), float(rng.normal()), float(rng.normal())


COUPLING = Exercise(
    "generative-9",
    uncouple,
    some_pair,
    wrong=(
        lambda y, w, v: (uncouple(y, w, v)[0], np.exp(uncouple(y, w, v)[1])),
        lambda y, w, v: (uncouple(y, w, v)[0], -uncouple(y, w, v)[1]),
        lambda y, w, v: (uncouple(y, w, v)[0], uncouple(y, w, v)[1].sum()),
        lambda y, w, v: uncouple(y[:, ::-1], w, v),
        lambda y, w, v: (
            np.stack(
                [
                    y[:, 0],
                    y[:, 1] * np.exp(-np.tanh(w * y[:, 0])) - v * y[:, 0],
                ],
                1,
            ),
            -np.tanh(w * y[:, 0]),
        ),
        lambda y, w, v: (
            np.stack(
                [
                    y[:, 0],
                    y[:, 1] * np.exp(np.tanh(w * y[:, 0])) + v * y[:, 0],
                ],
                1,
            ),
            np.tanh(w * y[:, 0]),
        ),
        lambda y, w, v: uncouple(y, w, v)[0],
    ),
    right=(
        lambda y, w, v: [part.tolist() for part in uncouple(y, w, v)],
        lambda y, w, v: (
            np.array(
                [
                    (a, (b - v * a) / np.exp(np.tanh(w * a)))
                    for a, b in y.tolist()
                ]
            ),
            np.tanh(-w * y.T[0]),
        ),
    ),
)
SLICED = Exercise(
    "generative-10",
    sliced_gradient,
    some_clouds,
    wrong=(
        lambda x, y, u: (
            sum(np.sign((x - y) @ d)[:, None] * d for d in u)
            / (len(x) * len(u))
        ),
        lambda x, y, u: sliced_gradient(x, y, u) * len(u),
        lambda x, y, u: sliced_gradient(x, y, u) * len(x),
        lambda x, y, u: -sliced_gradient(x, y, u),
        lambda x, y, u: sliced_gradient(x, y, u[:1]),
        lambda x, y, u: (
            sum(
                np.sign(np.sort(x @ d) - np.sort(y @ d))[:, None] * d for d in u
            )
            / (len(x) * len(u))
        ),
    ),
    right=(
        lambda x, y, u: (
            np.mean(
                [
                    np.outer(
                        np.sign(
                            x @ d - np.sort(y @ d)[(x @ d).argsort().argsort()]
                        ),
                        d,
                    )
                    for d in np.asarray(u)
                ],
                axis=0,
            )
            / len(x)
        ),
    ),
)
