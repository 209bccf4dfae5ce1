"""One hidden layer on XOR: does one exist, and is it found? (C5)."""

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from dlf.experiments.cards import outcome
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import at_least, proportion

ACTIVATIONS, WIDTHS = ("relu", "tanh"), (2, 3, 4, 8, 16)


@dataclass(frozen=True, kw_only=True)
class Net(Cell):
    """Activation and width of the hidden layer."""

    bend: str
    width: int


CELLS = {
    f"{activation} {width}": Net(bend=activation, width=width)
    for activation in ACTIVATIONS
    for width in WIDTHS
}


def measure(cell: Net, seeds: list[int]) -> dict[str, Any]:
    """Train all seeds side by side; which end without an error, at what loss.

    A net is relu(x w + b) v + c, its output the log-odds of 1.
    """
    import torch
    import torch.nn.functional as F

    S, H = len(seeds), cell.width
    draws = [np.random.default_rng([5, H, s]) for s in seeds]
    w = np.stack([r.normal(size=(2, H)) for r in draws])
    v = np.stack([r.normal(size=(H, 1)) for r in draws]) * (2 / H) ** 0.5
    weights = [
        torch.tensor(a, requires_grad=True)
        for a in (w, np.zeros((S, 1, H)), v, np.zeros((S, 1, 1)))
    ]
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float64)
    y = torch.tensor([0.0, 1, 1, 0], dtype=torch.float64).expand(S, 4)
    activation = getattr(torch, cell.bend)
    optimizer = torch.optim.SGD(weights, lr=0.1, momentum=0.9)

    def outputs() -> torch.Tensor:
        w, b, v, c = weights
        return (activation(x @ w + b) @ v + c)[..., 0]

    def losses() -> torch.Tensor:
        each = F.binary_cross_entropy_with_logits(
            outputs(), y, reduction="none"
        )
        return each.mean(-1)

    for _ in range(1_000):
        optimizer.zero_grad()
        losses().sum().backward()
        optimizer.step()
    with torch.no_grad():
        solved = ((outputs() >= 0) == (y > 0)).all(-1).numpy()
        return {"solved": solved, "loss": losses().numpy()}


def exists() -> Outcome:
    """Add four inequalities, and exhibit a net of three threshold units."""
    grid = np.arange(-6, 7) / 2
    x = np.array(list(product((0, 1), repeat=2)))
    xor = x[:, 0] ^ x[:, 1]
    w = np.array(list(product(grid, repeat=3)))
    units = (w[:, :2] @ x.T + w[:, 2:] >= 0).astype(int)
    single = (units == xor).all(1).any()
    hidden = ((x @ [[1, 1], [1, 1]] + [-0.5, -1.5]) >= 0).astype(int)
    out = (hidden @ [1, -1] - 0.5 >= 0).astype(int)
    return outcome(
        "(a) it exists",
        bool(not single and (out == xor).all()),
        "b < 0 and w₁ + w₂ + b < 0 against w₁ + b ≥ 0 and w₂ + b ≥ 0 (and none "
        f"of {len(w):,} units on a grid); OR and not AND of two units is XOR",
        printed=True,
    )


def judge(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Decide (a), and (b) by the exact interval of each proportion."""
    found = [exists()]
    for cell, scored in view.items():
        e = proportion(int(scored["solved"].sum()), len(scored["solved"]))
        verdict = at_least(e, 0.95)
        left = scored["loss"][~scored["solved"].astype(bool)]
        stuck = np.abs(left - np.log(2) / 2) < 0.01
        note = f"{int(stuck.sum())} of {len(left)} failures at loss ½ ln 2"
        found.append(
            Outcome(
                f"(b) {cell}",
                verdict,
                e,
                "points",
                note=note if len(left) else "no failure",
                counted=CELLS[cell].width == 2,
            )
        )
    return tuple(found)


C5 = Measured(
    number="C5",
    title="A hidden layer solves what a perceptron cannot",
    sources=(
        Source("S2", "MLFFN", "can solve complex, non-linear problems"),
        Source("S2", "MLFFN", "(Unlike a simple perceptron)"),
    ),
    hypothesis=(
        "(a) No threshold unit computes XOR, and a net 2-2-1 of threshold "
        "units does. (b) Gradient descent finds such a net: at width 2 at "
        "least 95 % of the seeds end without an error, with ReLU and with tanh."
    ),
    rule=(
        "(a) exact. (b) by the exact (Clopper–Pearson) 95 % interval of the "
        "share of 200 seeds: supported if its lower end is at least 0.95, "
        "refuted if its upper end is below, else undecided. Widths 3, 4, 8 and "
        "16 are reported and not counted. Full batches of the four points, "
        "cross-entropy, momentum 0.9, rate 0.1, He weights, zero biases, 1,000 "
        "steps in float64."
    ),
    literature=(
        "Rumelhart, Hinton and Williams (1986) report a local minimum for XOR; "
        "Sprinkhuizen-Kuyper and Boers (1998) show that with sigmoids and "
        "squared error every finite stationary point is a saddle or a global "
        "minimum."
    ),
    expects=("holds in part",),
    mode="live",
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=200,
    here="Width 2 alone, 50 fresh seeds.",
    replica=lambda: {
        c: C5.measured(replace(CELLS[c], first=1_000, seeds=50))
        for c in ("relu 2", "tanh 2")
    },
)
