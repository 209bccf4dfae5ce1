"""The scored values of a run: as arrays, and with one seed left out.

A record holds them as lists, NaN as null; of a small test set it holds which
examples each seed got right, a bit an example.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np


def without(run: dict, seed: int) -> dict:
    """Drop one seed from a run's scored values.

    Args:
        run: as recorded.
        seed: left alone where the run does not have it.
    """
    if seed not in run.get("seeds", ()):
        return run
    at = run["seeds"].index(seed)

    def drop(tree: Any) -> Any:
        if isinstance(tree, dict) and "bits" not in tree:
            return {k: drop(v) for k, v in tree.items()}
        return np.delete(array(tree), at, axis=0)

    seeds = [s for s in run["seeds"] if s != seed]
    return run | {"seeds": seeds, "scored": drop(run["scored"])}


def arrays(runs: Mapping[str, dict]) -> dict[str, dict]:
    """Read the scored values of every run as arrays.

    What was ``found`` besides is added under that name, and to each arm its
    best mean score in tuning, as ``tuned``.

    Args:
        runs: as recorded, by cell.
    """

    def read(tree: Any) -> Any:
        if isinstance(tree, dict) and "bits" not in tree:
            return {k: read(v) for k, v in tree.items()}
        return array(tree)

    view = {}
    for name, run in runs.items():
        view[name] = read(run["scored"])
        if "found" in run:
            view[name]["found"] = run["found"]
        for arm in run.get("arms", ()):
            if "tuning" in arm:
                view[name][arm["name"]]["tuned"] = max(arm["tuning"])
    return view


def array(stored: Any) -> np.ndarray:
    """Read one stored array; null is not a number, bits are right or wrong.

    Args:
        stored: lists of numbers and null, or a dict of ``bits``, as
            `tuning.at_chance` packs them.
    """
    if isinstance(stored, dict):
        S, N = stored["shape"]
        packed = np.frombuffer(bytes.fromhex(stored["bits"]), np.uint8)
        right = np.unpackbits(packed, count=S * N).reshape(S, N).astype(float)
        right[np.array(stored["failed"], bool)] = stored["chance"]
        return right
    return np.asarray(stored, dtype=float)
