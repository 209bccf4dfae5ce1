"""Generated graphs hold the truth that they claim."""

import networkx
import numpy as np
import pytest

from dlf.data import graph_toys


def pieces(graphs):
    """One networkx graph for each label, with the planted edges marked."""
    found = [networkx.Graph() for _ in graphs.y]
    for (i, j), mine in zip(graphs.edges.T, graphs.planted, strict=True):
        found[graphs.graph[i]].add_edge(int(i), int(j), planted=bool(mine))
    return found


def test_each_graph_is_a_tree_but_for_its_motif():
    graphs = graph_toys.load(train=40, validation=0, test=0)[0]
    assert np.bincount(graphs.y).tolist() == [20, 20]
    shapes = [networkx.Graph(m) for m in graph_toys.MOTIFS]
    for g, y in zip(pieces(graphs), graphs.y, strict=True):
        assert networkx.is_connected(g)
        motif = g.edge_subgraph(
            [(i, j) for i, j, mine in g.edges(data="planted") if mine]
        )
        assert networkx.is_isomorphic(motif, shapes[y])
        assert g.number_of_edges() - g.number_of_nodes() == 1
        assert 13 <= g.number_of_nodes() <= 19


def test_edges_stand_both_ways_sorted_within_their_graph():
    graphs = graph_toys.motifs(10, np.random.default_rng(1))
    source, target = graphs.edges
    assert (np.diff(target) >= 0).all()
    both = set(zip(source.tolist(), target.tolist(), strict=True))
    assert both == {(b, a) for a, b in both}
    assert len(both) == graphs.edges.shape[1]
    assert (graphs.graph[source] == graphs.graph[target]).all()
    assert (np.diff(graphs.graph) >= 0).all()


def test_a_seed_gives_the_same_graphs_and_another_gives_others():
    once, again, other = (graph_toys.load(seed=s) for s in (3, 3, 4))
    for a, b, c in zip(once, again, other, strict=True):
        np.testing.assert_array_equal(a.edges, b.edges)
        assert a.edges.shape != c.edges.shape or (a.edges != c.edges).any()
    assert graph_toys.load(dtype=np.float32)[0].x.dtype == np.float32
    assert "edges: int64" in repr(once[0])


def test_no_graphs_are_no_graphs():
    empty = graph_toys.motifs(0, np.random.default_rng(0))
    assert empty.edges.shape == (2, 0)
    assert empty.x.shape == (0, 1)


def test_communities_have_their_chances():
    rng = np.random.default_rng(0)
    pairs, group = graph_toys.communities(400, 4, 0.2, 0.02, rng)
    same = group[pairs[:, 0]] == group[pairs[:, 1]]
    within = 4 * 100 * 99 / 2
    assert same.sum() / within == pytest.approx(0.2, abs=0.01)
    rest = 400 * 399 / 2 - within
    assert (~same).sum() / rest == pytest.approx(0.02, abs=0.002)
    assert (pairs[:, 0] < pairs[:, 1]).all()


def test_noise_is_sorted_and_within_bounds():
    edges = graph_toys.noise(10, 50, np.random.default_rng(0))
    assert (np.diff(edges[1]) >= 0).all()
    assert set(edges.ravel()) == set(range(10))
    assert graph_toys.noise(0, 0, np.random.default_rng(0)).shape == (2, 0)


def test_refusals():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="communities: `inside`"):
        graph_toys.communities(4, 2, 1.5, 0.0, rng)
    with pytest.raises(ValueError, match="noise: `nodes` must be 1"):
        graph_toys.noise(0, 3, rng)


def test_the_molecules_differ_and_look_alike():
    (a, places), (b, _) = graph_toys.molecules()
    one, other = (networkx.Graph(e.T.tolist()) for e in (a, b))
    assert a.shape == b.shape == (2, 22)
    assert not networkx.is_isomorphic(one, other)
    assert sorted(map(len, networkx.minimum_cycle_basis(one))) == [6, 6]
    assert sorted(map(len, networkx.minimum_cycle_basis(other))) == [5, 5]
    alike = [
        networkx.weisfeiler_lehman_graph_hash(g, iterations=10)
        for g in (one, other)
    ]
    assert alike[0] == alike[1]
    bonds = np.linalg.norm(places[a[0]] - places[a[1]], axis=1)
    np.testing.assert_allclose(bonds, 1)
