"""Exercises of the chapter on graphs, with their solutions."""

import math

import numpy as np

from dlf.exercises.core import Exercise
from dlf.exercises.graph_tests import (
    after_rounds,
    by_degrees,
    by_spectrum,
    refined,
)
from dlf.exercises.small_graphs import complete, path, rings, tree, twig

Array = np.ndarray


def weight_in_a_path() -> float:
    """One over the root of (1 + 1) times (2 + 1), loops counted."""
    return (2 * 3) ** -0.5


def segment_mean(m: Array, index: Array, nodes: int) -> Array:
    """Add up, count, divide; nobody divides by zero."""
    y = np.stack([np.bincount(index, c, nodes) for c in m.T], axis=1)
    return y / np.maximum(np.bincount(index, minlength=nodes), 1)[:, None]


def segment_max_gradient(m: Array, index: Array, y: Array, dy: Array) -> Array:
    """Pull back a maximum: the cotangent goes to the message that won."""
    return np.where(m == y[index], dy[index], 0.0)


def look_alike(a: Array, b: Array, nodes: int) -> bool:
    """Refine the colors of both graphs together; compare how many of each."""
    edges = np.concatenate([a, b + nodes], axis=1)
    colors = np.zeros(2 * nodes, int)
    for _ in range(nodes):
        signs = [
            (colors[v], *sorted(colors[edges[0, edges[1] == v]]))
            for v in range(2 * nodes)
        ]
        numbers = {sign: n for n, sign in enumerate(sorted(set(signs)))}
        colors = np.array([numbers[sign] for sign in signs])
    return sorted(colors[:nodes]) == sorted(colors[nodes:])


def layers_to_hear_all(edges: Array, nodes: int) -> int:
    """Let every node pass on what it has heard until all have heard all."""
    heard, layers = np.eye(nodes, dtype=bool), 0
    while not heard.all():
        before = heard.copy()
        for u, v in edges.T:
            heard[v] |= before[u]
        layers += 1
    return layers


def pair_norm(h: Array) -> Array:
    """Center the rows, then divide by the root of their mean square norm."""
    h = h - h.mean(axis=0)
    return h / np.sqrt((h**2).sum(axis=1).mean())


def _connected(rng: np.random.Generator) -> tuple[Array, int]:
    nodes = int(rng.integers(4, 9))
    return tree(nodes, rng), nodes


def _two_graphs(rng: np.random.Generator) -> tuple[Array, Array, int]:
    """Rings of other lengths, two trees, or two with equal degrees."""
    kind = int(rng.integers(3))
    if kind == 0:
        a, b = rings(8), rings(5, 3)
    elif kind == 1:
        a, b = tree(8, rng), tree(8, rng)
    else:
        a, b = (twig(int(at)) for at in rng.integers(1, 4, size=2))
    return rng.permutation(8)[a], rng.permutation(8)[b], 8


def _breadth_first(edges: Array, nodes: int) -> int:
    """Return the largest distance, found from every node in turn."""
    farthest = 0
    for start in range(nodes):
        distance, front = {start: 0}, [start]
        while front:
            node = front.pop(0)
            for v in edges[1, edges[0] == node].tolist():
                if v not in distance:
                    distance[v] = distance[node] + 1
                    front.append(v)
        farthest = max(farthest, *distance.values())
    return farthest


def _from_node_0(edges: Array, nodes: int) -> int:
    heard, layers = np.arange(nodes) == 0, 0
    while not heard.all():
        heard[edges[1, heard[edges[0]]]] = True
        layers += 1
    return layers


def _sent(rng: np.random.Generator) -> tuple[Array, Array, int]:
    return rng.normal(size=(9, 2)), rng.integers(5, size=9), 6


def _won(rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    m, index = rng.normal(size=(9, 2)), np.append(np.arange(4), [0, 1, 1, 2, 0])
    y = np.stack([m[index == v].max(axis=0) for v in range(4)])
    return m, index, y, rng.normal(size=(4, 2))


def _sums(m: Array, index: Array, nodes: int) -> Array:
    y = np.zeros((nodes, m.shape[1]))
    np.add.at(y, index, m)
    return y


def _pair_norm_in_place(h: Array) -> Array:
    h -= h.mean(axis=0)
    h *= np.sqrt(len(h)) / np.linalg.norm(h)
    return h


EXERCISES = (
    Exercise(
        "graphs-1",
        weight_in_a_path(),
        wrong=(1 / 3, 1 / 2, 2**-0.5, 3**-0.5, 1 / 6, 6.0, np.nan),
        right=(0.40825, 0.408, np.float32(6**-0.5)),
        rtol=1e-3,
    ),
    Exercise(
        "graphs-2",
        segment_mean,
        draw=_sent,
        edges=(
            (np.array([[1.0, 2], [3, 6]]), np.array([1, 1]), 3),
            (np.array([[5.0]]), np.array([0]), 1),
            (np.zeros((0, 2)), np.zeros(0, int), 2),
        ),
        wrong=(
            _sums,
            lambda m, i, n: segment_mean(m, i, n)[: i.max(initial=0) + 1],
            lambda m, i, n: segment_mean(m, i, n) * len(m) / n,
            lambda m, i, n: _sums(m, i, n) / np.bincount(i, None, n)[:, None],
            lambda m, i, n: _sums(m, i, n) / len(m),
            lambda m, i, n: (
                _sums(m, i, n) / (np.bincount(i, None, n)[:, None] + 1)
            ),
            lambda m, i, n: segment_mean(m, i, n)[i],
        ),
        right=(
            lambda m, i, n: (
                _sums(m, i, n) / np.maximum(np.bincount(i, None, n), 1)[:, None]
            ),
            lambda m, i, n: np.array(
                [
                    m[i == v].mean(axis=0) if v in i else [0.0] * m.shape[1]
                    for v in range(n)
                ]
            ),
            lambda m, i, n: (
                ((w := np.eye(n)[i]) / np.maximum(w.sum(axis=0), 1)).T @ m
            ),
        ),
    ),
    Exercise(
        "graphs-3",
        segment_max_gradient,
        draw=_won,
        edges=(
            (np.ones((1, 1)), np.zeros(1, int), np.ones((1, 1)), -np.eye(1)),
            (
                np.array([[1.0, 9], [3, 4], [-5, -6]]),
                np.array([0, 0, 1]),
                np.array([[3.0, 9], [-5, -6]]),
                np.array([[1.0, 2], [3, 4]]),
            ),
        ),
        wrong=(
            lambda m, i, y, dy: dy[i],
            lambda m, i, y, dy: np.where(m == y[i], 1.0, 0.0),
            lambda m, i, y, dy: np.where(m == m.max(axis=0), dy[i], 0.0),
            lambda m, i, y, dy: dy[i] * m / y[i],
            lambda m, i, y, dy: np.where(m == y[i], m * dy[i], 0.0),
            lambda m, i, y, dy: np.where(
                (m == y[i]).any(axis=1, keepdims=True), dy[i], 0.0
            ),
            lambda m, i, y, dy: np.where(m == y[i], dy[i], 0.0) / len(m),
            lambda m, i, y, dy: np.where(m < y[i], dy[i], 0.0),
        ),
        right=(
            lambda m, i, y, dy: (m == y[i]) * dy[i],
            lambda m, i, y, dy: [
                [
                    dy[v, k] if m[e, k] >= y[v, k] else 0
                    for k in range(len(dy.T))
                ]
                for e, v in enumerate(i)
            ],
            lambda m, i, y, dy: np.where(np.isclose(m, y[i]), dy[i], 0),
        ),
    ),
    Exercise(
        "graphs-4",
        look_alike,
        draw=_two_graphs,
        edges=(
            (rings(8), rings(5, 3), 8),
            (rings(8), complete(4, 4), 8),
            (twig(1), twig(2), 8),
            (twig(2), twig(3), 8),
            (twig(5, 13), twig(6, 13), 14),
            (twig(1), 7 - twig(1), 8),
            (path(3), np.array([[0, 1], [1, 0]]), 3),
        ),
        wrong=(
            by_degrees,
            after_rounds(1),
            after_rounds(2),
            after_rounds(3),
            by_spectrum,
            lambda a, b, n: refined(a, n, n, {}) == refined(b, n, n, {}),
            lambda a, b, n: a.shape == b.shape,
            lambda a, b, n: True,
            lambda a, b, n: False,
            lambda a, b, n: not look_alike(a, b, n),
            lambda a, b, n: (
                sorted(a[0]) == sorted(b[0])
                and {*map(tuple, a.T)} == {*map(tuple, b.T)}
            ),
        ),
        right=(
            after_rounds(14),
            lambda a, b, n: np.bool_(after_rounds(n)(b, a, n)),
        ),
    ),
    Exercise(
        "graphs-5",
        layers_to_hear_all,
        draw=_connected,
        edges=(
            (path(2), 2),
            (np.roll(np.arange(6), 3)[path(6)], 6),  # node 0 in the middle
            (rings(7), 7),
            (complete(5), 5),
        ),
        wrong=(
            lambda edges, nodes: nodes,
            lambda edges, nodes: nodes - 1,
            lambda edges, nodes: layers_to_hear_all(edges, nodes) + 1,
            lambda edges, nodes: layers_to_hear_all(edges, nodes) - 1,
            lambda edges, nodes: int(np.bincount(edges[0]).max()),
            _from_node_0,
            lambda edges, nodes: edges.shape[1] // 2,
            lambda edges, nodes: math.ceil(math.log2(nodes)),
        ),
        right=(
            _breadth_first,
            lambda edges, nodes: np.float64(_breadth_first(edges, nodes)),
        ),
    ),
    Exercise(
        "graphs-6",
        pair_norm,
        draw=lambda rng: (rng.normal(size=(6, 3)) + rng.normal(size=3),),
        edges=(
            (np.array([[1.0], [3.0]]),),
            (np.array([[1.0, 7], [3, 7], [-4, 7], [8, 7]]),),
            (np.array([[0.01, 0.5], [0.03, -0.5]]),),
        ),
        wrong=(
            lambda h: h / np.sqrt((h**2).sum(axis=1).mean()),
            lambda h: (h - h.mean(axis=0)) / h.std(axis=0),
            lambda h: (h - h.mean(axis=0)) / np.sqrt((h**2).mean()),
            lambda h: h - h.mean(axis=0),
            lambda h: pair_norm(h) / np.sqrt(len(h)),
            lambda h: pair_norm(h) * np.sqrt(h.shape[1]),
            lambda h: (
                pair_norm(h)
                / np.linalg.norm(pair_norm(h), axis=1, keepdims=True)
            ),
            lambda h: (
                (h - h.mean())
                / np.sqrt(((h - h.mean()) ** 2).sum(axis=1).mean())
            ),
        ),
        right=(
            _pair_norm_in_place,
            lambda h: (
                (c := h - sum(h) / len(h))
                / (sum(row @ row for row in c) / len(c)) ** 0.5
            ),
        ),
    ),
)
