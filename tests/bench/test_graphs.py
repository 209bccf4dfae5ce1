"""What is timed computes the same; the graph has the size that is said."""

import numpy as np
import pytest

from dlf.bench import graphs
from dlf.bench.timing import Timing


@pytest.mark.parametrize("name", graphs.LAYERS)
def test_both_layers_agree_before_they_are_timed(name):
    graphs.check(name)


def test_a_layer_that_differs_is_not_timed(monkeypatch):
    ours, theirs = graphs.contenders("gcn").values()
    y, grads = theirs()
    monkeypatch.setattr(
        graphs,
        "contenders",
        lambda name: {
            "PyTorch Geometric": ours,
            name: lambda: (1.01 * y, grads),
        },
    )
    with pytest.raises(AssertionError, match="gcn"):
        graphs.check("gcn")


def test_the_graph_is_of_the_size_of_cora():
    edges = graphs.citations(np.random.default_rng(0))
    assert edges.shape == (2, 2 * graphs.PAIRS)
    assert edges.max() < graphs.NODES
    assert (edges[0] != edges[1]).all()


def test_every_layer_is_timed_against_its_reference(monkeypatch):
    monkeypatch.setattr(graphs, "LAYERS", ("gin",))
    found = graphs.layers(rounds=1)
    assert list(found) == ["gin"]
    reference, ours = found["gin"]
    assert isinstance(ours, Timing)
    assert (reference.name, reference.ratio) == ("PyTorch Geometric", 1.0)
    assert ours.name == "scratch"
