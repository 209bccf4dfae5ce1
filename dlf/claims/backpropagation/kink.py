"""Does the derivative that ReLU is given at zero matter?

    f(z) = max(0, z),   f'(z) = 1[z > 0] + s 1[z = 0],   s in {0, 1}

Every net is trained twice, with slopes 0 and 1, all else equal. In a cell with
``bfloat16`` the forward pass is rounded to it after every operation (weights,
products, sums), while the weights that are updated stay in float32.
"""

from dataclasses import dataclass, field
from typing import Any

from dlf.experiments import statistics
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import SMALL, SUPPORTED, UNCLEAR

DELTA, FRACTION = 0.005, 1e-4

AT_ZERO = (0.0, 1.0)

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
    tests, shares, lost = [], [], []
    for derivative in AT_ZERO:
        seen = {"zeros": 0.0, "all": 0.0}
        net = make(widths, seeds, 1, kinked(derivative, seen), gain=2**0.5)
        out = training.fit(net, data, [RATE], steps=cell.steps)
        right = out["test"][0].astype(float)
        shares.append(seen["zeros"] / seen["all"])
        failed = ~(out["loss"][0] <= out["initial"][0])
        right[failed] = 0.1  # a failed run scores chance
        lost.append(failed.astype(float))
        tests.append(right)
    return {
        "test": np.stack(tests, axis=1),
        "lost": np.stack(lost, axis=1),
        "found": {"zeros": shares},
        "data": data.describe(),
    }


def judge(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Compare derivative 0 with 1, two-sided; and count zeros."""
    level = statistics.family(len(CELLS) + 2)
    outcomes = []
    for name, cell in view.items():
        e = statistics.estimate(cell["test"][:, 0] - cell["test"][:, 1], level)
        matters = (e.low > 0 or e.high < 0) and abs(e.mean) >= DELTA
        same = e.low > -DELTA and e.high < DELTA
        lost = (cell["lost"] > 0).any(axis=1)
        outcomes.append(
            Outcome(
                name,
                SUPPORTED if matters else SMALL if same else UNCLEAR,
                e,
                "points",
                note=f"{int(lost.sum())} of {e.n} seeds with a failed run",
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


CELLS = {
    f"{data}, {depth} layers, {dtype}": Net(
        data=data, depth=depth, dtype=dtype, seeds=seeds, first=200
    )
    for data, depth, dtype, seeds in (
        ("M1", 8, "float32", 40),
        ("D8", 8, "float32", 20),
        ("M1", 2, "bfloat16", 40),
        ("M1", 8, "bfloat16", 160),
    )
}


C34 = Measured(
    number="C34",
    title="That ReLU has no derivative at zero matters",
    sources=(
        Source("S1", "l.191, Limitations", "Non-differentiable at z = 0"),
        Source("S4", "§1.2.2", "Not differentiable at zero"),
    ),
    hypothesis=(
        "“Not differentiable at zero” is a limitation: whether ReLU is given "
        "the slope 0 or 1 at zero changes test accuracy by half a point or "
        "more; and exact zeros that pass a gradient on make up more than one "
        "in ten thousand of its evaluations."
    ),
    rule=(
        "Paired difference in accuracy, slope 0 against 1, in four nets: "
        "supported if the interval excludes 0 and the mean is at least 0.5 "
        "point in size, too small if the interval lies within ±0.5 point; a "
        "failed run counts as chance. Zeros, for each precision: supported if "
        "the share exceeds 1e-4 in all nets, too small if in none. Six cells, "
        "intervals widened together."
    ),
    literature=(
        "Bertoin et al. (2021): on CIFAR-10 and ImageNet gradients differ in "
        "about half of the runs in 32 bits, always in 16, never in 64; the "
        "choice moves test accuracy even in 32 bits, on ImageNet by more than "
        "10 points; slope 0 is best for plain SGD, and batch normalization and "
        "Adam buffer the effect."
    ),
    expects=("not supported", "mostly not", "undecided"),
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=20,
    cuts=(
        "One learning rate (0.05) for all nets, 600 steps; slope ½, D8 in "
        "bfloat16 and shallow nets in float32 left out, where no zero or no "
        "difference was met."
    ),
)
