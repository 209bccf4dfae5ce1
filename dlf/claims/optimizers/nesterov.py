"""What Nesterov's momentum does on parabolas, beside the other: C44."""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, MEASURED

Array = np.ndarray
BETAS = 0.5, 0.7, 0.8, 0.9, 0.95, 0.99


def path(
    curvature: Array, eta: float, beta: float, steps: int, ahead: bool = False
) -> Array:
    """Descend a quadratic from ones; give all positions, a row a step.

    Args:
        curvature: of each axis.
        eta: the rate.
        beta: momentum; 0 is plain descent.
        steps: how many.
        ahead: Nesterov's, in PyTorch's variables.
    """
    w, v = np.ones_like(curvature), np.zeros_like(curvature)
    found = [w]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            g = curvature * w
            v = beta * v + g
            w = w - eta * (g + beta * v if ahead else v)
            found.append(w)
    return np.array(found)


def steps_to(positions: Array, part: float = 1e-6) -> int:
    """Count the steps to that part of the first distance."""
    far = np.linalg.norm(positions, axis=1)
    return int(np.argmax(far <= part * far[0]))


def smaller_excursion(low: float, high: float) -> tuple[bool, str]:
    """Compare how far both pass the minimum, at equal settings."""
    one, more, tried, crossed = np.ones(1), 0, 0, 0
    for beta in BETAS:
        limit = min(high, (2 + 2 * beta) / (1 + 2 * beta))
        for product in np.linspace(low, limit, 102)[1:-1]:
            heavy, ahead = (
                max(0.0, -float(path(one, product, beta, 400, n).min()))
                for n in (False, True)
            )
            tried += 1
            crossed += heavy > 0
            more += ahead > heavy + 1e-12
    return more == 0, (
        f"{tried} settings, in {crossed} of which momentum passes the "
        f"minimum: Nesterov's passes it farther in {more}"
    )


def certain_cases() -> tuple[bool, str]:
    """Compare both at η = 1/L over momenta, each at its best momentum."""
    axes = np.array([1.0, 1000.0])
    best = [
        min(
            steps_to(path(axes, 1e-3, beta, 4_000, ahead)) or 10_000
            for beta in np.linspace(0.5, 0.99, 50)
        )
        for ahead in (False, True)
    ]
    return best[1] < best[0], (
        f"κ = 1,000, η = 1/L, each at its best momentum: {best[0]} steps, with "
        f"Nesterov's {best[1]}"
    )


def operations() -> tuple[bool, str]:
    """Count the products and sums of an update, a weight."""
    plain, ahead = 2 + 2, 2 + 2 + 2  # βv + g, w − ηv; and g + βv
    net, batch = 784 * 128 + 128 * 128 + 128 * 10, 100
    more = (ahead - plain) / (6 * batch)
    return ahead > plain, (
        f"{ahead} operations a weight for {plain}, and one gradient each; of a "
        f"step of 784-128-128-10 ({net:,} weights), batch 100, {more:.1%}"
    )


def blows_up() -> tuple[bool, str]:
    """Look for a rate at which the one converges and the other does not."""
    one = np.ones(1)
    heavy, ahead = (
        abs(float(path(one, 1.5, 0.9, 300, n)[-1, 0])) for n in (False, True)
    )
    return heavy < 1e-3 and ahead > 1e3, (
        f"at ηλ = 1.5 and β = 0.9, 300 steps from 1: momentum is at "
        f"{heavy:.0e}, Nesterov's at {ahead:.0e}; their limits are 2 + 2β = "
        "3.8 and (2 + 2β)/(1 + 2β) = 1.36"
    )


C44 = Exact(
    number="C44",
    title="Nesterov: less overshoot, faster at times, dearer",
    sources=(
        Source("S1", "l.283", "Less overshooting"),
        Source("S1", "l.283", "Slightly more computationally expensive"),
        Source("S1", "l.283", "Faster convergence in certain cases"),
        Source("S1", "l.283", "More accurate updates than momentum"),
    ),
    hypothesis=(
        "(a) On a parabola, at equal η and β at which both converge, "
        "Nesterov's momentum never passes the minimum farther. (b) There is a "
        "quadratic on which it needs fewer steps. (c) Its update takes more "
        "operations, and no second gradient."
    ),
    rule=(
        "Exact: (a) 600 settings each for ηλ up to 1 and for ηλ from 1 to its "
        "limit, six momenta from 0.5 to 0.99; (b) κ = 1,000 at η = 1/L, best "
        "of 50 momenta each; (c) by counting. Background: a rate at which "
        "momentum converges and Nesterov's does not."
    ),
    literature=(
        "Nesterov (1983) accelerates every smooth convex function, which the "
        "heavy ball does not: Lessard, Recht & Packard (2016). Sutskever et "
        "al. (2013): more effective damping at high momentum."
    ),
    expects=("supported", "mostly supported"),
    cuts=(
        "Nets, since six claims train nets. “More accurate updates” names "
        "nothing that could be measured."
    ),
    parts=(
        Part(
            "(a) ηλ up to 1",
            "Less overshooting",
            lambda: smaller_excursion(0.0, 1.0),
            MEASURED,
        ),
        Part(
            "(a) ηλ above 1",
            "Less overshooting",
            lambda: smaller_excursion(1.0, 2.0),
            MEASURED,
        ),
        Part("(b) κ = 1,000", "Faster", certain_cases, MEASURED),
        Part("(c) operations", "more expensive", operations, MEASURED),
        Part("its limit is lower", "", blows_up, BACKGROUND),
    ),
)
