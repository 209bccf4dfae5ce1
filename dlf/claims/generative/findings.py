"""What was found of each claim of generative models, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS: dict[str, Finding] = {}
