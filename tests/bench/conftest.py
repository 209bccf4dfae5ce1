"""A clock of their own for the tests of the bench."""

import pytest


class Clock:
    """Stands in for `time`: it goes on only as it is told, or is read."""

    def __init__(self, by_reading):
        self.now, self.by_reading = 0.0, by_reading

    def perf_counter(self):
        self.now += self.by_reading
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """Every reading is 2^-13 s after the one before."""
    clock = Clock(2.0**-13)
    monkeypatch.setattr("dlf.bench.device.time", clock)
    return clock
