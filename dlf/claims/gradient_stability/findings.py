"""What was found of each claim of gradient stability, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C66": Finding(
        "Not tested here; Lewkowycz et al. (2020) found nets that went through "
        "an early spike to generalize as well or better.",
    ),
}
