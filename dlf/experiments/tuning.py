"""Equal tuning, then fresh seeds: the run of one cell of a `Contrast`.

Every arm is tried at the same settings on the tuning seeds; while any arm's
best lies at an edge the grid grows there, for every arm. Each arm's best is
then run once on the scored seeds, and only then are test data read.
"""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from dlf.experiments.cells import Cell
from dlf.experiments.seeds import TUNING

EXTENSIONS = 4


def tuned(claim: Any, cell: Cell) -> dict[str, Any]:
    """Choose a setting for every arm, then score it on fresh seeds.

    Args:
        claim: a `Contrast`.
        cell: its settings.

    Raises:
        ValueError: training read test data, or gave no score to choose by.
    """
    start = time.perf_counter()
    trials = choose(
        claim.train,
        cell,
        claim.arms,
        cell.grid or claim.grid,
        cell.tuning or claim.tuning,
        claim.chance,
    )
    chosen = {
        arm: max(tried, key=tried.__getitem__) for arm, tried in trials.items()
    }
    spent = time.perf_counter() - start
    run = scored(claim, cell, chosen)
    for arm in run["arms"]:
        tried = trials[arm["name"]]
        arm["grid"], arm["tuning"] = list(tried), list(tried.values())
        arm["trials"] = len(tried)
        arm["at_edge"] = arm["chosen"] in (min(tried), max(tried))
    return run | {"seconds_tuning": spent}


def choose(
    train: Callable[..., dict[str, Any]],
    cell: Cell,
    arms: Sequence[str],
    grid: Sequence[float],
    count: int,
    chance: float = 0.1,
) -> dict[str, dict[float, float]]:
    """Score every arm at every setting: arm to setting to mean score.

    Args:
        train: see `Contrast`.
        cell: handed to it.
        arms: tried alike.
        grid: settings to begin with.
        count: of tuning seeds.
        chance: score of a failed run.
    """
    seeds = list(range(TUNING, TUNING + count))
    trials: dict[str, dict[float, float]] = {arm: {} for arm in arms}
    asked = sorted(grid)
    for _ in range(1 + EXTENSIONS):
        for arm in arms:
            out = dict(train(cell, arm, asked, seeds))
            if "test" in out:
                raise ValueError(
                    "choose: `train` must not return `test` for tuning seeds, "
                    "because test data are read once, after the choice"
                )
            scores = score(out, chance).mean(axis=1)
            trials[arm] |= dict(zip(asked, map(float, scores), strict=True))
            trials[arm] = dict(sorted(trials[arm].items()))
        asked = extend_grid(trials.values())
        if not asked:
            break
    return trials


def score(out: dict[str, Any], chance: float) -> np.ndarray:
    """Give what the choice is made by: higher is better, failures lose.

    Args:
        out: what training returned, axes setting and seed.
        chance: score of a failed run.
    """
    if "score" in out:
        return np.nan_to_num(np.asarray(out["score"], float), nan=-1e9)
    return np.where(failed(out), chance, out["val"])


def extend_grid(trials: Iterable[dict[float, float]]) -> list[float]:
    """Give the next settings past each edge where some arm's best lies.

    Args:
        trials: of each arm, setting to mean score.

    >>> extend_grid([{0.01: 0.5, 0.1: 0.9}, {0.01: 0.8, 0.1: 0.7}])
    [0.001, 1.0]
    >>> extend_grid([{0.01: 0.5, 0.1: 0.9, 1.0: 0.2}])
    []
    """
    wanted = set()
    for tried in trials:
        if len(tried) < 2:
            continue
        grid = sorted(tried)
        best = max(tried, key=tried.__getitem__)
        if best == grid[0]:
            wanted.add(grid[0] * grid[0] / grid[1])
        if best == grid[-1]:
            wanted.add(grid[-1] * grid[-1] / grid[-2])
    return sorted(map(round_rate, wanted))


def round_rate(value: float) -> float:
    """Round to three digits, and to a half decade where one is near.

    Args:
        value: a setting, positive.
    """
    half = 10 ** (round(2 * math.log10(value)) / 2)
    near = abs(value / half - 1) < 0.01
    return float(f"{half if near else value:.3g}")


def scored(claim: Any, cell: Cell, chosen: dict[str, float]) -> dict[str, Any]:
    """Run each arm at its setting on the scored seeds.

    Args:
        claim: a `Contrast`.
        cell: one of its cells.
        chosen: setting of each arm.
    """
    seeds = cell.scored_seeds(claim.seeds)
    run: dict[str, Any] = {"seeds": seeds, "arms": [], "scored": {}}
    for arm in claim.arms:
        start = time.perf_counter()
        out = dict(claim.train(cell, arm, [chosen[arm]], seeds))
        seconds = time.perf_counter() - start
        run |= {"data": out.pop("data")} if "data" in out else {}
        out = {name: np.asarray(v)[0] for name, v in out.items()}
        out["failed"] = failed(out)
        for name in {"val", "test"} & set(out):
            out[name] = at_chance(out[name], out["failed"], claim.chance)
        run["scored"][arm] = out
        run["arms"].append(
            {
                "name": arm,
                "chosen": chosen[arm],
                "diverged": int(out["failed"].sum()),
                "seconds": seconds,
            }
        )
    return run


def failed(out: dict[str, Any]) -> np.ndarray:
    """Mark runs that learned nothing.

    Their training loss ended at NaN, above the initial one, or, where ``out``
    has the best ``constant`` prediction's, no better than that.

    Args:
        out: what training returned, axes setting and seed; losses in nats.
    """
    loss, initial = (np.asarray(out[k], float) for k in ("loss", "initial"))
    learned = loss <= initial
    if "constant" in out:
        learned &= loss < 0.999 * np.asarray(out["constant"], float)
    return ~learned


def at_chance(
    values: np.ndarray, lost: np.ndarray, chance: float
) -> np.ndarray | dict[str, Any]:
    """Give failed runs the score of chance; pack right-or-wrong as bits.

    Args:
        values: scores, one a seed; or right-or-wrong, seed by test example.
        lost: marks failed runs, one a seed.
        chance: their score.
    """
    if values.ndim == 1:
        return np.where(lost, chance, values)
    return {
        "bits": np.packbits(values).tobytes().hex(),
        "shape": list(values.shape),
        "failed": lost,
        "chance": chance,
    }


def of_classes(cell: Cell, arm: str) -> float:
    """Cross-entropy of predicting all classes alike.

    Args:
        cell: its ``classes`` says how many there are.
        arm: any, since they all face the same labels.
    """
    return math.log(cell.classes)
