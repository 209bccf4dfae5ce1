"""Twelve claims about activations, C12 to C23.

Each was stated with its rule before its first scored run; what is compared
and trained stands in the modules `activations_…` beside this one. Where a
text says R(δ), the interval must lie above 0 and the mean must reach δ (see
`dlf.experiments.statistics`).
"""

from dlf.experiments import activations_contests as contests
from dlf.experiments import activations_flow as flow
from dlf.experiments import activations_speed as speed
from dlf.experiments.core import Contrast, Measured, Source

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

C13 = Contrast(
    number="C13",
    title="ReLU is a safe default",
    sources=(
        Source("S0", "§3.3", "performs well across a wide range of tasks"),
        Source("S3", "§1", "default recommendation"),
        Source("S1", "l.193", "most widely used"),
    ),
    hypothesis=(
        "In at least 80 % of the nets tried, ReLU's test accuracy is at most "
        "1 point below that of the best of nine activations."
    ),
    rule=(
        "Eleven nets are the population, so their count decides: regret of at "
        "most 1 point in 9 or more of them, and in none an interval above 2 "
        "points: holds; 6 to 8: in part; 5 or fewer: does not hold. If "
        "resampling the seeds moves the count across a boundary in more than "
        "5 % of draws: undecided. The rival is the activation best in tuning; "
        "its regret is measured on fresh seeds. “Most widely used” is a matter "
        "for a survey and not tested."
    ),
    literature=(
        "Ramachandran et al. (2017): several match or beat ReLU; Eger et al. "
        "(2018), 21 functions on 8 language tasks: penalised tanh the most "
        "stable; Dubey et al. (2022), survey and benchmark."
    ),
    expects=("holds in part", "does not hold"),
    cuts=(
        "The one-dimensional CNN, the ten-layer CNN and the transformer were "
        "cut and a CNN on D8 added: 11 nets instead of 14, and the counts "
        "scaled with them. FM: 500 steps (CNN 400)."
    ),
    **contests.SAFE,
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

C17 = Measured(
    number="C17",
    title="ReLU cures vanishing gradients, because it has no exponential",
    sources=(
        Source(
            "S2",
            "ReLU",
            "Solves Vanishing Gradient Problem (no exponential operations)",
        ),
        Source("S0", "§3.3", "helps reduce"),
        Source("S1", "l.195", "mitigates"),
        Source("S3", "§1", "avoids the vanishing gradient problem"),
    ),
    hypothesis=(
        "Through 30 layers of 128 units, before training, (a) the norm of the "
        "gradient at the first layer over that at the last lies within [0.1, "
        "10] for ReLU and below 1e-6 for sigmoid; (b) the exponential is the "
        "cause: hard sigmoid, which has none, keeps its gradients, and ELU, "
        "GELU and centred softplus, which have one, lose theirs."
    ),
    rule=(
        "Each of six lines is a cell, on the interval of log10 of the ratio "
        "over 10 seeds, widened together: kept means within [0.1, 10], lost "
        "means below 1e-6. Tanh is shown and not counted. Gains: sigmoid and "
        "hard sigmoid (slope ¼) 1, the others those that keep the variance."
    ),
    literature=(
        "Hochreiter (1991); Glorot and Bengio (2010); Hanin (2018): in ReLU "
        "nets the variance 2/fan-in and the sum of reciprocal widths decide. "
        "What vanishes is the product of slopes, whatever computes them."
    ),
    expects=("holds in part",),
    mode="live",
    replica=lambda: {
        "depth 30": C17.measured({"depth": 30, "seeds": 5, "first": 200})
    },
    **flow.VANISHING,
)

C20 = Contrast(
    number="C20",
    title="PReLU adds capacity; ELU is centred and robust",
    sources=(
        Source("S0", "§3.5", "improving model capacity"),
        Source("S0", "§3.6", "maintains zero-centered activations"),
        Source("S0", "§3, table", "Robust activation"),
    ),
    hypothesis=(
        "(a) PReLU fits random labels in fewer steps than ReLU and gains 1 "
        "point of test accuracy or more. (b) After training, a hidden unit's "
        "mean over its SD is with ELU at most half of ReLU's. (c) ELU's test "
        "accuracy has an SD over seeds, and over initial scales from 0.3 to "
        "3, of at most 0.8 × ReLU's."
    ),
    rule=(
        "(a) R(ratio 1.25) on steps to a training loss of 1.0 on 1,000 "
        "randomly labelled examples, R(1 point) on test accuracy; (b) R(ratio "
        "2); (c) R(ratio 1.25) on the SDs. Twelve cells, intervals widened "
        "together."
    ),
    literature=(
        "He et al. (2015): PReLU lowers the top-1 error of a 14-layer "
        "ImageNet net by 1.2 points; Clevert et al. (2016) on ELU."
    ),
    expects=("holds", "holds in part"),
    cuts="FM: CNN-4 of 400 steps, no CNN-10; (c) on M1 only.",
    **contests.PROPERTIES,
)

C21 = Contrast(
    number="C21",
    title="Swish beats ReLU in deeper models",
    sources=(
        Source("S0", "§3.7", "Outperforms ReLU in deeper models"),
        Source("S0", "§3, table", "High performance, deep models"),
    ),
    hypothesis=(
        "(a) In the deep net (8 layers; CNN-10) Swish has the higher test "
        "accuracy. (b) Its gain there exceeds its gain in the shallow net (2 "
        "layers; CNN-4)."
    ),
    rule=(
        "R(1 point) on (a) and on (b), for M1 and D8-200 in three variants "
        "(plain, batch norm, skips) and FM in two: 16 cells, intervals widened "
        "together. (a) without (b) is in part. The gains in shallow nets are "
        "shown and not counted."
    ),
    literature=(
        "Ramachandran et al. (2017): +0.9 points top-1 (Mobile NASNet-A), +0.6 "
        "(Inception-ResNet-v2); in its first version MNIST MLPs are alike up "
        "to 40 layers. Eger et al. (2018): rectifier-like functions can top "
        "the list but are not stable."
    ),
    expects=("holds", "holds in part"),
    cuts="FM: CNN-4 and CNN-10 of 400 steps; no CNN-20, no skips.",
    **contests.DEEP,
)

C22 = Contrast(
    number="C22",
    title="Modern activations win because of gradient flow",
    sources=(
        Source(
            "S0",
            "§12",
            "(Swish, GELU, Mish) outperform traditional ones due to better "
            "gradient flow",
        ),
    ),
    hypothesis=(
        "(a) The mean test accuracy of Swish, GELU and Mish exceeds that of "
        "tanh, ReLU, Leaky ReLU and ELU by 1 point or more. (b) Over "
        "activations, depths and initial scales, accuracy falls as |log flow| "
        "rises, τ ≤ −0.4, where the flow is the gradient's norm at the first "
        "hidden layer over that at the last, before training. (c) Rescaling "
        "the layers until the flow is 1 removes half of (a) or more."
    ),
    rule=(
        "(a) R(1 point) in each of eight nets; (b) R(0.4) on −τ in each data "
        "set; (c) half the gap less the gap with equal flows, averaged over "
        "depths, above 0 in each data set: 14 cells, intervals widened "
        "together. (a) alone is in part; without (a) in any net there is "
        "nothing to explain, and the claim does not hold if half of (a) or "
        "more is refuted."
    ),
    literature=(
        "Ramachandran et al. (2017); Hendrycks and Gimpel (2016); Hayou et al. "
        "(2019): smooth activations carry signals deeper. No mediation study "
        "is known."
    ),
    expects=("holds in part", "does not hold"),
    cuts=(
        "Five rates instead of seven and sigmoid left out (it trains in no "
        "deep net of C12); D8 with 200 training images; FM at depths 2 and 16, "
        "500 steps, 5 seeds; other initial scales (×0.7, ×1.4) on M1 only; the "
        "flow also after five epochs, not after one."
    ),
    **flow.MEDIATION,
)
