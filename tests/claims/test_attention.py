"""C100 to C102: their parts see what they should, their arms differ."""

import numpy as np
import pytest

from dlf.claims.attention import C101, C102, scaling, sequences, whole_sequence
from dlf.stacked import transformer_recipes, transformer_tasks


def test_every_pair_is_linked_and_a_mask_takes_half():
    assert (whole_sequence.reach(whole_sequence.layer(), 6) > 0).all()
    causal = whole_sequence.reach(whole_sequence.layer(causal=True), 6) > 0
    assert np.array_equal(causal, np.tri(6, dtype=bool))


def test_reversed_rows_come_out_reversed():
    assert whole_sequence.reversed_rows()[0]


def test_times_are_positive(monkeypatch):
    monkeypatch.setattr(whole_sequence, "ROUNDS", 1)
    monkeypatch.setattr(whole_sequence, "LENGTHS", (4, 5, 6, 7))
    found = whole_sequence.times()
    assert all(len(v) == 4 and min(v) > 0 for v in found.values())
    assert "4: " in whole_sequence.told(found)


def test_arms_of_c101_differ_in_the_factor_alone(monkeypatch):
    seen = []
    monkeypatch.setattr(
        transformer_recipes, "train", lambda cell, *_: seen.append(cell) or {}
    )
    cell = scaling.CELLS["CH, d = 64"]
    for arm in C101.arms:
        C101.train(cell, arm, [0.1], [0])
    assert [c.factor for c in seen] == ["× d", "× 1", "/ root d", "/ d"]
    assert {(c.width, c.heads) for c in seen} == {(64, 1)}


@pytest.mark.parametrize("cell", ["CH", "series"])
def test_nets_of_c102_are_of_the_sizes_stated(cell):
    settings = sequences.CELLS[cell]
    kind = transformer_tasks.TASKS[settings.task](settings.length).kind
    count = transformer_recipes.parameters(settings.make(kind))
    assert 50_000 < count < 65_000
    if cell == "CH":
        assert f"{count:,}" in C102.rule


def test_lower_is_positive_where_the_transformer_is_ahead():
    arms = {
        "transformer": {"nats": np.array([1.0, 2.0])},
        "LSTM": {"nats": np.array([2.0, 1.0])},
    }
    found = sequences.lower("LSTM")(arms)
    assert found == pytest.approx([np.log(2), -np.log(2)])
    assert sequences.beside_the_known(arms)[0] == pytest.approx(np.log(1.88))
