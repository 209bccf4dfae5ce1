"""The bench's table and its record, `data/benchmarks/<machine>.json`."""

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dlf import RECORDS
from dlf.bench.benchmark import Row, read
from dlf.bench.ceilings import Ceilings
from dlf.bench.timing import Timing

BENCHMARKS = RECORDS / "benchmarks"


@dataclass(frozen=True)
class Record:
    """What one machine did.

    Args:
        name: the GPU's, or the CPU's with its cores.
        machine: device, driver, BLAS, versions, date.
        ceilings: by device, ``cpu`` and ``cuda``.
        rows: of all suites.
    """

    name: str
    machine: dict[str, str]
    ceilings: dict[str, Ceilings]
    rows: list[Row]

    @property
    def device(self) -> str:
        """What its suites ran on."""
        return "cuda" if "gpu" in self.machine else "cpu"

    def of(self, suite: str, name: str = "") -> list[Row]:
        """Return the rows of a suite, of one contender if it is named.

        Args:
            suite: its name; absent contenders are left out.
            name: of the contender; empty for all.
        """
        rows = [r for r in self.rows if r.suite == suite and not r.absent]
        return [r for r in rows if name in ("", r.name)]


def recorded(folder: Path = BENCHMARKS) -> list[Record]:
    """Every machine on record, those with a GPU last.

    Args:
        folder: that holds the records.
    """
    found = [
        Record(
            title(plain["machine"]),
            plain["machine"],
            {d: ceilings_of(c) for d, c in plain.get("ceilings", {}).items()},
            [read(r) for r in plain.get("rows", ())],
        )
        for file in sorted(folder.glob("*.json"))
        if not file.name.endswith(".partial.json")
        for plain in [json.loads(file.read_text(encoding="utf-8"))]
    ]
    return sorted(found, key=lambda r: r.device == "cuda")


def title(machine: dict[str, str]) -> str:
    """Name a machine in a legend.

    Args:
        machine: as recorded, with ``gpu`` or ``cpu``.
    """
    return machine.get("gpu") or f"{machine['cpu']}, one thread"


def write(plain: dict[str, Any], folder: Path | None = None) -> Path:
    """Write a record, whole or not at all.

    A record that lacks steps does not replace one that lacks fewer: it is
    written beside it, as `<machine>.partial.json`.

    Args:
        plain: the record, fit for JSON; ``lacks`` names steps that failed.
        folder: for the records; None for `BENCHMARKS`.
    """
    folder = folder or BENCHMARKS
    machine = plain["machine"]
    name = machine.get("gpu") or f"{machine['cpu']} {machine['cores']}"
    name = re.sub(r"\W+", "-", name).strip("-").lower()
    file = folder / f"{name}.json"
    if file.exists():
        known = json.loads(file.read_text(encoding="utf-8"))
        if len(known.get("lacks", ())) < len(plain.get("lacks", ())):
            file = folder / f"{name}.partial.json"
    draft = file.with_suffix(".draft")
    text = json.dumps(plain, indent=1)
    # a row a line: the file is read by people too
    text = re.sub(r"\{\n +([^{}]*?)\n +\}", _on_one_line, text)
    draft.write_text(text + "\n", encoding="utf-8")
    os.replace(draft, file)
    if file.name == f"{name}.json":
        (folder / f"{name}.partial.json").unlink(missing_ok=True)
    return file


def plain(ceilings: Ceilings) -> dict[str, Any]:
    """Ceilings as they are recorded, with four digits.

    Args:
        ceilings: of one device.
    """

    def short(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(k): short(v) for k, v in value.items()}
        return float(f"{value:.4g}") if isinstance(value, float) else value

    return short(asdict(ceilings))


def ceilings_of(stored: dict[str, Any]) -> Ceilings:
    """Read recorded ceilings.

    Args:
        stored: what `plain` gave, read back from JSON.
    """
    values = dict(stored)
    values["bandwidth"] = {int(k): v for k, v in stored["bandwidth"].items()}
    return Ceilings(**values)


def _on_one_line(found: re.Match) -> str:
    return "{" + re.sub(r"\n +", " ", found[1]) + "}"


def table(rows: list[Row]) -> str:
    """Return unit, median, spread, floor and fraction, a line a contender.

    Args:
        rows: of any suites, those of a case together.
    """
    lines = [
        f"  {'':22}{'µs':>12}{'quartiles':>22}{'floor µs':>12}{'of it':>7}"
        f"{'held MB':>9}   a second"
    ]
    case = ""
    for r in rows:
        if (r.suite, r.case) != case:
            case = (r.suite, r.case)
            lines.append(f"{r.suite}: {r.case} ({r.device}, {r.dtype})")
        if r.median is None or r.low is None or r.high is None:
            lines.append(f"  {r.name:22}{'–':>12}   {r.absent}")
            continue
        low, median, high = (1e6 * v for v in (r.low, r.median, r.high))
        held = f"{r.peak / 1e6:.1f}" if r.peak is not None else ""
        lines.append(
            f"  {r.name:22}{median:12.1f}{f'{low:.1f} – {high:.1f}':>22}"
            f"{1e6 * r.floor:12.1f}{r.fraction:7.2f}{held:>9}"
            f"   {r.rate:.3g} {r.unit}"
        )
    return "\n".join(lines)


def beside(suite: str, machines: dict[str, list[Row]]) -> str:
    """Lay a suite's contenders out by machine, as a table in Markdown.

    An entry is the median, and the percentage of the floor reached. A contender
    that no machine has is listed once, with the reason.

    Args:
        suite: whose rows.
        machines: name to rows.
    """
    rows = [
        (machine, r)
        for machine, of in machines.items()
        for r in of
        if r.suite == suite
    ]
    rows.sort(key=lambda pair: pair[1].size)
    found = {(r.case, r.name, machine): r for machine, r in rows}
    cells = [["", *machines], ["---"] * (1 + len(machines))]
    last, lacking = "", set()
    for case, name in dict.fromkeys((r.case, r.name) for _, r in rows):
        entries = [found.get((case, name, machine)) for machine in machines]
        if not any(r and r.median for r in entries):
            if name in lacking:
                continue
            lacking.add(name)
        if case != last:
            last = case
            cells.append([f"*{case}*", *[""] * len(machines)])
        cells.append([name, *map(_entry, entries)])
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _entry(row: Row | None) -> str:
    if row is None:
        return ""
    if row.median is None:
        return row.absent
    scale, unit = (1e6, "µs") if row.median < 1e-3 else (1e3, "ms")
    return f"{row.median * scale:.3g} {unit} ({row.fraction:.0%})"


def ratios(title: str, timings: list[Timing]) -> str:
    """Medians and ratios to the first contender.

    Args:
        title: of the table.
        timings: seconds a call; the first is the reference.
    """
    rows = [f"{title:20}{'µs':>10}{'ratio':>9}   quartiles"]
    rows += [
        f"  {t.name:18}{t.median * 1e6:10.0f}{t.ratio:9.2f}   "
        f"{t.low:.2f}–{t.high:.2f}"
        for t in timings
    ]
    return "\n".join(rows)
