"""What was found of each claim of second-order methods, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS: dict[str, Finding] = {}
