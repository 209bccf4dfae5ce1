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
    "C49": Finding(
        "With the β₂ of the theorem Adam goes to the worst point of a convex "
        "problem; with β₂ of 0.9 and more, not on this one.",
    ),
}
