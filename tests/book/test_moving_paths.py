"""Racing paths: a frame every so many steps, the last one seen at first."""

import re

import numpy as np
import pytest

from dlf.book.moving_paths import HIGH, WIDE, MovingPaths

U, V = np.meshgrid(np.linspace(-1, 1, 21), np.linspace(-1, 1, 21))


def drawn(paths: dict, every: int = 5) -> MovingPaths:
    """Paths over a bowl."""
    return MovingPaths(
        (U, V, U * U + V * V), [0.25], paths, (0.0, 0.0), every, ""
    )


def test_the_last_frame_is_the_end_of_the_path():
    path = np.linspace([-1.0, 0.0], [1.0, 0.0], 10)
    drawing = drawn({"one": ("#123456", path)}, every=4)
    assert drawing.frames == [0, 4, 8, 9]
    html = drawing._repr_html_()
    *_, last = re.findall(r'<g visibility="visible">(.*?)</g>', html)
    assert f'cx="{WIDE}"' in last
    assert len(re.search(r'points="([^"]*)"', last)[1].split()) == 2


def test_colors_are_escaped():
    path = np.zeros((3, 2))
    html = drawn({"one": ('red"><b>', path)})._repr_html_()
    assert "<b>" not in html


@pytest.mark.usefixtures("as_shipped")  # or annotations would refuse some
@pytest.mark.parametrize(
    ("paths", "every", "named"),
    [
        ({}, 5, "paths"),
        ({"one": ("red", np.zeros((3, 1)))}, 5, "paths"),
        ({"one": ("red", np.zeros((0, 2)))}, 5, "paths"),
        (
            {
                "one": ("red", np.zeros((3, 2))),
                "other": ("blue", np.zeros((4, 2))),
            },
            5,
            "paths",
        ),
        ({"one": ("red", np.full((3, 2), np.nan))}, 5, "finite"),
        ({"one": ("red", np.zeros((3, 2)))}, 0, "every"),
        ({"one": ("red", np.zeros((3, 2)))}, -1, "every"),
    ],
)
def test_what_cannot_be_drawn_is_refused(paths, every, named):
    with pytest.raises(ValueError, match=f"MovingPaths: .*{named}"):
        drawn(paths, every)


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
    assert "data-keep" in html
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
