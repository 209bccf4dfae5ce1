"""What was found of each claim of optimizers, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C41": Finding(
        "Noise lets SGD leave a valley that plain descent cannot, and keeps "
        "it from settling; noise below the steepest rise never does.",
    ),
    "C42": Finding(
        "With batches of 1,000 momentum takes {mean[M1, batch 1,000]} to "
        "{mean[G14, batch 1,000]} times fewer steps than plain SGD, with "
        "batches of 16 as many; with 100 it depends on the data.",
        ends={"ratio": ("plain SGD faster", "momentum faster")},
    ),
    "C43": Finding(
        "On a bowl with bumps momentum ended in the lowest valley from more "
        "starts, at equal effective rate too; on most surfaces it changed "
        "nothing.",
    ),
    "C44": Finding(
        "Nesterov's momentum passes the minimum less far while the rate is "
        "below 1/L and farther above it; it costs no second gradient.",
    ),
    "C45": Finding(
        "On sparse words AdaGrad gains {mean[(a) IM, sparse]} points over SGD, "
        "most of it lost when they are rotated; RMSProp is {mean[(b) M1, steps "
        "to a low loss]} times faster in the long run, but where labels change "
        "it does not beat SGD.",
        ends={
            "ratio": ("rival ahead", "RMSProp ahead"),
            "points": ("SGD better", "AdaGrad better"),
        },
    ),
    "C46": Finding(
        "RMSProp evens out curvatures along the axes; turn the valley, and "
        "it is behind plain descent.",
    ),
    "C47": Finding(
        "Usable rates span about a decade in MLPs, for each of the three, and "
        "one and a half in a transformer, where momentum's span is wider than "
        "Adam's by {size[CH, transformer, against momentum]} of a decade.",
        ends={"decades": ("rival wider", "Adam wider")},
    ),
    "C48": Finding(
        "Adam takes {mean[M1, 2 layers]} to {mean[CH, transformer]} times "
        "fewer steps than momentum, most in a transformer; its accuracy is "
        "equal on MNIST-1D and {size[G14, accuracy]} points lower on "
        "characters.",
        ends={
            "ratio": ("momentum faster", "Adam faster"),
            "points": ("momentum better", "Adam better"),
        },
    ),
    "C49": Finding(
        "With the β₂ of the theorem Adam goes to the worst point of a convex "
        "problem; with β₂ of 0.9 and more, not on this one.",
    ),
    "C50": Finding(
        "AdamW beats Adam without decay by {mean[M1, against no decay]} to "
        "{mean[M1-1000, against no decay]} points; against Adam with as finely "
        "tuned an L2 penalty it gains nothing, and loses {size[M1-1000, "
        "against L2 in the gradient]} on 1,000 examples.",
        ends={"points": ("rival better", "AdamW better")},
    ),
    "C51": Finding(
        "NAdam takes {mean[M1, 6 layers]} times fewer steps than Adam with six "
        "layers and {mean[CH, transformer]} times fewer in a transformer; with "
        "two layers it gains less than claimed.",
        ends={"ratio": ("Adam faster", "NAdam faster")},
    ),
}
