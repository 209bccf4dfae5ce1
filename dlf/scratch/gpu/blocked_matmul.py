"""A matrix product tile by tile, and the words that it moves.

    c_IJ = sum over K of a_IK b_KJ, for square tiles of side s
    words moved if a tile of each fits: 2 n^3 / s + n^2                  (gpu.2)
    and at the best side, sqrt(M / 3):  2 sqrt(3) n^3 / sqrt(M) + n^2    (gpu.3)

Both are derived in `dlf.derive.gpu`. `traffic` counts the words of the loop
that `matmul` runs; `misses` counts what a cache would fetch that knows nothing
of tiles, for every address that the loop touches.
Source: Hong & Kung (1981), I/O complexity: the red-blue pebble game; Lam,
Rothberg & Wolf (1991), The cache performance of blocked algorithms.
"""

import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterator

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.shapes import sizes

Array = np.ndarray
Tile = tuple[slice, slice, slice]


def matmul(
    a: Float[Array, "N K"], b: Float[Array, "K M"], side: int = 64
) -> tuple[Float[Array, "N M"], Callable]:
    """Multiply tile by tile; each tile of the result is written once.

    Args:
        a: left factor.
        b: right factor.
        side: of a tile; the tiles at the edges are what is left.

    Returns:
        The product, and ``vjp(dy) -> (da, db)``, two products in tiles.

    Raises:
        ValueError: a tile has no side.
    """
    N, K, M = sizes(matmul, a, b)
    c = np.zeros((N, M), np.result_type(a, b))
    for i, j, k in tiles((N, K, M), side):
        c[i, j] += a[i, k] @ b[k, j]

    def vjp(dy: Float[Array, "N M"]) -> tuple[Array, Array]:
        return matmul(dy, b.T, side)[0], matmul(a.T, dy, side)[0]

    return c, vjp


def tiles(shape: tuple[int, int, int], side: int) -> Iterator[Tile]:
    """Yield the slices of rows, columns and terms, in the order of the loop.

    Args:
        shape: rows, columns and terms of the product.
        side: of a tile.

    Raises:
        ValueError: a tile has no side.
    """
    if side < 1:
        raise ValueError(
            "matmul: `side` must be 1 or more, because a tile covers "
            f"something; got {side}"
        )
    N, K, M = (
        [slice(at, min(at + side, size)) for at in range(0, size, side)]
        for size in shape
    )
    return itertools.product(N, M, K)


def traffic(shape: tuple[int, int, int], side: int) -> int:
    """Count the words that `matmul` moves: tiles read, and results written.

    For a square product whose width the side divides this is (gpu.2).

    Args:
        shape: rows, columns and terms of the product.
        side: of a tile.

    >>> traffic((64, 64, 64), side=8) == 2 * 64**3 // 8 + 64**2
    True
    """
    N, _, M = shape
    read = sum(
        (k.stop - k.start) * (i.stop - i.start + j.stop - j.start)
        for i, j, k in tiles(shape, side)
    )
    return read + N * M


def memory_trace(n: int, side: int) -> Int[Array, " T"]:
    """List every word that a square product touches, in the order of touching.

    Words 0 to n^2 - 1 hold a, row by row, then come b and c. For each entry of
    a tile of c: that entry, then a term of a and a term of b in turns.

    Args:
        n: side of the matrices.
        side: of a tile.
    """
    touched = []
    for rows, columns, terms in tiles((n, n, n), side):
        i, j, k = np.ix_(*(np.arange(n)[s] for s in (rows, columns, terms)))
        a, b = np.broadcast_arrays(i * n + k, n * n + k * n + j)
        c = 2 * n * n + i * n + j
        terms_in_turn = np.stack([a, b], axis=-1).reshape(*a.shape[:2], -1)
        touched.append(np.concatenate([c, terms_in_turn], axis=-1).ravel())
    return np.concatenate(touched)


def cache_misses(touched: Int[Array, " T"], words: int, line: int = 1) -> int:
    """Count what a cache fetches that forgets the line unused for longest.

    Args:
        touched: addresses of words, in order.
        words: that the cache holds.
        line: words that are fetched together.

    Returns:
        How many lines were fetched.

    Raises:
        ValueError: the cache does not hold a line.

    >>> row, column = np.arange(64), np.arange(64) * 64
    >>> [cache_misses(a, words=32, line=8) for a in (row, column)]
    [8, 64]
    """
    if not 1 <= line <= words:
        raise ValueError(
            "cache_misses: `words` must hold one `line` or more, because "
            f"whole lines are fetched; got {words} and {line}"
        )
    kept: OrderedDict[int, None] = OrderedDict()
    missed = 0
    for at in (touched // line).tolist():
        if at in kept:
            kept.move_to_end(at)
            continue
        missed += 1
        kept[at] = None
        if len(kept) > words // line:
            kept.popitem(last=False)
    return missed
