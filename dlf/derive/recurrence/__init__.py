"""The derivations and errata of the chapter on recurrent networks."""

from dlf.derive.recurrence.errata import E71, E72
from dlf.derive.recurrence.gates import carousel, counts, selective
from dlf.derive.recurrence.state_space import (
    associative,
    convolution,
    zero_order_hold,
)
from dlf.derive.recurrence.through_time import (
    half_life,
    reach,
    through_time,
    truncated,
)

__all__ = [
    "E71",
    "E72",
    "associative",
    "carousel",
    "convolution",
    "counts",
    "half_life",
    "reach",
    "selective",
    "through_time",
    "truncated",
    "zero_order_hold",
]
