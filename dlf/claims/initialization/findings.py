"""What was found of each claim of initialization, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C57": Finding(
        "From exactly zero, ReLU and tanh units learn nothing at all; sigmoid "
        "units do learn equal features, and that much is learning. A zero "
        "output layer does no harm.",
    ),
    "C58": Finding(
        "Over twenty ReLU layers the standard deviation that is right at width "
        "128 loses nearly all of the signal at width 32 and multiplies it by a "
        "million at 512; in two layers it does no harm.",
    ),
    "C59": Finding(
        "With ten layers of ReLU on characters He's weights gain {mean[ReLU, "
        "G14, 10 layers]} points; but sigmoids too do better from them, by "
        "{size[sigmoid, M1, 2 layers]} to {size[sigmoid, G14, 2 layers]} "
        "points, and tanh on one of two data sets.",
        ends={"points": ("the other weights better", "as claimed")},
    ),
    "C60": Finding(
        "Over initial weights test accuracy has a standard deviation of "
        "{mean[M1, standard deviation]} to {mean[G14, standard deviation]} "
        "points, {mean[G14, against the order of examples]} to "
        "{mean[M1, against the order of examples]} times that over the order "
        "of the examples.",
        ends={"ratio": ("the order varies more", "weights vary more")},
        bars={
            "M1, standard": ("at least", 0.02),
            "G14, standard": ("at least", 0.02),
        },
    ),
}
