"""Exercises on recurrent nets that ask for a function."""

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray
Pair = tuple[Array, Array]


def gradient_through_time(u: Array, h: Array, dy: Array) -> Array:
    """Gradient of the recurrent weights of a tanh net, in one walk back."""
    du, back = np.zeros_like(u), np.zeros(len(u))
    for t in reversed(range(len(dy))):
        delta = (1 - h[t + 1] ** 2) * (dy[t] + back)
        du += np.outer(delta, h[t])
        back = u.T @ delta
    return du


def truncated_gradient(u: Array, h: Array, dy: Array, chunk: int) -> Array:
    """Truncate: each chunk is a sequence of its own."""
    starts = range(0, len(dy), chunk)
    return sum(
        gradient_through_time(u, h[s : s + chunk + 1], dy[s : s + chunk])
        for s in starts
    )


def forget_bias(kept: float, steps: int) -> float:
    """Bias whose sigmoid, to the power `steps`, is `kept`."""
    gate = kept ** (1 / steps)
    return float(np.log(gate / (1 - gate)))


def combine(first: Pair, second: Pair) -> Pair:
    """Keep a product; what the first adds passes what the second keeps."""
    (a, u), (b, v) = first, second
    return a * b, b * u + v


def kernel(a: Array, b: Array, c: Array, steps: int) -> Array:
    """Response to a single 1: the sum over states of c a^k b."""
    powers = a ** np.arange(steps)[:, None]
    return powers @ (b * c)


def some_states(rng: np.random.Generator) -> tuple:
    """Draw weights, states of a tanh net that could have them, gradients."""
    T, H = (int(v) for v in rng.integers(1, 6, size=2))
    u, h = rng.normal(size=(H, H)), np.zeros((T + 1, H))
    h[0] = rng.uniform(-1, 1, size=H)
    for t in range(T):
        h[t + 1] = np.tanh(u @ h[t] + rng.normal(size=H))
    return u, h, rng.normal(size=(T, H))


def some_chunks(rng: np.random.Generator) -> tuple:
    """Draw likewise, and the length of a chunk."""
    u, h, dy = some_states(rng)
    return u, h, dy, int(rng.integers(1, len(dy) + 2))


def some_stretches(rng: np.random.Generator) -> tuple:
    """Draw two stretches of several states."""
    size = int(rng.integers(1, 4))
    a, u, b, v = rng.normal(size=(4, size))
    return (a, u), (b, v)


def some_model(rng: np.random.Generator) -> tuple:
    """Draw the states of one feature, and a number of taps."""
    a, b, c = rng.uniform(-1, 1, size=(3, int(rng.integers(1, 5))))
    return a, b, c, int(rng.integers(1, 8))


def carried(u: Array, h: Array, dy: Array, transposed: bool = True) -> Array:
    """Walk back with the product on the wrong side, or all the way."""
    du, back = np.zeros_like(u), np.zeros(len(u))
    for t in reversed(range(len(dy))):
        delta = (1 - h[t + 1] ** 2) * (dy[t] + back)
        du += np.outer(delta, h[t])
        back = (u if transposed else u.T) @ delta
    return du


TIME = Exercise(
    "recurrence-5",
    gradient_through_time,
    some_states,
    wrong=(
        carried,
        lambda u, h, dy: truncated_gradient(u, h, dy, 1),
        lambda u, h, dy: gradient_through_time(u, h, dy).T,
        lambda u, h, dy: dy.T @ h[:-1],
        lambda u, h, dy: (dy * (1 - h[:-1] ** 2)).T @ h[:-1],
        lambda u, h, dy: gradient_through_time(u, h, dy) / len(dy),
    ),
    right=(
        lambda u, h, dy: carried(u, h, dy, False),
        lambda u, h, dy: gradient_through_time(u, h, dy).tolist(),
    ),
)
CHUNKS = Exercise(
    "recurrence-6",
    truncated_gradient,
    some_chunks,
    wrong=(
        lambda u, h, dy, chunk: gradient_through_time(u, h, dy),
        lambda u, h, dy, chunk: truncated_gradient(u, h, dy, 1),
        lambda u, h, dy, chunk: truncated_gradient(u, h, dy, chunk + 1),
        lambda u, h, dy, chunk: gradient_through_time(
            u, h[: chunk + 1], dy[:chunk]
        ),
        lambda u, h, dy, chunk: gradient_through_time(
            u, h[-chunk - 1 :], dy[-chunk:]
        ),
    ),
    right=(lambda *case: truncated_gradient(*case).tolist(),),
)
BIAS = Exercise(
    "recurrence-7",
    forget_bias,
    lambda rng: (float(rng.uniform(0.05, 0.95)), int(rng.integers(1, 300))),
    edges=((0.5, 100), (0.5, 1)),
    wrong=(
        lambda kept, steps: np.log(steps - 1 + 1e-9),
        lambda kept, steps: -forget_bias(kept, steps),
        lambda kept, steps: forget_bias(kept, 1) / steps,
        lambda kept, steps: kept ** (1 / steps),
        lambda kept, steps: 1.0,
        lambda kept, steps: forget_bias(1 - kept, steps),
    ),
    right=(
        lambda kept, steps: -np.log(np.expm1(-np.log(kept) / steps)),
        lambda kept, steps: np.float64(forget_bias(kept, steps)),
    ),
)
COMBINE = Exercise(
    "recurrence-8",
    combine,
    some_stretches,
    wrong=(
        lambda one, two: combine(two, one),
        lambda one, two: (one[0] * two[0], one[1] + two[1]),
        lambda one, two: (one[0] + two[0], two[0] * one[1] + two[1]),
        lambda one, two: (one[0] * two[0], one[0] * two[1] + one[1]),
        lambda one, two: two[0] * one[1] + two[1],
    ),
    right=(
        lambda one, two: [one[0] * two[0], two[1] + two[0] * one[1]],
        lambda one, two: tuple(map(np.array, combine(one, two))),
    ),
)
KERNEL = Exercise(
    "recurrence-9",
    kernel,
    some_model,
    wrong=(
        lambda a, b, c, steps: kernel(a, b, c, steps + 1)[1:],
        lambda a, b, c, steps: kernel(a, b, c, steps)[::-1],
        lambda a, b, c, steps: kernel(a, b, np.ones_like(c), steps),
        lambda a, b, c, steps: kernel(a, b, c, steps + 1),
        lambda a, b, c, steps: (a * b * c).sum() ** np.arange(steps),
    ),
    right=(
        lambda a, b, c, steps: [(c * a**k * b).sum() for k in range(steps)],
    ),
)
