"""Graphs: what the layers must do besides agreeing with their twins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlf.scratch.graphs import convolutions, sampling
from dlf.scratch.graphs import edges as graphs_edges
from dlf.scratch.graphs.segments import (
    combine_segments,
    segment_softmax,
    sort_by_segment,
)

from .graph_layers import layers, some_graph

RNG = np.random.default_rng(0)


NAMES = tuple(layers(RNG))


@pytest.mark.parametrize("name", NAMES)
@given(seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_layers_are_equivariant(name, seed):
    rng = np.random.default_rng(seed)
    x, edges = rng.normal(size=(7, 3)), some_graph(seed)
    layer, new = layers(rng)[name], rng.permutation(7)
    moved = np.empty_like(x)
    moved[new] = x
    y, vjp = layer(x, edges)
    z, pull = layer(moved, new[edges])
    np.testing.assert_allclose(z[new], y, rtol=1e-9, atol=1e-12)
    dy = rng.normal(size=y.shape)
    turned = np.empty_like(dy)
    turned[new] = dy
    np.testing.assert_allclose(
        pull(turned)[0][new], vjp(dy)[0], rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_edges_does_not_matter(name):
    x, edges = RNG.normal(size=(7, 3)), some_graph(1)
    layer = layers(RNG)[name]
    shuffled = edges[:, RNG.permutation(20)]
    np.testing.assert_allclose(
        layer(x, shuffled)[0], layer(x, edges)[0], rtol=1e-12
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_node_without_edges_keeps_to_itself(name):
    layer = layers(RNG)[name]
    x, edges = RNG.normal(size=(8, 3)), some_graph(2)
    alone = layer(x[7:], np.zeros((2, 0), int))[0]
    np.testing.assert_allclose(layer(x, edges)[0][7], alone[0], rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("nodes", [0, 3])
def test_empty_graphs(name, nodes):
    y, vjp = layers(RNG)[name](np.ones((nodes, 3)), np.zeros((2, 0), int))
    assert y.shape == (nodes, 4)
    assert all(np.isfinite(d).all() for d in vjp(y))


@pytest.mark.parametrize("name", NAMES)
def test_a_first_layer_may_skip_its_input(name):
    x, edges = RNG.normal(size=(7, 3)), some_graph(3)
    y, vjp = layers(RNG)[name](x, edges)
    some, every = vjp(y, dx=False), vjp(y)
    assert some[0] is None
    for a, b in zip(some[1:], every[1:], strict=True):
        np.testing.assert_array_equal(a, b)


def test_gcn_normalises_on_both_sides():
    """D^(-1/2) (A + I) D^(-1/2), told apart from D^(-1) (A + I)."""
    edges = graphs_edges.to_undirected(np.array([[0, 1], [0, 2], [2, 3]]), 4)
    a = np.eye(4)
    a[edges[1], edges[0]] = 1
    d = a.sum(axis=1)
    got = convolutions.gcn(np.eye(4), np.eye(4), np.zeros(4), edges)[0]
    np.testing.assert_allclose(got, a / np.sqrt(np.outer(d, d)), rtol=1e-14)
    assert abs(got - a / d[:, None]).max() > 0.05


def test_gcn_counts_loops_once_and_duplicates_twice():
    w, b, x = np.eye(2), np.zeros(2), RNG.normal(size=(2, 2))
    plain = np.array([[0, 1], [1, 0]])
    looped = np.array([[0, 1, 0, 0, 1], [1, 0, 0, 0, 1]])
    np.testing.assert_array_equal(
        convolutions.gcn(x, w, b, looped)[0],
        convolutions.gcn(x, w, b, plain)[0],
    )
    double = np.tile(plain, 2)
    np.testing.assert_allclose(
        convolutions.gcn(x, w, b, double)[0], (x + 2 * x[::-1]) / 3
    )


def test_a_softmax_sums_to_one_for_every_node_that_hears():
    index = np.array([2, 0, 2, 2])
    p, _ = segment_softmax(1e4 * RNG.normal(size=(4, 3)), index, 4)
    np.testing.assert_allclose(
        combine_segments(p, index, 4), [[1] * 3, [0] * 3, [1] * 3, [0] * 3]
    )


@pytest.mark.parametrize("nodes", [10, 2**16, 2**16 + 1])
def test_sorting_is_stable_at_every_size(nodes):
    index = np.random.default_rng(0).integers(nodes, size=500)
    np.testing.assert_array_equal(
        sort_by_segment(index, nodes), np.argsort(index, kind="stable")
    )
    assert sort_by_segment(np.sort(index), nodes) is None


def test_directed_writes_each_edge_both_ways_once():
    pairs = np.array([[3, 1], [1, 3], [0, 0]])
    want = [[0, 3, 1], [0, 1, 3]]
    np.testing.assert_array_equal(graphs_edges.to_undirected(pairs, 4), want)
    assert graphs_edges.to_undirected(np.zeros((0, 2), int), 0).shape == (2, 0)


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([[0, 4]], "got 4 at (0, 1)"),
        ([[-1, 0]], "got -1 at (0, 0)"),
        ([[0.0, 1.5]], "must hold integers"),
    ],
)
def test_directed_refuses(pairs, says, as_shipped):
    with pytest.raises(
        ValueError, match="to_undirected: `pairs` must"
    ) as error:
        graphs_edges.to_undirected(np.array(pairs), 4)
    assert says in str(error.value)


@pytest.mark.parametrize(
    "f",
    [
        graphs_edges.degrees,
        graphs_edges.laplacian,
        lambda e, n: graphs_edges.dirichlet_energy(np.ones((n, 1)), e),
        lambda e, n: graphs_edges.wl_refine(np.zeros(n, int), e),
        lambda e, n: graphs_edges.shortest_path_lengths([0], e, n),
        sampling.to_csr,
    ],
)
def test_what_reads_edges_refuses_a_node_that_is_none(f):
    with pytest.raises(ValueError, match=r"`edges` must lie in 0\.\.1"):
        f(np.array([[0], [2]]), 2)


def test_laplacian_and_energy_agree():
    edges = graphs_edges.to_undirected(
        RNG.integers(6, size=(9, 2)), 7
    )  # 6: alone
    edges = graphs_edges.remove_self_loops(edges)
    x, l = RNG.normal(size=(7, 2)), graphs_edges.laplacian(edges, 7)
    assert np.linalg.eigvalsh(l).min() > -1e-12
    assert (l[6] == 0).all()
    assert graphs_edges.dirichlet_energy(x, edges) == pytest.approx(
        np.trace(x.T @ l @ x)
    )


def test_energy_with_loops_is_that_of_the_graph_convolution():
    edges = graphs_edges.add_self_loops(
        graphs_edges.to_undirected(np.array([[0, 1], [1, 2]]), 3), 3
    )
    x = np.sqrt([[2.0], [3.0], [2.0]])  # sqrt of the degrees: no energy
    assert graphs_edges.dirichlet_energy(x, edges) == pytest.approx(
        0, abs=1e-15
    )
    assert graphs_edges.degrees(edges, 3).tolist() == [2, 3, 2]


def test_colours_tell_a_path_but_not_two_triangles_from_a_hexagon():
    path = graphs_edges.to_undirected(
        np.array([[0, 1], [1, 2], [2, 3], [3, 4]]), 5
    )
    c = np.zeros(5, int)
    for want in ([0, 1, 1, 1, 0], [0, 1, 2, 1, 0], [0, 1, 2, 1, 0]):
        c = graphs_edges.wl_refine(c, path)
        assert c.tolist() == want
    rings = [(i, (i + 1) % 6) for i in range(6)]
    rings += [
        (6 + 3 * t + i, 6 + 3 * t + (i + 1) % 3)
        for t in range(2)
        for i in range(3)
    ]
    both = graphs_edges.to_undirected(np.array(rings), 12)
    assert set(graphs_edges.wl_refine(np.zeros(12, int), both).tolist()) == {0}


def test_hops_count_the_shortest_way():
    edges = np.array([[0, 1, 2, 0], [1, 2, 3, 2]])
    assert graphs_edges.shortest_path_lengths([0], edges, 5).tolist() == [
        0,
        1,
        1,
        2,
        -1,
    ]
