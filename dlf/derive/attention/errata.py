"""The errata of the sources on attention, with their witnesses."""

import math

import numpy as np

from dlf.derive.erratum import Erratum

D = 64
SCORES = np.array([8.0, 0.0])
PLACES, WIDTH = 5, 8


def _softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _told(factor: float) -> np.ndarray:
    """Give both weights, and the derivative of one by its score."""
    p = _softmax(factor * SCORES)
    return np.array([*p, p[0] * p[1]])


def _scaling() -> tuple:
    gap = (SCORES[0] - SCORES[1]) / math.sqrt(D)
    first = 1 / (1 + math.exp(-gap))
    steep = 1 / (4 * math.cosh(gap / 2) ** 2)
    return (
        _told(float(D)),
        _told(1 / math.sqrt(D)),
        np.array([first, 1 - first, steep]),
    )


E73 = Erratum(
    key="E73",
    kind="misprint",
    place="S0 §2.4",
    prints=r"$\mathrm{softmax}(QK^Tdk)V$, without a division and without a "
    "root",
    correct=(
        r"$\mathrm{softmax}\big(QK^\top/\sqrt{d_k}\big)V$, row by row; $d_k$ "
        "is the width of a key, for which this page writes $D$."
    ),
    witness=_scaling,
    of=r"one query, $d_k=64$, dot products 8 and 0 with two keys; third row: "
    "by the logistic function and its derivative",
    columns=("weight of the first", "of the second", "its derivative"),
)


def _attend(x: np.ndarray, weights: list[np.ndarray]) -> np.ndarray:
    q, k, v = (x @ w for w in weights)
    return _softmax(q @ k.T / math.sqrt(WIDTH)) @ v


def _order() -> tuple:
    """Ask of a layer whether it sees that its rows were reversed."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(PLACES, WIDTH))
    weights = [
        rng.normal(size=(WIDTH, WIDTH)) / math.sqrt(WIDTH) for _ in range(3)
    ]
    t, w = np.arange(PLACES)[:, None], 10_000.0 ** -(np.arange(4) / 4)
    place = np.stack([np.sin(t * w), np.cos(t * w)], axis=-1)
    place = place.reshape(PLACES, WIDTH)

    def told_apart(added: np.ndarray) -> float:
        one = _attend(x + added, weights)
        other = _attend(x[::-1] + added, weights)[::-1]
        return float(np.abs(one - other).max() > 1e-10)

    scores = (x + place) @ weights[0] @ weights[1].T @ (x + place).T
    moved = (x[::-1] + place) @ weights[0] @ weights[1].T
    moved = (moved @ (x[::-1] + place).T)[::-1, ::-1]
    truth = float(np.abs(scores - moved).max() > 1e-10)
    return (
        np.array([told_apart(0 * place)]),
        np.array([told_apart(place)]),
        np.array([truth]),
    )


E74 = Erratum(
    key="E74",
    kind="needs a condition",
    place="S0 §2.4",
    prints=(
        "Transformer block: attention, feed-forward, residual connections and "
        "layer normalization. Positions and masks are not mentioned."
    ),
    correct=(
        "Without a mask, attention commutes with permutations: what order the "
        "rows have must be told, by positions, in the input or in the scores. "
        "What writes from left to right needs a causal mask, which tells some "
        "order itself."
    ),
    witness=_order,
    of="a layer of one head on five rows of eight random numbers, in order and "
    "reversed, without and with sinusoids added; third row: by the scores",
    columns=("is the order seen?",),
    implied=True,
)
