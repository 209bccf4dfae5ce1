"""What was found of each claim of training, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C35": Finding(
        "By the end of training the gradient's norm had fallen {small[(a)]} "
        "to {large[(a)]} times; that smoothness matters could not be shown.",
        ends={"ratio": ("norm rises", "norm falls")},
    ),
    "C36": Finding(
        "At up to 8 times the critical rate no run ended above its start; "
        "over all rates accuracy rises once and falls once.",
        ends={"": ("ends below its start", "ends above it")},
        bars={"(b)": ("at least", 0.5)},
    ),
    "C37": Finding(
        "With ten times the steps the small rate's loss is still "
        "{mean[M1-1000, 10 × the steps]} to {mean[D8, 10 × the steps]} "
        "times as high; on XOR it gets stuck no more often.",
        ends={"": ("small rate ahead", "small rate behind")},
    ),
    "C38": Finding(
        "Minibatches need {mean[(a) M1-1000]} to {mean[(a) D8]} times fewer "
        "examples; but a full gradient takes less than a second and is not "
        "infeasible.",
        ends={"ratio": ("full batch needs fewer", "minibatch needs fewer")},
    ),
    "C39": Finding(
        "Small batches win at equal epochs, by {least[(a)]} to {most[(a)]} "
        "points, large ones at equal steps; at equal loss no difference "
        "could be shown.",
    ),
    "C40": Finding(
        "A convex loss guarantees nothing alone: too high a rate diverges, "
        "there may be no minimum, and a linear model does not make a loss "
        "convex.",
    ),
}
