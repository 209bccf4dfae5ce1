"""Attention over neighbors: GAT, and GATv2, which changes two brackets.

    y_v = b + sum of p_uv W x_u,   p_uv = softmax over u of s_uv
    GAT:    s_uv = leaky(a_to . W x_v + a_from . W x_u)            (graphs.12)
    GATv2:  s_uv = a . leaky(W_to x_v + W_from x_u)                (graphs.14)

u runs over the neighbors of v and v itself; the softmax is (graphs.11). Each
head has vectors of its own, and heads stand side by side.
Source: Veličković et al. (2018), equations 1-5; Brody, Alon & Yahav (2022),
equation 7.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.activations.elementwise import leaky_relu
from dlf.scratch.graphs.edges import add_self_loops
from dlf.scratch.graphs.segments import (
    check_indices,
    combine_segments,
    segment_softmax,
    sort_by_segment,
)
from dlf.scratch.reductions import sum_examples
from dlf.scratch.shapes import sizes

Array = np.ndarray


def gat(
    x: Float[Array, "N I"],
    w: Float[Array, "O I"],
    a_from: Float[Array, "H F"],
    a_to: Float[Array, "H F"],
    b: Float[Array, " O"],
    edges: Int[Array, "2 E"],
    negative_slope: float = 0.2,
) -> tuple[Float[Array, "N O"], Callable]:
    """Apply graph attention (GAT): scores are sums of two (graphs.12).

    Args:
        x: features.
        w: maps them, for all heads at once.
        a_from: scores the node that sends, a vector a head.
        a_to: scores the node that receives.
        b: bias.
        edges: loops are dropped, then every node gets one.
        negative_slope: of the leaky bend.

    Returns:
        The rows, and ``vjp(dy, dx=True) -> (dx, dw, da_from, da_to, db)``.

    Raises:
        ValueError: an edge names no node, or heads do not fill the rows of w.
    """
    N, _, O, H, F, _ = sizes(gat, x, w, a_from, a_to, b, edges)
    _fits("gat", "w", O, H, F)
    edges = check_indices("gat", "edges", edges, N)
    source, target = _by_target(edges, N)
    z = (x @ w.T).reshape(N, H, F)
    sent, received = _dot_heads(z, a_from), _dot_heads(z, a_to)
    s = sent.take(source, axis=0) + received.take(target, axis=0)
    s, pull_leak = leaky_relu(s, negative_slope)
    p, pull_softmax = segment_softmax(s, target, N)
    near = z.take(source, axis=0)
    y = combine_segments((p[:, :, None] * near).reshape(-1, O), target, N)

    def vjp(dy: Float[Array, "N O"], dx: bool = True) -> tuple:
        dm = dy.take(target, axis=0).reshape(-1, H, F)
        ds = pull_leak(pull_softmax(_dot_heads(near, dm)))
        dsent = combine_segments(ds, source, N)
        dreceived = combine_segments(ds, target, N)
        dz = combine_segments((p[:, :, None] * dm).reshape(-1, O), source, N)
        dz += (dsent[:, :, None] * a_from).reshape(N, O)
        dz += (dreceived[:, :, None] * a_to).reshape(N, O)
        da = [_sum_heads(d[:, :, None] * z) for d in (dsent, dreceived)]
        return dz @ w if dx else None, dz.T @ x, *da, sum_examples(dy)

    return y + b, vjp


def gatv2(
    x: Float[Array, "N I"],
    w_from: Float[Array, "O I"],
    w_to: Float[Array, "O I"],
    a: Float[Array, "H F"],
    b: Float[Array, " O"],
    edges: Int[Array, "2 E"],
    negative_slope: float = 0.2,
) -> tuple[Float[Array, "N O"], Callable]:
    """Apply GATv2: the nonlinearity before the score's dot product (graphs.14).

    Args:
        x: features.
        w_from: maps the node that sends, for scores and messages.
        w_to: maps the node that receives, for scores alone.
        a: scores the bent sum, a vector a head.
        b: bias.
        edges: loops are dropped, then every node gets one.
        negative_slope: of the leaky bend.

    Returns:
        The rows, and ``vjp(dy, dx=True) -> (dx, dw_from, dw_to, da, db)``.

    Raises:
        ValueError: an edge names no node, or heads do not fill the rows of w.
    """
    N, _, O, H, F, _ = sizes(gatv2, x, w_from, w_to, a, b, edges)
    _fits("gatv2", "w_from", O, H, F)
    edges = check_indices("gatv2", "edges", edges, N)
    source, target = _by_target(edges, N)
    near = (x @ w_from.T).take(source, axis=0)
    bent, pull_leak = leaky_relu(
        near + (x @ w_to.T).take(target, axis=0), negative_slope
    )
    near, bent = near.reshape(-1, H, F), bent.reshape(-1, H, F)
    p, pull_softmax = segment_softmax(_dot_heads(bent, a), target, N)
    y = combine_segments((p[:, :, None] * near).reshape(-1, O), target, N)

    def vjp(dy: Float[Array, "N O"], dx: bool = True) -> tuple:
        dm = dy.take(target, axis=0).reshape(-1, H, F)
        ds = pull_softmax(_dot_heads(near, dm))[:, :, None]
        dsum = pull_leak((ds * a).reshape(-1, O))
        dfrom = combine_segments(
            dsum + (p[:, :, None] * dm).reshape(-1, O), source, N
        )
        dto = combine_segments(dsum, target, N)
        da, db = _sum_heads(ds * bent), sum_examples(dy)
        back = dfrom @ w_from + dto @ w_to if dx else None
        return back, dfrom.T @ x, dto.T @ x, da, db

    return y + b, vjp


def _dot_heads(
    u: Float[Array, "N H F"], v: Float[Array, "*N H F"]
) -> Float[Array, "N H"]:
    """Dot products head by head: over short rows faster than `np.vecdot`."""
    N, H, F = u.shape
    ones = np.repeat(np.eye(H, dtype=u.dtype), F, axis=0)
    return (u * v).reshape(N, H * F) @ ones


def _sum_heads(z: Float[Array, "N H F"]) -> Float[Array, "H F"]:
    N, H, F = z.shape
    return sum_examples(z.reshape(N, H * F)).reshape(H, F)


def _by_target(edges: Array, nodes: int) -> Array:
    """Edges with loops, those of a node side by side: sorted once for all."""
    edges = add_self_loops(edges, nodes)
    order = sort_by_segment(edges[1], nodes)
    return edges if order is None else edges.take(order, axis=1)


def _fits(operation: str, name: str, O: int, H: int, F: int) -> None:
    if O != H * F:
        raise ValueError(
            f"{operation}: `{name}` must have {H * F} rows, because {H} heads "
            f"of {F} features stand side by side; got {O}"
        )
