"""What was found of each claim of normalization, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C68": Finding(
        "Not tested here; Santurkar et al. (2018) put the shift back and lost "
        "little. A small run on the page does so with small shifts; with "
        "larger ones the lead over a tuned plain net is gone.",
    ),
    "C69": Finding(
        "Batch norm allows rates {mean[(a) M1, 2 layers, highest rate]} to "
        "{mean[(a) G14, 2 layers, highest rate]} times as high; it takes up to "
        "{most[(b)]} times fewer steps, but more in one net of three.",
        ends={"ratio": ("plain ahead", "batch norm ahead")},
    ),
    "C70": Finding(
        "Batch norm frees gradients from the scale of the initial weights; but "
        "in plain ReLU nets it makes them grow by 1.2 a layer, also where He's "
        "weights alone would have kept them.",
    ),
    "C71": Finding(
        "Over four scales of the start accuracy spans a range "
        "{mean[G14, 4 layers]} to {mean[M1, 4 layers]} times as wide without "
        "batch norm: at the outer two scales plain nets fail, or end far "
        "behind.",
        ends={"ratio": ("plain less sensitive", "batch norm less sensitive")},
    ),
    "C72": Finding(
        "Batch norm gains {mean[(a) M1]} to {mean[(a) M1-1000]} points on "
        "MNIST-1D, where dropout beside it does {mean[(b) M1]} to {mean[(b) "
        "M1-1000]} points less; on characters it loses {size[(a) G14]}, and "
        "dropout does as much as without.",
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
        "The norm of each row is |g|; but gradients flow only as well as g is "
        "chosen: with all g = 1 they vanish in 30 ReLU layers, and with the "
        "norms of He's weights they are what they were without.",
    ),
    "C78": Finding(
        "On four tables condition number and steps fall by a factor of 200 to "
        "20 million, and a line keeps three more digits; but in 28 of 2,000 "
        "random tables the condition number rises.",
    ),
}
