"""The printed digits: drawn right, fast, and the same each time."""

import hashlib

import matplotlib
import numpy as np
import pytest
from matplotlib.path import Path
from scipy.ndimage import map_coordinates

from dlf.data import glyphs, outlines

FONTS = glyphs.TRAIN_FONTS + glyphs.TEST_FONTS
DIGITS = "0123456789"
SQUARE = [(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)]
HOLE = [(0.5, 0.5), (0.5, 1.5), (1.5, 1.5), (1.5, 0.5), (0.5, 0.5)]


def grid():
    line = np.linspace(-glyphs.SPAN, glyphs.SPAN, glyphs.GRID)
    return np.meshgrid(line, line)


def test_the_distance_to_a_square_is_the_textbooks():
    x, y = grid()
    over = np.maximum(np.abs(x), np.abs(y)) - 0.5
    outside = np.hypot(*(np.maximum(np.abs(a) - 0.5, 0) for a in (x, y)))
    expected = np.where(over > 0, -outside, -over)
    found = glyphs.distance(Path(SQUARE))
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_hole_is_outside_and_the_image_is_upright():
    d = glyphs.distance(Path.make_compound_path(Path(SQUARE), Path(HOLE)))
    assert d[24, 24] < 0 < d[24, 12]
    foot = glyphs.distance(
        Path([(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2), (0, 0)])
    )
    assert foot[32, 32] > 0
    assert foot[14, 32] < 0


@pytest.mark.parametrize("font", FONTS)
def test_every_digit_of_every_font_has_ink_and_air(font):
    d = glyphs.outlines((font,), DIGITS)[0]
    ink = (d > 0).mean(axis=(1, 2)) * (2 * glyphs.SPAN) ** 2
    assert ((ink > 0.08) & (ink < 0.5)).all(), ink
    assert (d[:, [0, -1]] < 0).all()
    assert (d[:, :, [0, -1]] < 0).all()
    step = 2 * glyphs.SPAN / (glyphs.GRID - 1)
    for axis in (1, 2):  # a distance grows no faster than one walks
        assert np.abs(np.diff(d, axis=axis)).max() <= step * 1.0001
    assert len(np.unique(d.reshape(10, -1), axis=0)) == 10


def test_sampling_is_bilinear():
    rng = np.random.default_rng(0)
    d = rng.normal(size=(5, 48, 48)).astype("f4")
    u, v = rng.uniform(-1, 1, (2, 5, 28, 28)).astype("f4")
    at = [(a / glyphs.SPAN + 1) * 23.5 for a in (v, u)]
    expected = [
        map_coordinates(d[n], [a[n] for a in at], order=1, mode="nearest")
        for n in range(5)
    ]
    np.testing.assert_allclose(glyphs.sample(d, u, v), expected, atol=0.01)


def test_a_smaller_set_begins_a_larger_one():
    small = glyphs.load(train=10, validation=3, test=7, seed=1)
    large = glyphs.load(train=1100, validation=1003, test=20, seed=1)
    for a, b in zip(small, large, strict=True):
        np.testing.assert_array_equal(a.x, b.x[: len(a.x)])
        np.testing.assert_array_equal(a.y, b.y[: len(a.y)])
    assert np.bincount(large.train.y[:1000]).tolist() == [100] * 10
    assert not np.array_equal(large.train.x[:20], large.test.x)
    assert not np.array_equal(large.train.x[:1003], large.validation.x)
    assert not np.array_equal(large.train.x[:100], large.train.x[1000:])


def test_pixels_are_bytes():
    x = glyphs.load(train=100, validation=0, test=0).train.x
    np.testing.assert_array_equal(x, np.rint(x * 255) / 255)


def test_test_fonts_are_held_out():
    assert not set(glyphs.TRAIN_FONTS) & set(glyphs.TEST_FONTS)
    assert len(set(FONTS)) == 20


def test_any_characters_can_be_the_classes():
    d = glyphs.load(train=30, validation=0, test=0, symbols="AB3").train
    assert np.bincount(d.y).shape == (3,)
    for symbols in ("", "A A", "A ", "AA"):
        with pytest.raises(ValueError, match="`symbols` must be different"):
            glyphs.load(symbols=symbols)


def test_ten_thousand_are_drawn_a_thousand_at_a_time(monkeypatch):
    """Which is why they take seconds: not one is drawn by itself."""
    drawn, image = [], glyphs.image
    monkeypatch.setattr(
        glyphs, "image", lambda d, rng: drawn.append(len(d)) or image(d, rng)
    )
    glyphs.load(validation=0, test=0)
    assert drawn == [1000] * 10


@pytest.mark.skipif(
    matplotlib.__version__ != "3.11.2",
    reason="the bytes are fixed for the pinned matplotlib 3.11.2",
)
def test_the_bytes_are_known():
    """They are the same with and without AVX2 and AVX-512."""
    d = glyphs.load(train=1000, validation=0, test=1000)
    levels = [np.rint(s.x * 255).astype("u1").tobytes() for s in d]
    digest = hashlib.sha256(b"".join(levels)).hexdigest()
    assert digest.startswith("c38e631a35507e89")


def test_kept_outlines_are_those_of_the_fonts_to_a_64th_of_a_point():
    for font in FONTS:
        for symbol in ("8", "Q"):
            kept = outlines.outline(font, symbol)
            drawn = outlines.drawn(font, symbol)
            assert (kept.codes == drawn.codes).all()
            apart = np.abs(kept.vertices - drawn.vertices).max()
            assert apart <= 2 / outlines.PARTS


def test_other_symbols_are_drawn_by_the_fonts_at_hand():
    d = glyphs.outlines(FONTS[:1], "é")
    assert (d > 0).any()


def test_outlines_are_kept_and_read_back(tmp_path, monkeypatch):
    outlines.freeze(FONTS[:2], tmp_path / "o.npz")
    monkeypatch.setattr(outlines, "KEPT", tmp_path / "o.npz")
    outlines._kept.cache_clear()
    kept, drawn = outlines.outline(FONTS[1], "Z"), outlines.drawn(FONTS[1], "Z")
    outlines._kept.cache_clear()
    np.testing.assert_array_equal(kept.vertices, drawn.vertices)
