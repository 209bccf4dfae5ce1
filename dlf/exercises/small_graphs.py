"""Edges of small graphs: two rows, every edge both ways round."""

import numpy as np

Array = np.ndarray


def tree(nodes: int, rng: np.random.Generator) -> Array:
    """Tie every node but the first to one before it."""
    pairs = np.array([(n, int(rng.integers(n))) for n in range(1, nodes)]).T
    return np.concatenate([pairs, pairs[::-1]], axis=1)


def rings(*lengths: int) -> Array:
    """Rings side by side, both ways round."""
    pairs, begin = [], 0
    for n in lengths:
        i = begin + np.arange(n)
        pairs.append(np.stack([i, begin + (np.arange(n) + 1) % n]))
        begin += n
    both = np.concatenate(pairs, axis=1)
    return np.concatenate([both, both[::-1]], axis=1)


def twig(at: int, row: int = 7) -> Array:
    """Nodes in a row, and one more that is tied to one of them."""
    edges = np.stack([np.arange(row), np.append(np.arange(1, row), at)])
    edges[0, row - 1] = row
    return np.concatenate([edges, edges[::-1]], axis=1)


def path(nodes: int) -> Array:
    """Nodes in a row."""
    row = np.stack([np.arange(nodes - 1), np.arange(1, nodes)])
    return np.concatenate([row, row[::-1]], axis=1)


def complete(*sizes: int) -> Array:
    """Complete graphs side by side."""
    block = np.repeat(np.arange(len(sizes)), sizes)
    linked = (block[:, None] == block) & ~np.eye(len(block), dtype=bool)
    return np.stack(np.nonzero(linked))
