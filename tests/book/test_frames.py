"""The moving line: one frame a correction, the last one seen at first."""

import re

import numpy as np

from dlf.book.animation import SIDE, MovingLine


def test_frames_show_the_line_and_the_point_at_fault():
    x = np.array([[1.0, 0.0], [-1.0, 0.5]])
    path = np.array([[0.0, 0, 0], [1, 0, 0], [1, 0, 0.5]])
    drawn = MovingLine(
        x, np.array([1, 0]), path, np.array([0, 1]), "seen"
    )._repr_html_()
    frames = re.findall(r'<g visibility="(\w+)">(.*?)</g>', drawn)
    assert [seen for seen, _ in frames] == ["hidden", "hidden", "visible"]
    assert ["polygon" in drawing for _, drawing in frames] == [
        False,
        True,
        True,
    ]
    assert ["<circle" in drawing for _, drawing in frames] == [
        True,
        True,
        False,
    ]
    middle, right = f"{SIDE / 2:.0f}", f"{(1 + 1 / 1.1) * SIDE / 2:.0f}"
    assert f'cx="{right}" cy="{middle}" r="10"' in frames[0][1]
    corners = re.search(r'points="([^"]+)"', frames[1][1])[1].split()
    assert [c.split(",")[0] for c in corners[:2]] == [middle, middle]
    assert all(float(c.split(",")[0]) > SIDE for c in corners[2:])
    assert 'aria-label="seen"' in drawn
