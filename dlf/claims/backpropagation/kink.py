"""Does the derivative that ReLU is given at zero matter?

    f(z) = max(0, z),   f'(z) = 1[z > 0] + s 1[z = 0],   s in {0, 1/2, 1}

Every net is trained three times, with the three derivatives, all else equal. In
a cell with ``bfloat16`` the forward pass is rounded to it after every operation
(weights, products, sums), while the weights that are updated stay in float32.
"""

from dataclasses import dataclass, field
from typing import Any

from dlf.experiments import statistics
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import SMALL, SUPPORTED, UNCLEAR

DELTA, FRACTION = 0.005, 1e-4

AT_ZERO = (0.0, 0.5, 1.0)

WIDTH, STEPS, RATE = 64, 600, 0.05

INPUTS = {"M1": 40, "D8": 64}


def kinked(derivative: float, seen: dict[str, float]) -> Any:
    """ReLU with a chosen derivative at zero; it counts the zeros it meets."""
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
            chosen = derivative * at_zero.to(dy.dtype)
            return dy * ((z > 0).to(dy.dtype) + chosen)

    return Kinked.apply


def rounded() -> Any:
    """`stacked.Mlp` whose every forward operation is rounded to bfloat16."""
    import torch

    from dlf.stacked import nets

    def r(t: Any) -> Any:
        return t.to(torch.bfloat16).to(t.dtype)

    class Rounded(nets.Mlp):
        def forward(self, x: Any, before: Any = None, after: Any = None) -> Any:
            h, last = r(x), len(self.weights) - 1
            for i, w in enumerate(self.weights):
                h = r(r(torch.bmm(h, r(w))) + r(self.biases[i]))
                h = self.activate(i, h) if i < last else h
            return h

    return Rounded


@dataclass(frozen=True, kw_only=True)
class Net(Cell):
    """Data, depth, and the number format of the forward pass."""

    data: str
    depth: int
    dtype: str = field()
    steps: int = STEPS


def measure(cell: Net, seeds: list[int]) -> dict[str, Any]:
    """Train nets with each derivative; test accuracy and fraction of zeros."""
    import numpy as np

    from dlf.stacked import datasets, nets, training

    data = datasets.load(cell.data, tuple(seeds))
    widths = [INPUTS[cell.data], *[WIDTH] * cell.depth, 10]
    make = rounded() if cell.dtype == "bfloat16" else nets.Mlp
    tests, shares = [], []
    for derivative in AT_ZERO:
        seen = {"zeros": 0.0, "all": 0.0}
        net = make(widths, seeds, 1, kinked(derivative, seen), gain=2**0.5)
        out = training.fit(net, data, [RATE], steps=cell.steps)
        right = out["test"][0].astype(float)
        shares.append(seen["zeros"] / seen["all"])
        failed = ~(out["loss"][0] <= out["initial"][0])
        right[failed] = 0.1  # a failed run scores chance
        tests.append(right)
    return {
        "test": np.stack(tests, axis=1),
        "found": {"zeros": shares},
        "data": data.describe(),
    }


def judge(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Compare derivative 0 with the others, two-sided; and count zeros."""
    level = statistics.family(2 * len(view))
    outcomes = []
    for name, cell in view.items():
        for other, slope in ((1, "½"), (2, "1")):
            gain = cell["test"][:, 0] - cell["test"][:, other]
            e = statistics.estimate(gain, level)
            matters = (e.low > 0 or e.high < 0) and abs(e.mean) >= DELTA
            same = e.low > -DELTA and e.high < DELTA
            outcomes.append(
                Outcome(
                    f"{name}, 0 against {slope}",
                    SUPPORTED if matters else SMALL if same else UNCLEAR,
                    e,
                    "points",
                )
            )
    for dtype in ("float32", "bfloat16"):
        shares = [
            share
            for name, cell in view.items()
            if dtype in name
            for share in cell["found"]["zeros"]
        ]
        if not shares:
            continue
        over = [share > FRACTION for share in shares]
        outcomes.append(
            Outcome(
                f"exact zeros, {dtype}",
                SUPPORTED if all(over) else UNCLEAR if any(over) else SMALL,
                note=f"{min(shares):.1e} to {max(shares):.1e} of evaluations",
            )
        )
    return tuple(outcomes)


C34 = Measured(
    number="C34",
    title="That ReLU has no derivative at zero matters",
    sources=(
        Source("S1", "l.191, Limitations", "Non-differentiable at z = 0"),
        Source("S4", "§1.2.2", "Not differentiable at zero"),
    ),
    hypothesis=(
        "Which slope ReLU is given at zero (0, ½ or 1) changes test accuracy "
        "by half a point or more; and exact zeros that pass a gradient on make "
        "up more than one in ten thousand of its evaluations."
    ),
    rule=(
        "In each cell (data, depth, precision) two paired differences, slope "
        "0 against ½ and against 1, intervals widened for 16 together: "
        "supported if the interval excludes 0 and the mean is at least 0.5 "
        "point in size, refuted if the interval lies within ±0.5 point. Zeros, "
        "for each precision: supported if the share exceeds 1e-4 in all nets, "
        "refuted if in none."
    ),
    literature=(
        "Bertoin et al. (2021): gradients differ in about half of their "
        "float32 runs, always in float16, never in float64; slope 0 is best "
        "for plain SGD, and batch normalisation and Adam buffer the effect."
    ),
    expects=("does not hold", "undecided at this budget", "holds in part"),
    cells={
        f"{data}, depth {depth}, {dtype}": Net(
            data=data, depth=depth, dtype=dtype
        )
        for data in ("M1", "D8")
        for depth in (2, 8)
        for dtype in ("float32", "bfloat16")
    },
    measure=measure,
    judge=judge,
    seeds=20,
    cuts="One learning rate (0.05) for all nets, 600 steps.",
)
