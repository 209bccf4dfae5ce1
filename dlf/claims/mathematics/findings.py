"""What was found of each claim of mathematics, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C1": Finding(
        "Cutting the weights by SVD costs under a point on the digits and "
        "{size[(b) svd, against whole, M1]} points on MNIST-1D; it beats a "
        "random subspace by {small[(c)]} to {large[(c)]} points.",
        ends={"points": ("SVD worse", "SVD better")},
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
