"""Five claims about layers, C7 to C11.

Each was stated with its rule before its first scored run; what is compared
and trained stands in the modules `mlp_…` beside this one. Where a text says
R(δ), the interval must lie above 0 and the mean reach δ (see
`dlf.experiments.statistics`).
"""

from dlf.experiments import mlp_curves as curves
from dlf.experiments import mlp_depth as depth
from dlf.experiments import mlp_linear as affine
from dlf.experiments import mlp_mnist as mnist
from dlf.experiments import mlp_tables as tables
from dlf.experiments.core import Contrast, Effect, Measured, Source
from dlf.experiments.statistics import equivalent, larger

C7 = Contrast(
    number="C7",
    title="Without non-linearity depth adds nothing",
    sources=(
        Source("S0", "§3", "deep networks reduce to linear transformations"),
        Source("S2", "Linear", "behave like a single-layer model"),
        Source("S3", "§1", "regardless of its depth"),
    ),
    hypothesis=(
        "(a) Every deep affine net equals one affine map. (b) It also behaves "
        "like one in training: it takes as many steps to a training loss of "
        "1.65 and has the same test accuracy, at depths 2, 4 and 8."
    ),
    rule=(
        "(a) exact. (b) equivalence on M1, by depth: the interval of the ratio "
        "of steps lies within 0.8 to 1.25, that of the difference in test "
        "accuracy after 600 steps within 1 point. Rates are chosen by fewest "
        "steps, the loss is read every 10 steps and interpolated. Seven "
        "cells, the six intervals widened together; one depth whose interval "
        "lies outside refutes “behave like”."
    ),
    literature=(
        "Saxe, McClelland and Ganguli (2014): deep linear nets learn by a "
        "non-linear dynamics. Arora, Cohen and Hazan (2018): depth without a "
        "bend can speed training up."
    ),
    expects=("holds in part",),
    cuts="Rates are chosen by steps to the target, not by accuracy.",
    mode="live",
    cells=affine.CELLS,
    arms=affine.ARMS,
    grid=affine.RATES,
    train=affine.train,
    judge=affine.judge,
    replica=lambda: C7.small(("M1",), seeds=5),
)

C8 = Measured(
    number="C8",
    title="Universal approximation as worded",
    sources=(
        Source(
            "S4",
            "§1.5.1",
            "can approximate any continuous function to arbitrary precision "
            "given sufficient width",
        ),
        Source("S4", "§1.7.1", "compact domains"),
        Source("S0", "§2", "function approximators"),
    ),
    hypothesis=(
        "The sentence holds for any activation, on any domain, and training "
        "finds the approximation: on [−1, 1] for |x| and sin 8x, with ReLU and "
        "with tanh."
    ),
    rule=(
        "Exact: units x² on |x|, and ReLU units on sin x over the whole line, "
        "must reach any precision, and so must ReLU on an interval; a missing "
        "hypothesis makes it “in part”. Training is supported for a target if "
        "the median largest error with 512 units is at most a tenth of that "
        "with 16, refuted if it is more than half. A step, which is not "
        "continuous, is a control."
    ),
    literature=(
        "Cybenko (1989), Hornik (1991); Leshno et al. (1993): if and only if "
        "the activation is not a polynomial, on compact sets."
    ),
    expects=("holds in part",),
    cuts=(
        "Widths 4, 16, 64, 512 of 2 to 512; 2,000 steps of Adam on 128 "
        "points, five rates tried at each width on three tuning seeds."
    ),
    mode="live",
    cells=curves.CELLS,
    measure=curves.measure,
    judge=curves.judge,
    replica=lambda: curves.again(["sin 8x, relu"]),
)

C9 = Contrast(
    number="C9",
    title="Depth saves parameters and generalises better",
    sources=(
        Source("S4", "§1.5.1", "Parameter efficiency"),
        Source("S4", "§1.5.1", "Better generalization"),
        Source("S4", "§1.5.1", "Captures compositional structure"),
    ),
    hypothesis=(
        "(a) A sawtooth of 2ᵏ pieces takes O(k) units in a deep ReLU net and "
        "at least 2ᵏ − 1 in one hidden layer. (b) At equal parameters a net of "
        "depth 4 beats one of depth 1 in test accuracy, (c) also where both "
        "have the same training loss."
    ),
    rule=(
        "(a) exact. (b), (c) R(1 point) on each of M1, D8-200, a composition "
        "of pairs and FM, depth 4 against depth 1 in whichever design, plain "
        "ReLU or GELU with skips, has the better depth 4 on the tuning seeds. "
        "Every net trains for 2,000 steps, and (b) reads its test accuracy at "
        "the look, one every 100 steps, of highest validation accuracy; (c) "
        "reads both at the first look at which each has the lowest training "
        "loss that both reach. Nine cells, the eight intervals widened "
        "together."
    ),
    literature=(
        "Telgarsky (2016), Eldan and Shamir (2016): some functions need "
        "exponentially more units without depth. Ba and Caruana (2014): "
        "shallow nets can often mimic deep ones with as many parameters."
    ),
    expects=("holds in part",),
    cuts=(
        "Depths 1, 2, 4, 8 of 1, 2, 4, 8, 16; steps fixed at 2,000 of at most "
        "4,000, with a stop by validation instead of at a plateau; D8 with "
        "200 training images, because all nets exceed 98 % with 1,000; FM "
        "with 5 seeds, two tuning seeds."
    ),
    cells=depth.CELLS,
    arms=depth.ARMS,
    grid=depth.RATES,
    train=depth.train,
    judge=depth.judge,
    tuning=2,
)

C10 = Contrast(
    number="C10",
    title="The 784-128-128-10 example",
    sources=(
        Source(
            "S2", "MLFFN example", "2 layers (128 neurons each, using ReLU)"
        ),
        Source("S2", "MLFFN example", "Adam or SGD"),
    ),
    hypothesis=(
        "The net has 118,282 parameters, reaches at least 97.5 % test accuracy "
        "on MNIST within 20 epochs with either optimizer, and the two differ "
        "by less than 0.2 points when tuned."
    ),
    rule=(
        "After 20 epochs the interval of the mean test accuracy lies above "
        "97.5 % for both (holds) or for one (in part), or below for both "
        "(does not hold). The difference is reported as a test of equivalence "
        "within 0.2 points and not counted; nor is the count, which is "
        "arithmetic."
    ),
    literature=(
        "LeCun et al. (1998): 3.05 % errors with 300 and 100 hidden units. "
        "Simard, Steinkraus and Platt (2003): 1.6 % with one layer of 800 and "
        "cross-entropy, without distortions."
    ),
    expects=("holds",),
    cuts=(
        "Rates are chosen after 5 epochs, on two tuning seeds; batches of "
        "100, constant rates."
    ),
    cells=mnist.CELLS,
    arms=("sgd", "adam"),
    grid=mnist.MULTIPLES,
    train=mnist.train,
    effects=(
        *(
            Effect(
                f"{arm} above 97.5 %",
                ("MN",),
                lambda arms, arm=arm: arms[arm]["test"] - 0.975,
                larger(0.0),
            )
            for arm in ("sgd", "adam")
        ),
        Effect(
            "Adam less SGD",
            ("MN",),
            lambda arms: arms["adam"]["test"] - arms["sgd"]["test"],
            equivalent(0.002),
            counted=False,
        ),
    ),
)

C11 = Measured(
    number="C11",
    title="Tables call for MLPs",
    sources=(
        Source(
            "S4",
            "§1.9.1",
            "Tabular data: MLPs with appropriate regularization",
        ),
        Source("S0", "§2", "Tabular data, simple tasks"),
    ),
    hypothesis=(
        "A regularised MLP beats linear models, random forests and boosted "
        "trees."
    ),
    rule=(
        "R(1 point of accuracy, or 0.02 of R²) against each of three rivals on "
        "four tables, by the 5x2-cv t interval of the mean paired difference, "
        "the twelve intervals widened together. Ahead of every rival on at "
        "least 3 tables: holds; on one or two: in part; on none: does not "
        "hold if half of the comparisons are refuted, else undecided."
    ),
    literature=(
        "Grinsztajn, Oyallon and Varoquaux (2022): trees are ahead on tables "
        "of about 10,000 rows. Kadra et al. (2021): MLPs win with a tuned "
        "cocktail of regularisers. McElfresh et al. (2023): often the gap is "
        "negligible."
    ),
    expects=("does not hold", "undecided at this budget", "holds in part"),
    cuts="Inner choice by two folds; MLPs are fitted by L-BFGS.",
    cells=tables.CELLS,
    measure=tables.measure,
    judge=tables.judge,
    conclude=tables.conclude,
    seeds=5,
)
