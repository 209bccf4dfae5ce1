"""The derivations and errata of the chapter on interpretability, gathered."""

from dlf.derive.interpretability.layers import (
    cam_is_a_special_case,
    conductance_completeness,
    leaving_one_out,
)
from dlf.derive.interpretability.shapley import (
    completeness,
    efficiency,
    kernel_regression,
    orders_and_coalitions,
    saturation,
)

__all__ = [
    "cam_is_a_special_case",
    "completeness",
    "conductance_completeness",
    "efficiency",
    "kernel_regression",
    "leaving_one_out",
    "orders_and_coalitions",
    "saturation",
]
