"""Does the slope that ReLU is given at zero matter?

    f(z) = max(0, z),   f'(z) = 1[z > 0] + s 1[z = 0],   s in {0, 1/2, 1}

Every net is trained three times, with the three slopes, all else equal.
"""

from typing import Any

import numpy as np

SLOPES = (0.0, 0.5, 1.0)
WIDTH, STEPS, RATE = 64, 600, 0.05
INPUTS = {"M1": 40, "D8": 64}


def kinked(slope: float, seen: dict[str, float]) -> Any:
    """ReLU with a chosen slope at zero, which counts the zeros it meets."""
    import torch

    class Kinked(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, z: Any) -> Any:
            ctx.save_for_backward(z)
            return z.clamp_min(0)

        @staticmethod
        def backward(ctx: Any, dy: Any) -> Any:
            (z,) = ctx.saved_tensors
            at_zero = z == 0
            seen["zeros"] += float((at_zero & (dy != 0)).sum())
            seen["all"] += z.numel()
            return dy * ((z > 0).to(dy.dtype) + slope * at_zero.to(dy.dtype))

    return Kinked.apply


def measure(cell: dict, seeds: list[int]) -> dict[str, Any]:
    """Train a cell's nets with each slope; test accuracy and share of zeros."""
    import torch

    from dlf.experiments import datasets, stacked, training

    dtype = cell["dtype"]
    data = datasets.load(cell["data"], tuple(seeds), dtype)
    widths = [INPUTS[cell["data"]], *[WIDTH] * cell["depth"], 10]
    tests, shares, diverged = [], [], []
    for slope in SLOPES:
        seen = {"zeros": 0.0, "all": 0.0}
        net = stacked.Mlp(
            widths,
            seeds,
            1,
            kinked(slope, seen),
            gain=2**0.5,
            dtype=getattr(torch, dtype),
        )
        out = training.fit(net, data, [RATE], steps=cell.get("steps", STEPS))
        test = np.asarray(out["test"])[0].astype(float)
        tests.append(test.mean(-1) if test.ndim == 2 else test)
        shares.append(seen["zeros"] / seen["all"])
        loss = np.asarray(out["loss"], float)[0]
        diverged.append(~(loss <= np.asarray(out["initial"], float)[0]))
    accuracy = np.where(np.stack(diverged, 1), 0.1, np.stack(tests, 1))
    return {
        "test": accuracy,
        "found": {"zeros": shares},
        "data": data.describe(),
    }
