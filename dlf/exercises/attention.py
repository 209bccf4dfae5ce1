"""Exercises of the chapter on attention, with their solutions."""

from dlf.exercises import (
    attention_functions,
    attention_leaks,
    attention_logs,
    attention_numbers,
    attention_parts,
)
from dlf.exercises.attention_functions import (
    attention,
    rotate,
    score_gradient,
    smooth,
)
from dlf.exercises.attention_leaks import leaks
from dlf.exercises.attention_logs import print_layers
from dlf.exercises.attention_numbers import (
    count_memory,
    count_pairs,
    count_work,
    look_up,
)
from dlf.exercises.attention_parts import apply_merges, join, nucleus

__all__ = [
    "EXERCISES",
    "apply_merges",
    "attention",
    "count_memory",
    "count_pairs",
    "count_work",
    "join",
    "leaks",
    "look_up",
    "nucleus",
    "print_layers",
    "rotate",
    "score_gradient",
    "smooth",
]

EXERCISES = (
    attention_numbers.LOOK_UP,
    attention_numbers.PAIRS,
    attention_numbers.WORK,
    attention_numbers.MEMORY,
    attention_functions.ATTENTION,
    attention_functions.GRADIENT,
    attention_functions.SMOOTH,
    attention_functions.ROTATE,
    attention_parts.JOIN,
    attention_parts.MERGES,
    attention_parts.NUCLEUS,
    attention_leaks.LEAK,
    attention_logs.MATCH,
)
