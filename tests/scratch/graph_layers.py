"""Graphs drawn at random, and every layer as a function of them alone."""

import numpy as np

from dlf.scratch.graphs import attention, convolutions


def some_graph(seed, nodes=7, count=20):
    return np.random.default_rng(seed).integers(nodes, size=(2, count))


def layers(rng, inputs=3, outputs=4):
    """Every layer as a function of features and edges alone."""
    w, v = rng.normal(size=(2, outputs, inputs))
    b, one = rng.normal(size=outputs), rng.normal(size=1)
    heads = rng.normal(size=(2, 2, outputs // 2))
    square = rng.normal(size=(outputs, outputs))
    u = rng.normal(size=(1, outputs, inputs))

    def mpnn(x, e):
        return convolutions.mpnn(x, np.ones((e.shape[1], 1)), u, w, b, e)

    return {
        "gcn": lambda x, e: convolutions.gcn(x, w, b, e),
        "sage": lambda x, e: convolutions.sage(x, w, v, b, e),
        "gin": lambda x, e: convolutions.gin(x, one, w, b, square, b, e),
        "mpnn": mpnn,
        "gat": lambda x, e: attention.gat(x, w, *heads, b, e),
        "gatv2": lambda x, e: attention.gatv2(x, w, v, heads[0], b, e),
    }
