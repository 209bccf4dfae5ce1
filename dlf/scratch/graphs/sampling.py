"""Neighbor sampling: a batch of nodes, and a few of those they listen to.

A node's output after L layers depends on everything L edges away. Keep at most
k_l neighbors a node and layer, drawn without replacement, and a batch of B
nodes reads at most B (1 + k_1) (1 + k_2) ... rows, whatever the graph's size.
The mean over such a draw is, on average, the mean over all neighbors.
Source: Hamilton, Ying & Leskovec (2017), Inductive Representation Learning on
Large Graphs, section 3.1 and algorithm 2.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

from dlf.scratch.graphs.segments import check_indices, sort_by_segment

Array = np.ndarray
Block = tuple[Int[Array, " M"], Int[Array, "2 F"], int]


def to_csr(
    edges: Int[Array, "2 E"], nodes: int
) -> tuple[Int[Array, " N1"], Int[Array, " E"]]:
    """Store edges by target (CSR): where each begins, and the sources.

    The neighbors of v are ``source[start[v]:start[v + 1]]``.

    Args:
        edges: source and target of each edge.
        nodes: how many there are.

    Raises:
        ValueError: an edge names no node.

    >>> to_csr(np.array([[0, 2, 1], [1, 1, 0]]), 3)
    (array([0, 1, 3, 3]), array([1, 0, 2]))
    """
    edges = check_indices("to_csr", "edges", edges, nodes)
    source, target = edges
    order = sort_by_segment(target, nodes)
    count = np.bincount(target, minlength=nodes)
    start = np.concatenate([[0], np.cumsum(count)])
    return start, source if order is None else source[order]


def sample_neighbors(
    start: Int[Array, " N1"],
    source: Int[Array, " E"],
    nodes: Int[Array, " T"],
    fanout: int,
    rng: np.random.Generator,
) -> Int[Array, "2 M"]:
    """Draw up to ``fanout`` distinct edges into each of these nodes.

    Args:
        start: as `compress` gives it.
        source: likewise.
        nodes: whose neighbors are drawn; the edges' targets are positions
            here, their sources numbers of nodes.
        fanout: -1 takes all.
        rng: gives every edge a ticket; a node keeps its lowest.

    Raises:
        ValueError: a node that is none, or a fan-out below -1.
    """
    nodes = check_indices("sample_neighbors", "nodes", nodes, len(start) - 1)
    if fanout < -1:
        raise ValueError(
            "sample_neighbors: `fanout` must be -1 (all) or more, because it "
            f"counts neighbors; got {fanout}"
        )
    count = start[nodes + 1] - start[nodes]
    target = np.repeat(np.arange(len(nodes)), count)
    first = np.cumsum(count) - count
    place = np.arange(len(target)) - first[target]
    at = start[nodes][target] + place
    if fanout >= 0:
        order = np.lexsort((rng.random(len(at)), target))
        at, keep = at[order], place < fanout
        at, target = at[keep], target[keep]
    return np.stack([source[at].astype(np.int64, copy=False), target])


def blocks(
    start: Int[Array, " N1"],
    source: Int[Array, " E"],
    batch: Int[Array, " B"],
    fanouts: Sequence[int],
    rng: np.random.Generator,
) -> list[Block]:
    """Draw what a batch needs, layer by layer, the first layer first.

    Args:
        start: as `compress` gives it.
        source: likewise.
        batch: distinct nodes whose outputs are wanted.
        fanouts: of the first layer, the second, …
        rng: draws.

    Returns:
        For each layer: the nodes it reads, edges among their positions, and
        how many of them, the first, it writes. What a layer writes, the next
        one reads.

    Raises:
        ValueError: see `draw`; or a node stands twice in the batch.
    """
    batch = check_indices("blocks", "batch", batch, len(start) - 1)
    if len(np.unique(batch)) < len(batch):
        raise ValueError(
            "blocks: `batch` must hold distinct nodes, because each has one "
            f"row; got {len(batch)} of which {len(np.unique(batch))} differ"
        )
    found: list[Block] = []
    for fanout in reversed(fanouts):
        edges = sample_neighbors(start, source, batch, fanout, rng)
        fresh = np.setdiff1d(edges[0], batch)
        reads = np.concatenate([batch, fresh])
        order = np.argsort(reads, kind="stable")
        edges[0] = order[np.searchsorted(reads, edges[0], sorter=order)]
        found.insert(0, (reads, edges, len(batch)))
        batch = reads
    return found
