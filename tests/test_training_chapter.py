"""The loop from scratch, and the detectors that may end it."""

import numpy as np
import pytest

from dlf.scratch import convergence as detectors


def slowly_stopped(scores, patience):
    """Early stopping as one would write it, look by look."""
    best, waited = np.inf, 0
    for t, score in enumerate(scores):
        best, waited = (score, 0) if score < best else (best, waited + 1)
        if waited == patience:
            return t
    return None


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_stalled_is_early_stopping(patience):
    rng = np.random.default_rng(0)
    for _ in range(50):
        falls = np.linspace(2, 0, 12) + rng.normal(scale=0.3, size=12)
        want = slowly_stopped(falls, patience)
        assert detectors.stalled(falls, patience) == want


def test_settled_waits_for_its_patience():
    losses = np.array([1.0, 0.99, 0.5, 0.499, 0.498, 0.1])
    assert detectors.settled(losses, patience=1, tol=0.05) == 1
    assert detectors.settled(losses, patience=2, tol=0.05) == 4
    assert detectors.settled(losses, patience=3, tol=0.05) is None
    assert detectors.settled(losses, patience=9) is None


def test_settled_is_not_moved_by_a_spike():
    losses = np.array([1.0, 0.5, 9.0, 0.2, np.nan, 0.1])
    assert detectors.settled(losses, patience=2) is None


def test_stationary_names_the_first_look():
    norms = np.array([1.0, np.nan, 0.2, 0.04, 0.3, 0.01])
    assert detectors.stationary(norms, eps=0.1) == 3
    assert detectors.stationary(norms, eps=0.001) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda v: detectors.stationary(v, eps=0.0), "`eps` must be positive"),
        (lambda v: detectors.settled(v, 0), "`patience` must be at least 1"),
        (lambda v: detectors.settled(v, 1, tol=1.0), "`tol` must lie in"),
        (lambda v: detectors.settled(-v, 1), "`losses` must not be negative"),
        (lambda v: detectors.stalled(v, 0), "`patience` must be at least 1"),
    ],
)
def test_detectors_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.ones(3))
