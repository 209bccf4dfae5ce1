"""A chain of elementwise operations in one pass over memory.

    y  = gelu(x + bias)                                                  (gpu.5)
    dx = dy gelu'(x + bias),   dbias = sum of dx over rows

Run as two operations, (gpu.5) writes x + bias to memory and reads it back: four
passes over N D numbers. In blocks of rows that stay in a cache it is two, one
in and one out, and nothing but x and the bias is kept for the way back, where
x + bias is computed again.
Source: Chen et al. (2018), TVM, section 3; the slope is that of
`dlf.scratch.activations.gated.gelu`.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.activations.gated import gelu
from dlf.scratch.reductions import sum_rows
from dlf.scratch.shapes import sizes

Array = np.ndarray


def bias_gelu(
    x: Float[Array, "N D"], bias: Float[Array, " D"], rows: int = 64
) -> tuple[Float[Array, "N D"], Callable]:
    """Fuse bias and GELU (gpu.5), a block of rows at a time.

    Args:
        x: what a matrix product left, one row an example.
        bias: one a feature.
        rows: of a block.

    Returns:
        The bent rows, and ``vjp(dy) -> (dx, dbias)``.

    Raises:
        ValueError: a block has no rows.
    """
    N, _ = sizes(bias_gelu, x, bias)
    if rows < 1:
        raise ValueError(
            "bias_gelu: `rows` must be 1 or more, because a block holds "
            f"something; got {rows}"
        )
    blocks = [slice(at, at + rows) for at in range(0, N, rows)]
    y = np.empty(x.shape, np.result_type(x, bias))
    for block in blocks:
        y[block] = gelu(x[block] + bias)[0]

    def vjp(dy: Float[Array, "N D"]) -> tuple[Array, Array]:
        dx = np.empty_like(y)
        for block in blocks:
            _, pull = gelu(x[block] + bias)
            dx[block] = pull(dy[block])
        return dx, sum_rows(dx)

    return y, vjp
