"""Learning-rate schedules in PyTorch, and the sharpness that limits a rate.

    warm-up, cosine   `LinearLR`, `CosineAnnealingLR` and 0, by `SequentialLR`
    WSD               a factor for `LambdaLR`: rise, plateau, linear fall
    sharpness         largest eigenvalue of the Hessian, by power iteration

Gradient descent, heavy ball, Nesterov's momentum and Adam cannot stay where the
sharpness is above a threshold                          (schedules.6 to .8)
Source: Cohen et al. (2021) and (2022) for the thresholds.
"""

import sys
from collections.abc import Callable, Iterable

import torch
from torch import Tensor
from torch.optim import Optimizer, lr_scheduler


def warmup_cosine(
    optimizer: Optimizer, warm: int, steps: int, start: float = 0.01
) -> lr_scheduler.SequentialLR:
    """Linear warm-up, then a cosine to 0, where the rate stays.

    Without the third part the cosine would come up again after its end.

    Args:
        optimizer: its rate is the highest.
        warm: steps of the rise, at least 1.
        steps: in all, more than ``warm``.
        start: part of the rate that the rise begins with, in (0, 1].

    Raises:
        ValueError: a count or the start is out of its range.
    """
    if not 1 <= warm < steps:
        raise ValueError(
            "warmup_cosine: `warm` must be at least 1 and below `steps`, "
            f"because the cosine takes the rest; got {warm} of {steps}"
        )
    if not 0 < start <= 1:
        raise ValueError(
            "warmup_cosine: `start` must lie in (0, 1], because the rate "
            f"rises from that part of it; got {start}"
        )
    parts = [
        lr_scheduler.LinearLR(optimizer, start, total_iters=warm),
        lr_scheduler.CosineAnnealingLR(optimizer, steps - warm),
        lr_scheduler.ConstantLR(optimizer, 0.0, sys.maxsize),
    ]
    return lr_scheduler.SequentialLR(optimizer, parts, [warm, steps])


def wsd_factor(warm: int, stable: int, decay: int) -> Callable[[int], float]:
    """Warm-up, stable, decay (WSD) as a factor for `LambdaLR`.

    Args:
        warm: steps of the rise, at least 1.
        stable: steps of the plateau, not negative.
        decay: steps of the fall, at least 1.

    Raises:
        ValueError: a count is out of its range.

    >>> factor = wsd_factor(2, 3, 4)
    >>> [factor(t) for t in range(10)]
    [0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0]
    """
    if not (warm >= 1 and stable >= 0 and decay >= 1):
        raise ValueError(
            "wsd_factor: `warm` and `decay` must be at least 1 and `stable` "
            "not negative, because they count steps; got "
            f"{warm}, {stable} and {decay}"
        )
    end = warm + stable + decay
    return lambda t: max(0.0, min(1.0, t / warm, (end - t) / decay))


def sharpness(
    loss: Tensor,
    weights: Iterable[Tensor],
    start: Tensor,
    products: int = 4,
    divisor: Tensor | None = None,
) -> tuple[float, Tensor]:
    """Largest eigenvalue of the Hessian by size, by power iteration.

    Two of the same size and opposite sign do not separate, and what the start
    has no part of is not found.

    Args:
        loss: a number with its graph.
        weights: what it is differentiated by.
        start: a direction, flat, not 0; the last one found is best.
        products: with the Hessian H, at least 1.
        divisor: positive, flat; where given, the eigenvalue is that of
            H with each row divided by it, as Adam divides each gradient.

    Returns:
        The eigenvalue, and the direction to go on from.

    Raises:
        ValueError: no product is asked for, the start has no direction or
            another size than the weights, or a divisor is not positive.
    """
    if products < 1:
        raise ValueError(
            "sharpness: `products` must be at least 1, because each makes "
            f"the estimate better; got {products}"
        )
    if not 0 < start.norm() < torch.inf:
        raise ValueError(
            "sharpness: `start` must be finite and not 0, because it is a "
            f"direction; got one of length {start.norm().item()}"
        )
    if divisor is not None and not (divisor > 0).all():
        raise ValueError(
            "sharpness: `divisor` must be positive, because its root is "
            f"taken; got {divisor.min().item()}"
        )
    weights = list(weights)
    count = sum(w.numel() for w in weights)
    if start.shape != (count,):
        raise ValueError(
            f"sharpness: `start` must have shape {(count,)}, one number for "
            f"each weight, in one row; got {tuple(start.shape)}"
        )
    shrink = torch.ones_like(start) if divisor is None else divisor.rsqrt()
    grads = torch.autograd.grad(loss, weights, create_graph=True)
    flat = torch.cat([g.reshape(-1) for g in grads])
    v, value = start / start.norm(), 0.0
    for _ in range(products):
        rows = torch.autograd.grad(
            flat @ (shrink * v), weights, retain_graph=True
        )
        hv = shrink * torch.cat([r.reshape(-1) for r in rows])
        value = (v @ hv).item()
        if not 0 < hv.norm() < torch.inf:  # flat this way, or diverged
            break
        v = hv / hv.norm()
    return value, v
