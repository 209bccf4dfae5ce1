"""What was found of each claim of second-order methods, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C52": Finding(
        "The printed step brought {mean[(b) net 2-4-1, the printed step]} % "
        "of the nets with 17 weights to a minimum and {mean[(b) net 4-6-3, "
        "the printed step]} % of those with 51; damped, it brought {mean[(b) "
        "net 2-4-1, damped]} % and {mean[(b) net 4-6-3, damped]} %.",
        ends={"points": ("none", "all")},
        bars={"(b)": ("at least", 0.9)},
    ),
    "C53": Finding(
        "L-BFGS needed {least[(a)]} to {most[(a)]} times fewer evaluations "
        "than Adam; AdaHessian needed {small[(b)]} to {large[(b)]} times more "
        "than AdamW.",
        ends={"ratio": ("the claimed method needs more", "needs fewer")},
    ),
    "C54": Finding(
        "On quadratics the bound holds. On nets of 100,000 weights conjugate "
        "gradient needed {small[(b)]} to {large[(b)]} times more evaluations "
        "than Adam.",
        ends={"ratio": ("conjugate gradient needs more", "needs fewer")},
    ),
}
