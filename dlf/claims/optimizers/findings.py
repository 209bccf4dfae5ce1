"""What was found of each claim of optimizers, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C51": Finding(
        "NAdam takes {mean[M1, 6 layers]} times fewer steps than Adam with six "
        "layers and {mean[CH, transformer]} times fewer in a transformer; with "
        "two layers it gains less than claimed.",
        ends={"ratio": ("Adam faster", "NAdam faster")},
    ),
}
