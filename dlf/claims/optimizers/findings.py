"""What was found of each claim of optimizers, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C41": Finding(
        "Noise lets SGD leave a valley that plain descent cannot, and keeps "
        "it from settling; noise below the steepest rise never does.",
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
    "C46": Finding(
        "RMSProp evens out curvatures along the axes; turn the valley, and "
        "it is behind plain descent.",
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
    "C51": Finding(
        "NAdam takes {mean[M1, 6 layers]} times fewer steps than Adam with six "
        "layers and {mean[CH, transformer]} times fewer in a transformer; with "
        "two layers it gains less than claimed.",
        ends={"ratio": ("Adam faster", "NAdam faster")},
    ),
}
