"""Gather and segment-sum: what every message needs, and each other's pullback.

    y_e = x_{i_e}                                                    (gather)
    y_v = sum of m_e over the edges e with i_e = v                      (sum)
    <dy, gather x> = <sum dy, x>                                   (graphs.1)
    p_e = exp(s_e) / sum of exp(s_f) over f with i_f = i_e        (graphs.11)

So the pullback of one is the other, derived in `dlf.derive.graphs`. Rows of a
segment are first brought together by sorting; then all segments take their
second row at once, those that have a third their third, and so on.
Source: Fey & Lenssen (2019), Fast graph representation learning with PyTorch
Geometric, section 2.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.shapes import sizes

Array = np.ndarray
LONG = 4096  # rows of a segment from which float32 would lose digits


def gather(
    x: Float[Array, "N D"], index: Int[Array, " E"]
) -> tuple[Float[Array, "E D"], Callable]:
    """Copy the row of a node to each of its edges; pullback by (graphs.1).

    Args:
        x: a row a node.
        index: the node of each edge.

    Raises:
        ValueError: an index names no row.

    >>> y, vjp = gather(np.array([[1.0], [2.0]]), np.array([0, 1, 1]))
    >>> y[:, 0], vjp(np.ones((3, 1)))[:, 0]
    (array([1., 2., 2.]), array([1., 2.]))
    """
    sizes(gather, x, index)
    N = len(x)
    index = check_indices("gather", "index", index, N)

    def vjp(dy: Float[Array, "E D"]) -> Float[Array, "N D"]:
        return combine_segments(dy, index, N)

    return x.take(index, axis=0), vjp


def segment_sum(
    m: Float[Array, "E D"], index: Int[Array, " E"], nodes: int
) -> tuple[Float[Array, "N D"], Callable]:
    """Sum the rows of each segment (scatter-add); pullback by (graphs.1).

    Args:
        m: one message an edge.
        index: the node that receives it.
        nodes: how many there are; one that receives nothing gets zeros.

    Raises:
        ValueError: an index names no node.
    """
    sizes(segment_sum, m, index)
    index = check_indices("segment_sum", "index", index, nodes)

    def vjp(dy: Float[Array, "N D"]) -> Float[Array, "E D"]:
        return dy.take(index, axis=0)

    return combine_segments(m, index, nodes), vjp


def segment_softmax(
    s: Float[Array, "E H"], index: Int[Array, " E"], nodes: int
) -> tuple[Float[Array, "E H"], Callable]:
    """Apply softmax over each node's edges, head by head (graphs.11).

    The largest score of a node is 0 after a shift, so nothing overflows.

    Args:
        s: scores of edges, by head.
        index: the node of each edge.
        nodes: how many there are.

    Raises:
        ValueError: an index names no node.
    """
    sizes(segment_softmax, s, index)
    index = check_indices("segment_softmax", "index", index, nodes)
    top = combine_segments(s, index, nodes, np.maximum)
    e = np.exp(s - top.take(index, axis=0))
    p = e / combine_segments(e, index, nodes).take(index, axis=0)

    def vjp(dy: Float[Array, "E H"]) -> Float[Array, "E H"]:
        moved = p * dy
        return moved - p * combine_segments(moved, index, nodes).take(
            index, axis=0
        )

    return p, vjp


def combine_segments(
    m: Float[Array, "E D"],
    index: Int[Array, " E"],
    nodes: int,
    combine: np.ufunc = np.add,
) -> Float[Array, "N D"]:
    """Combine the rows of each segment; a segment without rows is zero.

    Args:
        m: a row an edge.
        index: the segment of each row.
        nodes: how many segments there are.
        combine: ufunc that joins two rows.
    """
    y = np.zeros((nodes, m.shape[1]), m.dtype)
    if len(index) == 0:
        return y
    order = sort_by_segment(index, nodes)
    if order is not None:
        m, index = m.take(order, axis=0), index.take(order)
    starts = np.flatnonzero(np.diff(index, prepend=-1))
    lengths = np.diff(starts, append=len(m))
    if lengths.max() > LONG:
        wide = np.float64 if combine is np.add else m.dtype
        y[index[starts]] = combine.reduceat(m, starts, axis=0, dtype=wide)
    else:
        longest_first = np.argsort(-lengths, kind="stable")
        starts, lengths = starts[longest_first], lengths[longest_first]
        y[index[starts]] = _by_rank(m, starts, lengths, combine)
    return y


def _by_rank(
    m: Array, starts: Array, lengths: Array, combine: Callable
) -> Array:
    """Combine segments, the longest first, a row of each at a time.

    As many rounds as the longest segment has rows. `reduceat` goes segment by
    segment and takes four to six times as long.
    """
    out = m.take(starts, axis=0)
    ranks = np.arange(1, lengths[0])
    have = np.searchsorted(-lengths, -ranks)  # segments of more rows than k
    for k, n in zip(ranks, have, strict=True):
        out[:n] = combine(out[:n], m.take(starts[:n] + k, axis=0))
    return out


def sort_by_segment(
    index: Int[Array, " E"], nodes: int
) -> Int[Array, " E"] | None:
    """Give the order that brings segments together, or None if they are.

    Numbers below 2^16 are sorted by radix, several times faster.

    Args:
        index: the segment of each row.
        nodes: how many segments there are.
    """
    if (index[1:] >= index[:-1]).all():
        return None
    short = index.astype(np.uint16) if nodes <= 2**16 else index
    return np.argsort(short, kind="stable")


def check_indices(
    operation: str, name: str, index: Array, nodes: int
) -> Int[Array, "..."]:
    """Refuse indices that are no row numbers; give the others as int64.

    Sums and products of shorter or unsigned integers would wrap around.

    Args:
        operation: its name, for errors.
        name: of the argument.
        index: what came.
        nodes: the indices lie below this.

    Raises:
        ValueError: naming the operation, the argument, and the first culprit.
    """
    if not np.issubdtype(index.dtype, np.integer):
        raise ValueError(
            f"{operation}: `{name}` must hold integers, because it numbers "
            f"nodes; got {index.dtype}: round and cast it yourself"
        )
    if index.size and (index.min() < 0 or index.max() >= nodes):
        wrong = (index < 0) | (index >= nodes)
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = at[0] if len(at) == 1 else at
        raise ValueError(
            f"{operation}: `{name}` must lie in 0..{nodes - 1}, because there "
            f"are {nodes} nodes; got {index[at]} at {where}"
        )
    return index.astype(np.int64, copy=False)
