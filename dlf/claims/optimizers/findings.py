"""What was found of each claim of optimizers, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
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
    "C51": Finding(
        "NAdam takes {mean[M1, 6 layers]} times fewer steps than Adam with six "
        "layers and {mean[CH, transformer]} times fewer in a transformer; with "
        "two layers it gains less than claimed.",
        ends={"ratio": ("Adam faster", "NAdam faster")},
    ),
}
