"""What was found of each claim of residual networks, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS: dict[str, Finding] = {}
