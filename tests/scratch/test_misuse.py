"""Labels, edges and rates of every type, and graphs that do not fit.

What NumPy and torch would take without a word gives the right result, or an
error; the functions with a `Concept` are asked in test_concept_inputs.py.
"""

import numpy as np
import pytest
import torch

from dlf.nn import graphs as nn_graphs
from dlf.scratch import perceptron
from dlf.scratch.graphs import edges as graphs_edges
from dlf.scratch.graphs import sampling
from dlf.scratch.interpretability import influence, sparse_autoencoder
from dlf.scratch.mathematics import bayes
from dlf.scratch.optimizers import adam, momentum
from dlf.scratch.training import loop

F4 = np.dtype("f4")
INTEGERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
pytestmark = pytest.mark.usefixtures("as_shipped")


def moved(optimizer):
    init, update = optimizer
    w = {"w": np.ones(3, "f4")}
    state = init(w)
    for _ in range(2):
        w, state = update(w, {"w": np.full(3, 0.5, "f4")}, state)
    return w["w"]


@pytest.mark.parametrize("scalar", [np.float64, np.float32])
def test_rates_from_an_array_leave_float32(scalar):
    for make, settings in (
        (momentum.sgd, {"lr": 0.5, "momentum": 0.25}),
        (adam.adam, {"lr": 0.5, "b1": 0.5, "b2": 0.75, "eps": 0.125}),
    ):
        given = {k: scalar(v) for k, v in settings.items()}
        got, want = moved(make(**given)), moved(make(**settings))
        assert got.dtype == F4
        np.testing.assert_array_equal(got, want)
    w = {"w": np.ones(2, "f4")}
    assert loop.ema(w, w, scalar(0.5))["w"].dtype == F4
    model = lambda x: (x, lambda dy: dy)  # noqa: E731
    up = sparse_autoencoder.maximize_activation(
        model, np.zeros((1, 2), "f4"), 0, 1, scalar(0.5), scalar(0.5)
    )
    assert up.dtype == F4
    x, y = np.eye(2, dtype="f4"), np.array([0, 1], "u1")
    assert influence.fit(x, y, scalar(0.5)).dtype == F4


@pytest.mark.parametrize("scalar", [float, np.float64, np.float32])
def test_a_belief_about_a_line_keeps_float32(scalar):
    x, y = np.eye(2, dtype="f4"), np.ones(2, "f4")
    mean, spread = bayes.bayesian_ridge(x, y, scalar(0.5), scalar(0.5))
    assert mean.dtype == spread.dtype == F4
    np.testing.assert_allclose(mean, [0.5, 0.5], 1e-6)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_a_unit_learns_from_labels_of_any_type(dtype):
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    y = np.array([0, 0, 0, 1], dtype)
    w, b, _ = perceptron.train_perceptron(x, y)
    assert (w.tolist(), b) == ([2.0, 1.0], -3.0)
    counts = perceptron.train_kernel_perceptron(x @ x.T + 1, y)
    want = perceptron.train_kernel_perceptron(x @ x.T + 1, y.astype(int))
    np.testing.assert_array_equal(counts, want)


def test_a_unit_refuses_labels_that_are_no_integers():
    for y in (np.array([True, False]), np.array([1.0, 0.0])):
        with pytest.raises(
            ValueError, match="train_perceptron: `y` must hold integers"
        ):
            perceptron.train_perceptron(np.eye(2), y)


@pytest.mark.parametrize("dtype", ["i4", "u1", "bool", float])
def test_a_regression_takes_labels_of_any_type(dtype):
    x, y = np.array([[0.0], [1.0], [2.0]]), np.array([0, 1, 1])
    want = influence.fit(x, y.astype(float), 0.1)
    np.testing.assert_array_equal(influence.fit(x, y.astype(dtype), 0.1), want)
    asked = influence.influence(
        x, y.astype(dtype), want, 0.1, x, y.astype(dtype)
    )
    wanted = influence.influence(
        x, y.astype(float), want, 0.1, x, y.astype(float)
    )
    np.testing.assert_array_equal(asked, wanted)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_edges_of_any_type(dtype):
    """Among 90 nodes 90 * 90 and 89 + 1 exceed what eight bits hold."""
    nodes, ring = 90, np.arange(90)
    edges = np.stack([ring, (ring + 1) % nodes])
    short = edges.astype(dtype)
    x = np.random.default_rng(0).normal(size=(nodes, 2))
    same = np.testing.assert_array_equal
    for f in (
        graphs_edges.degrees,
        graphs_edges.laplacian,
        graphs_edges.add_self_loops,
    ):
        same(f(short, nodes), f(edges, nodes))
    assert graphs_edges.add_self_loops(short, 300).max() == 299
    same(
        graphs_edges.to_undirected(short.T, nodes),
        graphs_edges.to_undirected(edges.T, nodes),
    )
    assert graphs_edges.dirichlet_energy(
        x, short
    ) == graphs_edges.dirichlet_energy(x, edges)
    same(
        graphs_edges.wl_refine(ring, short), graphs_edges.wl_refine(ring, edges)
    )
    same(
        graphs_edges.shortest_path_lengths([0], short, nodes),
        graphs_edges.shortest_path_lengths([0], edges, nodes),
    )
    start, source = sampling.to_csr(edges, nodes)
    for a, b in zip(sampling.to_csr(short, nodes), (start, source)):  # noqa: B905
        same(a, b)
    batch = np.array([89, 3])
    got, want = (
        sampling.blocks(start, s, n, [-1, -1], np.random.default_rng(0))
        for s, n in (
            (source.astype(dtype), batch.astype(dtype)),
            (source, batch),
        )
    )
    for mine, theirs in zip(got, want, strict=True):
        same(mine[0], theirs[0])
        same(mine[1], theirs[1])
        assert mine[1].dtype == np.int64


def test_an_energy_of_integers_is_that_of_numbers():
    edges = np.array([[0, 1, 1, 2], [1, 0, 2, 1]])
    x = np.array([[0, 3], [1, 1], [5, 2]])
    got = graphs_edges.dirichlet_energy(x, edges)
    assert got == graphs_edges.dirichlet_energy(x.astype(float), edges)
    assert got > 1


def test_pairs_lie_in_rows():
    with pytest.raises(ValueError, match=r"must have shape \(E, 2\).*\(2, 4\)"):
        graphs_edges.to_undirected(np.zeros((2, 4), int), 1)


@pytest.mark.parametrize("layer", ["gcn", "sage"])
def test_torch_layers_refuse_a_node_that_is_none(layer):
    x, w, b = torch.ones(3, 2), torch.ones(4, 2), torch.ones(4)
    weights = (w, w, b) if layer == "sage" else (w, b)
    for wrong in (-1, 3):
        edges = torch.tensor([[0, wrong], [1, 2]])
        with pytest.raises((IndexError, RuntimeError)):
            getattr(nn_graphs, layer)(x, *weights, edges)
