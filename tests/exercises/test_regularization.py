"""The logs of the chapter on regularization show what they are to show."""

import pytest

from dlf.exercises import regularization_logs as logs


@pytest.fixture(scope="module")
def ends() -> dict[str, tuple[float, ...]]:
    """Last accuracies, and the norm of the weights, of each run."""
    return {cause: logs.log(cause)[-1] for cause in logs.NUMBERS}


def test_without_regularization_the_noise_is_learned(ends):
    train, validation, *_ = ends["nothing"]
    assert train > 0.95
    assert validation < ends["as meant"][1] - 0.05


def test_decay_as_meant_fits_what_is_right_and_no_more(ends):
    assert 0.8 < ends["as meant"][0] < 0.88


def test_too_strong_a_decay_fits_nothing_and_keeps_weights_short(ends):
    assert ends["too strong"][0] < 0.5
    assert ends["too strong"][-1] < ends["as meant"][-1] / 4


def test_digits_upside_down_cost_accuracy_on_new_ones(ends):
    assert ends["turned"][1] < ends["as meant"][1] - 0.02


def test_two_readings_differ_in_train_mode_alone(ends):
    differ = [cause for cause, (_, a, b, _) in ends.items() if a != b]
    assert differ == ["train mode"]


def test_every_cause_has_its_letter():
    assert sorted(logs.CAUSES) == ["1", "2", "3", "4", "5"]
