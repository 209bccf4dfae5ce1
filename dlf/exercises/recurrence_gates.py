"""Exercises on padding, on biases, and on gates that are set by hand."""

from typing import Any

import numpy as np

from dlf.exercises.core import Exercise, call
from dlf.scratch.recurrence import lstm

Array = np.ndarray


def mean_state(y: Array, lengths: Array) -> Array:
    """Mean of the states of each sequence, padding left out."""
    inside = np.arange(y.shape[1]) < lengths[:, None]
    total = np.where(inside[..., None], y, 0).sum(1)
    return total / lengths[:, None]


def forget_gates(state: dict[str, Array]) -> Array:
    """Sigmoid of the sum of both biases, second block of four."""
    both = state["bias_ih_l0"] + state["bias_hh_l0"]
    H = len(both) // 4
    return 1 / (1 + np.exp(-both[H : 2 * H]))


def parity() -> tuple[Array, Array, Array, Array]:
    """Gates i, f, g, o of one unit that flips its cell at every one."""
    k = 40.0
    w_ih = np.array([[2 * k], [-2 * k], [0.0], [0.0]])
    w_hh = np.array([[0.0], [0.0], [-k], [0.0]])
    b_ih = np.array([-k, k, 0.0, k])
    return w_ih, w_hh, b_ih, np.zeros(4)


def counts_parity(answer: Any, bits: Array) -> str | None:
    """Run the LSTM with these weights, and look at its sign."""
    given = call(answer)
    if given is None or given is Ellipsis:
        return None
    try:
        w = [np.asarray(a, float) for a in given]
    except (TypeError, ValueError):
        w = []
    shapes = [(4, 1), (4, 1), (4,), (4,)]
    if [a.shape for a in w] != shapes:
        return "expected four arrays of shapes (4, 1), (4, 1), (4,), (4,)"
    one = np.ones((1, 1))
    x = bits[None, :, None].astype(float)
    (h, _), _ = lstm.lstm(x, -np.tanh(one), -one, *w)
    odd = np.cumsum(bits) % 2 == 1
    wrong = (h[0, :, 0] > 0) != odd
    if wrong.any():
        t = int(wrong.argmax())
        shown = "".join(map(str, bits[: min(t + 1, 12)]))
        dots = "…" if t >= 12 else ""
        return f"h is {h[0, t, 0]:.2f} after {t + 1} bits, {shown}{dots}"
    return ""


def some_batch(rng: np.random.Generator) -> tuple:
    """Draw a padded batch whose padding is not zero."""
    B, T, H = (int(v) for v in rng.integers(2, 6, size=3))
    return rng.normal(size=(B, T, H)), rng.integers(1, T + 1, size=B)


def some_dictionary(rng: np.random.Generator) -> tuple:
    """Draw the state dictionary of an LSTM."""
    D, H = (int(v) for v in rng.integers(1, 5, size=2))
    shapes = {
        "weight_ih_l0": (4 * H, D),
        "weight_hh_l0": (4 * H, H),
        "bias_ih_l0": (4 * H,),
        "bias_hh_l0": (4 * H,),
    }
    return ({name: rng.normal(size=s) for name, s in shapes.items()},)


def one_bias(state: dict[str, Array], block: int = 1) -> Array:
    """Overlook the second bias, or take another block."""
    first = state["bias_ih_l0"]
    H = len(first) // 4
    return 1 / (1 + np.exp(-first[block * H : (block + 1) * H]))


def other_block(state: dict[str, Array], block: int) -> Array:
    """Take both biases of another gate."""
    both = state["bias_ih_l0"] + state["bias_hh_l0"]
    return one_bias({"bias_ih_l0": both}, block)


def with_zeros(count: int) -> Any:
    """Make the answer whose array of that number is zero."""

    def changed() -> tuple:
        w = [a.copy() for a in parity()]
        w[count][:] = 0
        return tuple(w)

    return changed


def slow_to_forget() -> tuple:
    """Keep the old cell beside the new one."""
    w = [a.copy() for a in parity()]
    w[0][1] = 0
    return tuple(w)


MEAN = Exercise(
    "recurrence-10",
    mean_state,
    some_batch,
    edges=((np.ones((2, 3, 1)), np.array([3, 1])),),
    wrong=(
        lambda y, lengths: y.mean(1),
        lambda y, lengths: mean_state(y, lengths) * lengths[:, None],
        lambda y, lengths: (
            mean_state(y, lengths) * lengths[:, None] / y.shape[1]
        ),
        lambda y, lengths: y[np.arange(len(y)), lengths - 1],
        lambda y, lengths: y[:, -1],
        lambda y, lengths: y[:, : lengths.min()].mean(1),
    ),
    right=(
        lambda y, lengths: [
            row[:n].mean(0) for row, n in zip(y, lengths, strict=True)
        ],
    ),
)
FORGET = Exercise(
    "recurrence-11",
    forget_gates,
    some_dictionary,
    wrong=(
        one_bias,
        lambda state: other_block(state, 0),
        lambda state: other_block(state, 2),
        lambda state: np.log(forget_gates(state)),
        lambda state: state["bias_ih_l0"] + state["bias_hh_l0"],
        lambda state: np.tanh(-np.log(1 / forget_gates(state) - 1)),
    ),
    right=(
        lambda state: (
            1
            / (
                1
                + np.exp(
                    -state["bias_hh_l0"].reshape(4, -1)[1]
                    - state["bias_ih_l0"].reshape(4, -1)[1]
                )
            )
        ),
    ),
)
PARITY = Exercise(
    "recurrence-12",
    parity,
    lambda rng: (rng.integers(2, size=int(rng.integers(1, 200))),),
    edges=(
        (np.array([1, 0, 1, 1, 0, 0, 1]),),
        (np.ones(200, int),),
        (np.repeat([1, 0], [1, 300]),),
    ),
    wrong=(
        with_zeros(0),
        with_zeros(1),
        with_zeros(2),
        slow_to_forget,
        lambda: tuple(a / 400 for a in parity()),
        lambda: tuple(-a for a in parity()),
        lambda: parity()[:3],
        lambda: 1.0,
    ),
    right=(
        lambda: [a.tolist() for a in parity()],
        lambda: tuple(2 * a for a in parity()),
        lambda: (*parity()[:2], np.zeros(4), parity()[2]),
    ),
    judge=counts_parity,
)
