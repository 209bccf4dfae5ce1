"""Claims small enough to test the engine with; they train nothing."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlf.experiments.cards import outcome
from dlf.experiments.cells import Cell
from dlf.experiments.claim import Exact, Measured, Part, Source, Untested
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger

TEXTS = {
    "title": "A toy",
    "sources": (Source("S0", "§0", "toys are better"),),
    "hypothesis": "New beats old.",
    "rule": "R(0.01).",
    "literature": "None.",
    "expects": ("supported",),
}


@dataclass(frozen=True, kw_only=True)
class Named(Cell):
    """A cell of C901."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Offset(Cell):
    """A cell of C903."""

    offset: int


def train(cell: Named, arm: str, settings: list, seeds: list) -> dict:
    """Score best at a rate of 0.1 (new) or 0.01 (old), new by 0.1."""
    if trace := os.environ.get("TOY_TRACE"):
        with Path(trace).open("a", encoding="utf-8") as file:
            print(cell.name, file=file)
    if cell.name == os.environ.get("TOY_DIES_IN"):
        os.kill(os.getpid(), signal.SIGKILL)
    S, R = len(settings), len(seeds)
    best = {"new": -1.0, "old": -2.0}[arm]
    off = np.abs(np.log10(settings) - best)[:, None] / 10
    noise = np.array([np.random.default_rng(s).normal() for s in seeds]) / 100
    val = 0.8 + 0.1 * (arm == "new") - off + noise
    ones = np.ones((S, R))
    out = {"val": val, "loss": 0.5 * ones, "initial": 2.0 * ones}
    if min(seeds) >= 100:
        out |= {"test": val, "data": {"name": cell.name}}
    return out


C901 = Contrast(
    number="C901",
    cells={name: Named(name=name) for name in ("a", "b", "c")},
    arms=("new", "old"),
    grid=(0.1, 0.316, 1.0),
    train=train,
    effects=tuple(
        Effect(
            f"cell {name}",
            (name,),
            lambda r: r["new"]["test"] - r["old"]["test"],
            larger(0.01),
        )
        for name in "abc"
    ),
    replica=lambda: C901.small(("a",), seeds=5),
    **TEXTS,
)


def halves() -> tuple[bool, str]:
    """Add two halves."""
    return 0.5 + 0.5 == 1, "1"


def tenths() -> tuple[bool, str]:
    """Add tenths."""
    return 0.1 + 0.2 == 0.3, f"{0.1 + 0.2}"


C902 = Exact(
    number="C902",
    parts=(Part("halves", "½ + ½ = 1", halves), Part("tenths", "0.3", tenths)),
    **TEXTS,
)


def measure(cell: Offset, seeds: list) -> dict:
    """Give every seed's number."""
    return {"x": np.array(seeds) - cell.offset}


def judge(view: dict) -> tuple:
    """Ask for a positive mean."""
    return tuple(
        outcome(name, bool(v["x"].mean() > 0), f"mean {v['x'].mean():.3g}")
        for name, v in view.items()
    )


C903 = Measured(
    number="C903",
    cells={"low": Offset(offset=0), "high": Offset(offset=104)},
    measure=measure,
    judge=judge,
    **TEXTS,
)


C904 = Untested(
    number="C904",
    title="A toy",
    sources=TEXTS["sources"],
    hypothesis="New beats old.",
    rule="It would take a larger toy.",
    literature="Toys (2020): new beats old.",
)
