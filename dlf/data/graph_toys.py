"""Graphs whose truth is known: planted motifs, communities, noise, molecules.

Edges have two rows, source and target, and stand there both ways, sorted by
target.
Source: motifs on random trees after Luo et al. (2020), Parameterized Explainer
for Graph Neural Network (BA-2Motifs), with trees in place of denser graphs;
communities after Holland, Laskey & Leinhardt (1983), Stochastic blockmodels.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from dlf.data.core import Array, Real

HOUSE = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 0), (1, 4))
BASKET = ((0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4))
MOTIFS = (BASKET, HOUSE)  # equal in nodes, edges and degrees


class Graphs(NamedTuple):
    """Many small graphs side by side, as one graph that falls apart.

    ``graph`` says to which each node belongs, ``y`` is a label a graph, and
    ``planted`` marks the edges that decide it.
    """

    x: Float[Array, "N D"]
    edges: Int[Array, "2 E"]
    graph: Int[Array, " N"]
    y: Int[Array, " G"]
    planted: Bool[Array, " E"]

    def __repr__(self) -> str:
        parts = (f"{k}: {a.dtype} {a.shape}" for k, a in self._asdict().items())
        return f"Graphs({', '.join(parts)})"


def molecules() -> list[tuple[Int[Array, "2 E"], Float[Array, "10 2"]]]:
    """Give decalin and bicyclopentyl: bonds both ways, and places to draw.

    Color refinement (Weisfeiler & Leman) cannot tell the two apart.
    """
    six, five = (_polygon(n) for n in (6, 5))
    half = 3**0.5 / 2
    drawn = (
        (
            [*_ring(0, 1, 2, 3, 4, 5), *_ring(0, 5, 6, 7, 8, 9)[1:]],
            [six(-half, 30), six(half, 150)[2:]],
        ),
        (
            [*_ring(0, 1, 2, 3, 4), *_ring(5, 6, 7, 8, 9), (0, 5)],
            [five(-1.35, 0), five(1.35, 180)],
        ),
    )
    found = []
    for bonds, places in drawn:
        both = np.array([*bonds, *(b[::-1] for b in bonds)]).T
        order = np.lexsort(both)
        found.append((both[:, order], np.concatenate(places)))
    return found


def _ring(*nodes: int) -> list[tuple[int, int]]:
    return list(zip(nodes, (*nodes[1:], nodes[0]), strict=True))


def _polygon(count: int) -> Callable[[float, int], Array]:
    """Give corners of a polygon of side one, by center and first angle."""
    size = 0.5 / np.sin(np.pi / count)

    def corners(x: float, turn: int) -> Array:
        angle = np.deg2rad(turn + 360 / count * np.arange(count))
        at = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return (x, 0) + size * at

    return corners


def motif(kind: int, rng: np.random.Generator) -> tuple[Array, int]:
    """Grow a tree of 8 to 14 nodes and tie a basket (0) or a house (1) to it.

    Args:
        kind: 0 for a basket, 1 for a house.
        rng: draws the tree and where the motif is tied to it.

    Returns:
        The undirected edges, those of the motif first, and how many nodes.

    Raises:
        ValueError: the kind is neither.
    """
    if kind not in (0, 1):
        raise ValueError(
            f"motif: `kind` must be 0, a basket, or 1, a house; got {kind}"
        )
    tree = int(rng.integers(8, 15))
    parents = [(n, int(rng.integers(n))) for n in range(1, tree)]
    tie = (int(rng.integers(tree)) + 5, 0)
    return np.array(
        [*MOTIFS[kind], tie, *((a + 5, b + 5) for a, b in parents)]
    ), tree + 5


def motifs(
    count: int, rng: np.random.Generator, dtype: Real = np.float64
) -> Graphs:
    """Draw graphs with a basket or a house in them, in equal numbers.

    The nodes have no features but a one, so that only the edges can tell.
    Which numbers the nodes of a graph have is random.

    Args:
        count: of graphs.
        rng: draws trees, ties and the nodes' numbers.
        dtype: of the features.

    Raises:
        ValueError: the count is negative.
    """
    if count < 0:
        raise ValueError(f"motifs: `count` must not be negative; got {count}")
    y = rng.permutation(np.arange(count) % 2)
    none = np.zeros(0, np.int64)
    edges, graph, planted = [none.reshape(0, 2)], [none], [none > 0]
    begin = 0
    for g, kind in enumerate(y):
        pairs, nodes = motif(int(kind), rng)
        mine = np.arange(len(pairs)) < len(MOTIFS[kind])
        pairs = begin + rng.permutation(nodes)[pairs]
        edges += [pairs, pairs[:, ::-1]]
        planted += [mine, mine]
        graph.append(np.full(nodes, g))
        begin += nodes
    both, marked = np.concatenate(edges).T, np.concatenate(planted)
    order = np.lexsort(both)
    return Graphs(
        np.ones((begin, 1), dtype),
        both[:, order],
        np.concatenate(graph),
        y,
        marked[order],
    )


def communities(
    nodes: int,
    groups: int,
    inside: float,
    across: float,
    rng: np.random.Generator,
) -> tuple[Int[Array, "E 2"], Int[Array, " N"]]:
    """Join two nodes by chance, more likely within a group than across.

    Args:
        nodes: N.
        groups: of as equal a size as can be.
        inside: chance of an edge within a group, in 0..1.
        across: chance of an edge between groups, in 0..1.
        rng: draws the edges.

    Returns:
        The undirected edges, each once, and the group of each node.

    Raises:
        ValueError: a chance that is none.
    """
    if not (0 <= inside <= 1 and 0 <= across <= 1):
        raise ValueError(
            "communities: `inside` and `across` must lie in 0..1, because "
            f"they are chances; got {inside} and {across}"
        )
    group = np.arange(nodes) * groups // max(nodes, 1)
    i, j = np.triu_indices(nodes, 1)
    chance = np.where(group[i] == group[j], inside, across)
    there = rng.random(len(i)) < chance
    return np.stack([i[there], j[there]], axis=1), group


def noise(
    nodes: int, count: int, rng: np.random.Generator
) -> Int[Array, "2 E"]:
    """Draw directed edges between any two nodes, sorted by target.

    Args:
        nodes: that edges may join; an edge may lead from a node to itself.
        count: of edges, E; an edge may come twice.
        rng: draws the edges.

    Raises:
        ValueError: there are edges to draw and no node.
    """
    if nodes < 1 and count:
        raise ValueError(
            "noise: `nodes` must be 1 or more, because an edge has two ends; "
            f"got {nodes}"
        )
    edges = rng.integers(max(nodes, 1), size=(2, count))
    return edges[:, np.argsort(edges[1], kind="stable")]


def load(
    *,
    train: int = 200,
    validation: int = 100,
    test: int = 100,
    seed: int = 0,
    dtype: Real = np.float64,
) -> tuple[Graphs, Graphs, Graphs]:
    """Draw graphs with planted motifs to learn from, to choose by, to test.

    Args:
        train: graphs to learn from.
        validation: graphs to choose by.
        test: graphs to test on.
        seed: names the draw.
        dtype: of the features.

    >>> load(train=2, validation=0, test=1)[2].y
    array([0])
    """
    rng = np.random.default_rng(seed)
    a, b, c = (motifs(n, rng, dtype) for n in (train, validation, test))
    return a, b, c
