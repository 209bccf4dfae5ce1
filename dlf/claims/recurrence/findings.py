"""What was found of each claim of recurrent networks, in one sentence."""

FINDINGS: dict = {}
