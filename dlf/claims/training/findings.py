"""What was found of each claim of training, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C35": Finding(
        "By the end of training the gradient's norm had fallen {small[(a)]} "
        "to {large[(a)]} times; that smoothness matters could not be shown.",
        ends={"ratio": ("norm rises", "norm falls")},
    ),
    "C36": Finding(
        "At 64 times the critical rate of their start no nets learned; at a "
        "tenth of the best rate they took {mean[(c) M1, a tenth]} to {mean[(c) "
        "D8, a tenth]} times as many steps, at a hundredth {mean[(c) M1, a "
        "hundredth]} to {mean[(c) D8, a hundredth]}.",
        ends={
            "points": ("all learn", "none learn"),
            "ratio": ("fewer steps", "more steps"),
        },
        bars={"(b)": ("at least", 0.5)},
    ),
    "C37": Finding(
        "A small rate is slow and not stuck: with thirty times the steps its "
        "loss is {size[M1-1000, 30 × the steps]} times lower on MNIST-1D, no "
        "difference is shown on the digits, and as many nets solve XOR.",
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
        "points, large ones at equal steps; at equal loss the two sizes that "
        "the rule compares could not be told apart.",
    ),
    "C40": Finding(
        "A convex loss guarantees nothing alone: too high a rate diverges, "
        "there may be no minimum, and a linear model does not make a loss "
        "convex.",
    ),
}
