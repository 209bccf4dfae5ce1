"""What was found of each claim of GPUs, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C133": Finding(
        "On an accelerator a batch of 256 gives {small[(a)]} to "
        "{large[(a)]} times as many examples a second as a batch of 1, as it "
        "shares out the cost of launches, and 16-bit products are about "
        "{small[(c)]} times as fast.",
    ),
}
