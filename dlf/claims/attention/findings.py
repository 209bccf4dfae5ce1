"""What was found of each claim of attention, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C100": Finding(
        "One layer links every pair of places, and without positions sees no "
        "order. On one thread it is slower than an LSTM of its width at 512 "
        "places, and its time grows faster.",
    ),
    "C101": Finding(
        "With heads of width 64 the printed factor changes the characters "
        "predicted right by {mean[printed against by the root, CH, d = 64]} "
        "points; with heads of width 8 the seeds do not tell it from the root.",
        ends={"points": ("printed is behind", "printed is ahead")},
    ),
    "C102": Finding(
        "At these sizes the LSTM's loss is {mean[CH, LSTM over transformer]} "
        "times the transformer's on prose and "
        "{mean[series, LSTM over transformer]} times on the series, where "
        "the transformer's is half of a linear model's.",
        ends={"ratio": ("the transformer is behind", "it is ahead")},
    ),
}
