"""A sweep small enough for a page: four activations, shallow and deep, on M1.

In float64, four seeds of their own, at the rates that the recorded runs chose.
It is run once, however many claims and figures read it.
"""

from dataclasses import replace
from functools import cache

import numpy as np

from dlf.stacked import activation_nets as nets

SEEDS = list(range(200, 204))
RATES = {
    2: {"sigmoid": 1.0, "tanh": 0.1, "relu": 0.1, "swish": 0.1},
    8: {"sigmoid": 0.00316, "tanh": 0.0316, "relu": 0.0316, "swish": 0.0316},
}
STEPS, EVERY, TARGET = 400, 20, 1.5


@cache
def sweep() -> dict[str, dict[str, dict[str, np.ndarray]]]:
    """Train 32 nets: cell to activation to results, axis 0 the seed.

    Among the results are ``test`` and ``val`` (accuracy), ``steps`` to a
    training loss of 1.5 (the whole budget where it is missed) and ``curve``,
    the training loss every 20 steps.
    """
    found: dict[str, dict] = {}
    for depth, rates in RATES.items():
        usual = nets.Net(data="M1", depth=depth, steps=STEPS, dtype="float64")
        arms = found[f"M1, {depth} layers"] = {}
        for arm, rate in rates.items():
            gain = nets.unit_gain(arm) if arm == "swish" else None
            cell = replace(usual, gain=gain)
            out = nets.train(cell, arm, [rate], SEEDS, every=EVERY)
            out["steps"] = nets.crossing(out["curve"], EVERY, TARGET)
            del out["data"]
            arms[arm] = {name: values[0] for name, values in out.items()}
    return found


def raced() -> dict[str, dict]:
    """Give the sweep as runs of C12; times are for the record only."""
    unknown = np.full(len(SEEDS), np.nan)
    return {
        cell: {
            "seeds": SEEDS,
            "scored": {
                arm: {"steps": results["steps"], "cost": unknown}
                for arm, results in arms.items()
            },
        }
        for cell, arms in sweep().items()
    }
