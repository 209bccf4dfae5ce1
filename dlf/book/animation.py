"""A line that moves through a plane: frames in the page, under a slider."""

from html import escape

import numpy as np
from jaxtyping import Float, Int

from dlf.book.style import BLUE, INK, ORANGE, RED

Array = np.ndarray
SIDE = 320  # of the drawing, in its own units


class MovingLine:
    """Points of two kinds, and the line after every correction.

    Args:
        x, y: points in the plane, labels 0 or 1.
        path: weights and bias before and after each correction, (M + 1, 3).
        at: the point that each correction was due to.
        alt: what is seen, for those who do not see it.
    """

    def __init__(
        self,
        x: Float[Array, "N 2"],
        y: Int[Array, " N"],
        path: Float[Array, "M1 3"],
        at: Int[Array, " M"],
        alt: str,
    ) -> None:
        self.x, self.y, self.path, self.at, self.alt = x, y, path, at, alt
        self.half = 1.1 * float(np.abs(x).max())

    def __repr__(self) -> str:
        return f"a line after {len(self.at)} corrections"

    def _repr_html_(self) -> str:
        points = "".join(
            f'<circle cx="{u:.0f}" cy="{v:.0f}" r="5" '
            f'fill="{BLUE if label else ORANGE}"/>'
            for (u, v), label in zip(self._at(self.x), self.y, strict=True)
        )
        frames = "".join(
            f'<g visibility="{kind}">{self._frame(m)}</g>'
            for m in range(len(self.path))
            for kind in ["visible" if m == len(self.at) else "hidden"]
        )
        return player(
            f"{points}{frames}",
            (SIDE, SIDE),
            self.alt,
            "corrections",
            len(self.at),
        )

    def _frame(self, m: int) -> str:
        """Draw the half-plane that fires after m corrections."""
        *w, b = self.path[m]
        size = np.hypot(*w)
        drawn = ""
        if size:
            normal = np.array(w) / size
            along = np.array([-normal[1], normal[0]])
            foot, far = -b / size * normal, 4 * self.half
            corners = [
                foot - far * along,
                foot + far * along,
                foot + far * (along + normal),
                foot + far * (normal - along),
            ]
            shape = " ".join(f"{u:.0f},{v:.0f}" for u, v in self._at(corners))
            drawn = (
                f'<polygon points="{shape}" fill="{BLUE}" '
                f'fill-opacity="0.15" stroke="{INK}" stroke-width="2"/>'
            )
        if m < len(self.at):
            u, v = self._at(self.x[[self.at[m]]])[0]
            drawn += (
                f'<circle cx="{u:.0f}" cy="{v:.0f}" r="10" fill="none" '
                f'stroke="{RED}" stroke-width="3"/>'
            )
        return drawn

    def _at(self, points: Array | list) -> Array:
        """Place points of the plane in the drawing."""
        u, v = np.asarray(points).T / self.half
        return np.stack([(1 + u), (1 - v)], axis=1) * SIDE / 2


def player(
    drawn: str,
    size: tuple[int, int],
    alt: str,
    said: str,
    last: int,
    pause: int = 900,
    keep: bool = False,
) -> str:
    """Write a drawing whose groups are frames, with a slider and a button.

    Args:
        drawn: inside of the SVG; each ``<g>`` of it is a frame.
        size: of the drawing, in its own units: width, height.
        alt: what is seen, for those who do not see it.
        said: what the slider counts.
        last: number of the last frame, which is shown at first.
        pause: milliseconds from frame to frame.
        keep: whether frames stay when the next one comes.
    """
    wide, high = size
    return (
        f'<div class="dlf-frames" data-pause="{pause}"'
        f'{" data-keep" if keep else ""}><svg viewBox="0 0 {wide} {high}" '
        f'role="img" aria-label="{escape(alt)}">{drawn}</svg>'
        f"<p><button>Play</button> <label>{said}: "
        f'<input type="range" min="0" max="{last}" value="{last}">'
        f"</label> <output>{last}</output></p>{SCRIPT}</div>"
    )


SCRIPT = """<script>
(() => {
  const box = document.currentScript.parentElement;
  const frames = box.querySelectorAll("g");
  const input = box.querySelector("input");
  const said = box.querySelector("output");
  const keep = "keep" in box.dataset;
  const draw = () => {
    frames.forEach((g, m) => g.setAttribute(
      "visibility", m == input.value || (keep && m < input.value)
        ? "visible" : "hidden"));
    said.textContent = input.value;
  };
  let timer = 0;
  input.addEventListener("input", () => { clearInterval(timer); draw(); });
  box.querySelector("button").addEventListener("click", () => {
    clearInterval(timer);
    input.value = 0;
    draw();
    timer = setInterval(() => {
      if (input.value == input.max) clearInterval(timer);
      else { input.value = +input.value + 1; draw(); }
    }, +box.dataset.pause);
  });
})();
</script>"""
