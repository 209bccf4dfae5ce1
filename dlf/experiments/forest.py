"""Forest plots of a claim's counted cells: what they show, drawn and in words.

A row is a cell: its effect and interval in its own unit. Cells of one unit and
one kind of rule share a panel, with the line of no effect and, shaded, what is
too small to count (or what the rule allows). Cells without an interval are the
strip of a card, not part of the plot.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from dlf.experiments import outcomes
from dlf.experiments.cautions import flags
from dlf.experiments.findings import Finding, finding
from dlf.experiments.statistics import Estimate

#: a cell's word and the sign for it
SIGNS = {
    "supported": "✓",
    "opposite": "✗",
    "false": "✗",
    "too small": "≈",
    "unclear": "?",
}
#: how a cell's word is spelled out, where the word alone says too little
SPELLED = {"too small": "not as large as claimed"}
#: short names of data sets, as cells have them, and what they stand for
DATA = {
    "M1-1000": "MNIST-1D, 1,000 examples",
    "M1": "MNIST-1D",
    "D8-200": "digits, 200 examples",
    "D8": "digits",
    "FM": "Fashion-MNIST",
    "G14": "glyphs of 14×14",
    "G28": "glyphs of 28×28",
    "CH": "English text",
    "IM": "film reviews",
}
UNITS = {
    "ratio": "Ratio",
    "points": "Percentage points",
    "(log10)": "Decades (log10)",
}
PERCENT = "Percent"
AXES = {"τ": "Kendall’s τ", "−τ": "Kendall’s τ, negative", "R²": "R²"}


class Row(NamedTuple):
    """A counted cell as it is drawn: points times 100, ratios as logarithms."""

    label: str
    mean: float
    low: float
    high: float
    shown: str
    word: str
    flags: tuple[str, ...]


class Panel(NamedTuple):
    """Rows of one unit and one kind of rule.

    Args:
        unit: of all of them.
        kind: of the rule: larger, equivalent, not worse, or a bar's.
        delta: the smallest effect that counts, the margin or the bar.
        ends: what left and right of no effect mean.
        rows: the cells.
    """

    unit: str
    kind: str
    delta: float
    ends: tuple[str, str]
    rows: tuple[Row, ...]


def panels(record: dict[str, Any]) -> list[Panel]:
    """Sort the counted cells that have an interval into panels.

    Args:
        record: of the claim.
    """
    said = finding(record["claim"])
    found: dict[tuple, list[Row]] = {}
    for cell in record["cells"]:
        if cell["counted"] and cell["effect"]:
            effect = cell["effect"]
            kind, delta = asked(cell, said)
            key = effect["unit"], kind, scaled(delta, effect["unit"])
            found.setdefault(key, []).append(row(cell, record))
    return [
        Panel(unit, kind, delta, ends(unit, kind, said), tuple(rows))
        for (unit, kind, delta), rows in found.items()
    ]


def asked(cell: dict, said: Finding) -> tuple[str, float]:
    """Kind of rule and δ of a cell; of a rule of its own the bar.

    Args:
        cell: of a record, with an effect.
        said: the claim's `Finding`, which has the bars.
    """
    if rule := cell["effect"]["rule"]:
        return rule["kind"], rule["delta"]
    for start, bar in said.bars.items():
        if cell["id"].startswith(start):
            return bar
    return "", 0.0


def ends(unit: str, kind: str, said: Finding) -> tuple[str, str]:
    """Say what left and right of no effect mean in a panel.

    Args:
        unit: of the panel.
        kind: of its rule.
        said: the claim's `Finding`, which may name the ends itself.
    """
    if known := said.ends.get(unit) or said.ends.get(""):
        return known
    if kind in ("at least", "at most", "within", "equivalent"):
        return "lower", "higher"
    return "against the claim", "as claimed"


def row(cell: dict, record: dict) -> Row:
    """Make the row of a cell.

    Args:
        cell: of the record, with an effect.
        record: of the claim.
    """
    e = cell["effect"]
    unit, (low, high) = e["unit"], e["ci95"]
    text = shown(cell, finding(record["claim"])).replace("-", "−")
    return Row(
        named(cell["id"]),
        scaled(e["mean"], unit),
        scaled(low, unit),
        scaled(high, unit),
        text,
        cell["cell_verdict"],
        flags(cell, record),
    )


def shown(cell: dict, said: Finding) -> str:
    """Write a cell's effect with its interval; a fraction, in per cent.

    Args:
        cell: of a record, with an effect.
        said: the claim's `Finding`, which has the bars.
    """
    e = cell["effect"]
    low, high = e["ci95"]
    known = Estimate(e["mean"], low, high, e["n"], e["method"])
    text = outcomes.shown(known, e["unit"])
    fraction = e["unit"] == "points" and asked(cell, said)[0] == "at least"
    return text.replace(" points ", " % ") if fraction else text


def named(cell: str) -> str:
    """Spell out the data sets in a cell's name.

    Args:
        cell: its name on the card.

    >>> named("(b) accuracy, D8-200")
    '(b) accuracy, digits, 200 examples'
    """
    short = "|".join(map(re.escape, DATA))
    return re.sub(rf"\b({short})\b(?!-)", lambda m: DATA[m[1]], cell)


def scaled(value: float, unit: str) -> float:
    """Bring a value to the scale it is drawn on.

    Args:
        value: a fraction of 1 where the unit is ``points``.
        unit: see `Outcome`.
    """
    return 100 * value if unit == "points" else value


def amount(value: float, unit: str) -> str:
    """Write a δ or a bar in its unit.

    Args:
        value: on the scale it is drawn on; a ratio's is a logarithm.
        unit: see `Outcome`.
    """
    if unit == "ratio":
        return f"×{np.exp(value):.3g}"
    word = {"points": " point" if abs(value) == 1 else " points"}.get(unit, "")
    return f"{value:.3g}{word}".replace("-", "−")


def shading(panel: Panel) -> str:
    """Say what is shaded in a panel; nothing, where nothing is.

    Args:
        panel: whose kind of rule and δ say it.
    """
    size = amount(panel.delta, panel.unit)
    if heading(panel) == PERCENT:
        size = f"{panel.delta:.3g} %"
    if panel.kind in ("larger", "beyond"):
        return f"too small to count, below {size}" if panel.delta else ""
    return {
        "equivalent": f"counts as equal, within {size}",
        "within": f"as the rule asks, within {size}",
        "not worse": f"a loss that is allowed, up to {size}",
        "at least": f"less than the {size} that the rule asks for",
        "at most": f"more than the {size} that the rule allows",
    }.get(panel.kind, "")


def shaded(panel: Panel) -> tuple[float, float] | None:
    """From where to where a panel is shaded.

    Args:
        panel: whose kind of rule and δ say it.
    """
    d = panel.delta
    bands = {
        "larger": (-d, d),
        "beyond": (-d, d),
        "equivalent": (-d, d),
        "within": (-d, d),
        "not worse": (-d, 0.0),
        "at least": (-np.inf, d),
        "at most": (d, np.inf),
    }
    return bands.get(panel.kind) if shading(panel) else None


def heading(panel: Panel) -> str:
    """Name the scale of a panel.

    Args:
        panel: whose unit says it.
    """
    if panel.unit == "points" and panel.kind == "at least":
        return PERCENT
    return UNITS.get(panel.unit, AXES.get(panel.unit, panel.unit)) or "Value"


def alt_text(record: dict[str, Any], shown: Sequence[Panel]) -> str:
    """Say all that the plot shows: scale, ends, shading, rows, flags.

    Args:
        record: of the claim.
        shown: its panels, from above.
    """
    total = sum(len(p.rows) for p in shown)
    parts = [
        f"Forest plot of {record['claim']}, {total} counted "
        f"cell{'s' * (total != 1)} with intervals."
    ]
    for p in shown:
        left, right = p.ends
        band = shading(p)
        parts.append(
            f"{heading(p)}; left: {left}; right: {right}"
            + (f"; shaded: {band}." if band else ".")
        )
        for r in p.rows:
            flagged = f" ({'; '.join(r.flags)})" if r.flags else ""
            word = SPELLED.get(r.word, r.word)
            parts.append(f"{r.label}: {r.shown}, {word}{flagged}.")
    return " ".join(parts)
