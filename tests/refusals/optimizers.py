"""Bad calls of optimizers: settings out of range, gradients of other shapes."""

import numpy as np

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

REFUSES = [
    (momentum.sgd, lambda: momentum.sgd(0.0), "sgd: `lr`"),
    (momentum.sgd, lambda: momentum.sgd(float("nan")), "sgd: `lr`"),
    (momentum.sgd, lambda: momentum.sgd(0.1, momentum=1.0), "sgd: `momentum`"),
    (
        momentum.sgd,
        lambda: momentum.sgd(0.1, 0.9, dampening=1.0),
        "sgd: `dampening`",
    ),
    (
        momentum.nesterov,
        lambda: momentum.nesterov(0.1, 1.0),
        "nesterov: `momentum`",
    ),
    (pairs.l2, lambda: pairs.l2(momentum.sgd(0.1), -1.0), "l2: `weight_decay`"),
    (
        momentum.mean_momentum,
        lambda: momentum.mean_momentum(-1.0),
        "mean_momentum: `lr`",
    ),
    (
        momentum.mean_momentum,
        lambda: momentum.mean_momentum(0.1, 1.0),
        "mean_momentum: `momentum`",
    ),
    (
        momentum.velocity_momentum,
        lambda: momentum.velocity_momentum(0.1, -0.1),
        "velocity_momentum: `momentum`",
    ),
    (
        pairs.decoupled,
        lambda: pairs.decoupled(momentum.sgd(0.1), 0.1, -1.0),
        "decoupled: `weight_decay`",
    ),
    (
        pairs.decoupled,
        lambda: pairs.decoupled(momentum.sgd(0.1), 0.0, 0.1),
        "decoupled: `lr`",
    ),
    (adaptive.adagrad, lambda: adaptive.adagrad(eps=0.0), "adagrad: `eps`"),
    (
        adaptive.adagrad,
        lambda: adaptive.adagrad(initial=-1.0),
        "adagrad: `initial`",
    ),
    (adaptive.rmsprop, lambda: adaptive.rmsprop(alpha=1.0), "rmsprop: `alpha`"),
    (adaptive.rmsprop, lambda: adaptive.rmsprop(eps=-1.0), "rmsprop: `eps`"),
    (adaptive.adadelta, lambda: adaptive.adadelta(rho=-0.1), "adadelta: `rho`"),
    (adam.adam, lambda: adam.adam(-1.0), "adam: `lr`"),
    (adam.adam, lambda: adam.adam(b1=-0.1), "adam: `b1`"),
    (adam.adam, lambda: adam.adam(b2=1.5), "adam: `b2`"),
    (adam.adam, lambda: adam.adam(eps=0.0), "adam: `eps`"),
    (
        adam.adamw,
        lambda: adam.adamw(weight_decay=-0.1),
        "decoupled: `weight_decay`",
    ),
    (
        adam.nadam,
        lambda: adam.nadam(momentum_decay=-1.0),
        "nadam: `momentum_decay`",
    ),
    (adam.radam, lambda: adam.radam(b1=1.0), "radam: `b1`"),
    (adam.adamax, lambda: adam.adamax(eps=0.0), "adamax: `eps`"),
    (
        adafactor.adafactor,
        lambda: adafactor.adafactor(decay_power=0.1),
        "adafactor: `decay_power`",
    ),
    (adafactor.adafactor, lambda: adafactor.adafactor(d=0.0), "adafactor: `d`"),
    (lion.lion, lambda: lion.lion(b2=1.0), "lion: `b2`"),
    (lion.sign_descent, lambda: lion.sign_descent(0.0), "sign_descent: `lr`"),
    (muon.muon, lambda: muon.muon(momentum=1.0), "muon: `momentum`"),
    (muon.muon, lambda: muon.muon(steps=-1), "muon: `steps`"),
    (
        averaging.schedule_free,
        lambda: averaging.schedule_free(momentum=1.0),
        "schedule_free: `momentum`",
    ),
    (
        averaging.schedule_free_adamw,
        lambda: averaging.schedule_free_adamw(b1=1.0),
        "schedule_free_adamw: `b1`",
    ),
    (
        averaging.schedule_free_adamw,
        lambda: averaging.schedule_free_adamw(eps=0.0),
        "schedule_free_adamw: `eps`",
    ),
    (
        averaging.lookahead,
        lambda: averaging.lookahead(momentum.sgd(0.1), 0),
        "lookahead",
    ),
    (
        averaging.lookahead,
        lambda: averaging.lookahead(momentum.sgd(0.1), 5, 1.5),
        "lookahead",
    ),
    (
        large_batch.lars,
        lambda: large_batch.lars(0.1, trust=0.0),
        "lars: `trust`",
    ),
    (large_batch.lamb, lambda: large_batch.lamb(b2=1.0), "lamb: `b2`"),
    (
        adam.moment_settings,
        lambda: adam.moment_settings("lamb", 0.1, 1.0, 0.9, 1e-8),
        r"lamb: `b1` must lie in \[0, 1\)",
    ),
    (
        pairs.fitted,
        lambda: pairs.fitted("sgd", {}, {"w": np.ones(2)}),
        "sgd: `grads` must hold w of shape",
    ),
    (
        pairs.rate,
        lambda: pairs.rate("sgd", -0.1),
        "sgd: `lr` must be positive",
    ),
    (
        pairs.not_negative,
        lambda: pairs.not_negative("sgd", weight_decay=-0.1),
        "sgd: `weight_decay` must not be negative",
    ),
    (
        muon.orthogonal,
        lambda: muon.orthogonal(np.ones(3)),
        "orthogonal: `x` must be a matrix",
    ),
]
