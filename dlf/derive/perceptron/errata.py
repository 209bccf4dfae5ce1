"""Errata of the sources on the perceptron, each with its witness."""

from itertools import product

import numpy as np

from dlf.derive.erratum import Erratum

Array = np.ndarray
BITS = np.array(list(product((0, 1), repeat=2)))
AND, XOR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 0])


def _wrong(y: Array, with_bias: bool, epochs: int = 1000) -> list[int]:
    """Apply the rule one pair after the other; errors at each epoch's end."""
    w, b, wrong = np.zeros(2), 0.0, []
    for _ in range(epochs):
        for x, label in zip(BITS, y, strict=True):
            error = label - (w @ x + b >= 0)
            w, b = w + error * x, b + error * with_bias
        wrong.append(int(((BITS @ w + b >= 0) != y).sum()))
    return wrong


def _without_bias() -> tuple:
    possible = ((BITS @ [0.5, 0.5] - 0.7 >= 0) != AND).sum()
    return _wrong(AND, False)[-1], _wrong(AND, True)[-1], possible


def _without_line() -> tuple:
    grid = np.array(list(product(np.arange(-8, 9) / 4, repeat=3)))
    sides = grid[:, :2] @ BITS.T + grid[:, 2:] >= 0
    best = (sides != XOR).sum(1).min()
    return (0, 0), (2, 1), (min(_wrong(XOR, True)), best)


E3 = Erratum(
    key="E3",
    kind="false",
    place="S2 The Perceptron, steps 3–4",
    prints=(
        r"“$\Delta w_i=\eta(y-\hat y)x_i$”, and nothing for the bias, which "
        "S2 keeps apart; the threshold counts as reached at $z=0$ in one "
        "place and not in another."
    ),
    correct=(
        r"also $b\leftarrow b+\eta(y-\hat y)$, and one convention at $z=0$; "
        "here a unit fires at 0."
    ),
    witness=_without_bias,
    of="after 1,000 epochs from zero",
    columns=("pairs of bits on which the unit, taught AND, is wrong",),
    implied=True,
)


E4 = Erratum(
    key="E4",
    kind="needs a condition",
    place="S2 Repeat Until Convergence",
    prints="“until the model correctly classifies all training data”.",
    correct=(
        "that end is certain only where a line separates the data, after at "
        r"most $(R/\gamma)^2$ mistakes; elsewhere the rule goes round in "
        "circles and needs a limit, or a pocket for the best weights so "
        "far."
    ),
    witness=_without_line,
    of="XOR and 1,000 epochs",
    columns=(
        "fewest errors at the end of an epoch",
        "fewest errors of any line",
    ),
    implied=True,
)
