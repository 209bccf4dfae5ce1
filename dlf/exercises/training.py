"""Exercises of the chapter on training, with their solutions."""

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def finite_factor(N: int = 1_000, B: int = 250) -> float:
    """Variance without replacement over variance with it."""
    return (N - B) / (N - 1)


def diagnosis() -> dict[str, str]:
    """F: one layer has gradients and never moves. G: everything moves, by a
    millionth. H: two layers receive no gradient at all."""
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
    """Weigh each part's mean gradient by its share of the batch."""
    return counts @ gradients / counts.sum()


def largest_rate(x: Array) -> float:
    """Two over the largest curvature of the mean of squared errors / 2."""
    return float(2 / np.linalg.eigvalsh(x.T @ x / len(x))[-1])


def leaked(train: Array, test: Array) -> Array:
    """Indices of the test rows that stand in the training set, too."""
    seen = {row.tobytes() for row in np.ascontiguousarray(train)}
    rows = np.ascontiguousarray(test)
    return np.array([i for i, r in enumerate(rows) if r.tobytes() in seen], int)


def _draw_scores(rng: np.random.Generator) -> tuple:
    E = int(rng.integers(8, 30))
    falls = np.exp(-np.arange(E) / 4) + rng.normal(scale=0.05, size=E)
    return falls, int(rng.integers(1, 6))


def _draw_overlap(rng: np.random.Generator) -> tuple:
    train, test = rng.normal(size=(30, 4)), rng.normal(size=(12, 4))
    for i in rng.choice(12, size=3, replace=False):
        test[i] = train[rng.integers(30)]
    return train, test


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


EXERCISES = (
    Exercise(
        "training-1",
        finite_factor(),
        wrong=(0.25, 0.75, 1 / 250),
    ),
    Exercise(
        "training-2",
        diagnosis(),
        wrong=(
            {
                "F": "dead units",
                "G": "rate too low",
                "H": "layer not in the optimizer",
            },
            {
                "F": "layer not in the optimizer",
                "G": "wrong labels",
                "H": "dead units",
            },
            {"G": "rate too low"},
        ),
    ),
    Exercise(
        "training-3",
        early_stopping,
        draw=_draw_scores,
        wrong=(
            _ends_at_best,
            _compares_with_last,
            lambda scores, patience: early_stopping(scores, patience + 1),
            lambda scores, patience: early_stopping(-scores, patience),
        ),
    ),
    Exercise(
        "training-4",
        joined,
        draw=lambda rng: (
            rng.integers(1, 9, size=4),
            rng.normal(size=(4, 3)),
        ),
        wrong=(
            lambda counts, gradients: gradients.mean(0),
            lambda counts, gradients: gradients.sum(0),
            lambda counts, gradients: counts @ gradients,
        ),
    ),
    Exercise(
        "training-5",
        largest_rate,
        draw=lambda rng: (rng.normal(size=(40, 5)) * rng.uniform(0.3, 3, 5),),
        wrong=(
            lambda x: float(2 / np.linalg.eigvalsh(x.T @ x)[-1]),
            lambda x: float(1 / np.linalg.eigvalsh(x.T @ x / len(x))[-1]),
            lambda x: float(2 / np.linalg.eigvalsh(x.T @ x / len(x))[0]),
        ),
    ),
    Exercise(
        "training-6",
        leaked,
        draw=_draw_overlap,
        wrong=(
            lambda train, test: np.arange(len(test)),
            lambda train, test: leaked(test, train),
            lambda train, test: np.flatnonzero(np.isin(test, train)),
        ),
    ),
)
