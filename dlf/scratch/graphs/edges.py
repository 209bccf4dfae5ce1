"""Graphs as edge lists: degrees, loops, Laplacian, coloring, smoothness.

`edges` has two rows: the message of edge e goes from `edges[0, e]` to
`edges[1, e]`. An undirected edge stands there twice, once each way.

    L = I - D^(-1/2) A D^(-1/2)                              (the Laplacian)
    E(x) = sum over {i, j} of |x_i / sqrt(d_i) - x_j / sqrt(d_j)|^2
         = trace of x^T L x                                        (graphs.4)

With a loop at every node, A becomes A + I and d_i counts the node itself.
Source: Chung (1997), Spectral Graph Theory, chapter 1; Weisfeiler & Leman
(1968) for the colors.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.checks import floats
from dlf.scratch.graphs.segments import check_indices, gather

Array = np.ndarray
Edges = Int[Array, "2 E"]


def to_undirected(pairs: Int[Array, "E 2"], nodes: int) -> Int[Array, "2 F"]:
    """Write undirected edges both ways, sorted by target, each once.

    A pair that joins a node to itself becomes one loop, not two.

    Args:
        pairs: edges, each written once, in any direction.
        nodes: how many there are.

    Raises:
        ValueError: ``pairs`` has another shape, or one names no node.

    >>> to_undirected(np.array([[0, 1], [1, 0], [2, 2]]), 3)
    array([[1, 0, 2],
           [0, 1, 2]])
    """
    pairs = np.asarray(pairs)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(
            "to_undirected: `pairs` must have shape (E, 2), because a row is a "
            f"pair; got {pairs.shape}. Transpose edges of shape (2, E)"
        )
    pairs = check_indices("to_undirected", "pairs", pairs, nodes)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    keys = np.unique(both[:, 1] * max(nodes, 1) + both[:, 0])
    return np.stack([keys % max(nodes, 1), keys // max(nodes, 1)])


def remove_self_loops(edges: Edges) -> Int[Array, "2 F"]:
    """Drop the edges that join a node to itself.

    Args:
        edges: source and target of each edge.
    """
    loops = edges[0] == edges[1]
    return edges[:, ~loops] if loops.any() else edges


def add_self_loops(edges: Edges, nodes: int) -> Int[Array, "2 F"]:
    """Give every node one loop, whether it had none, one or many.

    Args:
        edges: source and target of each edge.
        nodes: how many there are.

    >>> add_self_loops(np.array([[0, 1, 1], [1, 1, 1]]), 2)
    array([[0, 0, 1],
           [1, 0, 1]])
    """
    loops = np.tile(np.arange(nodes), (2, 1))
    others = remove_self_loops(edges).astype(np.int64, copy=False)
    return np.concatenate([others, loops], axis=1)


def degrees(edges: Edges, nodes: int) -> Int[Array, " N"]:
    """Count the edges into each node; a duplicate counts again.

    Args:
        edges: source and target of each edge.
        nodes: how many there are.

    Raises:
        ValueError: an edge names no node.
    """
    edges = check_indices("degrees", "edges", edges, nodes)
    return np.bincount(edges[1], minlength=nodes)


def laplacian(edges: Edges, nodes: int) -> Float[Array, "N N"]:
    """Compute the normalized Laplacian, dense: for small graphs.

    A node without edges has a row of zeros.

    Args:
        edges: source and target of each edge, both ways.
        nodes: how many there are.
    """
    edges = check_indices("laplacian", "edges", edges, nodes)
    entries = edges[1] * nodes + edges[0]
    a = np.bincount(entries, minlength=nodes**2).reshape(nodes, nodes)
    d = a.sum(axis=1)
    scale = np.where(d > 0, 1 / np.sqrt(np.maximum(d, 1)), 0)
    return np.diag((d > 0).astype(float)) - scale[:, None] * a * scale


def dirichlet_energy(x: Float[Array, "N D"], edges: Edges) -> float:
    """Compute the Dirichlet energy: how much neighbors differ (graphs.4).

    Args:
        x: features.
        edges: both ways; loops add nothing but count in the degrees.
    """
    x = floats(x)
    d = degrees(edges, len(x)).astype(x.dtype)
    scaled = x / np.sqrt(np.maximum(d, 1))[:, None]
    apart = gather(scaled, edges[0])[0] - gather(scaled, edges[1])[0]
    return float((apart * apart).sum()) / 2


def wl_refine(colors: Int[Array, " N"], edges: Edges) -> Int[Array, " N"]:
    """Refine colors by Weisfeiler-Leman: own color and neighbors' multiset.

    One step of Weisfeiler and Leman. Equal (color, multiset) pairs get equal
    new colors, numbered by their first node.

    Args:
        colors: one whole number a node.
        edges: source and target of each edge.

    >>> wl_refine(np.zeros(3, int), np.array([[0, 1, 1, 2], [1, 0, 2, 1]]))
    array([0, 1, 0])
    """
    N = len(colors)
    edges = check_indices("wl_refine", "edges", edges, N)
    order = np.lexsort((colors[edges[0]], edges[1]))
    ends = np.cumsum(np.bincount(edges[1], minlength=N))[:-1]
    around = np.split(colors[edges[0]][order], ends)
    seen: dict[tuple, int] = {}
    signs = [
        (int(c), *map(int, near))
        for c, near in zip(colors, around, strict=True)
    ]
    return np.array([seen.setdefault(s, len(seen)) for s in signs], np.int64)


def shortest_path_lengths(
    start: Sequence[int], edges: Edges, nodes: int
) -> Int[Array, " N"]:
    """Compute shortest path lengths from any of these nodes; -1 if none.

    Args:
        start: nodes from which to count.
        edges: source and target of each edge.
        nodes: how many there are.
    """
    edges = check_indices("shortest_path_lengths", "edges", edges, nodes)
    far = np.full(nodes, -1)
    far[list(start)] = 0
    for step in range(1, nodes):
        reached = edges[1][far[edges[0]] == step - 1]
        reached = reached[far[reached] < 0]
        if len(reached) == 0:
            break
        far[reached] = step
    return far
