"""Errata of the sources on penalties and early stopping, with witnesses."""

import numpy as np

from dlf.derive.erratum import Erratum

Array = np.ndarray


def numeric_gradient(f: object, w: Array) -> Array:
    """Differentiate by central differences.

    Args:
        f: of an array, a number.
        w: where.
    """
    steps = 1e-6 * np.eye(len(w))
    return np.array([(f(w + d) - f(w - d)) / 2e-6 for d in steps])  # pyright: ignore[reportCallIssue]


def _factor() -> tuple:
    w, lam = np.array([1.0, 2.0]), 0.1
    truth = numeric_gradient(lambda u: lam / 2 * (u @ u), w)
    return (lam * (w @ w), *(2 * lam * w)), (lam / 2 * (w @ w), *(lam * w)), (
        sum(lam * v * v / 2 for v in w),
        *truth,
    )  # fmt: skip


E56 = Erratum(
    key="E56",
    kind="misprint",
    place="S0 §10.1",
    prints=(
        r"$\lambda\sum\theta_i^2=\frac\lambda2\lVert\theta\rVert_2^2$; a "
        "fraction bar is probably lost."
    ),
    correct=(
        r"$\frac\lambda2\sum\theta_i^2=\frac\lambda2\lVert\theta\rVert_2^2$, "
        r"whose gradient is $\lambda\theta$. With $\lambda\sum\theta_i^2$, as "
        r"S2 and S4 have it, it is $2\lambda\theta$."
    ),
    witness=_factor,
    of=r"$\theta=(1,2)$, $\lambda=0.1$, both sides of the equation",
    columns=("penalty", "its gradient, first", "second"),
)


def adam_or_adamw(size: float, decoupled: bool) -> float:
    """Run 2,000 steps on gradients of alternating sign; return the weight.

    Args:
        size: of the gradients.
        decoupled: whether the decay stands beside the quotient.
    """
    w, m, v, lam, eta = 1.0, 0.0, 0.0, 0.1, 1e-3
    for t in range(1, 2001):
        g = size if t % 2 else -size
        g = g if decoupled else g + lam * w
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        step = m / (1 - 0.9**t) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
        w = w - eta * step - (eta * lam * w if decoupled else 0.0)
    return w


def _decay() -> tuple:
    T, eta, lam = 2000, 1e-3, 0.1
    ages = np.arange(T)
    signs = np.where(ages % 2 == 0, 1.0, -1.0)
    mean = 0.1 * np.convolve(signs, 0.9**ages)[:T] / (1 - 0.9 ** (ages + 1))
    shrunk = (1 - eta * lam) ** ages[::-1]  # what later steps leave
    left = (1 - eta * lam) ** T - eta * (shrunk * mean).sum()
    printed = [adam_or_adamw(size, False) for size in (10.0, 0.1)]
    correct = [adam_or_adamw(size, True) for size in (10.0, 0.1)]
    return printed, correct, [left, left]


E57 = Erratum(
    key="E57",
    kind="needs a condition",
    place="S0 §2.5, §10.1; S4 §1.4.1",
    prints="“L2 regularization (weight decay)”.",
    correct=(
        "they are the same for SGD without momentum. With momentum the "
        "penalty's gradient is averaged along, and under Adam it is also "
        r"divided by the root of Adam's mean square: *decay* is what SGDW and "
        "AdamW do."
    ),
    witness=_decay,
    of=(
        r"what 2,000 steps of decay by $\eta\lambda=10^{-4}$ leave of a weight "
        "of 1 whose gradients alternate: Adam with L2; AdamW; and AdamW as a "
        "sum over all its steps"
    ),
    columns=("gradients ±10", "gradients ±0.1"),
)


def _spread_errors() -> tuple:
    x = np.array([[1.0, 1.0], [2.0, 2.0], [-1.0, -1.0]])
    y = np.array([1.0, 2.0, -2.0])
    w = np.linalg.solve(x.T @ x + np.eye(2), x.T @ y).round(9)
    again = np.zeros(2)
    for _ in range(500):
        again = again - 0.05 * (x.T @ (x @ again - y) + again)
    size = np.abs(y - x @ w)
    asked = 0.0
    return (
        (asked, w[0] - w[1]),
        (np.ptp(size), w[0] - w[1]),
        (np.ptp(np.abs(y - x @ again)), again[0] - again[1]),
    )


E58 = Erratum(
    key="E58",
    kind="wording",
    implied=True,
    place="S1",
    prints="L2 “distributes error across weights”.",
    correct=(
        "it spreads *weight* over correlated inputs (S0 §10.1 says so). The "
        "errors stay as unequal as the data make them."
    ),
    witness=_spread_errors,
    of=(
        r"ridge regression with two equal features, $y=(1,2,-2)$, "
        r"$\lambda=1$; solved, and by gradient descent"
    ),
    columns=(
        "largest less smallest error",
        "first weight less second",
    ),
)


def subgradient_path(proximal: bool) -> list[float]:
    """Descend on ½ (w - 0.1)² + ½ |w| from 1 at rate 0.1, 400 steps.

    Args:
        proximal: apply the soft threshold, not the subgradient.
    """
    w, path = 1.0, []
    for _ in range(400):
        u = w - 0.1 * (w - 0.1)
        if proximal:
            w = float(np.sign(u) * max(abs(u) - 0.05, 0.0))
        else:
            w = u - 0.05 * float(np.sign(w))
        path.append(w)
    return path


def _zeros() -> tuple:
    path, exact = subgradient_path(False), subgradient_path(True)
    grid = np.linspace(-1, 1, 20_001)
    least = grid[np.argmin((grid - 0.1) ** 2 / 2 + 0.5 * np.abs(grid))]
    first = exact.index(0.0) + 1
    solved = np.ceil(np.log(0.4 / 1.4) / np.log(0.9))  # of 1.4·0.9ᵗ = 0.4
    return (
        (path.count(0.0), abs(path[-2])),
        (400 - first + 1, exact[-1]),
        (400 - solved + 1, abs(round(least, 9))),
    )


E59 = Erratum(
    key="E59",
    kind="needs a condition",
    place="S0 §10.2; S1; S2",
    prints=(
        "L1 is added to the loss, which gradient descent follows, and “many "
        "parameters become exactly zero”."
    ),
    correct=(
        "*minimizers* are sparse. Steps along the subgradient jump over 0; the "
        r"proximal step $w\leftarrow S_{\eta\lambda}(w-\eta\nabla\mathcal L)$ "
        "lands on it."
    ),
    witness=_zeros,
    of=(
        r"$\frac12(w-0.1)^2+\frac12|w|$ from 1, $\eta=0.1$: subgradient; "
        "proximal; the step at which the proximal recursion, solved, arrives "
        "at 0, and the least of the loss on a grid"
    ),
    columns=("of 400 iterates exactly 0", "size of a late iterate"),
)

LOSSES = (0.50, 0.60, 0.59, 0.61, 0.60, 0.62, 0.61, 0.63)


def stops_after_increases(losses: tuple, patience: int) -> float:
    """Stop after so many increases in a row; NaN if that never comes.

    Args:
        losses: of validation, one an epoch.
        patience: how many.
    """
    run = 0
    for epoch in range(1, len(losses)):
        run = run + 1 if losses[epoch] > losses[epoch - 1] else 0
        if run == patience:
            return epoch
    return float("nan")


def stops_without_gain(losses: tuple, patience: int) -> int:
    """Stop after so many epochs without a new best.

    Args:
        losses: of validation, one an epoch.
        patience: how many.
    """
    best = 0
    for epoch, loss in enumerate(losses):
        best = epoch if loss < losses[best] else best
        if epoch - best == patience:
            return epoch
    return len(losses) - 1


def _patience() -> tuple:
    old = next(
        n for n in range(2, len(LOSSES)) if min(LOSSES[n - 1 : n + 1]) >= 0.5
    )
    printed = stops_after_increases(LOSSES, 2)
    usual = stops_without_gain(LOSSES, 2)
    return (printed, LOSSES[-1]), (usual, min(LOSSES[: usual + 1])), (
        old,
        min(LOSSES),
    )  # fmt: skip


E66 = Erratum(
    key="E66",
    kind="wording",
    place="S0 §10.4, §2.6",
    prints=(
        "stop when the validation loss “increases for a fixed number of "
        "consecutive epochs (patience)”; it is said to “improve convergence”."
    ),
    correct=(
        "that is a published rule (Prechelt's UP), but not what *patience* "
        "means in frameworks: epochs without a new best, and the best weights "
        "are restored. And stopping prevents convergence; it is meant to."
    ),
    witness=_patience,
    of=(
        "losses .50 .60 .59 .61 .60 .62 .61 .63, patience 2: the printed rule "
        "never stops, and keeps the last weights"
    ),
    columns=("stops at epoch", "loss of the weights that are kept"),
)
