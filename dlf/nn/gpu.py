"""What a PyTorch user writes for a GPU, and for the clock.

    attention_explicit: all scores at once, T x S of them in memory
    attention_tiled:    a block of keys at a time, corrected as it goes  (gpu.6)
    capture:            a call recorded once and replayed by the GPU alone

Source: Vaswani et al. (2017), equation 1; Dao et al. (2022), FlashAttention,
algorithm 1, of which the tiled form is the forward pass without its kernel.
"""

import math
from collections.abc import Callable

import torch
from jaxtyping import Float

Tensor = torch.Tensor
Heads = Float[Tensor, "*B T D"]
Keys = Float[Tensor, "*B S D"]


def attention_explicit(q: Heads, k: Keys, v: Keys) -> Heads:
    """Compute attention explicitly: the values weighed by softmax of scores.

    Args:
        q: queries.
        k: keys.
        v: values.
    """
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return torch.softmax(scores, dim=-1) @ v


def attention_tiled(q: Heads, k: Keys, v: Keys, block: int = 128) -> Heads:
    """Weigh the values block by block (gpu.6), holding T x block scores.

    Args:
        q: queries, T of them.
        k: keys, S of them.
        v: values.
        block: keys at a time.

    Raises:
        ValueError: a block has no keys.
    """
    if block < 1:
        raise ValueError(
            "attention_tiled: `block` must be 1 or more, because a block holds "
            f"keys; got {block}"
        )
    wide = torch.promote_types(q.dtype, torch.float32)  # digits and range
    out = torch.zeros_like(q, dtype=wide)
    top = torch.full_like(out[..., :1], -math.inf)
    total = torch.zeros_like(top)
    q = (q / math.sqrt(q.shape[-1])).to(wide)
    for keys, values in zip(
        k.split(block, dim=-2), v.split(block, dim=-2), strict=True
    ):
        scores = q @ keys.to(wide).transpose(-1, -2)
        higher = torch.maximum(top, scores.amax(dim=-1, keepdim=True))
        e, correct = torch.exp(scores - higher), torch.exp(top - higher)
        total = total * correct + e.sum(dim=-1, keepdim=True)
        out = out * correct + e @ values.to(wide)
        top = higher
    return (out / total).to(v.dtype)


def capture(call: Callable[[], object], warm_up: int = 3) -> Callable:
    """Record a call's kernels in a CUDA graph; return what replays them.

    The call must read and write the same memory each time, and ask the host
    for nothing.

    Args:
        call: takes no arguments.
        warm_up: runs beforehand, in which libraries choose their kernels.

    Returns:
        A function that replays the kernels and returns the call's result,
        which lies where it lay when it was recorded.

    Raises:
        RuntimeError: there is no GPU.
    """
    if not torch.cuda.is_available():
        raise RuntimeError("capture: a CUDA graph needs a GPU")
    apart = torch.cuda.Stream()
    apart.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(apart):
        for _ in range(warm_up):
            call()
    torch.cuda.current_stream().wait_stream(apart)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = call()

    def replay() -> object:
        graph.replay()
        return result

    return replay
