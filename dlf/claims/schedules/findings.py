"""What was found of each claim of schedules, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
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
