"""Neighbor sampling: fair draws, and blocks that give the same outputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlf.scratch.graphs import sampling

from .graph_layers import layers, some_graph


def test_csr_lists_each_nodes_sources():
    edges = some_graph(4)
    start, source = sampling.to_csr(edges, 7)
    for v in range(7):
        np.testing.assert_array_equal(
            source[start[v] : start[v + 1]], edges[0, edges[1] == v]
        )


@given(
    seed=st.integers(0, 10**6),
    fanout=st.integers(-1, 4),
    batch=st.lists(st.integers(0, 6), max_size=4),
)
@settings(max_examples=50, deadline=None)
def test_draws_are_distinct_edges_and_as_many_as_there_can_be(
    seed, fanout, batch
):
    edges = np.unique(some_graph(seed), axis=1)
    start, source = sampling.to_csr(edges, 7)
    nodes = np.array(batch, int)
    rng = np.random.default_rng(seed)
    drawn = sampling.sample_neighbors(start, source, nodes, fanout, rng)
    for position, v in enumerate(batch):
        got = drawn[0, drawn[1] == position]
        near = source[start[v] : start[v + 1]]
        most = len(near) if fanout < 0 else min(fanout, len(near))
        assert len(got) == len(set(got)) == most
        assert set(got) <= set(near)


def test_every_neighbour_is_drawn_equally_often():
    edges = np.stack([np.arange(1, 6), np.zeros(5, int)])
    start, source = sampling.to_csr(edges, 6)
    rng = np.random.default_rng(0)
    many = np.zeros(20_000, int)
    drawn = sampling.sample_neighbors(start, source, many, 2, rng)
    frequency = np.bincount(drawn[0])[1:] / len(many)
    np.testing.assert_allclose(frequency, 0.4, atol=0.015)


def test_blocks_with_all_neighbours_give_the_whole_graphs_outputs():
    edges = np.unique(some_graph(5, 40, 120), axis=1)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 3))
    layer, batch = layers(rng, outputs=4)["sage"], np.array([7, 3, 39])
    second = layers(rng, inputs=4)["sage"]
    whole = second(layer(x, edges)[0], edges)[0][batch]
    start, source = sampling.to_csr(edges, 40)
    (reads, first, kept), (again, last, left) = sampling.blocks(
        start, source, batch, (-1, -1), rng
    )
    h = layer(x[reads], first)[0][:kept]
    assert len(again) == kept < len(reads) <= 40
    assert left == 3
    np.testing.assert_array_equal(again, reads[:kept])
    np.testing.assert_allclose(second(h, last)[0][:left], whole, rtol=1e-10)


def test_blocks_keep_within_their_bound():
    edges = some_graph(6, 500, 20_000)
    start, source = sampling.to_csr(edges, 500)
    rng = np.random.default_rng(1)
    found = sampling.blocks(start, source, np.arange(10), (3, 2), rng)
    assert len(found[1][0]) <= 10 * 3
    assert len(found[0][0]) <= 10 * 3 * 4
    for reads, e, _ in found:
        assert len(np.unique(reads)) == len(reads)
        assert e.max() < len(reads)


def test_sampling_refuses(as_shipped):
    start, source = sampling.to_csr(np.array([[0, 1], [1, 0]]), 2)
    rng = np.random.default_rng(0)
    with pytest.raises(
        ValueError, match="sample_neighbors: `fanout` must be -1"
    ):
        sampling.sample_neighbors(start, source, np.array([0]), -2, rng)
    with pytest.raises(
        ValueError, match=r"sample_neighbors: `nodes` must lie in 0\.\.1"
    ):
        sampling.sample_neighbors(start, source, np.array([2]), 1, rng)
    with pytest.raises(ValueError, match="blocks: `batch` must hold distinct"):
        sampling.blocks(start, source, np.array([0, 0]), (1,), rng)
    with pytest.raises(ValueError, match="blocks: `batch` must hold integers"):
        sampling.blocks(start, source, np.array([0.5]), (1,), rng)
