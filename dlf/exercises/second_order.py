"""Exercises of the chapter on second-order methods, gathered."""

from dlf.exercises import (
    second_order_estimates,
    second_order_logs,
    second_order_steps,
)
from dlf.exercises.second_order_estimates import (
    logistic_hvp,
    memory,
    rms_of_estimate,
    steps_of_cg,
    trace_variances,
)
from dlf.exercises.second_order_logs import four_logs
from dlf.exercises.second_order_steps import (
    damping_for,
    in_new_variables,
    secant_step,
    sr1,
    steps_at_the_saddle,
    strong_wolfe,
)

__all__ = [
    "EXERCISES",
    "damping_for",
    "four_logs",
    "in_new_variables",
    "logistic_hvp",
    "memory",
    "rms_of_estimate",
    "secant_step",
    "sr1",
    "steps_at_the_saddle",
    "steps_of_cg",
    "strong_wolfe",
    "trace_variances",
]

EXERCISES = (
    second_order_steps.SADDLE,
    second_order_estimates.BYTES,
    second_order_steps.SECANT,
    second_order_steps.WOLFE,
    second_order_estimates.PRODUCT,
    second_order_steps.SR1,
    second_order_estimates.VARIANCES,
    second_order_estimates.CG_STEPS,
    second_order_steps.VARIABLES,
    second_order_estimates.ROW_LENGTHS,
    second_order_logs.LOGS,
    second_order_steps.REGION,
)
