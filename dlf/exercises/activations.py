"""Solutions and graders of the chapter on activations, gathered.

Thirteen exercises in three tiers: warm-ups (1 to 4), proofs and predictions
(5 to 9), diagnoses and open ends (10 to 13). Those about a function by itself
are in `activation_functions`, those about its place in a net in
`activation_layers`, whose four logs `troubled_nets` makes.
"""

from dlf.exercises.activation_functions import (
    FUNCTIONS,
    centered_relu,
    gated_width,
    layers_until_lost,
    leaky_variance,
    logit_threshold,
    small_signal_variances,
    softplus,
    swish_beta_gradient,
)
from dlf.exercises.activation_layers import (
    NETS,
    dead_units,
    gradient_by_hand,
    rescaled_gradients,
    sigmoid_net,
)
from dlf.exercises.troubled_nets import four_logs, train

__all__ = [
    "EXERCISES",
    "centered_relu",
    "dead_units",
    "four_logs",
    "gated_width",
    "gradient_by_hand",
    "layers_until_lost",
    "leaky_variance",
    "logit_threshold",
    "rescaled_gradients",
    "sigmoid_net",
    "small_signal_variances",
    "softplus",
    "swish_beta_gradient",
    "train",
]


def number(name: str) -> int:
    """Read the number of an exercise off its name."""
    return int(name.rpartition("-")[2])


EXERCISES = tuple(sorted(FUNCTIONS + NETS, key=lambda e: number(e.name)))
