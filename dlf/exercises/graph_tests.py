"""Ways to tell two graphs apart, most of them weaker or stronger than asked."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray


def by_degrees(a: Array, b: Array, nodes: int) -> bool:
    """Compare how many nodes there are of each degree."""
    count = [sorted(np.bincount(e[1], minlength=nodes)) for e in (a, b)]
    return count[0] == count[1]


def by_spectrum(a: Array, b: Array, nodes: int) -> bool:
    """Tell graphs apart by their eigenvalues, which sees more."""
    spectra = []
    for edges in (a, b):
        adjacency = np.zeros((nodes, nodes))
        adjacency[edges[0], edges[1]] = 1
        spectra.append(np.linalg.eigvalsh(adjacency))
    return bool(np.allclose(*spectra))


def refined(edges: Array, nodes: int, rounds: int, names: dict) -> list:
    """Colors after some rounds, numbered by what is in `names` or joins it."""
    colors = [0] * nodes
    for _ in range(rounds):
        heard: list[list[int]] = [[] for _ in range(nodes)]
        for u, v in edges.T:
            heard[v].append(colors[u])
        signs = [(c, *sorted(h)) for c, h in zip(colors, heard, strict=True)]
        colors = [names.setdefault(sign, len(names) + 1) for sign in signs]
    return sorted(colors)


def after_rounds(rounds: int) -> Callable:
    """Compare the colors of both graphs after so many rounds."""

    def alike(a: Array, b: Array, nodes: int) -> bool:
        names: dict = {}
        of_a, of_b = (refined(e, nodes, rounds, names) for e in (a, b))
        return of_a == of_b

    return alike
