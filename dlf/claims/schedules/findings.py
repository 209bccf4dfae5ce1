"""What was found of each claim of schedules, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C55": Finding(
        "On MNIST-1D a cosine schedule ends with a training loss {mean[M1, "
        "Adam, training loss]} to {mean[M1, momentum, training loss]} times "
        "lower and {mean[M1, Adam, accuracy]} to {mean[M1, momentum, "
        "accuracy]} points more; no gain is shown in a transformer.",
        ends={
            "ratio": ("constant rate lower", "cosine lower"),
            "points": ("constant rate better", "cosine better"),
        },
    ),
    "C56": Finding(
        "No barrier lies between the ends of consecutive cycles, and three "
        "cycles end with a training loss {small[(b)]} to {large[(b)]} times "
        "that of one long cosine.",
        ends={
            "nats": ("same basin", "other basin"),
            "ratio": ("one cosine lower", "restarts lower"),
        },
    ),
}
