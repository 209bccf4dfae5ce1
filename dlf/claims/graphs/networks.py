"""Networks as sparse matrices, their random splits, and their rewiring.

    S = D^(-1/2) (A + I) D^(-1/2)

is what a graph convolution multiplies with; D counts the neighbours and the
node itself. Label propagation takes the same without the I. Features have rows
of sum one, as in the papers.
"""

import hashlib
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch
from jaxtyping import Float, Int
from torch import Tensor

Array = np.ndarray
ROUNDS = 20  # of rewiring; each proposes a swap to every edge
SIZES = {"karate": (2, 10, 20)}  # training nodes a class, validation, test


class Sparse:
    """A sparse matrix and its transpose, for products with a gradient."""

    def __init__(self, matrix: Any, dtype: str) -> None:
        self.m = sp.csr_matrix(matrix, dtype=dtype)
        order = np.arange(self.m.nnz)
        turned = sp.csr_matrix((order, *self.pattern(self.m)), self.m.shape)
        turned = turned.T.tocsr()
        self.order = turned.data
        self.t = sp.csr_matrix(
            (self.m.data[self.order], *self.pattern(turned)), turned.shape
        )

    @staticmethod
    def pattern(matrix: Any) -> tuple[Array, Array]:
        """Give the columns of the entries, and where each row begins."""
        return matrix.indices, matrix.indptr

    def times(self, h: Tensor, scale: Array | None = None) -> Tensor:
        """Multiply a dense matrix, each entry first scaled where asked."""
        m, t = self.m, self.t
        if scale is not None:
            values = m.data * scale
            m = sp.csr_matrix((values, *self.pattern(m)), m.shape)
            t = sp.csr_matrix((values[self.order], *self.pattern(t)), t.shape)
        return Product.apply(m, t, h)


class Product(torch.autograd.Function):
    """A sparse matrix times a dense one; the gradient is the dense one's."""

    @staticmethod
    def forward(ctx: Any, m: Any, t: Any, h: Tensor) -> Tensor:
        ctx.t = t
        return torch.from_numpy(m @ h.numpy())

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple:
        return None, None, torch.from_numpy(ctx.t @ dy.numpy())


@cache
def load(name: str) -> Any:
    """Load a network with features whose rows sum to one (or to zero)."""
    from dlf.data import citeseer, cora, karate, pubmed

    graph = {
        "cora": cora,
        "citeseer": citeseer,
        "pubmed": pubmed,
        "karate": karate,
    }[name].load()
    total = graph.x.sum(axis=1, keepdims=True)
    return graph._replace(x=graph.x / np.where(total == 0, 1, total))


def adjacency(edges: Int[Array, "E 2"], nodes: int, loops: bool) -> Any:
    """Normalise the adjacency, with a loop at each node or without."""
    i, j = np.concatenate([edges, edges[:, ::-1]]).T
    a = sp.csr_matrix((np.ones(len(i)), (i, j)), (nodes, nodes))
    a = a + sp.identity(nodes) if loops else a
    degree = np.asarray(a.sum(axis=1)).ravel()
    scale = sp.diags(1 / np.sqrt(np.maximum(degree, 1)))
    return (scale @ a @ scale).tocsr()


def rewire(
    edges: Int[Array, "E 2"], rng: np.random.Generator
) -> Int[Array, "E 2"]:
    """Swap the ends of random pairs of edges; every degree stays.

    A swap that would join a node to itself, or join two twice, is dropped.
    """
    edges = np.sort(edges, axis=1)
    nodes = int(edges.max()) + 1

    def key(e: Array) -> Array:
        return e.min(axis=1) * nodes + e.max(axis=1)

    for _ in range(ROUNDS):
        order = rng.permutation(len(edges))
        half = len(edges) // 2
        one, two = order[:half], order[half : 2 * half]
        flip = rng.random(half) < 0.5
        ends = np.where(flip[:, None], edges[two][:, ::-1], edges[two])
        new = np.stack(
            [
                np.stack([edges[one, 0], ends[:, 1]], axis=1),
                np.stack([ends[:, 0], edges[one, 1]], axis=1),
            ]
        )
        keys = np.concatenate([key(edges), key(new[0]), key(new[1])])
        _, where, count = np.unique(
            keys, return_inverse=True, return_counts=True
        )
        fresh = (count[where] == 1)[len(edges) :].reshape(2, half)
        fine = fresh & (new[:, :, 0] != new[:, :, 1])
        swap = fine.all(axis=0)
        edges[one[swap]], edges[two[swap]] = new[0][swap], new[1][swap]
    return np.sort(edges, axis=1)


def split(name: str, seed: int) -> tuple[Array, Array, Array]:
    """Split nodes at random: 20 a class to train, 500 and 1,000 (karate less).

    Nodes without a description take no part.
    """
    graph, rng = load(name), np.random.default_rng(seed)
    each, validation, test = SIZES.get(name, (20, 500, 1000))
    order = rng.permutation(np.flatnonzero(graph.x.any(axis=1)))
    train = np.concatenate(
        [order[graph.y[order] == c][:each] for c in np.unique(graph.y)]
    )
    rest = order[~np.isin(order, train)]
    return train, rest[:validation], rest[validation : validation + test]


def describe(name: str) -> dict[str, Any]:
    """Say for a record what these data are."""
    graph, h = load(name), hashlib.sha256()
    for a in (graph.x.astype("f4"), graph.y, graph.edges):
        h.update(np.ascontiguousarray(a).tobytes())
    each, validation, test = SIZES.get(name, (20, 500, 1000))
    return {
        "name": name,
        "sha256": h.hexdigest(),
        "n_train": each * len(np.unique(graph.y)),
        "n_val": validation,
        "n_test": test,
    }


def energy(h: Float[Array, "N D"], edges: Int[Array, "E 2"]) -> float:
    """Dirichlet energy of the features, as a fraction of their size.

    Sum over edges of |h_i / sqrt(1 + d_i) - h_j / sqrt(1 + d_j)|^2, over |h|^2.
    """
    degree = np.bincount(edges.ravel(), minlength=len(h))
    scaled = h / np.sqrt(1.0 + degree)[:, None]
    apart = ((scaled[edges[:, 0]] - scaled[edges[:, 1]]) ** 2).sum()
    size = (h**2).sum()
    return float(apart / size) if size else 0.0
