"""Edges that lead nowhere."""

import numpy as np

from dlf.scratch import graphs, messages, neighbours

from . import RNG, X, Y

EDGES = np.array([[0, 1], [1, 5]])


REFUSES = [
    (
        graphs.directed,
        lambda: graphs.directed(np.array([[0, 3]]), 3),
        r"directed: `pairs` must lie in 0\.\.2",
    ),
    (
        graphs.directed,
        lambda: graphs.directed(np.zeros((2, 3), int), 3),
        r"directed: `pairs` must have shape \(E, 2\), .* got \(2, 3\)",
    ),
    (
        graphs.degrees,
        lambda: graphs.degrees(EDGES, 2),
        r"degrees: `edges` must lie in 0\.\.1",
    ),
    (
        graphs.laplacian,
        lambda: graphs.laplacian(EDGES, 2),
        r"laplacian: `edges` must lie in 0\.\.1",
    ),
    (
        graphs.dirichlet,
        lambda: graphs.dirichlet(X, EDGES),
        r"`edges` must lie in 0\.\.1",
    ),
    (
        graphs.refine,
        lambda: graphs.refine(Y, EDGES),
        r"refine: `edges` must lie in 0\.\.1",
    ),
    (
        graphs.hops,
        lambda: graphs.hops([0], EDGES, 2),
        r"hops: `edges` must lie in 0\.\.1",
    ),
    (
        messages.within,
        lambda: messages.within("f", "index", np.array([0.5]), 3),
        "f: `index` must hold integers",
    ),
    (
        neighbours.compress,
        lambda: neighbours.compress(EDGES, 2),
        r"compress: `edges` must lie in 0\.\.1",
    ),
    (
        neighbours.draw,
        lambda: neighbours.draw(np.zeros(3, int), Y[:0], Y, -2, RNG),
        "draw: `fanout` must be -1",
    ),
    (
        neighbours.blocks,
        lambda: neighbours.blocks(np.zeros(3, int), Y[:0], Y * 0, [1], RNG),
        "blocks: `batch` must hold distinct nodes",
    ),
]
