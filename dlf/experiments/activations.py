"""Twelve claims about activations, C12 to C23.

Each was stated with its rule before its first scored run; what is compared
and trained stands in the modules `activations_…` beside this one. Where a
text says R(δ), the interval must lie above 0 and the mean must reach δ (see
`dlf.experiments.statistics`).
"""

from dlf.experiments import activations_speed as speed
from dlf.experiments.core import Contrast, Source

C12 = Contrast(
    number="C12",
    title="ReLU speeds up training",
    sources=(
        Source("S2", "ReLU", "(Speeds up learning)"),
        Source("S0", "§3.3", "which speeds up training"),
        Source("S3", "§1", "accelerating training"),
    ),
    hypothesis=(
        "ReLU takes fewer steps, and fewer seconds, to a training loss of 1.0 "
        "(M1), 0.1 (D8) or 0.7 (FM) than sigmoid and than tanh, each at its "
        "own best learning rate."
    ),
    rule=(
        "R(ratio 0.8) on the rival's steps over ReLU's, and on seconds, in "
        "each of five nets against two rivals: 20 cells, intervals widened "
        "together. Steps are read off the loss of 1,000 training examples, "
        "every 20 steps (D8 10), and interpolated; a miss counts as the whole "
        "budget (M1 1,000 steps, D8 and FM 600). Seconds are steps times the "
        "ratio of median step times (processor time, measured in turns). "
        "Rates are chosen by fewest steps."
    ),
    literature=(
        "Krizhevsky et al. (2012): a four-layer CNN with ReLU reaches 25 % "
        "training error on CIFAR-10 six times faster than with tanh, and the "
        "size of the effect varies with the architecture; Glorot, Bordes and "
        "Bengio (2011)."
    ),
    expects=("holds", "holds in part"),
    cuts=(
        "FM: CNN of 600 steps, 5 seeds, one tuning seed, 5 rates instead of 7."
    ),
    **speed.RELU,
)

C14 = Contrast(
    number="C14",
    title="Non-centred outputs slow learning",
    sources=(
        Source("S0", "§3.1", "not zero-centered … slower convergence"),
        Source("S0", "§3.2", "helps improve training efficiency"),
        Source("S2", "Sigmoid", "Not zero-centered"),
    ),
    hypothesis=(
        "A centred curve beats the same curve shifted up, so with the same "
        "slope and curvature: tanh against tanh + 1, and 2σ − 1 against 2σ, "
        "in steps to a training loss of 1.0 (M1) or 0.1 (D8-200) and in test "
        "accuracy."
    ),
    rule=(
        "The mean of the two pairs decides: R(ratio 0.8) on steps and R(1 "
        "point) on test accuracy, in each of eight nets: 16 cells, intervals "
        "widened together. Rates are chosen by fewest steps; the accuracy is "
        "that at the chosen rate after 600 steps (D8-200: 400). Control, not "
        "counted: with batch normalisation the effect on accuracy lies within "
        "±1 point."
    ),
    literature=(
        "LeCun et al. (1998), Efficient BackProp: mean activations near zero "
        "speed convergence; Clevert et al. (2016) argue the same for ELU."
    ),
    expects=("holds", "holds in part"),
    cuts=(
        "Adam and D8 at 2 and 8 layers only; D8 with 200 training images, "
        "since with 1,000 all arms saturate; the two pairs are averaged."
    ),
    **speed.CENTRED,
)
