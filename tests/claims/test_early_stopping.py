"""What C86 computes: two rules of stopping, and what they gain."""

from dataclasses import replace

import numpy as np
import pytest

from dlf.claims.regularization import early_stopping as stopping

FALLS = np.linspace(2.0, 1.0, 12)
TURNS = np.array([2.0, 1.5, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 0.5])
SHAKES = np.array([2.0, 1.0, 1.1, 1.05, 1.2, 1.15, 1.3, 0.9, 0.8, 0.7])


@pytest.mark.parametrize(
    ("losses", "rising", "best"),
    [(FALLS, 11, 11), (TURNS, 7, 2), (SHAKES, 9, 1)],
)
def test_the_rules_stop_where_they_should(losses, rising, best):
    assert stopping.rising(losses) == rising
    assert stopping.best(losses) == best


def test_what_is_gained_is_judged_with_and_without_noise():
    held = np.tile(TURNS, (6, 1))
    shifts = np.linspace(-0.002, 0.002, 6)[:, None]
    test = np.array([0.1, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5, 0.45]) + shifts
    flat = np.full((6, 9), 0.5) + shifts
    view = {
        "M1-1000, 0 % noise": {"held": held, "test": flat},
        "M1-1000, 40 % noise": {"held": held, "test": test},
        "M1, 0 % noise": {"held": held, "test": test},
        "M1, 40 % noise": {"held": held, "test": flat},
    }
    found = {o.cell: o for o in stopping.judge(view)}
    assert len(found) == 6
    noisy = found["M1-1000, 40 % noise"]
    assert noisy.estimate.mean == pytest.approx(0.05)
    assert "validation loss -5 points" in noisy.note
    assert found["M1-1000, 40 % less 0 % noise"].verdict == "supported"
    assert found["M1, 40 % less 0 % noise"].verdict == "opposite"


def test_every_epoch_is_looked_at():
    cell = replace(stopping.FEW, data="D8", keep=100, steps=20, every=1)
    kept = stopping.measure(cell, [0, 1])
    assert kept["held"].shape == kept["test"].shape == (2, 21)
    assert (kept["test"][:, -1] > kept["test"][:, 0]).all()
