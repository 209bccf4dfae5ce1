"""What was found of each claim of residual networks, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C94": Finding(
        "From 8 plain layers to 32 the training loss rises by factors of "
        "{mean[(a) M1, plain]} and {mean[(a) FM, plain]}. Skips with batch "
        "norm undo most of this, and not all; skips alone, at He's start, are "
        "no cure.",
        ends={"ratio": ("against the claim", "as claimed")},
    ),
    "C95": Finding(
        "Through 50 layers of sigmoid or tanh gradients keep their size with "
        "scaled skips and vanish without. With ReLU the sum as printed makes "
        "them explode; scaled, it keeps gradients at neighboring inputs alike.",
    ),
    "C96": Finding(
        "At 16 layers dense nets lead plain ones by {mean[dense over plain, "
        "M1]} and {mean[dense over plain, D8]} points, highway nets by "
        "{mean[highway over plain, M1]} and {mean[highway over plain, D8]}; "
        "without features from far back a dense net loses {mean[lost without "
        "them, M1]}.",
        ends={"points": ("plain is ahead", "as claimed")},
    ),
}
