"""Ranges of what optimizers, schedules, minimizers and training are set by."""

from functools import partial

import numpy as np

from dlf.scratch import gradient_stability, perceptron
from dlf.scratch.optimizers import (
    adafactor,
    adam,
    adaptive,
    averaging,
    large_batch,
    lion,
    momentum,
    muon,
    pairs,
)
from dlf.scratch.schedules import decays, phases, plateau
from dlf.scratch.second_order import (
    diagonal,
    gauss_newton,
    hessian_products,
    kronecker,
    line_search,
    minimizers,
    newton,
    spectra,
    trust_region,
)
from dlf.scratch.second_order.conjugate_gradient import conjugate_gradient
from dlf.scratch.second_order.objectives import ended
from dlf.scratch.training import early_stopping, loop

from . import (
    ABOVE_ZERO_TO_1,
    BELOW_1,
    BELOW_ONE,
    BETWEEN_0_AND_1,
    FINITE,
    FROM_0,
    POSITIVE,
    TINY,
    UP_TO_1,
    Range,
    Row,
    drawn,
    whole,
)

W, PARAMS = np.ones(2), {"w": np.ones(2)}
MOMENTS = {"lr": POSITIVE, "b1": BELOW_ONE, "b2": BELOW_ONE, "eps": POSITIVE}
SPARED = {"momentum": BELOW_ONE, "lr": POSITIVE}
DECAY = {"weight_decay": FROM_0}
LIMITS = dict.fromkeys(("tolerance_grad", "max_iter"), FINITE)
COUNT = Range((0,), (-1, 0.5))


def bowl(w):
    return float(w @ w) / 2, w


def identity(w):
    return np.eye(2)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


OPTIMIZERS: list[Row] = [
    (partial(momentum.sgd, 0.1), SPARED),
    (partial(momentum.sgd, 0.1, 0.9), {"dampening": BELOW_ONE}),
    (partial(momentum.nesterov, 0.1), SPARED),
    (partial(momentum.mean_momentum, 0.1), SPARED),
    (partial(momentum.velocity_momentum, 0.1), SPARED),
    (partial(pairs.l2, momentum.sgd(0.1)), DECAY),
    (
        partial(pairs.decoupled, momentum.sgd(0.1), 0.1, 0.1),
        DECAY | {"lr": POSITIVE},
    ),
    (
        adaptive.adagrad,
        {
            "lr": POSITIVE,
            "lr_decay": FROM_0,
            "initial": FROM_0,
            "eps": POSITIVE,
        },
    ),
    (
        adaptive.rmsprop,
        SPARED | {"alpha": BELOW_ONE, "eps": POSITIVE},
    ),
    (
        adaptive.adadelta,
        {"lr": POSITIVE, "rho": BELOW_ONE, "eps": POSITIVE},
    ),
    (adam.adam, MOMENTS),
    (adam.adamw, MOMENTS | DECAY),
    (adam.nadam, MOMENTS | {"momentum_decay": FROM_0}),
    (adam.radam, MOMENTS),
    (adam.adamax, MOMENTS),
    (
        adafactor.adafactor,
        {
            "lr": POSITIVE,
            "eps": POSITIVE,
            "d": POSITIVE,
            "decay_power": Range((-TINY,), (0.0,)),
        },
    ),
    (lion.sign_descent, {"lr": POSITIVE}),
    (lion.lion, {"lr": POSITIVE, "b1": BELOW_ONE, "b2": BELOW_ONE}),
    (
        muon.muon,
        SPARED | {"steps": whole(0)},
    ),
    (averaging.schedule_free, SPARED | DECAY),
    (averaging.schedule_free_adamw, MOMENTS | DECAY),
    (
        partial(averaging.lookahead, momentum.sgd(0.1)),
        {"every": whole(1), "alpha": ABOVE_ZERO_TO_1},
    ),
    (
        partial(large_batch.lars, 0.1),
        SPARED | DECAY | {"trust": POSITIVE},
    ),
    (large_batch.lamb, MOMENTS | DECAY),
    (diagonal.adahessian, MOMENTS | DECAY | {"hessian_power": FROM_0}),
    (diagonal.sophia, MOMENTS | DECAY | {"rho": POSITIVE}),
    (kronecker.shampoo, {"lr": POSITIVE, "eps": POSITIVE}),
    *(
        (partial(clip, PARAMS, limit=1.0), {"limit": POSITIVE})
        for clip in (
            gradient_stability.clip_by_value,
            gradient_stability.clip_by_norm,
            gradient_stability.clip_by_layer,
        )
    ),
    (
        partial(gradient_stability.clip_adaptively, PARAMS, PARAMS),
        {"limit": POSITIVE, "eps": POSITIVE},
    ),
]
LEAST = {"least": Range((0.0, 0.1), (-TINY, 0.2)), "lr": POSITIVE}
FACTOR, FROM_1 = {"factor": ABOVE_ZERO_TO_1}, Range((1,), (0, 1.5))
SCHEDULES: list[Row] = [
    (partial(decays.step_decay, 0.1, 3), FACTOR | {"every": FROM_1}),
    (partial(decays.exponential, 0.1), FACTOR),
    (partial(decays.cosine, 0.1, 9), LEAST | {"steps": FROM_1}),
    (
        partial(decays.warm_restarts, 0.1, 9),
        LEAST | {"first": FROM_1, "factor": FROM_1},
    ),
    (
        partial(decays.polynomial, 0.1, 9),
        LEAST | {"steps": FROM_1, "power": POSITIVE},
    ),
    (
        partial(decays.noam, 64, 9),
        {"width": FROM_1, "warm": FROM_1, "scale": POSITIVE},
    ),
    (
        partial(phases.warmed_up, lambda t: 0.1, 9),
        {"warm": FROM_1, "start": UP_TO_1},
    ),
    (
        partial(phases.warmup_stable_decay, 0.1, 9, 9, 9),
        LEAST | {"warm": FROM_1, "stable": COUNT, "decay": FROM_1},
    ),
    (
        partial(phases.one_cycle, 0.1, 10),
        {"lr": POSITIVE, "start": POSITIVE, "end": POSITIVE},
    ),
    (
        partial(phases.cyclic, 0.1, 0.2, 9),
        {
            "low": Range((TINY, 0.2), (0.0,)),
            "high": Range((0.1,), (0.0,)),
            "rise": FROM_1,
        },
    ),
    (
        partial(decays.range_test, 0.1, 0.2, 9),
        {"low": POSITIVE, "high": POSITIVE},
    ),
    (
        partial(plateau.reduce_on_plateau, 0.1),
        {
            "lr": Range((TINY,), (0.0, np.inf)),
            "factor": BETWEEN_0_AND_1,
            "threshold": BELOW_ONE,
            "patience": COUNT,
            "cooldown": COUNT,
            "least": Range((0.0, 0.1), (-TINY, np.inf)),
        },
    ),
    (
        partial(decays.range_test, 0.1, 0.2, 9),
        {"steps": Range((2,), (1, 2.5))},
    ),
    (partial(phases.one_cycle, 0.1, 10), {"rise": Range((0.2,), (0.1, 1.0))}),
]
MINIMIZERS: list[Row] = [
    *(
        (
            partial(minimize, bowl, W),
            LIMITS | {"max_eval": FINITE, "tolerance_change": FINITE},
        )
        for minimize in (
            minimizers.bfgs,
            minimizers.lbfgs,
            minimizers.nonlinear_cg,
        )
    ),
    (partial(minimizers.lbfgs, bowl, W), {"history_size": whole(1)}),
    (
        partial(newton.newton, bowl, identity, W),
        LIMITS | {"damping": POSITIVE},
    ),
    (
        partial(gauss_newton.levenberg_marquardt, lambda w: (w, np.eye(2)), W),
        LIMITS | {"damping": POSITIVE},
    ),
    (
        partial(trust_region.trust_region_cg, bowl, lambda w, v: v, W),
        LIMITS
        | {
            "radius": Range((TINY, 1e3), (0.0, 1001.0)),
            "largest": Range((1.0,), (BELOW_1,), "radius"),
        },
    ),
    (
        partial(conjugate_gradient, lambda p: p, W),
        {
            "tolerance": FINITE,
            "max_iter": FINITE,
            "radius": Range((1e-9, np.inf), (0.0,)),
        },
    ),
    (
        partial(line_search.strong_wolfe, bowl, W, -W, 1.0, W),
        {
            "t": Range((1e-9,), (0.0, np.inf)),
            "c1": Range((TINY,), (0.0, 0.9)),
            "c2": Range((BELOW_1,), (1e-4, 1.0)),
            "max_eval": whole(1),
        },
    ),
    (
        partial(ended, minimizers.bfgs(bowl, W), 9, 9),
        LIMITS | {"max_eval": FINITE},
    ),
    *(
        (drawn(f"second_order/{name}"), {"damping": FINITE})
        for name in ("newton_step", "saddle_free_step", "gauss_newton_step")
    ),
    (drawn("second_order/kfac_direction"), {"damping": POSITIVE}),
    (
        partial(kronecker.inverse_root, np.eye(2), 2),
        {"power": Range((1,), (BELOW_1, np.inf)), "damping": FINITE},
    ),
    (
        partial(hessian_products.hvp_by_difference, lambda w: w, W, W),
        {"h": POSITIVE},
    ),
    (partial(spectra.lanczos, lambda v: v, W), {"steps": whole(1)}),
    (
        partial(spectra.hutchinson_diagonal, lambda v: v, 2, 1, rng()),
        {"samples": whole(1), "D": whole(1)},
    ),
    (partial(spectra.signs, rng=rng()), {"D": whole(1)}),
]
TRAINING: list[Row] = [
    (partial(early_stopping.gradient_below, W), {"eps": POSITIVE}),
    (
        partial(early_stopping.loss_plateaued, np.ones(3), 1),
        {"tol": BELOW_ONE, "patience": whole(1)},
    ),
    (partial(early_stopping.early_stop, W), {"patience": whole(1)}),
    (
        partial(loop.ema, PARAMS, PARAMS),
        {"decay": BELOW_ONE},
    ),
    (
        partial(perceptron.train_perceptron, np.eye(2), np.array([0, 1])),
        {"lr": POSITIVE},
    ),
]
ROWS = OPTIMIZERS + SCHEDULES + MINIMIZERS + TRAINING
