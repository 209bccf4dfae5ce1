"""The picture of the book: parts as boxes, prerequisites as arrows."""

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from dlf.book import coverage
from dlf.book.contents import CHAPTERS
from dlf.book.style import INK, ORANGE

#: part: left, top, width, height of its box, columns of names
BOXES = {
    "foundations": (0.0, 10.0, 6.0, 1.55, 4),
    "optimization": (0.0, 7.9, 6.0, 1.55, 4),
    "architectures": (0.0, 5.8, 3.4, 1.95, 2),
    "theory": (3.9, 5.8, 2.1, 1.25, 1),
    "practice": (0.0, 3.3, 3.4, 2.8, 2),
    "scale": (3.9, 3.3, 2.1, 1.95, 1),
}
#: what a part builds on, with the horizontal place of its arrow
ARROWS = (
    ("foundations", "optimization", 1.7),
    ("optimization", "architectures", 1.7),
    ("optimization", "theory", 4.95),
    ("architectures", "practice", 1.7),
)


def draw() -> Figure:
    """Draw every part and chapter; those that can be read are in colour."""
    standing = set(coverage.read()["standing"])
    fig, ax = plt.subplots(figsize=(6, 5.2))
    for part in BOXES:
        _box(ax, part, standing)
    for start, end, x in ARROWS:
        _, top, _, height, _ = BOXES[start]
        _arrow(ax, (x, top - height), (x, BOXES[end][1]))
    _arrow(ax, (3.4, 4.2), (4.9, 3.3))
    ax.set(xlim=(-0.05, 6.05), ylim=(0.4, 10.1))
    ax.axis("off")
    return fig


def _box(ax: Axes, part: str, standing: set[str]) -> None:
    left, top, width, height, columns = BOXES[part]
    ax.add_patch(
        FancyBboxPatch(
            (left + 0.06, top - height + 0.06),
            width - 0.12,
            height - 0.12,
            boxstyle="round,pad=0.05",
            fc="none",
            ec=INK,
            lw=1,
        )
    )
    ax.text(
        left + 0.15, top - 0.36, part.capitalize(), weight="bold", fontsize=12
    )
    mine = [name for name in CHAPTERS if name.startswith(f"{part}/")]
    rows = -(-len(mine) // columns)
    for n, name in enumerate(mine):
        column, row = divmod(n, rows)
        ax.text(
            left + 0.15 + column * (width - 0.1) / columns,
            top - 0.78 - 0.37 * row,
            name.split("/")[1].replace("_", " "),
            fontsize=10.5,
            color=ORANGE if name in standing else INK,
            weight="bold" if name in standing else "normal",
        )


def _arrow(ax: Axes, start: tuple, end: tuple) -> None:
    ax.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": INK,
            "lw": 1.5,
            "shrinkA": 2,
            "shrinkB": 2,
        },
    )
