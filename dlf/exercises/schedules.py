"""Exercises of the chapter on schedules, gathered from three modules."""

from dlf.exercises import (
    schedule_functions,
    schedule_logs,
    schedule_numbers,
)
from dlf.exercises.schedule_functions import (
    best_rate,
    complete_cycles,
    cooldown,
    halving_factor,
    rate_for,
    same_floor,
    threshold,
    warmup_cosine,
)
from dlf.exercises.schedule_logs import print_rates
from dlf.exercises.schedule_numbers import (
    annealed_rates,
    largest_rate,
    mean_of_three,
    mean_rate,
)

__all__ = [
    "EXERCISES",
    "annealed_rates",
    "best_rate",
    "complete_cycles",
    "cooldown",
    "halving_factor",
    "largest_rate",
    "mean_of_three",
    "mean_rate",
    "print_rates",
    "rate_for",
    "same_floor",
    "threshold",
    "warmup_cosine",
]

EXERCISES = (
    schedule_numbers.LARGEST,
    schedule_numbers.ANNEALED,
    schedule_numbers.MEAN,
    schedule_numbers.THREE,
    schedule_functions.HALVING,
    schedule_functions.FLOOR,
    schedule_functions.GREEDY,
    schedule_functions.CYCLES,
    schedule_functions.MIXED,
    schedule_functions.BATCH,
    schedule_functions.WARM,
    schedule_functions.COOLDOWN,
    schedule_logs.RATES,
)
