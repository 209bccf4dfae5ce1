"""Racing paths: a frame every so many steps, the last one seen at first."""

import re

import numpy as np

from dlf.book.moving_paths import HIGH, WIDE, MovingPaths


def test_each_frame_adds_to_those_before():
    u, v = np.meshgrid(np.linspace(-1, 1, 21), np.linspace(-1, 1, 21))
    path = np.linspace([-1.0, 0.0], [1.0, 0.0], 11)
    drawing = MovingPaths(
        (u, v, u * u + v * v),
        [0.25],
        {"one": ("#123456", path), "other": ("#654321", -path)},
        (0.0, 0.0),
        5,
        "seen <",
    )
    assert repr(drawing) == "one, other in 3 frames"
    html = drawing._repr_html_()
    frames = re.findall(r'<g visibility="(\w+)">(.*?)</g>', html)
    assert [seen for seen, _ in frames] == ["visible"] * 3
    assert "m <= input.value" in html
    lengths = [
        [len(p.split()) for p in re.findall(r'points="([^"]*)"', drawn)]
        for _, drawn in frames
    ]
    assert lengths == [[1, 1], [6, 6], [6, 6]]
    assert f'cx="{WIDE}" cy="{HIGH / 2:.0f}" r="3" fill="#123456"' in html
    assert 'aria-label="seen &lt;"' in html
    assert 'max="2" value="2"' in html
    contour = re.search(r'<polyline points="([^"]+)"', html)[1].split()
    xs = [int(point.split(",")[0]) for point in contour]
    assert abs(min(xs) - WIDE / 4) <= 1
    assert abs(max(xs) - 3 * WIDE / 4) <= 1
