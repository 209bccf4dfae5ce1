"""The derivations and errata of the chapter on optimizers, gathered."""

from dlf.derive.optimizers.adaptive import (
    adagrad_distance,
    bias_correction,
    decay_of_descent,
    longest_step,
    scale_invariance,
)
from dlf.derive.optimizers.descent import (
    quadratic_rate,
    sign_steps,
    steepest_descent,
)
from dlf.derive.optimizers.errata import E31, E32, E33, E34, E35, E36, E37
from dlf.derive.optimizers.frontier import (
    running_mean,
    singular_values_moved,
    uphill_drift,
)
from dlf.derive.optimizers.momentum import (
    best_momentum,
    conventions,
    damping,
    effective_rate,
    underdamped,
)
from dlf.derive.optimizers.nesterov import extra_damping, look_ahead

__all__ = [
    "E31",
    "E32",
    "E33",
    "E34",
    "E35",
    "E36",
    "E37",
    "adagrad_distance",
    "best_momentum",
    "bias_correction",
    "conventions",
    "damping",
    "decay_of_descent",
    "effective_rate",
    "extra_damping",
    "longest_step",
    "look_ahead",
    "quadratic_rate",
    "running_mean",
    "scale_invariance",
    "sign_steps",
    "singular_values_moved",
    "steepest_descent",
    "underdamped",
    "uphill_drift",
]
