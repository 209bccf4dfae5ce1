"""What was found of each claim of backpropagation, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C33": Finding(
        "As printed, the output error is wrong for softmax, and products "
        "that lost a transpose cannot be computed; the recursion between "
        "layers is right.",
    ),
    "C34": Finding(
        "Whether ReLU's derivative at zero is set to 0, ½ or 1 made no "
        "difference that could be shown; in {count[too small]} of {n} cells "
        "any is too small to count.",
        ends={"points": ("0 is worse", "0 is better")},
        bars={"": ("beyond", 0.005)},
    ),
}
