import numpy as np

from dlf.scratch.recurrence import gru, lstm, padding, rnn, state_space

from ..scratch.recurrent_twins import (
    at_the_end,
    held,
    packed_both_ways,
    scanned,
    torch_cell,
    torch_gru,
    torch_lstm,
    torch_rnn,
    turned,
    unrolled,
    zeroed,
)
from . import Concept

B, T, D, H = 3, 7, 4, 5  # all different, and more than two steps
LENGTHS = np.array([1, 7, 4])


def shapes(gates, states=1, time=True):
    """Inputs, initial states and weights of a layer or a cell."""
    G = gates * H
    x = (B, T, D) if time else (B, D)
    return (x, *[(B, H)] * states, (G, D), (G, H), (G,), (G,))


def drawn(*sizes):
    return lambda rng: tuple(0.7 * rng.normal(size=size) for size in sizes)


def of_length(rng, *size):
    return rng.normal(size=size), LENGTHS


def rates(rng):
    """Kept parts inside the unit interval, of both signs."""
    shape = (B, T, H)
    return rng.uniform(-0.95, 0.95, size=shape), rng.normal(size=shape)


def states(rng):
    a = rng.uniform(-0.95, 0.95, size=(D, H))
    b, c = rng.normal(size=(2, D, H))
    return rng.normal(size=(B, T, D)), a, b, c


def loud(gates, count, sign):
    """Gates that are wide open or shut, and states that are large."""
    G, big = gates * H, sign * 1e4
    first = [np.full((2, H), 3.0)] * count
    weights = np.zeros((G, D)), np.zeros((G, H))
    return (
        np.ones((2, T, D)),
        *first,
        *weights,
        np.full(G, big),
        np.zeros(G),
    )


def empty(gates, count):
    """A batch without a sequence."""
    G = gates * H
    weights = np.ones((G, D)), np.ones((G, H)), np.ones(G), np.ones(G)
    return (np.ones((0, T, D)), *[np.ones((0, H))] * count, *weights)


GATED = {
    "large float16": "a hundred products of thirties leave its range",
    "rows": "a million sequences, with their gates, do not fit the memory",
}
POWERS = {
    "large float16": "powers of thirty leave its range",
    "rows": "a million sequences of states do not fit the memory",
}
WHOLE = {"truncate": 20}  # shorter chunks change the gradient: test_recurrence
BAD = tuple(np.ones(s) for s in shapes(1))


def wrong_rows(count, states=1, time=True):
    """Weights with the rows of some other cell."""
    return tuple(np.ones(s) for s in shapes(count, states, time))


CONCEPTS = [
    Concept(
        "recurrence/rnn_cell",
        rnn.rnn_cell,
        drawn(*shapes(1, time=False)),
        (torch_cell,),
        wrt=6,
        rows="B",
        settings=({}, {"activation": "relu"}),
        refuses=(
            (
                (
                    *(np.ones(s) for s in shapes(1, time=False)),
                    {"activation": "elu"},
                ),
                "`activation` must be 'tanh' or 'relu'",
            ),
        ),
        excused=GATED,
    ),
    Concept(
        "recurrence/rnn",
        rnn.rnn,
        drawn(*shapes(1)),
        (torch_rnn,),
        wrt=6,
        rows="B",
        settings=({}, {"activation": "relu"}, WHOLE),
        hostile=(loud(1, 1, 1), loud(1, 1, -1)),
        refuses=(
            ((*BAD, {"activation": "elu"}), "`activation` must be 'tanh'"),
            ((*BAD, {"truncate": 0}), "`truncate` must be a whole number"),
            ((*BAD, {"truncate": 2.0}), "`truncate` must be a whole number"),
        ),
        excused=GATED,
    ),
    Concept(
        "recurrence/lstm_cell",
        lstm.lstm_cell,
        drawn(*shapes(4, 2, time=False)),
        (lambda x, h, c, *w: torch_lstm(x[:, None], h, c, *w)[:, :, 0],),
        wrt=7,
        rows="B",
        refuses=((wrong_rows(3, 2, False), "`w_ih` must have 4 × 5 rows"),),
        excused=GATED,
    ),
    Concept(
        "recurrence/lstm",
        lstm.lstm,
        drawn(*shapes(4, 2)),
        (torch_lstm,),
        wrt=7,
        rows="B",
        settings=({}, WHOLE),
        hostile=(loud(4, 2, 1), loud(4, 2, -1)),
        refuses=(
            (wrong_rows(3, 2), "`w_ih` must have 4 × 5 rows"),
            (
                (*wrong_rows(4, 2), {"truncate": 0}),
                "`truncate` must be a whole number",
            ),
        ),
        excused=GATED,
    ),
    Concept(
        "recurrence/gru_cell",
        gru.gru_cell,
        drawn(*shapes(3, time=False)),
        (lambda x, h, *w: torch_gru(x[:, None], h, *w)[:, 0],),
        wrt=6,
        rows="B",
        refuses=((wrong_rows(4, 1, False), "`w_ih` must have 3 × 5 rows"),),
        excused=GATED,
    ),
    Concept(
        "recurrence/gru",
        gru.gru,
        drawn(*shapes(3)),
        (torch_gru,),
        wrt=6,
        rows="B",
        settings=({}, WHOLE),
        hostile=(loud(3, 1, 1), loud(3, 1, -1)),
        refuses=(
            (wrong_rows(1), "`w_ih` must have 3 × 5 rows"),
            (
                (*wrong_rows(3), {"truncate": -1}),
                "`truncate` must be a whole number",
            ),
        ),
        excused=GATED,
    ),
    *(
        Concept(
            f"recurrence/{f.__name__}",
            f,
            lambda rng: of_length(rng, B, T, H),
            (twin,),
            rows="B",
            refuses=(
                (
                    (np.ones((2, 3, 4)), np.array([1, 4])),
                    "`lengths` must lie in 1..3",
                ),
                (
                    (np.ones((2, 3, 4)), np.array([0, 3])),
                    "`lengths` must lie in 1..3",
                ),
            ),
        )
        for f, twin in (
            (padding.mask_padding, zeroed),
            (padding.last_state, at_the_end),
            (padding.reverse_sequences, turned),
        )
    ),
    Concept(
        "recurrence/bidirectional_rnn",
        padding.bidirectional_rnn,
        lambda rng: (
            *drawn((B, T, D), (2, H, D), (2, H, H), (2, H), (2, H))(rng),
            LENGTHS,
        ),
        (packed_both_ways,),
        wrt=5,
        rows="B",
        excused=GATED,
    ),
    *(
        Concept(
            f"recurrence/{f.__name__}",
            f,
            rates,
            (scanned,),
            wrt=2,
            rows="B",
            hostile=(
                (np.zeros((2, 3, 1)), np.ones((2, 3, 1))),
                (np.ones((1, 8, 1)), np.full((1, 8, 1), 1e4)),
                (np.ones((0, 4, 2)), np.ones((0, 4, 2))),
                (np.full((1, 1, 1), 2.0), np.ones((1, 1, 1))),
            ),
            excused=POWERS,
        )
        for f in (state_space.linear_scan, state_space.parallel_scan)
    ),
    Concept(
        "recurrence/state_space",
        state_space.state_space,
        states,
        (unrolled,),
        wrt=4,
        rows="B",
        excused=POWERS,
    ),
    Concept(
        "recurrence/state_space_convolution",
        state_space.state_space_convolution,
        states,
        (unrolled,),
        wrt=4,
        rows="B",
        rtol=(1e-11, 1e-9),  # a Fourier transform mixes large and small
        excused=POWERS,
    ),
    Concept(
        "recurrence/zero_order_hold",
        state_space.zero_order_hold,
        lambda rng: (
            rng.uniform(0.1, 1, size=(D, H)),
            -rng.uniform(0.5, 2, size=(D, H)),
            rng.normal(size=(D, H)),
        ),
        (held,),
        wrt=3,
        refuses=(
            (
                (np.ones((1, 2)), np.array([[1.0, 0.0]]), np.ones((1, 2))),
                "`a` must not be 0",
            ),
        ),
        excused={"rows": "it has one row a feature, and no axis of examples"},
    ),
]
