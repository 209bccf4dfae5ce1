"""One step of Adam over 784-128-128-10: from scratch, and PyTorch's three ways.

    python -m dlf.bench.optimizer_steps [--rounds N]

prints the timings as JSON. An update is bound by memory, and whether the heap
gives freed blocks back decides how fast plain NumPy is: so it is pinned, which
takes a process of its own (`apart` starts one).
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from dlf.bench.timing import ONE_THREAD, PINNED, pin_heap, turns
from dlf.scratch import mlp
from dlf.scratch.optimizers import adam

Array = np.ndarray
WIDTHS = 784, 128, 128, 10
WAYS: dict[str, dict[str, Any]] = {
    "PyTorch, a loop": {"foreach": False, "fused": False},
    "PyTorch, foreach": {"foreach": True},
    "PyTorch, fused": {"fused": True},
}


def contenders() -> dict[str, Callable[[], object]]:
    """Give a step of each, float32, on the same weights and gradients."""
    rng = np.random.default_rng(0)
    weights = mlp.init(WIDTHS, rng, np.float32)
    grads = {
        k: rng.normal(size=w.shape).astype(np.float32)
        for k, w in weights.items()
    }

    def theirs(how: dict[str, Any]) -> Callable[[], object]:
        leaves = [torch.tensor(w, requires_grad=True) for w in weights.values()]
        for leaf, g in zip(leaves, grads.values(), strict=True):
            leaf.grad = torch.tensor(g)
        return torch.optim.Adam(leaves, **how).step

    init, update = adam.adam()
    held = [weights, init(weights)]

    def ours() -> dict[str, Array]:
        held[:] = update(held[0], grads, held[1])
        return held[0]

    return {name: theirs(how) for name, how in WAYS.items()} | {"scratch": ours}


def fastest(rounds: int = 40) -> dict[str, float]:
    """Time them in turns, in this process; give the least seconds of each.

    Another program can only make a step slower, so that the least of many says
    most about the code.

    Args:
        rounds: in each, every contender is timed once; at least 1.

    Raises:
        ValueError: there is no round.
    """
    _check(rounds)
    made = contenders()

    def timer(call: Callable[[], object]) -> Callable[[], float]:
        def timed() -> float:
            call()  # the first after another's turn fills the cache
            start = time.perf_counter()
            call()
            return time.perf_counter() - start

        return timed

    seconds = turns([timer(call) for call in made.values()], rounds).min(0)
    return dict(zip(made, map(float, seconds), strict=True))


def apart(rounds: int = 40) -> dict[str, float]:
    """Time them in a process of their own, with the heap pinned.

    Args:
        rounds: in each, every contender is timed once; at least 1.

    Raises:
        ValueError: there is no round.
        RuntimeError: the process fails; the message ends with its own.
    """
    _check(rounds)
    done = subprocess.run(
        [sys.executable, "-m", __spec__.name, "--rounds", str(rounds)],
        env=os.environ | ONE_THREAD | {"GLIBC_TUNABLES": PINNED},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(
            "apart: the process that times must end well; it wrote "
            f"{done.stderr.strip()[-400:]!r}"
        )
    return json.loads(done.stdout)


def _check(rounds: int) -> None:
    """Refuse what is no number of rounds.

    Args:
        rounds: how often each is timed.

    Raises:
        ValueError: it is not a positive integer.
    """
    if not isinstance(rounds, int) or rounds < 1:
        raise ValueError(
            "optimizer_steps: `rounds` must be a positive integer, because "
            f"the least of no timings is none; got {rounds!r}"
        )


def main() -> None:
    """Print the timings as JSON."""
    pin_heap(__spec__.name)
    top = argparse.ArgumentParser("python -m dlf.bench.optimizer_steps")
    top.add_argument("--rounds", type=int, default=40)
    torch.set_num_threads(1)
    print(json.dumps(fastest(top.parse_args().rounds)))


if __name__ == "__main__":
    main()
