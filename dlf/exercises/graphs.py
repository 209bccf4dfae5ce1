"""Exercises of the chapter on graphs, with their solutions."""

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray


def weight_in_a_path() -> float:
    """One over the root of (1 + 1) times (2 + 1), loops counted."""
    return (2 * 3) ** -0.5


def segment_mean(m: Array, index: Array, nodes: int) -> Array:
    """Add up, count, divide; nobody divides by zero."""
    y = np.stack([np.bincount(index, c, nodes) for c in m.T], axis=1)
    return y / np.maximum(np.bincount(index, minlength=nodes), 1)[:, None]


def segment_max_gradient(m: Array, index: Array, y: Array, dy: Array) -> Array:
    """The cotangent goes to the message that won; others changed nothing."""
    return np.where(m == y[index], dy[index], 0.0)


def look_alike(a: Array, b: Array, nodes: int) -> bool:
    """Refine the colours of both graphs together; compare how many of each."""
    edges = np.concatenate([a, b + nodes], axis=1)
    colours = np.zeros(2 * nodes, int)
    for _ in range(nodes):
        signs = [
            (colours[v], *sorted(colours[edges[0, edges[1] == v]]))
            for v in range(2 * nodes)
        ]
        numbers = {sign: n for n, sign in enumerate(sorted(set(signs)))}
        colours = np.array([numbers[sign] for sign in signs])
    return sorted(colours[:nodes]) == sorted(colours[nodes:])


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
    """Centre the rows, then divide by the root of their mean square norm."""
    h = h - h.mean(axis=0)
    return h / np.sqrt((h**2).sum(axis=1).mean())


def _tree(nodes: int, rng: np.random.Generator) -> Array:
    pairs = np.array([(n, int(rng.integers(n))) for n in range(1, nodes)]).T
    return np.concatenate([pairs, pairs[::-1]], axis=1)


def _connected(rng: np.random.Generator) -> tuple[Array, int]:
    nodes = int(rng.integers(4, 9))
    return _tree(nodes, rng), nodes


def _rings(*lengths: int) -> Array:
    """Rings side by side, both ways round."""
    pairs, begin = [], 0
    for n in lengths:
        i = begin + np.arange(n)
        pairs.append(np.stack([i, begin + (np.arange(n) + 1) % n]))
        begin += n
    both = np.concatenate(pairs, axis=1)
    return np.concatenate([both, both[::-1]], axis=1)


def _two_graphs(rng: np.random.Generator) -> tuple[Array, Array, int]:
    """Rings of other lengths, two trees, or two with equal degrees."""
    kind = int(rng.integers(3))
    if kind == 0:
        a, b = _rings(8), _rings(5, 3)
    elif kind == 1:
        a, b = _tree(8, rng), _tree(8, rng)
    else:
        a, b = (_twig(int(at)) for at in rng.integers(1, 4, size=2))
    return rng.permutation(8)[a], rng.permutation(8)[b], 8


def _twig(at: int) -> Array:
    """Seven nodes in a row, and an eighth tied to one of them."""
    row = np.stack([np.arange(7), np.append(np.arange(1, 7), at)])
    row[0, 6] = 7
    return np.concatenate([row, row[::-1]], axis=1)


def _by_degrees(a: Array, b: Array, nodes: int) -> bool:
    count = [sorted(np.bincount(e[1], minlength=nodes)) for e in (a, b)]
    return count[0] == count[1]


def _sent(rng: np.random.Generator) -> tuple[Array, Array, int]:
    return rng.normal(size=(9, 2)), rng.integers(5, size=9), 6


def _won(rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    m, index = rng.normal(size=(9, 2)), np.append(np.arange(4), [0, 1, 1, 2, 0])
    y = np.stack([m[index == v].max(axis=0) for v in range(4)])
    return m, index, y, rng.normal(size=(4, 2))


EXERCISES = (
    Exercise(
        "graphs-1",
        weight_in_a_path(),
        wrong=(1 / 3, 1 / 2, 2**-0.5, 6.0),
    ),
    Exercise(
        "graphs-2",
        segment_mean,
        draw=_sent,
        wrong=(
            lambda m, i, n: np.stack(
                [np.bincount(i, c, n) for c in m.T], axis=1
            ),
            lambda m, i, n: segment_mean(m, i, n)[: i.max() + 1],
            lambda m, i, n: segment_mean(m, i, n) * len(m) / n,
        ),
    ),
    Exercise(
        "graphs-3",
        segment_max_gradient,
        draw=_won,
        wrong=(
            lambda m, i, y, dy: dy[i],
            lambda m, i, y, dy: np.where(m == y[i], 1.0, 0.0),
            lambda m, i, y, dy: np.where(m == m.max(axis=0), dy[i], 0.0),
        ),
    ),
    Exercise(
        "graphs-4",
        look_alike,
        draw=_two_graphs,
        wrong=(
            _by_degrees,
            lambda a, b, n: a.shape == b.shape,
            lambda a, b, n: False,
            lambda a, b, n: (
                sorted(a[0]) == sorted(b[0])
                and {*map(tuple, a.T)} == {*map(tuple, b.T)}
            ),
        ),
    ),
    Exercise(
        "graphs-5",
        layers_to_hear_all,
        draw=_connected,
        wrong=(
            lambda edges, nodes: nodes,
            lambda edges, nodes: nodes - 1,
            lambda edges, nodes: layers_to_hear_all(edges, nodes) + 1,
            lambda edges, nodes: int(np.bincount(edges[0]).max()),
        ),
    ),
    Exercise(
        "graphs-6",
        pair_norm,
        draw=lambda rng: (rng.normal(size=(6, 3)) + rng.normal(size=3),),
        wrong=(
            lambda h: h / np.sqrt((h**2).sum(axis=1).mean()),
            lambda h: (h - h.mean(axis=0)) / h.std(axis=0),
            lambda h: (h - h.mean(axis=0)) / np.sqrt((h**2).mean()),
            lambda h: h - h.mean(axis=0),
        ),
    ),
)
