"""Exercises of the chapter on losses, with their solutions, gathered."""

from dlf.exercises import (
    loss_constants,
    loss_gradients,
    loss_logs,
    loss_probabilities,
)
from dlf.exercises.loss_constants import (
    best_constant,
    best_order,
    papers_to_order,
)
from dlf.exercises.loss_gradients import (
    bce_from_logits,
    focal_gradient,
    hessian,
    loss_and_gradient,
)
from dlf.exercises.loss_logs import first_losses, print_logs, softmax_twice
from dlf.exercises.loss_probabilities import corrected, temperature

__all__ = [
    "EXERCISES",
    "bce_from_logits",
    "best_constant",
    "best_order",
    "corrected",
    "first_losses",
    "focal_gradient",
    "hessian",
    "loss_and_gradient",
    "papers_to_order",
    "print_logs",
    "softmax_twice",
    "temperature",
]

EXERCISES = (
    loss_constants.FRACTION,
    loss_gradients.BY_HAND,
    loss_logs.FIRST,
    loss_constants.ORDER,
    loss_gradients.FROM_LOGITS,
    loss_gradients.FOCAL,
    loss_gradients.HESSIAN,
    loss_probabilities.UNWEIGHTED,
    loss_constants.HUBER,
    loss_logs.TWICE,
    loss_logs.MATCH,
    loss_probabilities.TEMPERATURE,
)
