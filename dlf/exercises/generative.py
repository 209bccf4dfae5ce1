"""Exercises of the chapter on generative models, with their solutions."""

from dlf.exercises import (
    generative_functions,
    generative_logs,
    generative_numbers,
    generative_tests,
)
from dlf.exercises.generative_functions import (
    best_denoiser,
    couple,
    divergence,
    noisy,
    settles,
    skipped_variance,
    sliced_distance,
)
from dlf.exercises.generative_logs import print_models
from dlf.exercises.generative_numbers import (
    best_discriminator,
    one_code,
    point_distances,
    step_back,
)
from dlf.exercises.generative_tests import is_divergence

__all__ = [
    "EXERCISES",
    "best_denoiser",
    "best_discriminator",
    "couple",
    "divergence",
    "is_divergence",
    "noisy",
    "one_code",
    "point_distances",
    "print_models",
    "settles",
    "skipped_variance",
    "sliced_distance",
    "step_back",
]

EXERCISES = (
    generative_numbers.STEP,
    generative_numbers.CODE,
    generative_numbers.POINTS,
    generative_numbers.BEST,
    generative_functions.DIVERGENCE,
    generative_functions.NOISY,
    generative_functions.SKIPPED,
    generative_functions.DENOISER,
    generative_functions.COUPLING,
    generative_functions.SLICED,
    generative_functions.SETTLES,
    generative_tests.KL_TEST,
    generative_logs.MATCH,
)
