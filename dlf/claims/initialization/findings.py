"""What was found of each claim of initialization, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C57": Finding(
        "From exactly zero, ReLU and tanh units learn nothing at all; sigmoid "
        "units do learn equal features, and that much is learning. A zero "
        "output layer does no harm.",
    ),
}
