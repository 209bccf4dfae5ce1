"""Two kernels in Triton, of one pass each over memory.

    softmax:    a program a row; the row stays in registers
    bias_gelu:  gelu(x + bias), a program a block of a row           (gpu.5)

Bytes moved, of w each, for N rows of D: softmax 2 N D w, where five kernels in
a row (maximum, subtract, exponential, sum, divide) move 8 N D w; bias_gelu
2 N D w forward and 3 N D w backward, where two kernels move 4 N D w and keep
x + bias besides. The backward kernel keeps nothing and computes x + bias again.

Triton comes with PyTorch's CUDA builds. Without a GPU the kernels run in its
interpreter (TRITON_INTERPRET=1), slowly and to the digit; that is how they are
tested. They are compiled when they are first called, so that this module can be
read and shown where there is no Triton.
Source: Tillet, Kung & Cox (2019), Triton; the first is the tutorial's softmax.
"""

import inspect
import os
from functools import cache
from types import SimpleNamespace

import torch

try:
    import triton
    import triton.language as tl
except ImportError:  # shown on the page, and never called
    triton, tl = None, SimpleNamespace(constexpr=int)

BLOCK = 1024  # numbers a program
WIDEST = 16_384  # columns of a row that a program holds


def missing() -> str:
    """Say what the kernels lack here, or nothing."""
    if triton is None:
        return "Triton is not installed"
    interpreted = os.environ.get("TRITON_INTERPRET") == "1"
    if not (torch.cuda.is_available() or interpreted):
        return "Triton needs a GPU, or TRITON_INTERPRET=1"
    return ""


def softmax(x: torch.Tensor) -> torch.Tensor:
    """Apply softmax to each row.

    Args:
        x: rows of at most 16,384 columns, with columns side by side.

    Raises:
        ValueError: a row is longer, or its columns are apart.
    """
    rows, columns = x.shape
    if columns > WIDEST or x.stride(1) != 1:
        raise ValueError(
            f"softmax: `x` must have at most {WIDEST} columns side by side, "
            "because a program holds a row in registers; got shape "
            f"{tuple(x.shape)} and strides {x.stride()}"
        )
    y = torch.empty((rows, columns), device=x.device, dtype=x.dtype)
    block = triton.next_power_of_2(columns)
    warps = 4 if block <= 2048 else 8 if block <= 8192 else 16
    if x.numel():
        kernel = _compiled(_softmax)
        kernel[(rows,)](
            x, y, x.stride(0), columns, BLOCK=block, num_warps=warps
        )
    return y


class _BiasGelu(torch.autograd.Function):
    """gelu(x + bias) (gpu.5); the way back computes x + bias again."""

    @staticmethod
    def forward(ctx, x, bias):
        x, bias = x.contiguous(), bias.contiguous()
        ctx.save_for_backward(x, bias)
        y = torch.empty_like(x)
        if x.numel():
            rows, columns = x.shape
            grid, block = _grid(rows, columns)
            _compiled(_bias_gelu)[grid](x, bias, y, columns, BLOCK=block)
        return y

    @staticmethod
    def backward(ctx, dy):
        x, bias = ctx.saved_tensors
        dx = torch.empty_like(x)
        if x.numel():
            rows, columns = x.shape
            grid, block = _grid(rows, columns)
            _compiled(_bias_gelu_back)[grid](
                x, bias, dy.contiguous(), dx, columns, BLOCK=block
            )
        return dx, dx.sum(0)


def bias_gelu(x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Fuse bias and GELU (gpu.5) in one pass over memory.

    Args:
        x: one row an example.
        bias: added to each row.

    Raises:
        ValueError: there is not one bias a column.
    """
    if x.ndim != 2 or bias.shape != x.shape[1:]:
        raise ValueError(
            "bias_gelu: `bias` must have one entry a column of x, because it "
            f"is added to each row; got {tuple(bias.shape)} and "
            f"{tuple(x.shape)}"
        )
    return _BiasGelu.apply(x, bias)


def _grid(rows: int, columns: int) -> tuple[tuple[int, int], int]:
    """Lay out the grid of programs, one a block of a row, and the block."""
    block = min(BLOCK, triton.next_power_of_2(columns))
    return (rows, triton.cdiv(columns, block)), block


@cache
def _compiled(kernel):
    return triton.jit(inspect.unwrap(kernel))  # without a test's wrappers


def _softmax(x, y, stride, columns, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    at = tl.arange(0, BLOCK)
    inside = at < columns
    v = tl.load(x + row * stride + at, mask=inside, other=-float("inf"))
    e = tl.exp(v.to(tl.float32) - tl.max(v.to(tl.float32), axis=0))
    tl.store(y + row * columns + at, e / tl.sum(e, axis=0), mask=inside)


def _bias_gelu(x, bias, y, columns, BLOCK: tl.constexpr):
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    at = tl.program_id(0).to(tl.int64) * columns + column
    inside = column < columns
    z = tl.load(x + at, mask=inside).to(tl.float32)
    z += tl.load(bias + column, mask=inside).to(tl.float32)
    open_by = 0.5 + 0.5 * tl.erf(z * 0.7071067811865476)
    tl.store(y + at, z * open_by, mask=inside)


def _bias_gelu_back(x, bias, dy, dx, columns, BLOCK: tl.constexpr):
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    at = tl.program_id(0).to(tl.int64) * columns + column
    inside = column < columns
    z = tl.load(x + at, mask=inside).to(tl.float32)
    z += tl.load(bias + column, mask=inside).to(tl.float32)
    open_by = 0.5 + 0.5 * tl.erf(z * 0.7071067811865476)
    slope = open_by + z * 0.3989422804014327 * tl.exp(-0.5 * z * z)
    d = tl.load(dy + at, mask=inside).to(tl.float32)
    tl.store(dx + at, d * slope, mask=inside)
