"""Paths that race over a landscape: frames in the page, under a slider.

A frame adds to those before it what the paths have come on, and a dot for each,
so that dots lie apart where a path is fast.
"""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

import numpy as np
from contourpy import contour_generator
from jaxtyping import Float

from dlf.book.animation import player
from dlf.book.style import INK

Array = np.ndarray
WIDE, HIGH, ROW = 360, 240, 22  # of the drawing, in its own units
PAUSE = 120  # milliseconds between frames


class MovingPaths:
    """Contours of a landscape, and where each path has come to.

    Args:
        grid: the landscape's u, v and height, three arrays of one shape.
        levels: heights at which contours are drawn.
        paths: name to color and positions, a row a step.
        end: where the paths should end.
        every: steps between two frames.
        alt: what is seen, for those who do not see it.

    Raises:
        ValueError: there is no path, paths differ in length or are not finite
            points of the plane, or `every` is not positive.
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
        shapes = [np.shape(path) for _, path in paths.values()]
        if len(set(shapes)) != 1 or not _is_path(shapes[0]):
            raise ValueError(
                "MovingPaths: `paths` must be of one shape (T, 2), because "
                f"they move together; got {shapes}"
            )
        if not all(np.isfinite(path).all() for _, path in paths.values()):
            raise ValueError(
                "MovingPaths: `paths` must be finite, because a point that is "
                "not has no place; got a path with NaN or infinity"
            )
        if every < 1:
            raise ValueError(
                "MovingPaths: `every` must be positive, because it is a number "
                f"of steps; got {every}"
            )
        end_step = shapes[0][0] - 1  # the last frame, however many steps on
        self.frames = [*range(0, end_step, every), end_step]

    def __repr__(self) -> str:
        return f"{', '.join(self.paths)} in {len(self.frames)} frames"

    def _repr_html_(self) -> str:
        frames = "".join(
            f'<g visibility="visible">{self._frame(last, k)}</g>'
            for last, k in pairwise([0, *self.frames])
        )
        return player(
            f"{self._contours()}{self._legend()}{frames}",
            (WIDE, HIGH + ROW),
            self.alt,
            f"frames of {self.every} steps",
            len(self.frames) - 1,
            PAUSE,
            keep=True,
        )

    def _frame(self, last: int, k: int) -> str:
        """Draw what every path adds between two steps, and a dot at the end."""
        drawn = ""
        for color, path in self.paths.values():
            points = self._at(path[last : k + 1])
            u, v = points[-1]
            drawn += (
                f'<polyline points="{_joined(points)}" fill="none" '
                f'stroke="{escape(color)}" stroke-width="2"/>'
                f'<circle cx="{u:.0f}" cy="{v:.0f}" r="3" '
                f'fill="{escape(color)}"/>'
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
            f'<text x="{(n + 0.5) * apart:.0f}" y="{HIGH + 16}" '
            f'fill="{escape(color)}" font-size="14" text-anchor="middle">'
            f"{escape(name)}</text>"
            for n, (name, (color, _)) in enumerate(self.paths.items())
        )

    def _at(self, points: Array) -> Array:
        """Place points of the plane in the drawing."""
        low = np.array([self.grid[0].min(), self.grid[1].min()])
        high = np.array([self.grid[0].max(), self.grid[1].max()])
        share = np.clip((points - low) / (high - low), -0.1, 1.1)
        return np.stack([share[:, 0], 1 - share[:, 1]], 1) * [WIDE, HIGH]


def _is_path(shape: tuple[int, ...]) -> bool:
    return len(shape) == 2 and shape[0] > 0 and shape[1] == 2


def _joined(points: Array) -> str:
    """Write points for SVG, each once where several fall together."""
    text = [f"{u:.0f},{v:.0f}" for u, v in points]
    return " ".join(t for n, t in enumerate(text) if t != text[n - 1] or not n)
