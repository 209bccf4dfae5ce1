"""The derivations and errata of the chapter on the perceptron, gathered."""

from dlf.derive.perceptron.convergence import advance, growth, novikoff
from dlf.derive.perceptron.errata import E3, E4
from dlf.derive.perceptron.gradients import (
    delta_rule_gradient,
    logistic_gradient,
    step_derivative,
)
from dlf.derive.perceptron.unit import (
    constant_input,
    correction,
    parallelogram,
    products,
)

__all__ = [
    "E3",
    "E4",
    "advance",
    "constant_input",
    "correction",
    "delta_rule_gradient",
    "growth",
    "logistic_gradient",
    "novikoff",
    "parallelogram",
    "products",
    "step_derivative",
]
