"""Timings with provenance: `python -m dlf.bench` measures this machine.

Each suite is a module with one entry, which takes a place and its ceilings and
gives rows: seconds with quartiles, the floor that bytes and operations set, and
the fraction of it reached. Contenders take turns, in one process, on one
thread. glibc's heap is the largest hidden factor on a CPU: it hands large
blocks back to the kernel and faults them in again, depending on what ran
before, so its thresholds are pinned before anything is timed. `dense` and
`graphs` compare with other libraries instead: a ratio is a median over rounds.
"""
