"""Timings with provenance: `python -m dlf.bench` prints ratios to PyTorch.

A ratio is a median over rounds in which the contenders take turns, in one
process, on one thread. glibc's heap is the largest hidden factor on a CPU: it
hands large blocks back to the kernel and faults them in again, depending on
what ran before, so its thresholds are pinned before anything is timed.
"""
