"""What the perceptron rule does, statement by statement (C4)."""

from fractions import Fraction

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND
from dlf.scratch import perceptron

BITS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])

AND, XOR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 0])

RATES = (0.01, 1.0, 100.0)


def separable(seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Draw 100 points, labels by a random line, and the bound (R/γ)²."""
    rng = np.random.default_rng([4, seed])
    D = int(rng.integers(2, 11))
    u = rng.normal(size=D + 1)
    u /= np.linalg.norm(u)
    least = rng.uniform(0.01, 0.2)
    x = rng.normal(size=(4_000, D + 1))
    x[:, -1] = 1
    x = x[np.abs(x @ u) >= least][:100]
    side = x @ u
    ratio = (x * x).sum(1).max() / (side * side).min()
    return x[:, :-1], (side >= 0).astype(int), float(ratio)


def given() -> tuple[bool, str]:
    """Weigh the four pairs of bits by hand, in tenths."""
    z = BITS @ [5, 5] - 7
    right = np.array_equal((z >= 0).astype(int), AND)
    return right, "z = −0.7, −0.2, −0.2, 0.3: 4 of 4 right"


def bounded() -> tuple[bool, str]:
    """Hold the mistakes on 200 separable sets against the bound."""
    used, stopped = [], True
    for seed in range(200):
        x, y, bound = separable(seed)
        w, b, mistakes = perceptron.train_perceptron(x, y, epochs=100_000)
        stopped &= bool((perceptron.predict(x, w, b) == y).all())
        used.append(len(mistakes) / bound)
    return stopped and max(used) <= 1, (
        f"all 200 stop; the mistakes are {100 * np.median(used):.2g} % of the "
        f"bound in the middle and {100 * max(used):.2g} % at most"
    )


def stops() -> tuple[bool, str]:
    """Run XOR for 1,000 epochs; a state seen twice never ends."""
    _, _, mistakes = perceptron.train_perceptron(BITS, XOR)
    w, b, seen = np.zeros(2), 0.0, {}
    for epoch in range(1_000):
        state = (*w, b)
        if state in seen:
            break
        seen[state] = epoch
        for x, y in zip(BITS, XOR, strict=True):
            error = y - (x @ w + b >= 0)
            w, b = w + error * x, b + error
    return state not in seen, (
        f"XOR: {len(mistakes):,} mistakes in 1,000 epochs; the state after "
        f"epoch {epoch} is that after epoch {seen[state]}, for ever"
    )


def rate() -> tuple[bool, str]:
    """Compare the mistakes made at three rates, from zero weights."""
    exact = [_rational(Fraction(rate)) for rate in ("0.01", "1", "100")]
    same = all(e == exact[0] for e in exact)
    for seed in range(200):
        x, y, _ = separable(seed)
        runs = [perceptron.train_perceptron(x, y, r, 100_000)[2] for r in RATES]
        same &= all(np.array_equal(r, runs[1]) for r in runs)
    float_and = [
        perceptron.train_perceptron(BITS, AND, r)[2].tolist() for r in RATES
    ]
    counts = ", ".join(str(len(f)) for f in float_and)
    return same, (
        f"the same {len(exact[0])} mistakes on AND in rational numbers, and "
        "the same on all 200 sets in float64 (on AND in float64, where sums "
        f"tie with the threshold: {counts} mistakes)"
    )


def _rational(lr: Fraction) -> list[int]:
    w, mistakes, last = [Fraction(0)] * 3, [], 0
    for visit in range(400):
        x, y = (*map(int, BITS[visit % 4]), 1), int(AND[visit % 4])
        error = y - (sum(a * v for a, v in zip(w, x, strict=True)) >= 0)
        if error:
            w = [a + lr * error * v for a, v in zip(w, x, strict=True)]
            mistakes.append(visit)
            last = visit
    assert visit - last > 4
    return mistakes


def printed() -> tuple[bool, str]:
    """Learn AND without and with a correction of the bias."""
    w, b, _ = perceptron.train_perceptron(BITS, AND, with_bias=False)
    wrong = int((perceptron.predict(BITS, w, b) != AND).sum())
    v, c, mistakes = perceptron.train_perceptron(BITS, AND)
    return wrong == 0, (
        f"without the bias {wrong} of 4 wrong after 1,000 epochs, since at "
        f"(0, 0) z = 0 for ever; with it the last mistake is in epoch "
        f"{mistakes[-1] // 4 + 1}, w = ({v[0]:.0f}, {v[1]:.0f}), b = −{-c:.0f}"
    )


C4 = Exact(
    number="C4",
    title="The perceptron rule ends when all data are classified",
    sources=(
        Source(
            "S2",
            "Perceptron 3–4",
            "until the model correctly classifies all training data",
        ),
        Source("S2", "Example", "AND with weights 0.5, 0.5 and bias −0.7"),
        Source("S2", "Perceptron 3", "η … controls how much weights change"),
    ),
    hypothesis=(
        "(a) The weights given compute AND. (b) On separable data the updates "
        "stop after at most (R/γ)² mistakes. (c) They stop on all data. (d) "
        "From zero weights η changes no prediction. (e) The rule as printed, "
        "which updates no bias, learns AND."
    ),
    rule=(
        "Exact, part by part: by hand; on 200 random separable sets of 100 "
        "points in 2 to 10 dimensions, R and γ taken with the constant input 1 "
        "appended and γ for the line that drew the labels; on XOR for 1,000 "
        "epochs, looking for a repeated state; the mistakes at η = 0.01, "
        "1 and 100 on AND in rational numbers and on the 200 sets in float64; "
        "AND from zero without and with the bias."
    ),
    literature=(
        "Rosenblatt (1958); Novikoff (1962) bounds the mistakes; Minsky and "
        "Papert (1969) on XOR."
    ),
    expects=("holds in part",),
    parts=(
        Part("(a) AND", "weights 0.5, 0.5, bias −0.7", given),
        Part(
            "(b) separable data",
            "Repeat Until Convergence",
            bounded,
            BACKGROUND,
        ),
        Part("(c) all data", "until … all training data", stops),
        Part(
            "(d) η from zero",
            "controls how much weights change",
            rate,
            BACKGROUND,
        ),
        Part("(e) as printed", "Δwᵢ = η(y − ŷ)xᵢ", printed),
    ),
)
