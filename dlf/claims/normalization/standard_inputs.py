"""What standardizing inputs does to conditioning, and to digits lost: C78."""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND

Array = np.ndarray
RATIO = 0.8


def tables() -> dict[str, Array]:
    """Give four tables: digits, the same with one feature × 100, two more."""
    from sklearn.datasets import load_breast_cancer, load_wine

    from dlf.data import digits

    images = digits.load(seed=111).train.flat()
    images = images[:, images.std(0) > 0.05]
    scaled = images.copy()
    scaled[:, 0] *= 100
    return {
        "digits": images,
        "digits, one feature × 100": scaled,
        "wine": load_wine().data,  # pyright: ignore[reportAttributeAccessIssue]
        "breast cancer": load_breast_cancer().data,  # pyright: ignore[reportAttributeAccessIssue]
    }


def standardized(x: Array) -> Array:
    """Subtract each column's mean and divide by its standard deviation."""
    return (x - x.mean(0)) / x.std(0)


def singular_values(x: Array) -> Array:
    """Give those of a table with a column of ones, for the bias."""
    return np.linalg.svd(np.hstack([x, np.ones((len(x), 1))]), compute_uv=False)


def condition(x: Array) -> float:
    """Give the condition number of the Gram matrix."""
    s = singular_values(x)
    return float((s[0] / s[-1]) ** 2)


def steps(x: Array, accuracy: float = 1e-3) -> float:
    """Bound the steps of gradient descent on least squares, at its best rate.

    At the rate 2/(λ₁ + λₙ) the error falls by (κ − 1)/(κ + 1) a step, no
    faster for a start in the two outermost directions.
    """
    k = condition(x)
    return float(np.log(1 / accuracy) / -np.log1p(-2 / (k + 1)))


def conditioning() -> tuple[bool, str]:
    """Compare condition numbers before and after, in all four tables."""
    found = {n: (condition(x), condition(standardized(x)))
             for n, x in tables().items()}  # fmt: skip
    said = "; ".join(f"{n} {a:.1e} → {b:.1e}" for n, (a, b) in found.items())
    return all(b < a for a, b in found.values()), said


def convergence() -> tuple[bool, str]:
    """Compare steps to a thousandth of the error, worst start, best rate."""
    found = [(steps(x), steps(standardized(x))) for x in tables().values()]
    return all(b <= RATIO * a for a, b in found), (
        "steps of gradient descent to a thousandth of the error: "
        + "; ".join(f"{a:.1e} → {b:.1e}" for a, b in found)
    )


def solve(x: Array, y: Array) -> Array:
    """Solve the normal equations in float32; give the fitted values."""
    a = np.hstack([x, np.ones((len(x), 1))]).astype(np.float32)
    gram, right = a.T @ a, a.T @ y.astype(np.float32)
    return (a @ np.linalg.solve(gram, right)).astype(float)


def numerical_stability() -> tuple[bool, str]:
    """Fit a line to years from 1900 to 2020 in float32, both ways."""
    years = np.arange(1900.0, 2021.0)[:, None]
    y = 0.01 * (years[:, 0] - 1960) + 0.3
    off = [
        float(np.abs(solve(x, y) - y).max())
        for x in (years, standardized(years))
    ]
    return off[1] < off[0] / 10, (
        "a line through 121 years by normal equations in float32 is off by up "
        f"to {off[0]:.1g} raw, and {off[1]:.1g} standardized"
    )


def always() -> tuple[bool, str]:
    """Ask of 2,000 random tables of three columns whether any gets worse."""
    rng, worse = np.random.default_rng(110), 0
    for _ in range(2_000):
        x = rng.normal(size=(4, 3)) * np.exp(rng.normal(size=3))
        x = x - x.mean(0)
        s, t = (np.linalg.svd(a, compute_uv=False)
                for a in (x, standardized(x)))  # fmt: skip
        worse += bool(t[0] / t[-1] > s[0] / s[-1] * (1 + 1e-9))
    return worse == 0, (
        f"in {worse} of 2,000 random tables of three centered columns with "
        "scales of their own the condition number rises"
    )


def newton() -> tuple[bool, str]:
    """Solve exactly: the fit is the same in either coordinates."""
    x = tables()["wine"]
    y = x[:, 0] ** 2
    fits = []
    for table in (x[:, 1:], standardized(x[:, 1:])):
        a = np.hstack([table, np.ones((len(table), 1))])
        fits.append(a @ np.linalg.lstsq(a, y, rcond=None)[0])
    off = float(np.abs(fits[0] - fits[1]).max() / np.abs(y).max())
    return off < 1e-8, (
        "the fit of least squares itself is the same either way, to 1e-8: what "
        "changes is the way there"
    )


C78 = Exact(
    number="C78",
    title="Standardizing inputs improves stability and convergence",
    sources=(
        Source("S0", "§9 E", "improves numerical stability and convergence"),
    ),
    hypothesis=(
        "(a) The condition number of the Gram matrix, with a column for the "
        "bias, falls. (b) “Convergence”: gradient descent on least squares, at "
        "its best rate, needs at most 0.8 times the steps. (c) “Numerical "
        "stability”: with normal equations in float32 the error of the fit is "
        "at most a tenth. (d) “Improves”, said without a condition: no table's "
        "condition number rises."
    ),
    rule=(
        "Exact, on four tables: 8 × 8 digits (50 pixels that vary), the same "
        "with one feature times 100, wine, breast cancer. (b) by the condition "
        "number, worst start; (c) a line through the years 1900 to 2020; (d) "
        "2,000 random tables of four rows and three centered columns. That the "
        "solution does not change is shown as background."
    ),
    literature=(
        "LeCun et al. (1998) for the advice; van der Sluis (1969): among "
        "scalings of columns, equal norms are within a factor √n of the best "
        "condition number, and not the best."
    ),
    expects=("false as printed", "mostly supported"),
    cuts="No net is trained; Adam is not compared with SGD.",
    parts=(
        Part("(a) condition", "convergence", conditioning),
        Part("(b) steps", "convergence", convergence),
        Part("(c) float32", "numerical stability", numerical_stability),
        Part("(d) any table", "improves", always),
        Part("the solution", "improves", newton, BACKGROUND),
    ),
)
