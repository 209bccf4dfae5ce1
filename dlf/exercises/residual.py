"""Exercises of the chapter on residual networks, with their solutions."""

from dlf.exercises import (
    residual_functions,
    residual_logs,
    residual_numbers,
    residual_rewriting,
)
from dlf.exercises.residual_functions import (
    block,
    block_gradient,
    dense_parameters,
    gate_bias,
    short_paths,
    shortcut,
)
from dlf.exercises.residual_logs import print_nets
from dlf.exercises.residual_numbers import (
    bottleneck_by_hand,
    count_layers,
    count_paths,
    two_blocks,
)
from dlf.exercises.residual_rewriting import deepen, is_identity

__all__ = [
    "EXERCISES",
    "block",
    "block_gradient",
    "bottleneck_by_hand",
    "count_layers",
    "count_paths",
    "deepen",
    "dense_parameters",
    "gate_bias",
    "is_identity",
    "print_nets",
    "short_paths",
    "shortcut",
    "two_blocks",
]

EXERCISES = (
    residual_numbers.BLOCKS,
    residual_numbers.PATHS,
    residual_numbers.COST,
    residual_numbers.LAYERS,
    residual_functions.BLOCK,
    residual_functions.GRADIENT,
    residual_functions.SHORT,
    residual_functions.GATE,
    residual_functions.DENSE,
    residual_functions.SHORTCUT,
    residual_rewriting.DEEPEN,
    residual_rewriting.IDENTITY,
    residual_logs.MATCH,
)
