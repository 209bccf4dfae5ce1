"""What was found of each claim of convolution, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS: dict[str, Finding] = {}
