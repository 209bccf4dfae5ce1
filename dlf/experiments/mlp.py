"""Five claims about layers, C7 to C11.

Each was stated with its rule before its first scored run; what is compared
and trained stands in the modules `mlp_…` beside this one. Where a text says
R(δ), the interval must lie above 0 and the mean reach δ (see
`dlf.experiments.statistics`).
"""

from dlf.experiments import mlp_depth as depth
from dlf.experiments import mlp_mnist as mnist
from dlf.experiments.core import Contrast, Effect, Source
from dlf.experiments.statistics import equivalent, larger

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
