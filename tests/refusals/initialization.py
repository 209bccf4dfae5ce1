"""Bad calls of initial weights: shapes without fans, gains below zero."""

import numpy as np

from dlf.scratch.activations.elementwise import tanh
from dlf.scratch.initialization import mean_field
from dlf.scratch.initialization import weights as init

RNG = np.random.default_rng(0)
REFUSES = [
    (
        init.gain,
        lambda: init.gain(lambda x: (0 * x, None)),
        "gain: `f` must leave a finite mean square",
    ),
    (
        init.gain,
        lambda: init.gain(np.tanh),
        "gain: `f` must return a pair",
    ),
    (
        init.he_uniform,
        lambda: init.he_uniform((3, 4), RNG, float("inf")),
        "he_uniform: `gain` must be positive and finite",
    ),
    (init.fans, lambda: init.fans((3,)), "fans: `shape` must have two axes"),
    (
        init.fans,
        lambda: init.fans((2.5, 4)),  # pyright: ignore[reportArgumentType]
        "fans: `shape` must have two",
    ),
    *[
        (
            init.fans,
            lambda given=given: init.fans(given),  # pyright: ignore[reportArgumentType]
            "fans: `shape` must be a tuple",
        )
        for given in (5, np.zeros((3, 4)))
    ],
    *[
        (
            f,
            lambda f=f, rng=rng: f((3, 4), rng),  # pyright: ignore[reportArgumentType]
            f"{f.__name__}: `rng` must be a generator",
        )
        for f in (init.lecun_normal, init.he_normal, init.orthogonal)
        for rng in (0, None)
    ],
    (
        init.truncated_normal,
        lambda: init.truncated_normal((3,), 0, 1.0),  # pyright: ignore[reportArgumentType]
        "truncated_normal: `rng` must be a generator",
    ),
    *[
        (
            init.he_normal,
            lambda gain=gain: init.he_normal((3, 4), RNG, gain),  # pyright: ignore[reportArgumentType]
            "he_normal: `gain` must be positive and finite",
        )
        for gain in ("a", None, np.ones(2), 1j)
    ],
    (
        init.lecun_normal,
        lambda: init.lecun_normal((3, 0), RNG),
        "fans: `shape` must have two axes",
    ),
    *[
        (f, lambda f=f: f((3, 4), RNG, 0.0), f"{f.__name__}: `gain` must be")
        for f in (
            init.xavier_normal,
            init.xavier_uniform,
            init.he_normal,
            init.he_uniform,
            init.orthogonal,
        )
    ],
    (
        init.orthogonal,
        lambda: init.orthogonal((3,), RNG),
        "fans: `shape` must have two axes",
    ),
    (
        init.truncated_normal,
        lambda: init.truncated_normal((3,), RNG, -1.0),
        "truncated_normal: `scale`",
    ),
    (
        init.truncated_normal,
        lambda: init.truncated_normal((3,), RNG, 1.0, 1e-6),
        "truncated_normal: `cut`",
    ),
    (
        init.lsuv,
        lambda: init.lsuv(np.ones((2, 3)), np.zeros((4, 3)), lambda x, w: x),
        "lsuv: `x` must give outputs whose variance",
    ),
    (
        init.lsuv,
        lambda: init.lsuv(
            np.eye(2), np.array([[1e200, 0.0], [0.0, 1.0]]), lambda x, w: x @ w
        ),
        "lsuv: `x` must .* got variance inf",
    ),
    (
        init.lsuv,
        lambda: init.lsuv(np.eye(2), np.eye(2), lambda x, w: (x @ w, None)),
        "lsuv: `layer` must return its outputs alone",
    ),
    (
        init.fixup_scale,
        lambda: init.fixup_scale(2.5, 2),  # pyright: ignore[reportArgumentType]
        "fixup_scale: `branches` must be at least 1 .* whole",
    ),
    (
        init.fixup_scale,
        lambda: init.fixup_scale(3, 1),
        "fixup_scale: `branches` must be at least 1",
    ),
    (
        init.fixup_scale,
        lambda: init.fixup_scale(float("nan"), 2),  # pyright: ignore[reportArgumentType]
        "fixup_scale: `branches` must be at least 1",
    ),
    (
        mean_field.variance_map,
        lambda: mean_field.variance_map(tanh, 1.0, -2.0),
        "variance_map: `weight_variance` must be at least 0",
    ),
    (
        mean_field.variance_map,
        lambda: mean_field.variance_map(tanh, 1.0, 2.0, -1.0),
        "variance_map: `bias_variance` must be at least 0",
    ),
    (
        mean_field.variance_map,
        lambda: mean_field.variance_map(tanh, float("inf"), 1.0),
        "variance_map: `q` must be at least 0 and finite",
    ),
    (
        mean_field.variance_map,
        lambda: mean_field.variance_map(np.tanh, 1.0, 1.0),
        "variance_map: `f` must return a pair",
    ),
    (
        mean_field.gradient_factor,
        lambda: mean_field.gradient_factor(np.tanh, 1.0, 1.0),
        "gradient_factor: `f` must return a pair",
    ),
    (
        mean_field.fixed_point,
        lambda: mean_field.fixed_point(tanh, 1.0, q=-1.0, layers=0),
        "fixed_point: `layers` must be at least 1",
    ),
    (
        mean_field.gradient_factor,
        lambda: mean_field.gradient_factor(tanh, 1e5, 1.0),
        "gradient_factor: `q` must be at most 10,000",
    ),
    (
        mean_field.fixed_point,
        lambda: mean_field.fixed_point(tanh, 2.0, 0.1, layers=1),
        "fixed_point: `layers` must be enough",
    ),
    (
        mean_field.critical_weight_variance,
        lambda: mean_field.critical_weight_variance(tanh, 1e3),
        "critical_weight_variance: `bias_variance` must be at most 100",
    ),
    (
        mean_field.variance_map,
        lambda: mean_field.variance_map(tanh, -1.0, 1.0),
        "variance_map: `q` must be at least 0",
    ),
    (
        mean_field.gradient_factor,
        lambda: mean_field.gradient_factor(tanh, float("nan"), 1.0),
        "gradient_factor: `q` must be at least 0",
    ),
    (
        mean_field.fixed_point,
        lambda: mean_field.fixed_point(tanh, 1.0, q=-1.0),
        "variance_map: `q` must be at least 0",
    ),
    (
        mean_field.critical_weight_variance,
        lambda: mean_field.critical_weight_variance(tanh, 0.0),
        "critical_weight_variance: `bias_variance` must be",
    ),
    (
        mean_field.depth_scale,
        lambda: mean_field.depth_scale(0.0),
        "depth_scale: `chi` must be",
    ),
]
