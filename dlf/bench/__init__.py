"""Timings with provenance, beside what the machine could do at best."""
