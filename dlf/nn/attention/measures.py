"""Gradients of a stack's last block, and the time of a block's parts.

Source: Xiong et al. (2020), section 3.3 and figure 3, for the norms.
"""

import statistics
import time
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlf.nn.attention.blocks import Block


def last_gradient(
    pre: bool, blocks: int, width: int = 32, places: int = 16
) -> float:
    """Give the norm of the last perceptron's gradient, before training.

    It is that of the second matrix of the last block's perceptron; the loss is
    linear in what stands behind the last norm.

    Args:
        pre: norm before each part, and one at the end; behind each sum
            otherwise.
        blocks: how many; their weights have variance 1 / fan-in.
        width: of the stream.
        places: of each of four random sequences.
    """
    stack = nn.ModuleList(Block(width, 4, pre=pre) for _ in range(blocks))
    for w in stack.parameters():
        if w.ndim > 1:
            nn.init.normal_(w, std=w.shape[1] ** -0.5)
    h = torch.randn(4, places, width)
    for block in stack:
        h = block(h)
    y = F.layer_norm(h, (width,)) if pre else h
    loss = (y * torch.randn(y.shape)).sum()
    last = stack[-1].get_parameter("down.weight")
    return torch.autograd.grad(loss, last)[0].norm().item()


def part_seconds(
    lengths: Sequence[int], width: int = 64, heads: int = 4, repeats: int = 9
) -> dict[str, list[float]]:
    """Time a block's parts, forward, by length: the thread's own seconds.

    Args:
        lengths: of one sequence.
        width: of the stream.
        heads: of attention.
        repeats: of which the median is taken.
    """
    block = Block(width, heads).float()
    att = block.attention
    found: dict[str, list[float]] = {}
    with torch.no_grad():
        for n in lengths:
            x = torch.randn(1, n, width, dtype=torch.float32)
            q, k, v = (
                f(x).view(1, n, heads, -1).transpose(1, 2)
                for f in (att.q, att.k, att.v)
            )
            jobs: dict[str, Callable[[], Tensor]] = {
                "projections": lambda x=x: att.out(
                    att.q(x) + att.k(x) + att.v(x)
                ),
                "scores and means": lambda q=q, k=k, v=v: (
                    (q @ k.mT).softmax(-1) @ v
                ),
                "perceptron": lambda x=x: block.down(F.gelu(block.up(x))),
            }
            for name, job in jobs.items():
                taken = []
                for _ in range(repeats):
                    start = time.thread_time()
                    job()
                    taken.append(time.thread_time() - start)
                found.setdefault(name, []).append(statistics.median(taken))
    return found
