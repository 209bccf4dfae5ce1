"""Seeds: pilots use 0 to 9, tuning begins at 10, scored runs at 100."""

TUNING, SCORED = 10, 100  # first seeds; pilots use 0 to 9
