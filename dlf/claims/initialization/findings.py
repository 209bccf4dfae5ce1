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
        "128 loses nearly all of the signal at width 32 and overflows with it "
        "at 512; in two layers it does no harm.",
    ),
}
