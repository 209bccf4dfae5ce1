"""Gradient descent: what it minimizes, and how fast it goes down a valley.

    g d + |d|² / (2 eta) >= -eta/2 |g|², equal at d = -eta g     (optimizers.1)
    |w_T - w*| <= ((kappa - 1) / (kappa + 1))^T |w_0 - w*|       (optimizers.2)
    g d + |d|max² / (2 eta) >= -eta/2 |g|1², by signs            (optimizers.16)

The first and the last are the same problem with two measures of length, the
second is for a quadratic at the best constant rate.
Source: Nesterov (2004), Introductory Lectures, 1.2.3; Bernstein & Newhouse
(2024), Old Optimizer, New Norm, propositions 1 and 3.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import largest, orthonormal

Array = np.ndarray
STEPS = 8


def draw_step(rng: np.random.Generator) -> dict:
    """Draw a gradient, a step and a rate.

    Args:
        rng: drawn from.
    """
    return {
        "g": rng.normal(size=4),
        "d": rng.normal(size=4),
        "eta": float(rng.uniform(0.01, 2)),
    }


def steepest_descent() -> Derivation:
    def model(d: dict) -> object:
        return d["g"] @ d["d"] + d["d"] @ d["d"] / (2 * d["eta"])

    def completed(d: dict) -> object:
        far = d["d"] + d["eta"] * d["g"]
        return far @ far / (2 * d["eta"]) - d["eta"] * (d["g"] @ d["g"]) / 2

    return Derivation(
        label="optimizers.1",
        lhs=r"q(d)",
        steps=(
            Step(
                value=model,
                why="the change that the gradient promises for a step d, and a "
                "penalty on its length, since the promise is good nearby only",
                latex=r"g^\top d+\frac1{2\eta}\|d\|^2",
            ),
            Step(
                value=completed,
                why="complete the square",
                latex=r"\frac1{2\eta}\|d+\eta g\|^2-\frac\eta2\|g\|^2",
            ),
            Step(
                value=lambda d: -d["eta"] * (d["g"] @ d["g"]) / 2,
                why=r"a square is not negative, and this one is 0 at $d=-\eta "
                "g$ alone",
                latex=r"-\frac\eta2\|g\|^2",
                relation=r"\ge",
            ),
        ),
        draw=draw_step,
    )


def quadratic_rate() -> Derivation:
    def curvatures(d: dict) -> Array:
        return np.cumsum(d["gaps"])

    def best_rate(d: dict) -> object:
        lam = curvatures(d)
        return 2 / (lam[0] + lam[-1])

    def walked(d: dict) -> object:
        q = orthonormal(d["axes"])
        hessian, far = (q * curvatures(d)) @ q.T, d["far"]
        for _ in range(STEPS):
            far = far - best_rate(d) * (hessian @ far)
        return np.sqrt(far @ far)

    def by_axis(d: dict) -> object:
        shrinks = (1 - best_rate(d) * curvatures(d)) ** STEPS
        along = shrinks * (orthonormal(d["axes"]).T @ d["far"])
        return np.sqrt(along @ along)

    def slowest(d: dict) -> object:
        factor = largest(np.abs(1 - best_rate(d) * curvatures(d)))
        return factor**STEPS * np.sqrt(d["far"] @ d["far"])

    def of_kappa(d: dict) -> object:
        lam = curvatures(d)
        kappa = lam[-1] / lam[0]
        shrink = ((kappa - 1) / (kappa + 1)) ** STEPS
        return shrink * np.sqrt(d["far"] @ d["far"])

    return Derivation(
        label="optimizers.2",
        lhs=r"\|w_T-w^\star\|",
        steps=(
            Step(
                value=walked,
                why="T steps, each of which multiplies the distance from the "
                "minimum by one and the same matrix",
                latex=r"\|(I-\eta H)^T(w_0-w^\star)\|",
            ),
            Step(
                value=by_axis,
                why="along each eigenvector of H it is multiplied by a number; "
                "the eigenvectors are the columns of Q",
                latex=r"\|(I-\eta\Lambda)^T\,Q^\top(w_0-w^\star)\|,"
                r"\qquad H=Q\Lambda Q^\top",
            ),
            Step(
                value=slowest,
                why="no axis shrinks less than the slowest",
                latex=r"\max_i|1-\eta\lambda_i|^T\;\|w_0-w^\star\|",
                relation=r"\le",
            ),
            Step(
                value=of_kappa,
                why="the slowest are the steepest and the flattest, and "
                r"$\eta=2/(\lambda_{\min}+\lambda_{\max})$ makes them equally "
                "slow",
                latex=r"\Big(\frac{\kappa-1}{\kappa+1}\Big)^T"
                r"\|w_0-w^\star\|",
            ),
        ),
        draw=lambda rng: {
            "gaps": rng.uniform(0.1, 2, size=4),
            "axes": rng.normal(size=(4, 4)),
            "far": rng.normal(size=4),
        },
        scope=f"four weights and $T={STEPS}$",
    )


def sign_steps() -> Derivation:
    def longest(d: dict) -> object:
        return largest(np.abs(d["d"]))

    def model(d: dict) -> object:
        return d["g"] @ d["d"] + longest(d) ** 2 / (2 * d["eta"])

    def opposed(d: dict) -> object:
        total = np.abs(d["g"]).sum()
        return -total * longest(d) + longest(d) ** 2 / (2 * d["eta"])

    return Derivation(
        label="optimizers.16",
        lhs=r"g^\top d+\frac1{2\eta}\|d\|_\infty^2",
        steps=(
            Step(
                value=model,
                why=r"the length of a step is now its largest entry, "
                r"$\|d\|_\infty=\max_i|d_i|$",
                latex=r"\sum_ig_id_i+\frac1{2\eta}\max_i|d_i|^2",
            ),
            Step(
                value=opposed,
                why="no entry is larger, so none can gain more than by going "
                "all the way against its gradient",
                latex=r"-\|g\|_1\,\|d\|_\infty+\frac1{2\eta}\|d\|_\infty^2,"
                r"\qquad\|g\|_1=\sum_i|g_i|",
                relation=r"\ge",
            ),
            Step(
                value=lambda d: -d["eta"] * np.abs(d["g"]).sum() ** 2 / 2,
                why="a parabola in the length; both bounds are reached at "
                r"$d=-\eta\,\|g\|_1\operatorname{sign}g$",
                latex=r"-\frac\eta2\|g\|_1^2",
                relation=r"\ge",
            ),
        ),
        draw=draw_step,
    )
