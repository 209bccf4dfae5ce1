"""Exercises on regularization whose answer is a function."""

import math
from typing import Any

import numpy as np

from dlf.exercises.comparison import as_plain, difference, is_open
from dlf.exercises.core import Exercise, call
from dlf.scratch.training.early_stopping import early_stop

Array = np.ndarray


def decay_for(keep: float, eta: float, steps: int) -> float:
    """Strength of decoupled decay that leaves the part ``keep``."""
    return (1 - keep ** (1 / steps)) / eta


def proximal_step(
    w: Array, g: Array, eta: float, lam: float, mu: float
) -> Array:
    """Step along the gradient, then solve λ Σ|w| + μ/2 Σ w² exactly."""
    u = w - eta * g
    shrunk = np.sign(u) * np.maximum(np.abs(u) - eta * lam, 0)
    return shrunk / (1 + eta * mu)


def expected_error(y: float, w: Array, x: Array, p: float) -> float:
    """Mean squared error of a linear unit over all dropout masks."""
    return float((y - w @ x) ** 2 + p / (1 - p) * (w**2 @ x**2))


def smoothed_loss(z: Array, label: int, alpha: float) -> float:
    """Cross-entropy of logits against a smoothed label."""
    top = z.max()
    logs = z - top - math.log(np.exp(z - top).sum())
    return float(-(1 - alpha) * logs[label] - alpha * logs.mean())


def rising_stop(losses: list[float], patience: int) -> int:
    """Epoch that ends so many increases in a row; the last if none does."""
    run = 0
    for epoch in range(1, len(losses)):
        run = run + 1 if losses[epoch] > losses[epoch - 1] else 0
        if run == patience:
            return epoch
    return len(losses) - 1


def own_part(
    height: int, width: int, row: int, column: int, side: int
) -> float:
    """Weight of an image's own label after CutMix, clipped at the edges."""
    half = side // 2
    rows = min(height, row + half) - max(0, row - half)
    columns = min(width, column + half) - max(0, column - half)
    return 1 - rows * columns / (height * width)


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    return e / e.sum()


def _arrays(rng: np.random.Generator) -> tuple:
    w, g = rng.normal(size=(2, 5))
    eta, lam, mu = (float(v) for v in rng.uniform(0.1, 1.5, size=3))
    return w, g, eta, lam, mu


def _unit(rng: np.random.Generator) -> tuple:
    w, x = rng.normal(size=(2, 4))
    return float(rng.normal()), w, x, float(rng.uniform(0, 0.9))


def _logits(rng: np.random.Generator) -> tuple:
    C = int(rng.integers(2, 8))
    z = rng.normal(size=C) * 3
    return z, int(rng.integers(0, C)), float(rng.uniform(0, 0.9))


def _history(rng: np.random.Generator) -> tuple:
    n = int(rng.integers(2, 15))
    losses = [float(v) for v in np.round(rng.uniform(0.3, 0.9, size=n), 1)]
    return losses, int(rng.integers(1, 5))


def _box(rng: np.random.Generator) -> tuple:
    H, W = (int(n) for n in rng.integers(4, 20, size=2))
    side = 2 * int(rng.integers(0, 8))
    row, column = rng.integers(0, H + 1), rng.integers(0, W + 1)
    return H, W, int(row), int(column), side


def _without_gain(losses: list[float], patience: int) -> int:
    """Stop as frameworks do: so many epochs without a new best."""
    stop = early_stop(np.array(losses), patience)
    return len(losses) - 1 if stop is None else stop


def _step(
    answer: Any, w: Array, g: Array, eta: float, *strengths: float
) -> Any:
    """Judge a proximal step: the numbers, and which of them are exactly 0."""
    want = proximal_step(w, g, eta, *strengths)
    got = as_plain(call(answer, w, g, eta, *strengths))
    if is_open(got):
        return None
    wrong = difference(got, want, 1e-5, 1e-6)
    if wrong:
        return wrong
    if ((np.asarray(got) == 0) != (want == 0)).any():
        return "zeros must be exactly 0: here a number is only small"
    return ""


DECAY = Exercise(
    "regularization-6",
    decay_for,
    lambda rng: (
        float(rng.uniform(0.05, 0.95)),
        float(rng.uniform(0.001, 0.1)),
        int(rng.integers(1, 2000)),
    ),
    edges=((0.25, 0.1, 1), (0.25, 0.1, 2), (0.9, 0.05, 3), (0.5, 0.01, 5)),
    rtol=1e-3,  # float32 loses digits where keep ** (1 / n) is near 1
    wrong=(
        lambda keep, eta, n: (1 - keep) / (eta * n),
        lambda keep, eta, n: -math.log(keep) / (eta * n),
        lambda keep, eta, n: (
            -(math.log(keep) / n + (math.log(keep) / n) ** 2 / 2) / eta
        ),
        lambda keep, eta, n: 1 - keep ** (1 / n),
        lambda keep, eta, n: (1 - keep ** (1 / n)) / (2 * eta),
    ),
    right=(
        lambda keep, eta, n: -math.expm1(math.log(keep) / n) / eta,
        lambda keep, eta, n: (
            (1 - np.float32(keep) ** np.float32(1 / n)) / np.float32(eta)
        ),
    ),
)
PROXIMAL = Exercise(
    "regularization-7",
    proximal_step,
    _arrays,
    edges=((np.array([0.1, -0.1, 2.0]), np.zeros(3), 0.5, 1.0, 0.5),),
    judge=_step,
    wrong=(
        lambda w, g, eta, lam, mu: w - eta * (g + lam * np.sign(w) + mu * w),
        lambda w, g, eta, lam, mu: proximal_step(w, g, eta, lam, 0.0),
        lambda w, g, eta, lam, mu: proximal_step(w, g, eta, lam / eta, mu),
        lambda w, g, eta, lam, mu: (
            (1 - eta * mu) * proximal_step(w, g, eta, lam, 0.0)
        ),
        lambda w, g, eta, lam, mu: proximal_step(w, -g, eta, lam, mu),
        lambda w, g, eta, lam, mu: (
            proximal_step(w, g, eta, lam, mu) + 1e-7 * np.sign(w - eta * g)
        ),
    ),
    right=(
        lambda w, g, eta, lam, mu: (
            (w - eta * g - np.clip(w - eta * g, -eta * lam, eta * lam))
            / (1 + eta * mu)
        ),
    ),
)
EXPECTED = Exercise(
    "regularization-8",
    expected_error,
    _unit,
    edges=((1.0, np.ones(2), np.ones(2), 0.0),),
    wrong=(
        lambda y, w, x, p: (y - w @ x) ** 2,
        lambda y, w, x, p: (y - w @ x) ** 2 + p / (1 - p) * (w @ x) ** 2,
        lambda y, w, x, p: (y - w @ x) ** 2 + p * (1 - p) * (w**2 @ x**2),
        lambda y, w, x, p: (y - w @ x) ** 2 + p / (1 - p) * (w @ w),
        lambda y, w, x, p: (y - (1 - p) * w @ x) ** 2,
    ),
    right=(
        lambda y, w, x, p: (
            (y - np.dot(w, x)) ** 2 + p / (1 - p) * np.sum((w * x) ** 2)
        ),
    ),
)
SOFT = Exercise(
    "regularization-9",
    smoothed_loss,
    _logits,
    edges=(
        (np.array([1e4, 0.0, -1e4]), 0, 0.0),
        (np.array([500.0, 0.0]), 1, 0.1),
        (np.array([1e4, 0.0, -1e4]), 0, 0.1),
    ),
    wrong=(
        lambda z, y, a: smoothed_loss(z, y, 0.0),
        lambda z, y, a: (1 - a) * smoothed_loss(z, y, 0.0),
        lambda z, y, a: smoothed_loss(z, y, a * (1 - 1 / len(z))),
        lambda z, y, a: -np.log(np.exp(z) / np.exp(z).sum())[y],
        lambda z, y, a: smoothed_loss(z, y, a) + 0.01,
        lambda z, y, a: (
            -(1 - a) * np.log(_softmax(z) + 1e-300)[y]
            - a * np.log(_softmax(z) + 1e-300).mean()
        ),
    ),
    right=(
        lambda z, y, a: (
            (1 - a) * smoothed_loss(z, y, 0.0)
            + a * np.mean([smoothed_loss(z, c, 0.0) for c in range(len(z))])
        ),
    ),
)
STOP = Exercise(
    "regularization-10",
    rising_stop,
    _history,
    edges=(
        ([0.5, 0.6, 0.59, 0.61, 0.6], 2),
        ([0.5, 0.6, 0.6, 0.7, 0.8, 0.9], 2),
        ([0.9, 0.8, 0.7], 3),
        ([0.5, 0.6, 0.7, 0.1], 2),
    ),
    wrong=(
        lambda losses, n: len(losses) - 1,
        lambda losses, n: rising_stop(losses, n + 1),
        lambda losses, n: rising_stop(losses, n) - 1,
        _without_gain,
        lambda losses, n: next(
            (
                k
                for k in range(n, len(losses))
                if (np.diff(losses[k - n : k + 1]) >= 0).all()
            ),
            len(losses) - 1,
        ),
    ),
    right=(
        lambda losses, n: next(
            (
                k
                for k in range(n, len(losses))
                if (np.diff(losses[k - n : k + 1]) > 0).all()
            ),
            len(losses) - 1,
        ),
    ),
)
CUT = Exercise(
    "regularization-11",
    own_part,
    _box,
    edges=((8, 8, 0, 0, 4), (8, 8, 4, 4, 4), (8, 6, 8, 5, 4), (4, 4, 1, 1, 0)),
    wrong=(
        lambda H, W, i, j, s: 1 - s * s / (H * W),
        lambda H, W, i, j, s: 1 - own_part(H, W, i, j, s),
        lambda H, W, i, j, s: own_part(W, H, i, j, s),
        lambda H, W, i, j, s: max(0.0, 1 - s * s / (H * W)),
    ),
    right=(
        lambda H, W, i, j, s: (
            1
            - np.ptp(np.clip([i - s // 2, i + s // 2], 0, H))
            * np.ptp(np.clip([j - s // 2, j + s // 2], 0, W))
            / (H * W)
        ),
    ),
)
