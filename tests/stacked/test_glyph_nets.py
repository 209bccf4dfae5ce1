"""Nets on printed characters: their data, and that they are the usual nets."""

import numpy as np
import torch

from dlf.stacked import activation_nets, glyph_nets
from dlf.stacked.glyph_nets import Glyphs

SEEDS = [0, 1]
CELL = Glyphs(classes=12, steps=300)


def test_characters_are_a_seeds_own():
    both = glyph_nets.glyphs((0, 1), 12, "float32")
    alone = glyph_nets.glyphs((1,), 12, "float32")
    assert torch.equal(both.x[both.test[1]], alone.x[alone.test[0]])
    assert both.train.shape == (2, 2_000)
    assert sorted(set(both.y.tolist())) == list(range(12))
    assert 0 <= both.x.min() < both.x.max() <= 1


def test_they_are_learned_and_a_linear_model_learns_less():
    deep = glyph_nets.train(CELL, "relu", [0.1], SEEDS)["val"]
    cell = Glyphs(classes=12, depth=0, steps=300)
    flat = glyph_nets.train(cell, "relu", [0.1], SEEDS)["val"]
    assert (deep > flat + 0.05).all()


def test_other_cells_are_trained_as_ever():
    cell = activation_nets.Net(data="D8", depth=1, steps=20, dtype="float64")
    here = glyph_nets.train(cell, "tanh", [0.1], SEEDS)
    there = activation_nets.train(cell, "tanh", [0.1], SEEDS)
    np.testing.assert_array_equal(here["loss"], there["loss"])
