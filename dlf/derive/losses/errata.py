"""Errata of the sources on losses, each with its witness."""

import numpy as np

from dlf.derive.erratum import Erratum


def derivatives(f, x: np.ndarray, h: float = 1e-6) -> np.ndarray:
    """Central differences, against which printed gradients are held.

    Args:
        f: of a vector, to a number or an array.
        x: where to differentiate.
        h: half the distance of the two points.
    """
    ways = np.eye(len(x)) * h
    return np.array([(f(x + w) - f(x - w)) / (2 * h) for w in ways])


def _half_is_no_mean() -> tuple:
    r = np.array([1.0, 2.0, 3.0])

    def mean(v: np.ndarray) -> float:
        return float(np.mean(v**2))

    printed = np.append(0.5 * r @ r, r)
    corrected = np.append(r @ r / 3, 2 * r / 3)
    return printed, corrected, np.append(mean(r), derivatives(mean, r))


E18 = Erratum(
    key="E18",
    kind="false",
    place="S0 §5 (against its §2.1)",
    prints=(
        r"$L=\frac12\|\hat y-y\|^2$ “measures the average squared "
        r"difference”, with $\delta=(\hat y-y)\odot f'$."
    ),
    correct=(
        r"it is half the sum; the average is $\frac1n\|\hat y-y\|^2$, with "
        r"the gradient $\frac2n(\hat y-y)$. Either will do, if you carry its "
        "factor."
    ),
    witness=_half_is_no_mean,
    of=r"$\hat y=(1,2,3)$, $y=0$",
    columns=(
        "average",
        "gradient $_1$",
        "$_2$",
        "$_3$",
    ),
)


def _sum_is_no_mean() -> tuple:
    losses = -np.log(np.full(4, 0.5))
    return losses.sum(), losses.mean(), -np.log(0.5)


E19 = Erratum(
    key="E19",
    kind="wording",
    place="S2, Losses 3(b) and 2(d), beside 2(a), 2(b), 3(a)",
    prints=(
        "categorical cross-entropy and log-cosh as sums over examples, "
        r"their neighbors with $\frac1N$."
    ),
    correct=(
        r"$\frac1N$ throughout, or the gradient, and with it the step, grows "
        "with the batch."
    ),
    witness=_sum_is_no_mean,
    of=r"four copies of one example with $\hat p=\frac12$",
    columns=("loss per example",),
)


def _not_always_negative() -> tuple:
    return 1.0, 0.0, float(np.log(1.0) < 0)


E20 = Erratum(
    key="E20",
    kind="needs a condition",
    implied=True,
    place="S3 §3",
    prints="“the log of a probability (0 to 1) is always negative”.",
    correct=r"never positive: $\log p\le0$; negative on condition that $p<1$.",
    witness=_not_always_negative,
    columns=(r"is $\log1$ negative?",),
)


def _reached() -> tuple:
    p = np.linspace(1e-4, 1 - 1e-4, 99_981)
    least = (-0.9 * np.log(p) - 0.1 * np.log1p(-p)).min()
    entropy = -0.9 * np.log(0.9) - 0.1 * np.log(0.1)
    z = np.array([37.0, 0.0])
    shifted = z - z.max()
    computed = np.log(np.exp(shifted).sum()) - shifted[0]
    printed, corrected = np.array([0.0, 1.0]), np.array([entropy, 0.0])
    return printed, corrected, np.array([least, float(computed > 0)])


E21 = Erratum(
    key="E21",
    kind="needs a condition",
    implied=True,
    place="S3 §3",
    prints=(
        "the loss “theoretically can approach 0 but never reach it”, given "
        "as the reason to regularize."
    ),
    correct=(
        "so it is for hard labels without noise and finite logits, in exact "
        "arithmetic. For soft or noisy labels the infimum is their entropy, "
        "and floating point does reach 0. Regularization has other reasons."
    ),
    witness=_reached,
    of="targets (0.9, 0.1); the lead in float64",
    columns=(
        "infimum",
        "at a lead of 37, is the computed loss greater than 0?",
    ),
)


def _logits() -> tuple:
    z = np.array([2.0, -1.0, 0.0])
    odds = np.exp(z[:, None] - z[None, :])  # of the row's class to the column's
    e = np.exp(z)
    return z / z.sum(), e / e.sum(), 1 / odds.T.sum(axis=1)


E23 = Erratum(
    key="E23",
    kind="false",
    implied=True,
    place="S3 §2",
    prints="“unnormalized probabilities (logits)”.",
    correct=(
        r"unnormalized *log*-probabilities, $z_i=\log p_i+c$; what has only "
        "to be divided by its sum is $e^{z_i}$. Adding 5 to every logit "
        "changes nothing."
    ),
    witness=_logits,
    of="the probabilities of $z=(2,-1,0)$, divided by the sum",
    columns=(
        "class 1",
        "class 2",
        "class 3",
    ),
)
