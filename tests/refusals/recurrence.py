"""Bad calls of recurrent nets."""

from dlf.data import tinyshakespeare  # noqa: F401  loads without its file
from dlf.stacked.recurrent_nets import RecurrentNet

REFUSES = [
    (
        RecurrentNet,
        lambda: RecurrentNet(3, 4, 2, [0], 1, kind="elman"),
        "RecurrentNet: `kind` must be one of plain, lstm, gru",
    ),
    (
        RecurrentNet,
        lambda: RecurrentNet(3, 4, 2, [0], 1, start="zero"),
        "`start` one of normal, orthogonal, identity",
    ),
]
