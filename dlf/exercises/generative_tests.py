"""An exercise: the test that finds a divergence divided by the wrong number.

Keras's example of a VAE took the mean over codes for some time (keras-io,
issue 270), and so did others after the blog of Keras (keras, issue 6015).
"""

from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise, call

Array = np.ndarray


def is_divergence(f: Callable[[Array, Array], float]) -> bool:
    """Compare with a mean over draws: of log q(z) − log p(z), z from q."""
    rng = np.random.default_rng(0)
    for shape in ((2, 3), (3, 2)):
        mean, log_var = rng.normal(size=shape), rng.normal(size=shape)
        z = mean + np.exp(log_var / 2) * rng.normal(size=(100_000, *shape))
        log_q = -((z - mean) ** 2) / (2 * np.exp(log_var)) - log_var / 2
        drawn = (log_q + z**2 / 2).mean(axis=0).sum(axis=1).mean()
        if abs(f(mean, log_var) - drawn) > 0.05:
            return False
    return True


def summed(mean: Array, log_var: Array) -> float:
    """Sum over codes, mean over examples: as it should be."""
    each = (mean**2 + np.exp(log_var) - 1 - log_var) / 2
    return float(each.sum(axis=1).mean())


def averaged(mean: Array, log_var: Array) -> float:
    """Mean over codes as well."""
    return summed(mean, log_var) / mean.shape[1]


def per_batch(mean: Array, log_var: Array) -> float:
    """Sum over examples as well."""
    return summed(mean, log_var) * len(mean)


def not_halved(mean: Array, log_var: Array) -> float:
    """Forget the half."""
    return 2 * summed(mean, log_var)


def of_deviations(mean: Array, log_var: Array) -> float:
    """Take the logarithm of the variance for that of the deviation."""
    return summed(mean, 2 * log_var)


def other_way(mean: Array, log_var: Array) -> float:
    """Divergence of N(0, 1) from the Gaussian."""
    each = ((mean**2 + 1) * np.exp(-log_var) - 1 + log_var) / 2
    return float(each.sum(axis=1).mean())


def without_means(mean: Array, log_var: Array) -> float:
    """Forget the means."""
    return summed(0 * mean, log_var)


def absolute(mean: Array, log_var: Array) -> float:
    """Take the means' sizes in place of their squares."""
    return summed(np.sqrt(np.abs(mean)), log_var)


def first_code(mean: Array, log_var: Array) -> float:
    """Forget all codes but one."""
    return summed(mean[:, :1], log_var[:, :1])


def first_example(mean: Array, log_var: Array) -> float:
    """Forget all examples but one."""
    return summed(mean[:1], log_var[:1])


def of_three(mean: Array, log_var: Array) -> float:
    """Mean over codes, times three, however many there are."""
    return 3 * averaged(mean, log_var)


FUNCTIONS = (
    summed,
    averaged,
    per_batch,
    not_halved,
    of_deviations,
    other_way,
    without_means,
    absolute,
    first_code,
    first_example,
    of_three,
)


def _judge(answer: Callable, f: Callable) -> str | None:
    """Compare with what is known of the function."""
    got = call(answer, f)
    if got is None or got is ...:
        return None
    want = f is summed
    if not isinstance(got, bool | np.bool_):
        return f"expected True or False; got {got!r}"
    if bool(got) != want:
        return f"for {f.__name__} it is {want}; got {bool(got)}"
    return ""


ONES, ZEROS = np.ones((1, 1)), np.zeros((1, 1))
KL_TEST = Exercise(
    "generative-12",
    is_divergence,
    lambda rng: (FUNCTIONS[int(rng.integers(len(FUNCTIONS)))],),
    edges=tuple((f,) for f in FUNCTIONS),
    judge=_judge,
    cases=2,
    wrong=(
        lambda f: True,
        lambda f: False,
        lambda f: f(ZEROS, ZEROS) == 0,
        lambda f: bool(np.isclose(f(ONES, ZEROS), 0.5)),
        lambda f: f(ONES, ONES) > 0,
        lambda f: bool(np.isclose(f(np.ones((2, 3)), np.zeros((2, 3))), 1.5)),
        lambda f: bool(
            np.isclose(f(np.zeros((2, 3)), np.ones((2, 3))), 3 * (np.e - 2) / 2)
        ),
    ),
    right=(
        lambda f: bool(
            np.isclose(
                f(np.array([[1.0, 2], [0, 0]]), np.array([[0.0, 0], [1, 0]])),
                (2.5 + (np.e - 2) / 2) / 2,
            )
        ),
    ),
)
