"""A device with a queue and a clock of its own, to time without hardware."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.comparison import difference, is_open, text


class Machine:
    """A device with a queue and a clock of its own.

    Launching takes the host some time; a kernel takes the device longer, and
    the first few much longer.
    """

    def __init__(self, launch: float, kernel: float, slow: int) -> None:
        self.launch, self.kernel, self.slow = launch, kernel, slow
        self.now = self.done = 0.0
        self.calls = 0

    def run(self) -> None:
        """Queue a kernel and return at once."""
        self.calls += 1
        self.now += self.launch
        first = 50 if self.calls <= self.slow else 1
        self.done = max(self.done, self.now) + first * self.kernel

    def wait(self) -> None:
        """Return when the queue is empty."""
        self.now = max(self.now, self.done)

    def clock(self) -> float:
        """Seconds since the machine was switched on."""
        return self.now


def judge_clock(
    answer: Callable, launch: float, kernel: float, slow: int
) -> str | None:
    """Say how far the time that was found is from that of a kernel."""
    machine = Machine(launch, kernel, slow)
    machine.run()  # somebody else's work is still in the queue
    got = answer(machine.run, machine.wait, machine.clock)
    if is_open(got):
        return None
    wrong = difference(got, kernel, rtol=0.0, atol=np.inf)
    if wrong:
        return wrong
    if not 0.98 * kernel < got < 1.02 * kernel + launch / 10:
        return (
            f"a kernel of {kernel:.3g} s was found to take {text(got)} s; "
            f"launching takes {launch:.3g} s, and the first {slow} are slow"
        )
    return ""
