"""Run by `test_kernels.py` in a process of its own: kernels against torch."""

import sys

import pytest
import torch
import torch.nn.functional as F

from dlf.nn import kernels


def main(device: str) -> None:
    torch.manual_seed(0)
    close = torch.testing.assert_close
    for shape in ((1, 1), (5, 7), (3, 1000), (2, 1025), (0, 4)):
        x = 30 * torch.randn(shape, device=device)
        close(kernels.softmax(x), torch.softmax(x, 1), rtol=1e-5, atol=1e-7)
    wide = torch.randn(6, 20, device=device)[::2]  # rows apart
    close(kernels.softmax(wide), torch.softmax(wide, 1))
    low = torch.full((2, 3), -1e4, device=device)
    low[0, 1] = float("-inf")
    close(kernels.softmax(low), torch.softmax(low, 1))
    half = torch.randn(4, 33, device=device, dtype=torch.bfloat16)
    close(kernels.softmax(half), torch.softmax(half, 1))
    for wrong in (wide.T, torch.empty(1, kernels.WIDEST + 1, device=device)):
        refuses(lambda wrong=wrong: kernels.softmax(wrong), "at most 16384")

    for shape in ((1, 1), (5, 7), (40, 77), (0, 4)):
        x = (3 * torch.randn(shape, device=device)).requires_grad_()
        bias = torch.randn(shape[1], device=device, requires_grad=True)
        dy = torch.randn(shape, device=device)
        y, wanted = kernels.bias_gelu(x, bias), F.gelu(x + bias)
        close(y, wanted, rtol=1e-5, atol=1e-6)
        ours = torch.autograd.grad(y, (x, bias), dy)
        theirs = torch.autograd.grad(wanted, (x, bias), dy)
        close(ours, theirs, rtol=1e-4, atol=1e-5)
    far = torch.tensor([[1e4, -1e4, 88.0]], device=device)
    none = torch.zeros(3, device=device)
    close(kernels.bias_gelu(far, none), F.gelu(far))
    strided = torch.randn(7, 5, device=device).T
    close(
        kernels.bias_gelu(strided, torch.ones(7, device=device)),
        F.gelu(strided + 1),
        rtol=1e-5,
        atol=1e-6,
    )
    refuses(lambda: kernels.bias_gelu(far, far), "one entry a column")
    print("every kernel equals torch's")


def refuses(call, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()


if __name__ == "__main__":
    main(sys.argv[1])
