"""What C34, C36 and C37 judge, on cases whose answer is known."""

import numpy as np
import pytest

from dlf.claims.backpropagation import kink
from dlf.claims.training import rates, small_rates


def full_batch(end, rises=0.2):
    shape = 10, len(rates.FACTORS)
    return {
        "start": np.full(shape, 2.7),
        "end": np.full(shape, float(end)),
        "rises": np.full(shape, rises),
    }


@pytest.mark.parametrize(
    ("end", "word"),
    [(0.1, "too small"), (2.302, "supported"), (9, "supported")],
)
def test_to_stall_and_to_diverge_is_to_learn_nothing(end, word):
    found = rates.judge({"M1, full batch": full_batch(end)})
    [counted] = [o for o in found if o.counted]
    assert counted.verdict == word
    assert "64 ×" in counted.cell


def test_slow_is_a_ratio_of_steps_and_misses_are_told():
    steps = np.linspace(100, 110, 10)
    view = {"best": steps, "a tenth": 5 * steps}
    view["a hundredth"] = np.full(10, 30_000.0)
    tenth, hundredth = rates.judge({"M1, slow": view})
    assert np.exp(tenth.estimate.mean) == pytest.approx(5)
    assert (tenth.verdict, tenth.note) == ("supported", "")
    assert hundredth.note == "10 of 10 runs miss the target"


def test_only_thirty_times_the_steps_count():
    loss = np.linspace(0.9, 1.1, 10)
    view = {"D8": {"best": loss, "x10": 3 * loss, "x30": 0.5 * loss}}
    words = {o.counted: o.verdict for o in small_rates.judge(view)}
    assert words == {False: "supported", True: "opposite"}


def test_a_derivative_at_zero_that_changes_nothing_is_told():
    test = np.full((40, 2), 0.6)
    kept = {"test": test, "lost": np.zeros((40, 2))}
    kept["found"] = {"zeros": [1e-3, 2e-3]}
    same, zeros = kink.judge({"M1, 2 layers, bfloat16": kept})
    assert (same.verdict, zeros.verdict) == ("too small", "supported")
    noise = np.random.default_rng(0).normal(0, 0.05, 40)
    kept["test"] = test + np.stack([noise, -noise], axis=1)
    kept["lost"][3] = 1
    wide, _ = kink.judge({"M1, 2 layers, bfloat16": kept})
    assert wide.verdict == "unclear"
    assert wide.note == "1 of 40 seeds with a failed run"
