"""What was found of each claim of mathematics, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C1": Finding(
        "Half of the numbers were enough on the digits; on MNIST-1D the cut "
        "cost {size[(b) SVD, against whole, M1]} points. Pruning with as many "
        "numbers was worse by {small[(c)]} to {large[(c)]} points, and the "
        "stable rank ranks nets the wrong way round.",
        ends={
            "points": ("SVD worse", "SVD better"),
            "τ": ("reversed order", "same order"),
        },
    ),
    "C2": Finding(
        "Both sentences have a counterexample: a Jordan block has no such "
        "decomposition, and log 1 is 0, which is not negative.",
    ),
    "C3": Finding(
        "All {n} statements are true: likelihood, cross-entropy and KL "
        "divergence have one value, one minimizer and one gradient.",
    ),
}
