"""One hidden layer on an interval: what exists and what training finds (C8).

A net of m units is fitted to a target on [-1, 1] with Adam, batches of 128 of
1,025 examples, its rate falling to 0 along a line; its error is the largest on
a grid eight times as fine. The yardstick is the net that interpolates at m
equal steps: with 512 units it is at 0 on |x| and within 0.0002 of sin 8x.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from dlf.experiments.cards import outcome
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.seeds import TUNING
from dlf.experiments.statistics import OPPOSITE, SMALL, SUPPORTED, UNCLEAR

Array = np.ndarray

TARGETS: dict[str, Callable[[Array], Array]] = {
    "abs x": np.abs,
    "sin 8x": lambda x: np.sin(8 * x),
}

WIDTHS = (4, 16, 64, 512)

RATES = (0.001, 0.00316, 0.01, 0.0316, 0.1)

STEPS, POINTS, BATCH, FINE = 2_000, 1_025, 128, 8_001


@dataclass(frozen=True, kw_only=True)
class Curve(Cell):
    """A target and an activation.

    Args:
        target: one of `TARGETS`.
        bend: the activation.
    """

    target: str
    bend: str


CELLS = {
    f"{target}, {activation}": Curve(target=target, bend=activation, first=200)
    for target in TARGETS
    for activation in ("relu", "tanh")
}


def errors(
    cell: Curve, width: int, rates: list[float], seeds: list[int]
) -> Float[Array, "S R"]:
    """Train a net for every rate and seed; give the largest errors."""
    import torch

    from dlf.stacked import training

    real = getattr(torch, cell.dtype)
    activation, f = getattr(torch, cell.bend), TARGETS[cell.target]
    K = len(rates) * len(seeds)

    def drawn(salt: int, bound: float, *shape: int) -> torch.Tensor:
        """Draw as torch's dense layer does, alike for all rates."""
        draws = [
            torch.rand(
                *shape,
                generator=torch.Generator().manual_seed(1_000 * s + salt),
                dtype=torch.float64,
            )
            for s in seeds
        ]
        part = (2 * torch.stack(draws) - 1) * bound
        return part.repeat(len(rates), 1, 1).to(real).requires_grad_()

    inner = width**-0.5
    params = [
        drawn(0, 1.0, 1, width),
        drawn(1, 1.0, 1, width),
        drawn(2, inner, width, 1),
        drawn(3, inner, 1, 1),
    ]

    def net(x: torch.Tensor) -> torch.Tensor:
        w, b, v, c = params
        return torch.baddbmm(c, activation(torch.baddbmm(b, x, w)), v)

    def inputs(n: int) -> tuple[torch.Tensor, torch.Tensor]:
        x = np.linspace(-1, 1, n)
        points, targets = (
            torch.tensor(a, dtype=real)[None, :, None].expand(K, -1, -1)
            for a in (x, f(x))
        )
        return points, targets

    x, y = inputs(POINTS)
    base = torch.tensor(rates, dtype=real).repeat_interleave(len(seeds))
    speeds = base.clone()
    update = training.adam(params, speeds)
    generator = torch.Generator().manual_seed(seeds[0])
    for step in range(STEPS):
        speeds.copy_(base * (1 - step / STEPS))
        rows = torch.randint(POINTS, (BATCH,), generator=generator)
        loss = (net(x[:, rows]) - y[:, rows]).square().mean((1, 2)).sum()
        update(torch.autograd.grad(loss, params))
    x, y = inputs(FINE)
    with torch.no_grad():
        worst = (net(x) - y).abs().amax((1, 2))
    return worst.view(len(rates), -1).double().numpy()


def measure(cell: Curve, seeds: list[int]) -> dict:
    """Train nets of every width, at rates chosen on three other seeds."""
    trials = {str(w): tried(cell, w) for w in WIDTHS}
    rates = {w: min(t, key=t.__getitem__) for w, t in trials.items()}
    scored = {w: errors(cell, int(w), [r], seeds)[0] for w, r in rates.items()}
    built = {w: interpolant(cell.target, int(w)) for w in scored}
    return scored | {
        "found": {"rates": rates, "trials": trials, "constructed": built}
    }


def tried(cell: Curve, width: int) -> dict[float, float]:
    """Give the mean error of each rate on the tuning seeds, inf if it fails."""
    seeds = list(range(TUNING, TUNING + 3))
    means = errors(cell, width, list(RATES), seeds).mean(axis=1)
    found = np.nan_to_num(means, nan=np.inf)
    return dict(zip(RATES, map(float, found), strict=True))


def interpolant(target: str, units: int) -> float:
    """Give the largest error of the broken line with ``units`` pieces."""
    f, x = TARGETS[target], np.linspace(-1, 1, FINE)
    knots = np.linspace(-1, 1, units + 1)
    return float(np.abs(np.interp(x, knots, f(knots)) - f(x)).max())


def squares() -> Outcome:
    """Any activation: fit |x| with x² units, which make a quadratic."""
    x = np.linspace(-1, 1, FINE)
    best = np.abs(x**2 + 1 / 8 - np.abs(x)).max()
    # Five alternating extremes prove that no quadratic does better.
    at = np.array([-1, -0.5, 0, 0.5, 1])
    signs = np.sign(at**2 + 1 / 8 - np.abs(at))
    holds = best > 1 / 8 + 1e-12 or (signs[1:] == signs[:-1]).any()
    return outcome(
        "any bend",
        bool(holds),
        f"x² units: error {best:.3g} on abs x at any width; §1.5.1 names no "
        "condition, though the bends it lists all meet it",
        printed=True,
    )


def whole_line() -> Outcome:
    """Any domain: a ReLU net is straight far out, and sin is not."""
    knots = np.linspace(-20, 20, 401)
    far = np.linspace(20, 200, 10_001)
    slope = (np.sin(knots[-1]) - np.sin(knots[-2])) / (knots[1] - knots[0])
    line = np.sin(knots[-1]) + slope * (far - 20)
    error = np.abs(line - np.sin(far)).max()
    return outcome(
        "any domain",
        bool(error < 1),
        f"401 knots on [−20, 20], sin x off by {error:.3g} on [20, 200]; "
        "§1.7.1 does say “compact domains”",
        printed=True,
    )


def within() -> Outcome:
    """The theorem under its hypotheses: the interpolant converges."""
    found = [
        interpolant(t, 512) / interpolant(t, 15) for t in ("abs x", "sin 8x")
    ]
    return outcome(
        "ReLU on an interval",
        max(found) < 0.1,
        f"512 pieces leave {max(found):.2g} of the error of 15 or less",
        counted=False,
    )


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide the theorem's conditions, then what training finds."""
    outcomes = [within(), squares(), whole_line()]
    for cell, found in view.items():
        few, many = (float(np.median(found[w])) for w in ("16", "512"))
        built = found["found"]["constructed"]
        note = (
            f"median error {few:.2g} with 16 units, {many:.2g} with 512 (by "
            f"hand {built['16']:.2g} and {built['512']:.2g})"
        )
        word = fall(many / few)
        outcomes.append(Outcome(f"found by training: {cell}", word, note=note))
    return tuple(outcomes)


def fall(left: float) -> str:
    """Judge what is left of the error: a tenth, half, more, or more than all.

    >>> [fall(left) for left in (0.1, 0.5, 0.9, 1.1)]
    ['supported', 'unclear', 'too small', 'opposite']
    """
    if left <= 0.1:
        return SUPPORTED
    if left <= 0.5:
        return UNCLEAR
    return SMALL if left <= 1 else OPPOSITE


C8 = Measured(
    number="C8",
    title="Universal approximation as worded",
    sources=(
        Source(
            "S4",
            "§1.5.1",
            "can approximate any continuous function to arbitrary precision "
            "given sufficient width",
        ),
        Source("S4", "§1.7.1", "compact domains"),
        Source("S0", "§2", "function approximators"),
    ),
    hypothesis=(
        "“Any continuous function to arbitrary precision given sufficient "
        "width”: the sentence holds for any activation and on any domain, and "
        "width gives a trained net the precision, on [−1, 1] for |x| and sin "
        "8x, with ReLU and with tanh."
    ),
    rule=(
        "As printed: units x² on |x|, and ReLU units on sin x over the whole "
        "line, must reach any precision; one that cannot makes the words false "
        "as printed. Measured: training is supported for a target if the "
        "median largest error with 512 units is at most a tenth of that with "
        "16, too small if it is more than half, opposite if it is more than "
        "the whole. 512 ReLU units built by hand reach less than a hundredth "
        "on either target. That ReLU reaches any precision on an interval is "
        "background."
    ),
    literature=(
        "Cybenko (1989), Hornik (1991); Leshno et al. (1993): if and only if "
        "the activation is not a polynomial, on compact sets."
    ),
    expects=("false as printed",),
    cuts=(
        "Widths 4, 16, 64 and 512 of 2 to 512; 2,000 steps of Adam, batches of "
        "128 of 1,025 points of [−1, 1], 0 among them; five rates tried at "
        "each width on three tuning seeds. No step function, which is not "
        "continuous."
    ),
    cells=CELLS,
    measure=measure,
    judge=judge,
)
