"""An exercise: the test that finds a divergence divided by the wrong number."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise, call

Array = np.ndarray


def is_divergence(f: Callable[[Array, Array], float]) -> bool:
    """Compare with a mean over draws: of log q(z) − log p(z), z from q."""
    rng = np.random.default_rng(0)
    mean, log_var = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    z = mean + np.exp(log_var / 2) * rng.normal(size=(200_000, 2, 3))
    log_q = -((z - mean) ** 2) / (2 * np.exp(log_var)) - log_var / 2
    drawn = (log_q + z**2 / 2).mean(axis=0).sum(axis=1).mean()
    return bool(abs(f(mean, log_var) - drawn) < 0.05)


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


FUNCTIONS = summed, averaged, per_batch, not_halved, of_deviations, other_way


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
