"""Edges that lead nowhere."""

import numpy as np

from dlf.scratch.graphs import edges, sampling, segments

from . import RNG, X, Y

EDGES = np.array([[0, 1], [1, 5]])


REFUSES = [
    (
        edges.to_undirected,
        lambda: edges.to_undirected(np.array([[0, 3]]), 3),
        r"to_undirected: `pairs` must lie in 0\.\.2",
    ),
    (
        edges.to_undirected,
        lambda: edges.to_undirected(np.zeros((2, 3), int), 3),
        r"to_undirected: `pairs` must have shape \(E, 2\), .* got \(2, 3\)",
    ),
    (
        edges.degrees,
        lambda: edges.degrees(EDGES, 2),
        r"degrees: `edges` must lie in 0\.\.1",
    ),
    (
        edges.laplacian,
        lambda: edges.laplacian(EDGES, 2),
        r"laplacian: `edges` must lie in 0\.\.1",
    ),
    (
        edges.dirichlet_energy,
        lambda: edges.dirichlet_energy(X, EDGES),
        r"`edges` must lie in 0\.\.1",
    ),
    (
        edges.wl_refine,
        lambda: edges.wl_refine(Y, EDGES),
        r"wl_refine: `edges` must lie in 0\.\.1",
    ),
    (
        edges.shortest_path_lengths,
        lambda: edges.shortest_path_lengths([0], EDGES, 2),
        r"shortest_path_lengths: `edges` must lie in 0\.\.1",
    ),
    (
        segments.check_indices,
        lambda: segments.check_indices("f", "index", np.array([0.5]), 3),
        "f: `index` must hold integers",
    ),
    (
        sampling.to_csr,
        lambda: sampling.to_csr(EDGES, 2),
        r"to_csr: `edges` must lie in 0\.\.1",
    ),
    (
        sampling.sample_neighbors,
        lambda: sampling.sample_neighbors(np.zeros(3, int), Y[:0], Y, -2, RNG),
        "sample_neighbors: `fanout` must be -1",
    ),
    (
        sampling.blocks,
        lambda: sampling.blocks(np.zeros(3, int), Y[:0], Y * 0, [1], RNG),
        "blocks: `batch` must hold distinct nodes",
    ),
]
