"""Bumps that momentum rolls through, valleys that RMSProp flattens: C43, C46.

Both are computed on surfaces given by formulas. Starts lie on a grid; the
turns of the valleys and the starts in them are drawn from a fixed seed.
"""

from collections.abc import Callable

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, MEASURED

Array = np.ndarray
WIDTHS, RISES, RATES = (0.5, 1.0, 2.0), (1.0, 2.0, 4.0), (0.1, 0.02)
STARTS = np.linspace(-4.995, 4.995, 1000)


def globally(
    width: float, rise: float, eta: float, beta: float, steps: int = 5_000
) -> float:
    """Descend w²/2 with bumps from 1,000 starts; give the fraction at 0.

    Args:
        width: from bump to bump.
        rise: the steepest of the bumps alone; above about 1 they hold.
        eta: the rate, over the largest curvature.
        beta: momentum.
        steps: how many.
    """
    wave = 2 * np.pi / width
    eta = eta / (1 + rise * wave)
    w, v = STARTS, 0 * STARTS
    for _ in range(steps):
        v = beta * v + w + rise * np.sin(wave * w)
        w = w - eta * v
    return float((np.abs(w) < width / 2).mean())


def gains(factor: float) -> list[float]:
    """Give momentum's gain, in points, on each of the 18 surfaces and rates.

    Args:
        factor: by which the rate of plain descent is raised.
    """
    return [
        100 * (globally(*at, eta, 0.9) - globally(*at, factor * eta, 0.0))
        for at in ((width, rise) for width in WIDTHS for rise in RISES)
        for eta in RATES
    ]


def rolls(factor: float) -> tuple[bool, str]:
    """Average the gains over surfaces and rates."""
    found = gains(factor)
    none = sum(abs(g) < 1 for g in found)
    return bool(np.mean(found) >= 10), (
        f"{np.mean(found):.0f} points more starts end in the lowest valley, "
        f"on average over {len(found)} surfaces and rates; on {none} there is "
        "no difference"
    )


def by_rate() -> tuple[bool, str]:
    """Split the gains by how high the rate is."""
    found = np.array(gains(1.0)).reshape(-1, 2).mean(0)
    return bool(found[0] > found[1]), (
        f"at ηL = 0.1 by {found[0]:.0f} points, at 0.02 by {found[1]:.0f}: it "
        "is speed that carries it across"
    )


C43 = Exact(
    number="C43",
    title="Momentum rolls through local minima",
    sources=(
        Source("S3", "§4", "plow through small bumps (local minima)"),
        Source("S2", "Hyperparameters 3", "Helps avoid local minima"),
        Source("S0", "§8", "escape poor local minima"),
    ),
    hypothesis=(
        "From 1,000 starts on a bowl with bumps, β = 0.9 ends at least 10 "
        "points more often in the lowest valley than plain descent (a) at "
        "equal η, (b) at equal effective rate η/(1 − β)."
    ),
    rule=(
        "Exact, without chance: w²/2 and a cosine, three distances of bumps, "
        "three heights, two rates (0.1 and 0.02 over the largest curvature), "
        "5,000 steps. Each part holds if the mean gain over the 18 is at least "
        "10 points. If (a) alone holds, it is the step size that does it."
    ),
    literature="Sutskever et al. (2013) argue acceleration, not escape.",
    expects=("supported", "mixed"),
    cuts=(
        "Two-dimensional surfaces, and XOR, whose failed nets sit on flat "
        "ground and not in minima (C37). All 18 settings were tried, from "
        "other starts, before the rule was fixed."
    ),
    parts=(
        Part("(a) equal rate", "plow through", lambda: rolls(1.0), MEASURED),
        Part(
            "(b) equal effective rate",
            "plow through",
            lambda: rolls(10.0),
            MEASURED,
        ),
        Part("by rate", "", by_rate, BACKGROUND),
    ),
)

# C46: valleys along the axes, and turned

AXES, KAPPA, TURNS, STEPS = 20, 1000.0, 20, 500


def descend(hessian: Array, w: Array, eta: float) -> Array:
    """Plain descent; give the last weights."""
    for _ in range(STEPS):
        w = w - eta * np.einsum("rij,rj->ri", hessian, w)
    return w


def heavy(hessian: Array, w: Array, eta: float) -> Array:
    """Momentum of 0.9; give the last weights."""
    v = 0 * w
    for _ in range(STEPS):
        v = 0.9 * v + np.einsum("rij,rj->ri", hessian, w)
        w = w - eta * v
    return w


def rmsprop(hessian: Array, w: Array, eta: float) -> Array:
    """RMSProp at PyTorch's settings; give the last weights."""
    s = 0 * w
    for _ in range(STEPS):
        g = np.einsum("rij,rj->ri", hessian, w)
        s = 0.99 * s + 0.01 * g * g
        w = w - eta * g / (np.sqrt(s) + 1e-8)
    return w


METHODS: dict[str, tuple[Callable, Array]] = {
    "GD": (descend, np.geomspace(1e-5, 2e-3, 24)),
    "momentum": (heavy, np.geomspace(1e-5, 4e-3, 24)),
    "RMSProp": (rmsprop, np.geomspace(1e-4, 1, 24)),
}


def best_losses(turned: bool) -> dict[str, float]:
    """Give each method's loss at its best rate, relative to the first."""
    rng = np.random.default_rng(100)
    q = np.stack(
        [
            np.linalg.qr(rng.normal(size=(AXES, AXES)))[0]
            if turned
            else np.eye(AXES)
            for _ in range(TURNS)
        ]
    )
    hessian = np.einsum("rij,j,rkj->rik", q, np.geomspace(1, KAPPA, AXES), q)
    start = rng.normal(size=(TURNS, AXES))

    def loss(w: Array) -> Array:
        return np.einsum("ri,rij,rj->r", w, hessian, w)

    found = {}
    for name, (method, rates) in METHODS.items():
        with np.errstate(over="ignore", invalid="ignore"):
            ends = np.array([loss(method(hessian, start, r)) for r in rates])
        ratios = np.where(np.isfinite(ends), ends, np.inf) / loss(start)
        geometric = np.log(np.maximum(ratios, 1e-300)).mean(1)
        found[name] = float(np.exp(geometric.min()))
    return found


def helpful(turned: bool) -> tuple[bool, str]:
    """Compare RMSProp with plain descent."""
    found = best_losses(turned)
    said = ", ".join(f"{name} {value:.1e}" for name, value in found.items())
    return found["RMSProp"] <= found["GD"] / 10, (
        f"loss after {STEPS} steps, relative to the first: {said}"
    )


C46 = Exact(
    number="C46",
    title="RMSProp helps with different curvatures",
    sources=(
        Source(
            "S3",
            "§4.2",
            "Helpful when the error surface has different curvatures in "
            "different directions",
        ),
    ),
    hypothesis=(
        "On quadratics of 20 weights and κ = 1,000 RMSProp ends at most at a "
        "tenth of the loss of plain descent after 500 steps, (a) with the "
        "curvatures along the axes, (b) with the valley turned."
    ),
    rule=(
        "Exact: 24 rates for each, the best taken by the geometric mean over "
        "20 starts, in (b) with a random turn each. Both: supported; (a) "
        "alone: mixed. Momentum of 0.9 is shown beside them."
    ),
    literature=(
        "Duchi et al. (2011): a diagonal matrix is tied to the axes. Kunstner "
        "et al. (2024) on why it helps in practice."
    ),
    expects=("mixed",),
    parts=(
        Part(
            "(a) along the axes",
            "different curvatures",
            lambda: helpful(False),
            MEASURED,
        ),
        Part(
            "(b) turned",
            "in different directions",
            lambda: helpful(True),
            MEASURED,
        ),
    ),
)
