"""Four layers that pass messages: GCN, GraphSAGE, GIN and an MPNN.

    Y = D^(-1/2) (A + I) D^(-1/2) X w^T + b                        (graphs.7)
    y_v = w mean of x_u + v x_v + b                                (graphs.8)
    y_v = w2 relu(w1 ((1 + eps) x_v + sum of x_u) + b1) + b2       (graphs.9)
    y_v = w x_v + b + sum over e = (u, v) of (sum_k f_ek W_k) x_u  (graphs.10)

Sums and means run over the edges (u, v) into v. They commute with the matrices,
so each layer multiplies first and passes the narrower result on.
Source: Kipf & Welling (2017), eq. 2; Hamilton, Ying & Leskovec (2017),
algorithm 1; Xu et al. (2019), eq. 4.1; Gilmer et al. (2017), section 5.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.graphs.edges import remove_self_loops
from dlf.scratch.graphs.segments import check_indices, combine_segments
from dlf.scratch.reductions import sum_examples
from dlf.scratch.shapes import sizes

Array = np.ndarray
Nodes = Float[Array, "N O"]


def gcn(
    x: Float[Array, "N I"],
    w: Float[Array, "O I"],
    b: Float[Array, " O"],
    edges: Int[Array, "2 E"],
) -> tuple[Nodes, Callable]:
    """Apply graph convolution (GCN): averages weighed by degrees (graphs.7).

    D counts the edges into a node and one loop; loops among the edges count as
    that one. D^(-1/2) stands on both sides, never D^(-1) on one.

    Args:
        x: node features.
        w: weights.
        b: biases.
        edges: source and target of each edge.

    Returns:
        The rows, and ``vjp(dy, dx=True) -> (dx, dw, db)``; a first layer asks
        for no ``dx`` and gets None.

    Raises:
        ValueError: an edge names no node.

    Source: Kipf & Welling (2017), equation 2.
    """
    N, *_ = sizes(gcn, x, w, b, edges)
    edges = check_indices("gcn", "edges", edges, N)
    source, target = remove_self_loops(edges)
    degree = np.bincount(target, minlength=N) + 1
    scale = (1 / np.sqrt(degree)).astype(x.dtype)[:, None]

    def smooth(h: Array, source: Array, target: Array) -> Array:
        h = scale * h
        return scale * (h + combine_segments(h.take(source, axis=0), target, N))

    def vjp(dy: Nodes, dx: bool = True) -> tuple:
        dz = smooth(dy, target, source)
        return dz @ w if dx else None, dz.T @ x, sum_examples(dy)

    return smooth(x @ w.T, source, target) + b, vjp


def sage(
    x: Float[Array, "N I"],
    w: Float[Array, "O I"],
    v: Float[Array, "O I"],
    b: Float[Array, " O"],
    edges: Int[Array, "2 E"],
) -> tuple[Nodes, Callable]:
    """Apply GraphSAGE: map a node and its neighbors' mean apart (graphs.8).

    The mean over no neighbors is zero.

    Args:
        x: features.
        w: maps the mean.
        v: maps the node itself.
        b: bias.
        edges: a loop makes a node its own neighbor; a duplicate counts twice.

    Returns:
        The rows, and ``vjp(dy, dx=True) -> (dx, dw, dv, db)``.

    Raises:
        ValueError: an edge names no node.
    """
    N, *_ = sizes(sage, x, w, v, b, edges)
    edges = check_indices("sage", "edges", edges, N)
    source, target = edges
    degree = np.maximum(np.bincount(target, minlength=N), 1)
    scale = (1 / degree).astype(x.dtype)[:, None]
    near = combine_segments((x @ w.T).take(source, axis=0), target, N)

    def vjp(dy: Nodes, dx: bool = True) -> tuple:
        dz = combine_segments((scale * dy).take(target, axis=0), source, N)
        dw, dv, db = dz.T @ x, dy.T @ x, sum_examples(dy)
        return dz @ w + dy @ v if dx else None, dw, dv, db

    return scale * near + x @ v.T + b, vjp


def gin(
    x: Float[Array, "N I"],
    eps: Float[Array, "1"],
    w1: Float[Array, "H I"],
    b1: Float[Array, " H"],
    w2: Float[Array, "O H"],
    b2: Float[Array, " O"],
    edges: Int[Array, "2 E"],
) -> tuple[Nodes, Callable]:
    """Apply GIN: an MLP of the node, weighed, plus neighbors' sum (graphs.9).

    Args:
        x: node features.
        eps: what is added to 1 as the node's own weight.
        w1: weights of the hidden layer.
        b1: its biases.
        w2: weights of the output layer.
        b2: its biases.
        edges: source and target of each edge.

    Returns:
        The rows, and ``vjp(dy, dx=True) -> (dx, deps, dw1, db1, dw2, db2)``.

    Raises:
        ValueError: an edge names no node.
    """
    N, *_ = sizes(gin, x, eps, w1, b1, w2, b2, edges)
    edges = check_indices("gin", "edges", edges, N)
    source, target = edges
    z = x @ w1.T
    near = combine_segments(z.take(source, axis=0), target, N)
    a = np.maximum((1 + eps) * z + near + b1, 0)

    def vjp(dy: Nodes, dx: bool = True) -> tuple:
        ds = (dy @ w2) * (a > 0)
        deps = (ds * z).sum(keepdims=True).reshape(1)
        dz = (1 + eps) * ds + combine_segments(
            ds.take(target, axis=0), source, N
        )
        dw1, db1 = dz.T @ x, sum_examples(ds)
        dw2, db2 = dy.T @ a, sum_examples(dy)
        return dz @ w1 if dx else None, deps, dw1, db1, dw2, db2

    return a @ w2.T + b2, vjp


def mpnn(
    x: Float[Array, "N I"],
    f: Float[Array, "E K"],
    u: Float[Array, "K O I"],
    w: Float[Array, "O I"],
    b: Float[Array, " O"],
    edges: Int[Array, "2 E"],
) -> tuple[Nodes, Callable]:
    """Apply an edge-conditioned MPNN: edges give the matrices (graphs.10).

    Args:
        x: features of the nodes.
        f: features of the edges, such as the kind of a bond.
        u: a matrix for each feature of an edge; an edge's is their mixture.
        w: maps the node itself.
        b: bias.
        edges: loops and duplicates are edges like others.

    Returns:
        The rows, and ``vjp(dy, dx=True) -> (dx, df, du, dw, db)``.

    Raises:
        ValueError: an edge names no node.
    """
    N, I, E, K, O = sizes(mpnn, x, f, u, w, b, edges)
    edges = check_indices("mpnn", "edges", edges, N)
    source, target = edges
    z = (x @ u.reshape(K * O, I).T).take(source, axis=0).reshape(E, K, O)
    m = (f[:, :, None] * z).sum(axis=1)

    def vjp(dy: Nodes, dx: bool = True) -> tuple:
        dm = dy.take(target, axis=0)[:, None, :]
        dz = (f[:, :, None] * dm).reshape(E, K * O)
        dz = combine_segments(dz, source, N)
        du, dw, db = (dz.T @ x).reshape(K, O, I), dy.T @ x, sum_examples(dy)
        back = dz @ u.reshape(K * O, I) + dy @ w if dx else None
        return back, np.vecdot(z, dm), du, dw, db

    return combine_segments(m, target, N) + x @ w.T + b, vjp
