"""What momentum does on parabolas, and where Adam goes uphill: C42, C49.

Everything is computed from fixed starts, without chance; nets are trained by
the chapter's measured claims.
"""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, MEASURED

Array = np.ndarray


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


def steps_to(positions: Array, share: float = 1e-6) -> int:
    """Count the steps to that share of the first distance."""
    far = np.linalg.norm(positions, axis=1)
    return int(np.argmax(far <= share * far[0]))


def sign_changes(positions: Array) -> int:
    """Count how often a path on one axis crosses the minimum."""
    return int((positions[1:] * positions[:-1] < 0).sum())


def faster(kappa: float) -> tuple[bool, str]:
    """Compare both at the best constant settings, those of the theory."""
    axes, root = np.array([1.0, kappa]), kappa**0.5
    beta, eta = ((root - 1) / (root + 1)) ** 2, 4 / (1 + root) ** 2
    plain = steps_to(path(axes, 2 / (1 + kappa), 0.0, 20_000))
    heavy = steps_to(path(axes, eta, beta, 20_000))
    return heavy <= 0.8 * plain, (
        f"to a millionth of the distance: {plain:,} steps without, "
        f"{heavy:,} with, both at their best settings"
    )


def fewer_changes(at_equal: str) -> tuple[bool, str]:
    """Count crossings in 100 steps, where plain descent oscillates."""
    one, said, good = np.ones(1), [], True
    for product in (1.2, 1.5, 1.8):
        eta = product * (0.1 if at_equal == "effective" else 1.0)
        plain = sign_changes(path(one, product, 0.0, 100))
        heavy = sign_changes(path(one, eta, 0.9, 100))
        good = good and heavy <= 0.8 * plain
        said.append(f"{heavy} for {plain}")
    return good, (
        f"crossings in 100 steps at ηλ = 1.2, 1.5, 1.8: {', '.join(said)}"
    )


def dies_sooner() -> tuple[bool, str]:
    """Compare the excursions that are left after 50 steps."""
    one, said, good = np.ones(1), [], True
    for product in (1.2, 1.5, 1.8):
        plain, heavy = (
            float(np.abs(path(one, product, beta, 60)[50:]).max())
            for beta in (0.0, 0.9)
        )
        good = good and heavy < plain
        said.append(f"{heavy:.1g} for {plain:.1g}")
    return good, (
        f"excursion left after 50 steps at ηλ = 1.2, 1.5, 1.8: "
        f"{', '.join(said)}; it shrinks by √β = 0.949 a step, without "
        "momentum by |1 − ηλ|"
    )


def overshoots() -> tuple[bool, str]:
    """Descend at a tenth of 1/λ, where plain descent never crosses."""
    one = np.ones(1)
    plain = float(path(one, 0.1, 0.0, 500).min())
    heavy = float(path(one, 0.1, 0.9, 500).min())
    return heavy < 0 <= plain, (
        f"from 1, at ηλ = 0.1 and β = 0.9, it passes 0 as far as {heavy:.2f}; "
        f"without momentum it stays above"
    )


def one_method() -> tuple[bool, str]:
    """Run the mean at η/(1 − β) and the sum at η on a steep valley."""
    axes, beta, eta = np.array([1.0, 100.0]), 0.9, 0.01
    w, m = np.ones(2), np.zeros(2)
    off = 0.0
    for at in path(axes, eta, beta, 1_000)[1:]:
        m = beta * m + (1 - beta) * axes * w
        w = w - eta / (1 - beta) * m
        off = max(off, float(np.abs(w - at).max()))
    return off < 1e-10, f"1,000 steps apart by at most {off:.0e}"


C42 = Exact(
    number="C42",
    title="Momentum accelerates, damps oscillation, can overshoot",
    sources=(
        Source(
            "S0",
            "§8",
            "reduce the oscillations in SGD and speed … up convergence",
        ),
        Source("S1", "l.283", "Reduces oscillations in deep valleys"),
        Source("S1", "l.283", "Can overshoot the optimal point"),
        Source("S2", "Hyperparameters 3", "Improves training speed"),
    ),
    hypothesis=(
        "On quadratics: (a) at the best constant settings of each, momentum "
        "needs at most 0.8 of the steps; (b) where plain descent oscillates "
        "(1 < ηλ < 2), momentum of 0.9 crosses the minimum at most 0.8 times "
        "as often, at equal η and at equal η/(1 − β); (c) what is left of the "
        "oscillation after 50 steps is smaller; (d) it can pass a minimum that "
        "plain descent at the same η does not."
    ),
    rule=(
        "Exact, part by part, in float64: (a) steps to 1e-6 of the distance, κ "
        "= 10 and 1,000; (b), (c) ηλ = 1.2, 1.5, 1.8, all three; (d) one case. "
        "Background: the mean at η/(1 − β) and the sum at η stay within 1e-10 "
        "over 1,000 steps."
    ),
    literature=(
        "Polyak (1964): √κ in place of κ on quadratics. Sutskever et al. "
        "(2013); Kidambi et al. (2018), Wang et al. (2024): little gain where "
        "gradient noise dominates."
    ),
    expects=("mixed", "mostly supported"),
    cuts="Nets (M1, D8 at three batch sizes), since six claims train nets.",
    parts=(
        Part("(a) κ = 10", "speed up", lambda: faster(10.0), MEASURED),
        Part("(a) κ = 1,000", "speed up", lambda: faster(1000.0), MEASURED),
        Part(
            "(b) how often, equal rate",
            "reduce the oscillations",
            lambda: fewer_changes("rate"),
            MEASURED,
        ),
        Part(
            "(b) how often, equal effective rate",
            "reduce the oscillations",
            lambda: fewer_changes("effective"),
            MEASURED,
        ),
        Part("(c) how long", "Reduces oscillations", dies_sooner, MEASURED),
        Part("(d) overshoots", "Can overshoot", overshoots, MEASURED),
        Part("mean and sum are one", "", one_method, BACKGROUND),
    ),
)

# C49: Adam's failure


def reddi(b2: float, largest: bool = False, steps: int = 30_000) -> float:
    """Run Adam, b1 = 0, on slopes 3, −1, −1, … over [−1, 1]; give the end.

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
