"""Claims put to the test: hypothesis, rule, run, verdict."""
