"""Bad calls of schedules: settings out of range."""

import math

from dlf.scratch.schedules import decays, phases, plateau

REFUSES = [
    (
        decays.at_least_one,
        lambda: decays.at_least_one("cosine", steps=0),
        "cosine: `steps` must be at least 1",
    ),
    (decays.step_decay, lambda: decays.step_decay(0.0, 5), "step_decay: `lr`"),
    (
        decays.step_decay,
        lambda: decays.step_decay(0.1, 0),
        "step_decay: `every` must be at least 1",
    ),
    (
        decays.check_rates,
        lambda: decays.check_rates("cosine", 0.1, 0.2),
        r"cosine: `lr` must be finite and `least` lie in \[0, lr\]",
    ),
    (
        decays.check_factor,
        lambda: decays.check_factor("exponential", 2.0),
        r"exponential: `factor` must lie in \(0, 1\]",
    ),
    (
        decays.exponential,
        lambda: decays.exponential(0.1, -0.9),
        "exponential: `factor`",
    ),
    (
        decays.cosine,
        lambda: decays.cosine(0.1, 10, -1.0),
        r"cosine: `lr` must be finite and `least` lie in \[0, lr\]",
    ),
    (
        decays.polynomial,
        lambda: decays.polynomial(0.1, 10, 1.0, math.nan),
        "polynomial: `lr` must be finite and `least`",
    ),
    (
        decays.step_decay,
        lambda: decays.step_decay(math.inf, 5),
        "step_decay: `lr` must be finite",
    ),
    (
        decays.range_test,
        lambda: decays.range_test(1e-3, 1.0, math.nan),
        "range_test: `steps` must be at least 1, and whole",
    ),
    (decays.cosine, lambda: decays.cosine(0.1, 0), "cosine: `steps`"),
    (
        decays.warm_restarts,
        lambda: decays.warm_restarts(0.1, 5, 0),
        "warm_restarts: `factor`",
    ),
    (
        decays.polynomial,
        lambda: decays.polynomial(0.1, 5, power=0.0),
        "polynomial: `power`",
    ),
    (decays.noam, lambda: decays.noam(64, 0), "noam: `warm`"),
    (
        decays.range_test,
        lambda: decays.range_test(0.1, 1.0, 1),
        "range_test: `steps` must be at least 2",
    ),
    (
        phases.warmed_up,
        lambda: phases.warmed_up(lambda t: 0.1, 5, start=2.0),
        r"warmed_up: `start` must lie in \[0, 1\]",
    ),
    (
        phases.chain,
        lambda: phases.chain([lambda t: 0.1] * 2, [5, 9]),
        "chain: `joints` must rise",
    ),
    (
        phases.chain,
        lambda: phases.chain([lambda t: 0.1] * 3, [9, 5]),
        "chain: `joints` must rise",
    ),
    (
        phases.chain,
        lambda: phases.chain([lambda t: 0.1] * 2, [1.5]),
        "chain: `joints` must be at least 1, and whole",
    ),
    (
        phases.chain,
        lambda: phases.chain([lambda t: 0.1] * 2, [-5]),
        "chain: `joints` must be at least 1",
    ),
    (
        phases.warmup_stable_decay,
        lambda: phases.warmup_stable_decay(0.1, 5, -5, 5),
        "warmup_stable_decay: `stable`",
    ),
    (
        phases.warmup_stable_decay,
        lambda: phases.warmup_stable_decay(0.1, 0, 5, 5),
        "warmup_stable_decay: `warm`",
    ),
    (
        phases.one_cycle,
        lambda: phases.one_cycle(0.1, 10, rise=1.0),
        "one_cycle: `steps` must be at least 2, `rise`",
    ),
    (
        phases.one_cycle,
        lambda: phases.one_cycle(0.1, 10, rise=0.1),
        "one_cycle: `steps` must be at least 2, `rise` in",
    ),
    (
        phases.warmup_stable_decay,
        lambda: phases.warmup_stable_decay(-1.0, 5, 5, 5),
        "warmup_stable_decay: `lr` must be positive",
    ),
    (phases.cyclic, lambda: phases.cyclic(0.1, 0.0, 5), "cyclic: `high`"),
    (phases.cyclic, lambda: phases.cyclic(0.1, 0.01, 5), "cyclic: `lr` must"),
    (
        plateau.reduce_on_plateau,
        lambda: plateau.reduce_on_plateau(0.1, factor=1.0),
        r"reduce_on_plateau: `factor` must lie in \(0, 1\)",
    ),
    (
        plateau.reduce_on_plateau,
        lambda: plateau.reduce_on_plateau(0.1, patience=-1),
        "reduce_on_plateau: `patience`",
    ),
    (
        plateau.reduce_on_plateau,
        lambda: plateau.reduce_on_plateau(0.1, patience=math.nan),
        "reduce_on_plateau: `patience` and `cooldown` must be whole",
    ),
    (
        plateau.reduce_on_plateau,
        lambda: plateau.reduce_on_plateau(0.1, least=-1.0),
        "reduce_on_plateau: `least` must not be negative",
    ),
]
