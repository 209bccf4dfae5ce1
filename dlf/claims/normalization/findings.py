"""What was found of each claim of normalization, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C68": Finding(
        "Not tested here; Santurkar et al. (2018) put the shift back and lost "
        "nothing, and a small run on the page agrees.",
    ),
    "C69": Finding(
        "Batch norm allows rates {mean[(a) M1, 2 layers, highest rate]} to "
        "{mean[(a) G14, 2 layers, highest rate]} times as high; it takes up to "
        "{most[(b)]} times fewer steps, but more in one net of three.",
        ends={"ratio": ("plain ahead", "batch norm ahead")},
    ),
    "C70": Finding(
        "Sigmoid nets are saved from vanishing; in plain tanh and ReLU nets "
        "batch norm itself makes gradients explode with depth, by a factor of "
        "1.2 a layer for ReLU, where the same nets without it were fine.",
    ),
    "C71": Finding(
        "Over four scales of the start, the range of test accuracy is "
        "{mean[G14, 4 layers]} to {mean[M1, 4 layers]} times as wide without "
        "batch norm; but without it every net at a tenth of He's scale fails, "
        "and what failed runs decide is not counted.",
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
    "C77": Finding(
        "The norm of each row is what g says, but g is learned and goes where "
        "the loss wants it; before training the gradients of a deep net are "
        "what they were. The printed formula has no scale to learn.",
    ),
    "C78": Finding(
        "On four tables the condition number falls by a factor of 200 to 20 "
        "million, and the steps of gradient descent with it; a line through "
        "years keeps three more digits.",
    ),
}
