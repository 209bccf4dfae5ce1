"""Paths that race over a landscape: frames in the page, under a slider.

A frame adds to those before it what the paths have come on, and a dot for each,
so that dots lie apart where a path is fast.
"""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from contourpy import contour_generator
from jaxtyping import Float

from dlf.book.animation import SCRIPT
from dlf.book.style import INK

Array = np.ndarray
WIDE, HIGH, ROW = 360, 240, 22  # of the drawing, in its own units
PAUSE = "120"  # milliseconds between frames


class MovingPaths:
    """Contours of a landscape, and where each path has come to.

    Args:
        grid: the landscape's u, v and height, three arrays of one shape.
        levels: heights at which contours are drawn.
        paths: name to color and positions, a row a step.
        end: where the paths should end.
        every: steps between two frames.
        alt: what is seen, for those who do not see it.
    """

    def __init__(
        self,
        grid: tuple[Array, Array, Array],
        levels: Sequence[float],
        paths: Mapping[str, tuple[str, Float[Array, "T 2"]]],
        end: tuple[float, float],
        every: int,
        alt: str,
    ) -> None:
        self.grid, self.levels, self.paths = grid, levels, paths
        self.end, self.every, self.alt = end, every, alt
        (_, first), *_ = paths.values()
        self.frames = range(0, len(first), every)

    def __repr__(self) -> str:
        return f"{', '.join(self.paths)} in {len(self.frames)} frames"

    def _repr_html_(self) -> str:
        last = len(self.frames) - 1
        frames = "".join(
            f'<g visibility="visible">{self._frame(k)}</g>' for k in self.frames
        )
        script = SCRIPT.replace("900", PAUSE).replace("m ==", "m <=")
        return (
            f'<div class="dlf-frames"><svg viewBox="0 0 {WIDE} '
            f'{HIGH + ROW}" role="img" aria-label="{escape(self.alt)}">'
            f"{self._contours()}{self._legend()}{frames}</svg>"
            f"<p><button>Play</button> <label>frames of {self.every} steps: "
            f'<input type="range" min="0" max="{last}" value="{last}">'
            f"</label> <output>{last}</output></p>{script}</div>"
        )

    def _frame(self, k: int) -> str:
        """Draw what every path adds up to a step, and a dot where it is."""
        drawn = ""
        for color, path in self.paths.values():
            points = self._at(path[max(k - self.every, 0) : k + 1])
            u, v = points[-1]
            drawn += (
                f'<polyline points="{_joined(points)}" fill="none" '
                f'stroke="{color}" stroke-width="2"/>'
                f'<circle cx="{u:.0f}" cy="{v:.0f}" r="3" fill="{color}"/>'
            )
        return drawn

    def _contours(self) -> str:
        """Draw the landscape once, and the end as a cross."""
        u, v = self._at(np.array([self.end]))[0]
        lines = contour_generator(*self.grid)
        drawn = "".join(
            f'<polyline points="{_joined(self._at(line))}" fill="none" '
            f'stroke="{INK}" stroke-width="0.6"/>'
            for level in self.levels
            for line in map(np.asarray, lines.lines(level))
        )
        return drawn + (
            f'<path d="M{u - 5:.0f} {v:.0f}h10M{u:.0f} {v - 5:.0f}v10" '
            f'stroke="{INK}" stroke-width="3"/>'
        )

    def _legend(self) -> str:
        """Write the names below, in their colors."""
        apart = WIDE / len(self.paths)
        return "".join(
            f'<text x="{(n + 0.5) * apart:.0f}" y="{HIGH + 16}" fill="{color}" '
            f'font-size="14" text-anchor="middle">{escape(name)}</text>'
            for n, (name, (color, _)) in enumerate(self.paths.items())
        )

    def _at(self, points: Array) -> Array:
        """Place points of the plane in the drawing."""
        low = np.array([self.grid[0].min(), self.grid[1].min()])
        high = np.array([self.grid[0].max(), self.grid[1].max()])
        share = np.clip((points - low) / (high - low), -0.1, 1.1)
        return np.stack([share[:, 0], 1 - share[:, 1]], 1) * [WIDE, HIGH]


def _joined(points: Array) -> str:
    """Write points for SVG, each once where several fall together."""
    text = [f"{u:.0f},{v:.0f}" for u, v in points]
    return " ".join(t for n, t in enumerate(text) if t != text[n - 1] or not n)
