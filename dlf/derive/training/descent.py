"""What a step of training is worth, from one batch to the whole run.

    E[g_B] = gradient of the mean loss                            (training.1)
    E|g_B - g|^2 = s^2 / B (N - B) / (N - 1)                      (training.2)
    f(w_t) = (1 - eta lambda)^(2 t) f(w_0) on a parabola          (training.3)
    f(w_T) - f* <= |w_0 - w*|^2 / (2 eta T), convex, eta <= 1/L   (training.4)

Expectations are taken by listing every batch. The rest of the row's equations,
(training.5) and (training.6), stand in `dlf.derive.training.averages`.
Source: Bottou, Curtis & Nocedal (2018), Optimization methods for large-scale
machine learning, 4; Nesterov (2004), Introductory Lectures, 2.1.5.
"""

from itertools import combinations

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import eigh, sigmoid

N, B = 6, 3


def batches() -> np.ndarray:
    """List every batch of B among N, a row each."""
    return np.array(list(combinations(range(N), B)))


def draw_gradients(rng: np.random.Generator) -> dict:
    """Draw one gradient of four entries for each of N examples.

    Args:
        rng: draws them.
    """
    return {"g": rng.normal(size=(N, 4))}


def batch_mean() -> Derivation:
    rows = batches()
    seen = (rows[:, :, None] == np.arange(N)).any(1)  # which batch has which
    return Derivation(
        label="training.1",
        lhs=r"\mathbb E\,g_{\mathcal B}",
        steps=(
            Step(
                value=lambda d: d["g"][rows].mean(1).mean(0),
                why="by definition, all batches of $B$ being equally likely",
                latex=r"\mathbb E\Big[\frac1B\sum_{i\in\mathcal "
                r"B}\nabla\ell_i\Big]",
            ),
            Step(
                value=lambda d: (seen[:, :, None] * d["g"]).mean(0).sum(0) / B,
                why="sum over all examples, and let an indicator say who is in",
                latex=r"\frac1B\sum_{i=1}^N\mathbb E\,1[i\in\mathcal B]\;"
                r"\nabla\ell_i",
            ),
            Step(
                value=lambda d: B * d["g"].sum(0) / N / B,
                why="each example is in a batch with probability $B/N$",
                latex=r"\frac1B\sum_{i=1}^N\frac BN\,\nabla\ell_i",
            ),
            Step(
                value=lambda d: d["g"].mean(0),
                why="which is the mean over all",
                latex=r"\frac1N\sum_{i=1}^N\nabla\ell_i=\nabla\mathcal L",
            ),
        ),
        draw=draw_gradients,
        scope=f"all {len(rows)} batches of {B} among {N}",
    )


def batch_variance() -> Derivation:
    rows = batches()

    def centered(d: dict) -> np.ndarray:
        return d["g"] - d["g"].mean(0)

    def spread(d: dict) -> object:
        return (centered(d) ** 2).sum(1).mean()

    def pairs(d: dict) -> object:
        c = centered(d)
        own = B * (c**2).sum() / N
        both = B * (B - 1) * ((c @ c.T).sum() - (c**2).sum())
        return (own + both / (N * (N - 1))) / B**2

    def without_pairs(d: dict) -> object:
        own = (centered(d) ** 2).sum()
        return (B * own / N - B * (B - 1) * own / (N * (N - 1))) / B**2

    return Derivation(
        label="training.2",
        lhs=r"\mathbb E\,\|g_{\mathcal B}-\nabla\mathcal L\|^2",
        steps=(
            Step(
                value=lambda d: (centered(d)[rows].mean(1) ** 2).sum(1).mean(),
                why=r"with $c_i=\nabla\ell_i-\nabla\mathcal L$",
                latex=r"\mathbb E\,\Big\|\frac1B\sum_{i\in\mathcal "
                r"B}c_i\Big\|^2",
            ),
            Step(
                value=pairs,
                why="one example is in with probability $B/N$, two together "
                "with "
                r"$\frac{B(B-1)}{N(N-1)}$",
                latex=r"\frac1{B^2}\Big(\frac BN\sum_i\|c_i\|^2+"
                r"\frac{B(B-1)}{N(N-1)}\sum_{i\ne j}c_i\cdot c_j\Big)",
            ),
            Step(
                value=without_pairs,
                why="the $c_i$ sum to zero, so that the pairs make up for the "
                "squares",
                latex=r"\frac1{B^2}\Big(\frac BN-\frac{B(B-1)}{N(N-1)}\Big)"
                r"\sum_i\|c_i\|^2",
            ),
            Step(
                value=lambda d: spread(d) / B * (N - B) / (N - 1),
                why=r"collect, with $s^2=\frac1N\sum_i\|c_i\|^2$",
                latex=r"\frac{s^2}{B}\cdot\frac{N-B}{N-1}",
            ),
        ),
        draw=draw_gradients,
        scope=f"all {len(rows)} batches of {B} among {N}",
    )


def step_length() -> Derivation:
    w, lam, eta = sp.symbols("w lambda eta", positive=True)
    after = w - eta * lam * w
    return Derivation(
        label="training.3",
        lhs=r"f(w-\eta f'(w))",
        steps=(
            Step(
                value=lam * after**2 / 2,
                why=r"for the parabola $f(w)=\tfrac\lambda2w^2$, whose "
                r"derivative is $\lambda w$",
                latex=r"\tfrac\lambda2\,(w-\eta\lambda w)^2",
            ),
            Step(
                value=(1 - eta * lam) ** 2 * lam * w**2 / 2,
                why="the step multiplies $w$, whatever it is",
                latex=r"(1-\eta\lambda)^2\,f(w)",
            ),
        ),
        draw=lambda rng: {
            k: rng.uniform(0.1, 3) for k in ("w", "lambda", "eta")
        },
    )


def convex_rate(T: int = 12) -> Derivation:
    """How far gradient descent is above a convex minimum after T steps.

    Args:
        T: steps, at least 1.
    """

    def target(d: dict) -> np.ndarray:
        return sigmoid(d["x"] @ d["best"])  # makes `best` the minimizer

    def loss(d: dict, w: np.ndarray) -> object:
        z = d["x"] @ w
        return (np.log(1 + np.exp(z)) - target(d) * z).mean()

    def gradient(d: dict, w: np.ndarray) -> np.ndarray:
        return d["x"].T @ (sigmoid(d["x"] @ w) - target(d)) / len(d["x"])

    def walk(d: dict) -> tuple[object, np.ndarray, np.ndarray]:
        eta = 4 / eigh(d["x"].T @ d["x"] / len(d["x"]))[0][-1]
        w = [d["w"]]
        for _ in range(T):
            w.append(w[-1] - eta * gradient(d, w[-1]))
        f = np.array([loss(d, v) for v in w]) - loss(d, d["best"])
        return eta, f, np.array(w) - d["best"]

    def gradients(d: dict, off: np.ndarray) -> np.ndarray:
        return np.array([gradient(d, v + d["best"]) for v in off[:-1]])

    def fallen(d: dict) -> object:
        eta, f, off = walk(d)
        return (f[:-1] - (gradients(d, off) ** 2).sum(1) * eta / 2).mean()

    def under_tangents(d: dict) -> object:
        eta, _, off = walk(d)
        g = gradients(d, off)
        return ((g * off[:-1]).sum(1) - (g**2).sum(1) * eta / 2).mean()

    def draw(rng: np.random.Generator) -> dict:
        x, best = rng.normal(size=(8, 3)), rng.normal(size=3)
        return {"x": x, "best": best, "w": 3 * rng.normal(size=3)}

    def telescoped(d: dict) -> object:
        eta, _, off = walk(d)
        far = (off**2).sum(1)
        return (far[:-1] - far[1:]).sum() / (2 * eta * T)

    return Derivation(
        label="training.4",
        lhs=r"f(w_T)-f^\star",
        steps=(
            Step(
                value=lambda d: walk(d)[1][-1],
                why="how far the last step still is above the minimum, "
                r"$f^\star=f(w^\star)$",
                latex=r"f(w_T)-f(w^\star)",
            ),
            Step(
                value=lambda d: walk(d)[1][1:].mean(),
                why=r"no step of at most $1/L$ goes up, so the last value is "
                r"below "
                "the mean",
                latex=r"\frac1T\sum_{t=1}^{T}\big(f(w_t)-f(w^\star)\big)",
                relation=r"\le",
            ),
            Step(
                value=fallen,
                why=r"as no curvature exceeds $L\le1/\eta$, a step against "
                r"the gradient $g_t=\nabla f(w_{t-1})$ makes $f$ smaller by "
                r"$\tfrac\eta2\|g_t\|^2$ at least",
                latex=r"\frac1T\sum_{t=1}^{T}\Big(f(w_{t-1})-f(w^\star)-"
                r"\tfrac\eta2\|g_t\|^2\Big)",
                relation=r"\le",
            ),
            Step(
                value=under_tangents,
                why=r"a convex $f$ lies above its tangent at $w_{t-1}$, also "
                r"at $w^\star$: $f(w^\star)\ge f(w_{t-1})+g_t^\top(w^\star-"
                r"w_{t-1})$",
                latex=r"\frac1T\sum_{t=1}^{T}\Big(g_t^\top(w_{t-1}-w^\star)-"
                r"\tfrac\eta2\|g_t\|^2\Big)",
                relation=r"\le",
            ),
            Step(
                value=telescoped,
                why=r"complete the square: $w_t-w^\star$ is $w_{t-1}-w^\star-"
                r"\eta g_t$, so the bracket is what the step has gained on "
                r"the way to $w^\star$",
                latex=r"\frac1T\sum_{t=1}^{T}\frac{\|w_{t-1}-w^\star\|^2-"
                r"\|w_t-w^\star\|^2}{2\eta}",
            ),
            Step(
                value=lambda d: (
                    ((d["w"] - d["best"]) ** 2).sum() / (2 * walk(d)[0] * T)
                ),
                why="the sum telescopes, and its last term is not positive",
                latex=r"\frac{\|w_0-w^\star\|^2}{2\eta T}",
                relation=r"\le",
            ),
        ),
        draw=draw,
        scope=rf"logistic regression, $T={T}$, $\eta=1/L$",
    )
