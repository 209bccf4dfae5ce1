"""Exercises of the chapter on training, with their solutions."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from dlf.exercises.comparison import difference, is_open, text
from dlf.exercises.core import Exercise, call

Array = np.ndarray


def finite_factor(N: int = 1_000, B: int = 250) -> float:
    """Variance without replacement over variance with it."""
    return (N - B) / (N - 1)


def diagnosis() -> dict[str, str]:
    """Diagnose three runs by their gradients and updates.

    F: one layer has gradients and never moves. G: everything moves, by a
    millionth. H: two layers receive no gradient at all.
    """
    return {
        "F": "layer not in the optimizer",
        "G": "rate too low",
        "H": "dead units",
    }


def early_stopping(scores: Array, patience: int) -> tuple[int, int]:
    """Epoch whose weights are kept, and epoch after which the run ends."""
    best = 0
    for epoch, score in enumerate(scores):
        if score < scores[best]:
            best = epoch
        if epoch - best == patience:
            return best, epoch
    return best, len(scores) - 1


def joined(counts: Array, gradients: Array) -> Array:
    """Weigh each part's mean gradient by its fraction of the batch."""
    return counts @ gradients / counts.sum()


def largest_rate(x: Array) -> float:
    """Two over the largest curvature of the mean of squared errors / 2."""
    return float(2 / np.linalg.eigvalsh(x.T @ x / len(x))[-1])


def leaked(train: Array, test: Array) -> Array:
    """Return indices of the test rows that stand in the training set, too."""
    seen = {row.tobytes() for row in np.ascontiguousarray(train)}
    rows = np.ascontiguousarray(test)
    return np.array([i for i, r in enumerate(rows) if r.tobytes() in seen], int)


def _draw_scores(rng: np.random.Generator) -> tuple:
    """Falling losses with noise; every other time rounded, so that some tie."""
    E = int(rng.integers(8, 30))
    falls = np.exp(-np.arange(E) / 4) + rng.normal(scale=0.05, size=E)
    if rng.random() < 0.5:
        falls = falls.round(1)
    return falls, int(rng.integers(1, 6))


def _draw_overlap(rng: np.random.Generator) -> tuple:
    train, test = rng.normal(size=(30, 4)), rng.normal(size=(12, 4))
    for i in rng.choice(12, size=3, replace=False):
        test[i] = train[rng.integers(30)]
    return train, test


def _judge_leaked(answer: Callable, train: Array, test: Array) -> str | None:
    """Accept the indices in any order."""
    got = call(answer, train, test)
    if is_open(got):
        return None
    if isinstance(got, list | tuple | np.ndarray) and np.ndim(got) == 1:
        got = np.sort(got)
    wrong = difference(got, leaked(train, test), rtol=0.0, atol=0.0)
    return f"for {text(train)} and {text(test)} {wrong}" if wrong else ""


def _ends_at_best(scores: Array, patience: int) -> tuple[int, int]:
    end = early_stopping(scores, patience)[1]
    return end, end


def _compares_with_last(scores: Array, patience: int) -> tuple[int, int]:
    waited = 0
    for epoch in range(1, len(scores)):
        waited = waited + 1 if scores[epoch] >= scores[epoch - 1] else 0
        if waited == patience:
            return int(np.argmin(scores[: epoch + 1])), epoch
    return int(np.argmin(scores)), len(scores) - 1


def _counted(scores: Array, patience: int, ties: bool = False) -> tuple:
    """Count the epochs since the last improvement, ties among them or not."""
    best, kept, waited = np.inf, 0, 0
    for epoch, score in enumerate(scores):
        if score < best or (ties and score == best):
            best, kept, waited = score, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return kept, epoch
    return kept, len(scores) - 1


def _by_smallest(scores: Array, patience: int) -> list:
    """Find the stop first, then the first of the smallest before it."""
    for end in range(patience, len(scores)):
        if scores[: end - patience + 1].min() <= scores[: end + 1].min():
            return [np.argmin(scores[: end + 1]), end]
    return [np.argmin(scores), len(scores) - 1]


def _joined_in_place(counts: Array, gradients: Array) -> Array:
    gradients *= counts[:, None]
    return gradients.sum(axis=0) / sum(counts)


def _curvatures(x: Array) -> Array:
    return np.linalg.eigvalsh(x.T @ x / len(x))


def _equal_rows(train: Array, test: Array) -> Array:
    return (test[:, None] == train).all(axis=2).any(axis=1)


ROWS = np.array([[1.0, 2], [3, 4], [5, 6]])
RIGHT = diagnosis()

EXERCISES = (
    Exercise(
        "training-1",
        finite_factor(),
        rtol=2e-4,
        wrong=(0.25, 0.75, 1 / 250, 250 / 999, 750 / 1001, 0.7508**0.5, np.nan),
        right=(0.7508, 750 / 999, np.float32(0.75075), Fraction(250, 333)),
    ),
    Exercise(
        "training-2",
        RIGHT,
        wrong=(
            RIGHT | {"F": RIGHT["H"], "H": RIGHT["F"]},
            RIGHT | {"F": RIGHT["G"], "G": RIGHT["F"]},
            RIGHT | {"G": RIGHT["H"], "H": RIGHT["G"]},
            RIGHT | {"G": "wrong labels"},
            RIGHT | {"G": None},
            RIGHT | {"E": "dead units"},
            {"G": "rate too low"},
            [*RIGHT.values()],
        ),
        right=({k: RIGHT[k] for k in "HGF"},),
    ),
    Exercise(
        "training-3",
        early_stopping,
        draw=_draw_scores,
        edges=(
            (np.array([0.5]), 1),
            (np.array([1.0, 1, 1, 1, 1]), 2),
            (np.array([4.0, 3, 2, 1]), 2),
            (np.array([3.0, 2, 2, 1, 1, 1]), 2),
            (np.array([3.0, 1, 2]), 5),
            (np.array([3.0, 1, 2, 1.5, 0]), 2),
        ),
        wrong=(
            _ends_at_best,
            _compares_with_last,
            lambda scores, patience: early_stopping(scores, patience + 1),
            lambda scores, patience: early_stopping(-scores, patience),
            lambda scores, patience: _counted(scores, patience, ties=True),
            lambda scores, patience: early_stopping(scores, patience - 1),
            lambda scores, patience: early_stopping(scores, patience)[::-1],
            lambda scores, patience: early_stopping(scores, len(scores)),
            lambda scores, patience: early_stopping(scores, patience)[0],
            lambda scores, patience: (
                len(scores) - 1 - np.argmin(scores[::-1]),
                early_stopping(scores, patience)[1],
            ),
            lambda scores, patience: tuple(
                1 + n for n in early_stopping(scores, patience)
            ),
            lambda scores, patience: (
                early_stopping(scores, patience)
                if early_stopping(scores, patience)[1] < len(scores) - 1
                else None
            ),
        ),
        right=(
            _counted,
            _by_smallest,
            lambda scores, patience: np.array(
                early_stopping(list(scores), patience), float
            ),
        ),
    ),
    Exercise(
        "training-4",
        joined,
        draw=lambda rng: (
            rng.integers(1, 9, size=4),
            rng.normal(size=(4, 3)),
        ),
        edges=(
            (np.array([3]), np.array([[2.0]])),
            (np.array([1, 3]), np.array([[1.0, 0], [2, 4]])),
        ),
        wrong=(
            lambda counts, gradients: gradients.mean(axis=0),
            lambda counts, gradients: gradients.sum(axis=0),
            lambda counts, gradients: counts @ gradients,
            lambda counts, gradients: counts @ gradients / len(counts),
            lambda counts, gradients: counts @ gradients // counts.sum(),
            lambda counts, gradients: joined(1 / counts, gradients),
            lambda counts, gradients: (counts / counts.sum()) * gradients.T,
            lambda counts, gradients: joined(counts, gradients).sum(),
        ),
        right=(
            _joined_in_place,
            lambda counts, gradients: np.average(
                gradients, axis=0, weights=counts
            ),
            lambda counts, gradients: np.repeat(gradients, counts, axis=0).mean(
                axis=0
            ),
        ),
    ),
    Exercise(
        "training-5",
        largest_rate,
        draw=lambda rng: (rng.normal(size=(40, 5)) * rng.uniform(0.3, 3, 5),),
        edges=(
            (np.array([[2.0]]),),
            (np.array([[1.0, 2.0]]),),
            (np.array([[1.0, 1], [1, 2], [1, 3]]),),
        ),
        wrong=(
            lambda x: float(2 / np.linalg.eigvalsh(x.T @ x)[-1]),
            lambda x: 1 / _curvatures(x)[-1],
            lambda x: 2 / _curvatures(x)[0],
            lambda x: 2 / _curvatures(x).sum(),
            lambda x: 2 / _curvatures(x).mean(),
            lambda x: 2 / _curvatures(x)[-1] ** 0.5,
            lambda x: 2 / _curvatures(x - x.mean(axis=0))[-1],
            lambda x: 2 / _curvatures(x.T)[-1],
            lambda x: 1 / largest_rate(x),
        ),
        right=(
            lambda x: 2 * len(x) / np.linalg.norm(x, 2) ** 2,
            lambda x: 2 / np.linalg.eigvals(x.T @ x / len(x)).real.max(),
            lambda x: 2 * len(x) / np.linalg.eigvalsh(x @ x.T)[-1],
        ),
    ),
    Exercise(
        "training-6",
        leaked,
        draw=_draw_overlap,
        judge=_judge_leaked,
        edges=(
            (ROWS, np.array([[7.0, 8]])),
            (ROWS, ROWS[[2, 0, 2]]),
            (ROWS, ROWS[:, ::-1]),
            (ROWS, np.array([[1.0, 4], [3, 4], [3, 3]])),
            (ROWS[:1], ROWS[:1]),
        ),
        wrong=(
            lambda train, test: np.arange(len(test)),
            lambda train, test: leaked(test, train),
            lambda train, test: np.flatnonzero(np.isin(test, train)),
            lambda train, test: _equal_rows(train, test),
            lambda train, test: test[_equal_rows(train, test)],
            lambda train, test: np.flatnonzero(
                np.isin(test, train).all(axis=1)
            ),
            lambda train, test: np.flatnonzero(
                np.isin(test.sum(axis=1), train.sum(axis=1))
            ),
            lambda train, test: leaked(train, test)[:1],
            lambda train, test: 1 + leaked(train, test),
            lambda train, test: len(leaked(train, test)),
        ),
        right=(
            lambda train, test: np.flatnonzero(_equal_rows(train, test)),
            lambda train, test: [
                i
                for i, row in enumerate(test.tolist())
                if row in train.tolist()
            ][::-1],
        ),
    ),
)
