"""Draw a forest plot as a PNG that is read at the width of a phone.

The picture is as wide as a phone's column and its text is 11 points there.
"""

import base64
import io
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from dlf.experiments.forest import SIGNS, Panel, Row, heading, shaded, shading

INK, SHADE = "#767676", "#56B4E9"
#: a cell's word: color (Okabe & Ito 2008), marker, filled or not
MARKS = {
    "supported": ("#009E73", "o", True),
    "opposite": ("#D55E00", "X", True),
    "too small": ("#E69F00", "s", False),
    "unclear": (INK, "o", False),
}
WIDTH, LINE, GAP = 340, 16, 15  # pixels of CSS, 96 to the inch
LETTERS = 42  # of a line of text across
TICKS = 4


def png(panels: Sequence[Panel]) -> str:
    """Draw the panels below each other; base64, as Jupyter wants it.

    Args:
        panels: from above.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    heights = [height(p) for p in panels]
    total = sum(heights)
    with rc_context({"font.size": 11, "text.color": INK}):
        size = WIDTH / 96, total / 96
        figure = Figure(size, 192, layout="none")  # pyright: ignore[reportArgumentType]
        top = total
        for panel, tall in zip(panels, heights, strict=True):
            draw(figure, panel, (top - tall) / total, tall, total)
            top -= tall
        out = io.BytesIO()
        figure.savefig(out, format="png", transparent=True)
    return base64.b64encode(out.getvalue()).decode()


def lines(row: Row) -> list[str]:
    """Break a row's label, leaving room for its number and sign.

    Args:
        row: whose label and flags are written.
    """
    value = short(row)
    first = textwrap.wrap(row.label, LETTERS - len(value) - 2)
    rest = " ".join(first[1:])
    if row.flags:
        flagged = "; ".join(f"⚠ {flag}" for flag in row.flags)
        rest = f"{rest} {flagged}".strip()
    return [*first[:1], *textwrap.wrap(rest, LETTERS)]


def short(row: Row) -> str:
    """Write a row's effect without its interval, and its sign.

    Args:
        row: whose number and word are written.
    """
    value = row.shown.partition(" ")[0]
    return f"{value} {SIGNS[row.word]}"


def notes(panel: Panel) -> list[str]:
    """Write what stands under a panel.

    Args:
        panel: that is shaded, or not.
    """
    band = shading(panel)
    return textwrap.wrap(f"Shaded: {band}", LETTERS) if band else []


def footer(panel: Panel) -> list[str]:
    """Write the two ends, on one line if they fit.

    Args:
        panel: whose ends are written.
    """
    left, right = f"← {panel.ends[0]}", f"{panel.ends[1]} →"
    if len(left) + len(right) + 2 <= LETTERS:
        return [left, right]
    return [left, "", "", right]


def height(panel: Panel) -> int:
    """Pixels that a panel takes.

    Args:
        panel: with all that stands in it and below it.
    """
    rows = sum(len(lines(r)) * LINE + GAP for r in panel.rows)
    below = len(notes(panel)) + len(footer(panel)) // 2
    return 26 + rows + 24 + below * LINE + 14


def limits(panel: Panel) -> tuple[float, float]:
    """Ends of the axis: all points, and intervals where they are not huge.

    Args:
        panel: whose rows are to be seen.
    """
    means = np.array([r.mean for r in panel.rows])
    band = shaded(panel)
    edges = [v for v in band or () if np.isfinite(v)]
    if panel.kind not in ("at least", "at most"):
        edges.append(0.0)
    known = np.array([*means, *edges])
    wide = np.median([r.high - r.low for r in panel.rows])
    room = max(np.ptp(known), wide, 1e-3)
    low = max(min(r.low for r in panel.rows), known.min() - room)
    high = min(max(r.high for r in panel.rows), known.max() + room)
    low, high = min(low, known.min()), max(high, known.max())
    pad = 0.06 * (high - low)
    return low - pad, high + pad


def ticks(panel: Panel, ends: tuple[float, float]) -> tuple[list, list[str]]:
    """Round numbers on the axis, and how they are written.

    Args:
        panel: whose unit is read.
        ends: of the axis, as `limits` gives them.
    """
    from matplotlib.ticker import MaxNLocator

    low, high = ends
    if panel.unit != "ratio":
        at = [
            v
            for v in MaxNLocator(TICKS).tick_values(low, high)
            if low <= v <= high
        ]
        return at, [f"{v:.6g}".replace("-", "−") for v in at]
    if high - low < np.log(3):
        steps = MaxNLocator(TICKS).tick_values(np.exp(low), np.exp(high))
    else:
        tens = 10.0 ** np.arange(-30, 31)
        steps = np.unique(np.outer(tens, [1, 2, 5]))
        if high - low > np.log(300):
            steps = tens
    steps = [v for v in steps if v > 0 and low <= np.log(v) <= high]
    every = -(-len(steps) // (TICKS + 1))
    one = next((i for i, v in enumerate(steps) if abs(v - 1) < 1e-9), 0)
    steps = steps[one % max(every, 1) :: max(every, 1)]
    return list(np.log(steps)), [f"×{v:.4g}" for v in steps]


def draw(figure: Any, panel: Panel, low: float, tall: int, total: int) -> None:
    """Draw one panel into the strip of the figure that begins at ``low``.

    Args:
        figure: of matplotlib.
        panel: to be drawn.
        low: lower edge of the strip, in heights of the figure.
        tall: height of the strip, in pixels.
        total: height of the figure, in pixels.
    """
    below = (len(notes(panel)) + len(footer(panel)) // 2) * LINE + 14 + 24
    body = tall - below - 26
    axes = figure.add_axes(
        (0.02, low + below / total, 0.96, body / total), facecolor="none"
    )
    axes.set(xlim=limits(panel), ylim=(body, 0), yticks=[])
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.spines["bottom"].set_color(INK)
    at, names = ticks(panel, limits(panel))
    axes.set_xticks(at, names, color=INK)
    axes.tick_params(color=INK)
    axes.set_title(heading(panel), loc="left", fontweight="bold", size=11)
    band = np.clip(shaded(panel) or (0.0, 0.0), *limits(panel))
    y = 0.0
    for row in panel.rows:
        y = draw_row(axes, row, y)
        line = [y - GAP, y + 1]  # beside the interval, not through the label
        axes.fill_betweenx(line, *band, color=SHADE, alpha=0.3, lw=0)
        if panel.kind in ("at least", "at most"):
            axes.plot([panel.delta] * 2, line, color=INK, ls="--", lw=1)
        else:
            axes.plot([0, 0], line, color=INK, lw=1.2, zorder=1)
    words = footer(panel)
    for n in range(0, len(words), 2):
        down = -(24 + (n // 2) * LINE) / body
        axes.text(0, down, words[n], transform=axes.transAxes, va="top")
        axes.text(
            1,
            down,
            words[n + 1],
            transform=axes.transAxes,
            va="top",
            ha="right",
        )
    for n, text in enumerate(notes(panel)):
        down = -(24 + (n + len(words) // 2) * LINE) / body
        axes.text(0, down, text, transform=axes.transAxes, va="top")


def draw_row(axes: Any, row: Row, y: float) -> float:
    """Draw a label, a number and an interval; return where the next begins.

    Args:
        axes: of the panel.
        row: to be drawn.
        y: where it begins, in pixels from the top of the axes.
    """
    color, marker, filled = MARKS[row.word]
    across = axes.get_yaxis_transform()
    text = lines(row)
    for n, line in enumerate(text):
        axes.text(0, y + n * LINE, line, transform=across, va="top")
    axes.text(1, y, short(row), transform=across, va="top", ha="right")
    y += len(text) * LINE + GAP / 2 - 1
    left, right = axes.get_xlim()
    ends = np.clip([row.low, row.high], left, right)
    axes.plot(ends, [y, y], color=color, lw=2, solid_capstyle="butt")
    for end, cut, arrow in zip(
        ends, (row.low < left, row.high > right), "<>", strict=True
    ):
        if cut:
            axes.plot(end, y, arrow, color=color, ms=7, clip_on=False)
    face = color if filled else "none"
    axes.plot(row.mean, y, marker, mec=color, mfc=face, ms=7, mew=1.8)
    return y + GAP / 2 + 1
