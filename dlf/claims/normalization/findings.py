"""What was found of each claim of normalization, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C69": Finding(
        "Batch norm allows rates {mean[(a) M1, 2 layers, highest rate]} to "
        "{mean[(a) G14, 2 layers, highest rate]} times as high; it takes up to "
        "{most[(b)]} times fewer steps, but more in one net of three.",
        ends={"ratio": ("plain ahead", "batch norm ahead")},
    ),
    "C71": Finding(
        "Over four scales of the start, test accuracy ranges over a span "
        "{least} to {most} times as wide without batch norm; but without it "
        "every net at a tenth of He's scale fails, and a cell that failed runs "
        "decide is not counted.",
        ends={"ratio": ("plain less sensitive", "batch norm less sensitive")},
    ),
    "C72": Finding(
        "Batch norm gains {mean[(a) M1-1000]} points on 1,000 examples of "
        "MNIST-1D and none on 4,000, and there it makes dropout gain less; on "
        "characters it loses {size[(a) G14]} points and does not.",
        ends={"points": ("against the claim", "as claimed")},
    ),
    "C73": Finding(
        "Not tested here; Santurkar et al. (2018) found the loss smoother "
        "along the gradient, Yao et al. (2020) not always.",
    ),
    "C74": Finding(
        "Not tested here; what is common is for a survey, and in one large "
        "comparison norm after the activation was slightly better.",
    ),
    "C75": Finding(
        "Not tested here; the learned shift decides how many activations are "
        "zero, and it may move either way.",
    ),
    "C76": Finding(
        "With batches of 4 layer norm is {mean[M1, batch 4]} points ahead of "
        "batch norm on MNIST-1D and {mean[G14, batch 4]} on characters; with "
        "batches of 100 the lead is {mean[M1, batch 4 less 100]} and "
        "{mean[G14, batch 4 less 100]} points smaller.",
        ends={"points": ("batch norm better", "layer norm better")},
    ),
}
