"""What was found of each claim of backpropagation, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C33": Finding(
        "As printed, the output error is wrong for softmax, and products "
        "that lost a transpose cannot be computed; the recursion between "
        "layers is right.",
    ),
    "C34": Finding(
        "Whether ReLU's derivative at zero is 0 or 1 changes test accuracy by "
        "less than half a point in three nets, and was not shown to change it "
        "in the fourth; exact zeros count in bfloat16 alone.",
        ends={"points": ("0 is worse", "0 is better")},
        bars={"": ("beyond", 0.005)},
    ),
}
