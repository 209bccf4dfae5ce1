"""What noise does to descent, and where Adam goes uphill: C41, C49.

Two valleys and a parabola are given by formulas, and what chance can do is
bounded or computed; one part draws paths from a fixed seed.
"""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, MEASURED

Array = np.ndarray
#: derivative of w⁴/4 − w²/2 + w/20, two valleys of which the left is lower
TILT = 0.05
WALL = 2 / 27**0.5 - TILT  # its steepest rise on the way out of the right one


def derivative(w: Array) -> Array:
    """Differentiate the tilted double well."""
    return w**3 - w + TILT


def left(w: Array) -> Array:
    """Say which points are left of the ridge between the valleys."""
    ridge = np.sort(np.roots([1.0, 0.0, -1.0, TILT]).real)[1]
    return w < ridge


def stays() -> tuple[bool, str]:
    """Descend from 1,000 points of the right valley, below the limit 2/L."""
    starts, crossed = np.linspace(0.1, 1.4, 1000), 0
    for eta in (0.05, 0.1, 0.2):  # L = 3 · 1.4² − 1 = 4.9
        w = starts
        for _ in range(5_000):
            w = w - eta * derivative(w)
        crossed += int(left(w).sum())
    return crossed == 0, (
        f"{crossed} of 3,000 paths from the higher valley end in the lower, "
        "without noise and with η < 1/L"
    )


def can_cross(noise: float, eta: float, steps: int = 100_000) -> int:
    """Let chance do its worst: push left at every step; count the steps.

    The step is a monotone map of w, so no other sequence gets farther left.

    Args:
        noise: of one example's gradient, plus or minus.
        eta: the rate, below 1/L.
        steps: at most; 0 is returned if they do not suffice.
    """
    w = np.ones(1)
    for t in range(1, steps + 1):
        w = w - eta * (derivative(w) + noise)
        if left(w)[0]:
            return t
    return 0


def leaves() -> tuple[bool, str]:
    """Look for a sequence of examples that leads across the ridge."""
    k = can_cross(0.6, 0.1)
    return k > 0, (
        "two examples, gradients 0.6 more or less than the mean, η = 0.1: the "
        f"same one {k} times in a row leads across, so that every {k} steps "
        f"do with a probability of at least 2^−{k}"
    )


def always_leaves() -> tuple[bool, str]:
    """Take less noise than the steepest rise, and all rates."""
    crossed = [can_cross(0.3, eta) for eta in (0.01, 0.1, 0.2)]
    return any(crossed), (
        f"with 0.3, less than the steepest rise {WALL:.3f}, no sequence of "
        "examples leads across, at any rate below 1/L"
    )


def escapes() -> tuple[bool, str]:
    """Draw 2,000 paths for each of three ratios η/B."""
    shares = {}
    for eta, batch in ((0.1, 4), (0.1, 1), (0.2, 1)):
        rng, w = np.random.default_rng(100), np.ones(2_000)
        once = left(w)
        for _ in range(round(60 / eta)):
            picks = rng.integers(0, 2, (batch, len(w))).mean(0)
            w = w - eta * (derivative(w) + 1.2 * (2 * picks - 1))
            once |= left(w)
        shares[eta / batch] = float(once.mean())
    order = list(shares.values())
    said = ", ".join(f"{r:g}: {share:.0%}" for r, share in shares.items())
    return order == sorted(order) and order[-1] > order[0] + 0.1, (
        f"across at least once by Σ η = 60, by η/B, {said}"
    )


def floor(eta: float, batch: int) -> float:
    """Iterate the second moment of w on a parabola of curvature 1."""
    moment = 1.0
    for _ in range(round(40 / eta)):
        moment = (1 - eta) ** 2 * moment + eta**2 / batch
    return moment / 2  # the mean loss


def settles() -> tuple[bool, str]:
    """Fit how the loss that remains depends on η/B."""
    at = [(eta, b) for eta in (0.003, 0.01, 0.03) for b in (1, 4, 16)]
    ratio = np.log([eta / b for eta, b in at])
    left_over = np.log([floor(*setting) for setting in at])
    power = float(np.polyfit(ratio, left_over, 1)[0])
    off = max(abs(floor(eta, b) * b * (2 - eta) / eta * 2 - 1) for eta, b in at)
    return abs(power - 1) <= 0.1 and off < 1e-10, (
        f"noise 1, curvature 1: the mean loss ends at η/(2B(2 − η)), to "
        f"{off:.0e}; it grows as η/B to the power {power:.2f}"
    )


def decays() -> tuple[bool, str]:
    """Lower the rate as 1/t on the same parabola."""
    moment = 1.0
    for t in range(1, 100_001):
        eta = 1 / (t + 1)
        moment = (1 - eta) ** 2 * moment + eta**2
    return moment / 2 < 1e-4, (
        f"with η = 1/(t + 1) the mean loss is {moment / 2:.0e} after 10⁵ steps"
    )


C41 = Exact(
    number="C41",
    title="SGD’s noise escapes local minima, and keeps it from settling",
    sources=(
        Source("S1", "l.221", "Can escape local minima due to noise"),
        Source("S1", "l.223", "May not converge to the global minimum"),
        Source("S1", "l.31", "May get stuck"),
        Source("S3", "§4", "get stuck in local minima/saddle points"),
    ),
    hypothesis=(
        "In a tilted double well, from the higher valley: (a) descent below "
        "1/L stays; (b) there is a sequence of examples with which SGD leaves, "
        "(c) more often the larger η/B; (d) but not for any noise. (e) On a "
        "parabola with gradient noise the loss that remains is proportional to "
        "η/B."
    ),
    rule=(
        "Exact: (a) 1,000 starts and three rates; (b), (d) by the sequence "
        "that pushes hardest, beyond which none gets, since the step is a "
        "monotone map; (c) 2,000 paths each for η/B = 0.025, 0.1 and 0.2, "
        "seed 100, across at least once at equal Σ η; (e) the exact second "
        "moment for nine settings: power within 1 ± 0.1. Background: a rate "
        "of 1/t settles."
    ),
    literature=(
        "Kleinberg, Li & Yuan (2018): SGD descends a smoothed loss. Bottou, "
        "Curtis & Nocedal (2018): noise floor. Xie et al. (2021): the time to "
        "escape is exponential in the batch size over the rate."
    ),
    expects=("mixed", "mostly supported", "false as printed"),
    cuts=(
        "XOR nets with batches of 1 and 4: C37 trains such nets, and those "
        "that fail sit on flat ground, where the noise is small as well."
    ),
    parts=(
        Part("(a) without noise", "May get stuck", stays, MEASURED),
        Part("(b) with noise", "Can escape", leaves, MEASURED),
        Part("(c) more of it, more often", "due to noise", escapes, MEASURED),
        Part("(d) with little noise", "Can escape", always_leaves, MEASURED),
        Part("(e) constant rate", "May not converge", settles, MEASURED),
        Part("falling rate", "", decays, BACKGROUND),
    ),
)

# C49: Adam's failure


def reddi(b2: float, largest: bool = False, steps: int = 30_000) -> float:
    """Run Adam, b1 = 0, on derivatives 3, −1, −1, … over [−1, 1]; give the end.

    Args:
        b2: share kept of the mean square.
        largest: divide by the largest mean square so far, as AMSGrad does.
        steps: with the rate 0.1/√t.
    """
    w, s, top = 0.0, 0.0, 0.0
    for t in range(1, steps + 1):
        g = 3.0 if t % 3 == 1 else -1.0
        s = b2 * s + (1 - b2) * g * g
        top = max(top, s) if largest else s
        w = min(1.0, max(-1.0, w - 0.1 / t**0.5 * g / top**0.5))
    return w


def worst() -> tuple[bool, str]:
    """Run it with the value of the theorem."""
    end = reddi(0.1)
    return end > 0.9, (
        f"slopes 3, −1, −1 on [−1, 1], β₁ = 0, β₂ = 0.1: it ends at {end:.3f}; "
        "the loss is least at −1"
    )


def with_largest() -> tuple[bool, str]:
    """Run AMSGrad on the same."""
    end = reddi(0.1, largest=True)
    return end < -0.9, f"AMSGrad ends at {end:.3f}"


def by_default() -> tuple[bool, str]:
    """Run Adam with larger values of β₂ on the same."""
    ends = {b2: reddi(b2) for b2 in (0.5, 0.9, 0.99, 0.999)}
    said = ", ".join(f"{b2}: {end:.3f}" for b2, end in ends.items())
    return all(end < -0.9 for b2, end in ends.items() if b2 >= 0.9), (
        f"by β₂, {said}"
    )


C49 = Exact(
    number="C49",
    title="Adam can fail to converge",
    sources=(
        Source("S1", "l.285", "Can sometimes lead to non-converging solutions"),
    ),
    hypothesis=(
        "There is a sequence of convex losses on which Adam goes to the worst "
        "point of its interval."
    ),
    rule=(
        "Exact: Reddi's linear losses of slopes 3, −1, −1, over [−1, 1], from "
        "0, β₁ = 0, β₂ = 1/(1 + 3²), rate 0.1/√t, 30,000 steps: above 0.9 at "
        "the end, where −1 is best. Background: AMSGrad, and larger β₂."
    ),
    literature=(
        "Reddi, Kale & Kumar (2018). Zhang et al. (2022): for a given problem "
        "Adam converges once β₂ is large enough and β₁ < √β₂, to a "
        "neighborhood where gradients stay noisy."
    ),
    expects=("supported",),
    parts=(
        Part("β₂ = 0.1", "non-converging", worst, MEASURED),
        Part("AMSGrad", "", with_largest, BACKGROUND),
        Part("larger β₂", "", by_default, BACKGROUND),
    ),
)
