"""What a tiled product moves, counted in two ways and by formula; blocks."""

import numpy as np
import pytest

from dlf.scratch.activations import gated
from dlf.scratch.gpu import blocked_matmul, fusion


@pytest.mark.parametrize("side", [1, 2, 3, 4, 6, 12])
def test_traffic_is_the_formula_where_the_side_divides(side):
    n = 12
    assert blocked_matmul.traffic((n, n, n), side) == 2 * n**3 // side + n * n


def test_traffic_of_ragged_tiles_counts_every_word():
    # two blocks of rows (3, 1), one of columns (2), two of terms (3, 2)
    assert (
        blocked_matmul.traffic((4, 5, 2), side=3) == 2 * 4 * 5 // 2 + 2 * 10 + 8
    )
    assert blocked_matmul.traffic((4, 5, 2), side=99) == 4 * 5 + 5 * 2 + 4 * 2


def test_the_addresses_are_those_of_the_product():
    touched = blocked_matmul.memory_trace(2, side=1)
    wanted = [8, 0, 4, 8, 1, 6, 9, 0, 5, 9, 1, 7]
    np.testing.assert_array_equal(touched[:12], wanted)
    first = [8, 0, 4, 1, 6, 9, 0, 5, 1, 7, 10, 2, 4, 3, 6, 11, 2, 5, 3, 7]
    np.testing.assert_array_equal(blocked_matmul.memory_trace(2, side=2), first)
    counts = np.bincount(blocked_matmul.memory_trace(4, side=2))
    assert counts.tolist() == [4] * 32 + [2] * 16


def test_a_cache_that_holds_everything_fetches_each_word_once():
    assert (
        blocked_matmul.cache_misses(
            blocked_matmul.memory_trace(6, side=4), words=108
        )
        == 108
    )


def test_a_cache_with_room_for_three_tiles_moves_what_is_counted():
    n, side = 32, 8
    moved = blocked_matmul.cache_misses(
        blocked_matmul.memory_trace(n, side), words=272
    )
    assert moved == blocked_matmul.traffic((n, n, n), side)


def test_tiles_that_do_not_fit_are_of_no_use():
    n = 32
    fit, burst = (
        blocked_matmul.cache_misses(blocked_matmul.memory_trace(n, s), 272)
        for s in (8, 16)
    )
    assert burst > 2 * fit


def test_the_least_recently_used_word_goes_first():
    assert (
        blocked_matmul.cache_misses(np.array([1, 2, 1, 3, 1, 2]), words=2) == 4
    )
    assert (
        blocked_matmul.cache_misses(np.array([0, 1, 2, 3, 0]), words=4, line=2)
        == 2
    )
    assert (
        blocked_matmul.cache_misses(np.array([0, 2, 4, 0]), words=5, line=2)
        == 4
    )
    assert blocked_matmul.cache_misses(np.array([], int), words=1) == 0


@pytest.mark.parametrize(("words", "line"), [(4, 8), (0, 1), (4, 0)])
def test_a_cache_must_hold_a_line(words, line):
    with pytest.raises(
        ValueError, match=r"^cache_misses: `words` must hold one `line`"
    ):
        blocked_matmul.cache_misses(np.arange(3), words, line)


def test_tiles_need_a_side():
    with pytest.raises(ValueError, match="must be 1 or more"):
        blocked_matmul.tiles((2, 2, 2), 0)


def test_both_pullbacks_go_in_the_same_tiles(monkeypatch):
    sides = []

    def recorded(shape, side):
        sides.append(side)
        return iter(())

    monkeypatch.setattr(blocked_matmul, "tiles", recorded)
    a = np.ones((2, 2))
    blocked_matmul.matmul(a, a)[1](a)
    blocked_matmul.matmul(a, a, 3)[1](a)
    assert sides == [64] * 3 + [3] * 3


def test_the_wider_type_wins():
    x, y = np.ones((2, 2)), np.ones((2, 2), np.float32)
    for a, b in ((x, y), (y, x)):
        assert blocked_matmul.matmul(a, b)[0].dtype == np.float64
        assert fusion.bias_gelu(a, b[0])[0].dtype == np.float64


def test_the_fused_chain_holds_a_block_of_rows(monkeypatch):
    held = []

    def recorded(z):
        held.append(len(z))
        return gated.gelu(z)

    monkeypatch.setattr(fusion, "gelu", recorded)
    x = np.ones((130, 2))
    _, pull = fusion.bias_gelu(x, x[0])
    pull(x)
    fusion.bias_gelu(x, x[0], rows=100)
    assert held == [64, 64, 2] * 2 + [100, 30]
