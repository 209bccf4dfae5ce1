"""One sentence for each claim: what was found, filled from its record.

The sentences stand with the claims, in `dlf.claims.<chapter>.findings`; here
is what fills them, so that no number in them is typed.
"""

import importlib
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

PACKAGE = Path(__file__).parents[1]


class Finding(NamedTuple):
    """What a card says of a claim besides its record.

    Args:
        text: the sentence; its slots are those of `slots`, such as
            ``{size[(b) accuracy, M1]}``.
        ends: what it means to lie left and right of no effect, by unit, or for
            all units under ``""``.
        bars: how the names of cells begin to what their rule asks for, where
            that is none of the common rules: ``at least``, ``at most``,
            ``beyond`` (in either direction) or ``within``, and a number.
    """

    text: str = ""
    ends: Mapping[str, tuple[str, str]] = {}
    bars: Mapping[str, tuple[str, float]] = {}


@cache
def finding(number: str) -> Finding:
    """Look up what is to be said of a claim; nothing, if nothing is.

    Args:
        number: of the claim, such as ``C12``.
    """
    for file in sorted((PACKAGE / "claims").glob("*/findings.py")):
        if f'"{number}": Finding(' in file.read_text(encoding="utf-8"):
            module = f"dlf.claims.{file.parent.name}.findings"
            return importlib.import_module(module).FINDINGS[number]
    return Finding()


def sentence(record: dict[str, Any]) -> str:
    """Write the sentence of a claim; its count, where it has none.

    Args:
        record: of the claim.

    Raises:
        KeyError: a slot names a cell that the record does not have.
    """
    text = finding(record["claim"]).text
    return text.format_map(slots(record)) if text else f"{record['reason']}."


def slots(record: dict[str, Any]) -> dict[str, Any]:
    """Give what a sentence may name.

    ``mean``, ``size`` (without sign), ``low`` and ``high`` of a cell; the
    ``least`` and the ``most`` mean, and ``small`` and ``large`` the least and
    the largest size, among counted cells whose names begin so (``*``: all);
    ``count`` of counted cells with that word; ``k`` and ``n``.

    Args:
        record: of the claim.
    """
    cells = {c["id"]: c["effect"] for c in record["cells"] if c["effect"]}
    counted = [c for c in record["cells"] if c["counted"]]
    words = [c["cell_verdict"] for c in counted]

    def mean(e: dict) -> float:
        return e["mean"]

    def size(e: dict) -> float:
        return abs(e["mean"])

    return {
        "mean": {c: number(e["mean"], e["unit"]) for c, e in cells.items()},
        "size": {c: number(size(e), e["unit"]) for c, e in cells.items()},
        "low": {c: number(e["ci95"][0], e["unit"]) for c, e in cells.items()},
        "high": {c: number(e["ci95"][1], e["unit"]) for c, e in cells.items()},
        "least": Chosen(counted, min, mean),
        "most": Chosen(counted, max, mean),
        "small": Chosen(counted, min, size),
        "large": Chosen(counted, max, size),
        "count": {w: words.count(w) for w in words},
        "k": record["k"],
        "n": record["n"],
    }


class Chosen(dict):
    """One of the counted cells whose names begin alike, found when asked.

    Args:
        counted: the cells.
        choose: `min` or `max`.
        key: of an effect, the number to choose by.
    """

    def __init__(
        self, counted: list[dict], choose: Callable, key: Callable
    ) -> None:
        super().__init__()
        self.counted, self.choose, self.key = counted, choose, key

    def __missing__(self, start: str) -> str:
        effects = [
            c["effect"]
            for c in self.counted
            if c["effect"] and (start == "*" or c["id"].startswith(start))
        ]
        if not effects:
            raise KeyError(start)
        return number(self.choose(map(self.key, effects)), effects[0]["unit"])


def number(value: float, unit: str) -> str:
    """Write a number as a sentence reads it: points as such, ratios as ratios.

    Args:
        value: a ratio is given as its logarithm, points as a fraction of 1.
        unit: see `Outcome`.

    >>> number(0.0213, "points"), number(1.0, "ratio"), number(-0.25, "τ")
    ('2.1', '2.7', '−0.25')
    """
    if unit == "ratio":
        value = math.exp(value)
    if unit == "points":
        value *= 100
    text = f"{value:.2g}" if abs(value) < 10 else f"{value:.0f}"
    if unit in ("ratio", "points") and 1 <= abs(value) < 10:
        text = f"{value:.1f}"
    if unit == "ratio" and 1 <= value < 2:
        text = f"{value:.2f}"
    return text.replace("-", "−")
