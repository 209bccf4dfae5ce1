"""Errata of the sources on training, each with its witness."""

from itertools import product

import numpy as np
import sympy as sp

from dlf.derive.erratum import Erratum


def _stationary_is_not_minimal() -> tuple:
    w = sp.symbols("x y", real=True)
    f = w[0] ** 2 - w[1] ** 2
    at = {w[0]: 0, w[1]: 0}
    norm = sp.sqrt(sum(sp.diff(f, v) ** 2 for v in w)).subs(at)
    least = 0.0 if norm == 0 else np.nan  # “converged”: nothing is lower
    near = np.linspace(-0.1, 0.1, 21)
    truth = (near[:, None] ** 2 - near**2).min()
    lower = f.subs({w[0]: 0, w[1]: sp.Rational(1, 10)})
    return least, float(lower), truth


def _batch_variance() -> tuple:
    g = np.array([1.0, 2.0, 3.0, 4.0])
    sizes = (1, 2, 4)
    truth = [np.var([np.mean(b) for b in product(g, repeat=k)]) for k in sizes]
    one_sample = [g.var()] * len(sizes)
    return np.array(one_sample), g.var() / np.array(sizes), np.array(truth)


def _uphill() -> tuple:
    x, eta = 1.0, 0.1
    slope = 2 * x
    at = np.linspace(-2, 2, 400_001)  # where a short way down leads
    steps = at[np.isclose(np.abs(at - x), eta * slope)]
    return (x + eta * slope) ** 2, (x - eta * slope) ** 2, (steps**2).min()


E28 = Erratum(
    key="E28",
    kind="needs a condition",
    place="S0 §7; S2, Steps in Training",
    prints=(
        "convergence is “ideally reaching a (local) minimum”, “gradients "
        "approach zero”, “model performance on validation data stops "
        "improving” and “reasonable accuracy”, as if these were one event."
    ),
    correct=(
        r"three events: $\|\nabla\mathcal L\|\to0$, a stationary point, "
        "perhaps a saddle; the training loss settles, though there may be "
        "no minimizer; the validation score stops improving, which is a "
        "rule for stopping. None implies accuracy, and no smooth loss "
        "surface is needed. Gradients that vanish here are not the "
        "vanishing gradients of deep nets, which decay from layer to layer."
    ),
    witness=_stationary_is_not_minimal,
    of="$x^2-y^2$, whose gradient at the origin has norm 0",
    columns=("lowest value within 0.1",),
    implied=True,
)


E29 = Erratum(
    key="E29",
    kind="wording",
    place="S1; S4 §1.3.1; S2; S3",
    prints=(
        "stochastic gradient descent takes one sample an update (S1, S4), "
        "or “a small batch of data” (S2, S3)."
    ),
    correct=(
        r"$g=\frac1B\sum_{i\in\mathcal B}\nabla\ell_i$; $B=1$ is the "
        "classical case. It is unbiased for every $B$, and drawn with "
        r"replacement it has the covariance $\Sigma/B$, so which one is "
        "meant matters."
    ),
    witness=_batch_variance,
    of=(
        "variance of the gradient over batches, from four examples with "
        "gradients 1, 2, 3, 4"
    ),
    columns=(
        "$B=1$",
        "$B=2$",
        "$B=4$",
    ),
    implied=True,
)


E30 = Erratum(
    key="E30",
    kind="false",
    place="S3 §4",
    prints=(
        "“we calculate gradients and travel in that direction”, and the "
        "process is “fundamentally stochastic”."
    ),
    correct=(
        r"the step is along $-\nabla\mathcal L$, or a preconditioned form of "
        "it; and chance comes in with the batches, not with gradient descent."
    ),
    witness=_uphill,
    of=r"$f(x)=x^2$, $x=1$, $\eta=0.1$",
    columns=("value after the step",),
    implied=True,
)
