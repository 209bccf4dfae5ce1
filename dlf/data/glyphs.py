"""Printed digits, 28 x 28: an image task that needs no download.

Each digit of twenty fonts is kept as its signed distance d to the outline, in
heights of the digit, positive inside. An image samples d at affinely mapped
pixels, so that stroke s and blur b are one line each, in pixels:

    pixel = clip(1/2 + (h d(A u + t) + s) / b)

times a contrast, plus noise, rounded to 256 levels as MNIST's are. Test images
come from six fonts of which the other two sets have none.
Source: the fonts that matplotlib carries (DejaVu, STIX, Computer Modern);
distances after Green (2007), Improved Alpha-Tested Magnification, section 3.
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, UInt8

from dlf.data.core import Array, Dataset, Examples, Real

if TYPE_CHECKING:
    import matplotlib.path

TEST_FONTS = (
    "DejaVuSans-Oblique",
    "DejaVuSansMono-Bold",
    "DejaVuSerif-BoldItalic",
    "STIXGeneralItalic",
    "cmr10",
    "cmtt10",
)
TRAIN_FONTS = (
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSans-BoldOblique",
    "DejaVuSansMono",
    "DejaVuSansMono-BoldOblique",
    "DejaVuSansMono-Oblique",
    "DejaVuSerif",
    "DejaVuSerif-Bold",
    "DejaVuSerif-Italic",
    "STIXGeneral",
    "STIXGeneralBol",
    "STIXGeneralBolIta",
    "cmb10",
    "cmss10",
)
SIDE, CHUNK = 28, 1000
GRID, SPAN = 48, 0.75  # d is kept at 48 x 48 points of -0.75..0.75
HEIGHT = 16.0, 22.0  # pixels, as are shift, stroke and blur
ROTATION, SHEAR, STRETCH, SHIFT = 0.3, 0.3, 0.2, 2.5
STROKE, BLUR = (-0.6, 0.9), (1.0, 2.5)
CONTRAST, NOISE = (0.6, 1.0), 0.15


def load(
    *,
    train: int = 10_000,
    validation: int = 2_000,
    test: int = 10_000,
    seed: int = 0,
    symbols: str = "0123456789",
    dtype: Real = np.float64,
) -> Dataset:
    """Draw the images from a seed; a smaller set begins a larger one.

    Args:
        train: images to learn from.
        validation: images to choose by.
        test: images to test on.
        seed: names the draw: the same bytes again for digits and capitals.
        symbols: one class a character, such as the 36 digits and capitals.
        dtype: of the images.

    Raises:
        ValueError: a size is negative, or the symbols are not classes.

    >>> load(train=100, validation=0, test=0).train
    Examples(x: float64 (100, 1, 28, 28), y: int64 (100,))
    """
    sizes = train, validation, test
    if min(sizes) < 0:
        raise ValueError(f"load: sizes must not be negative; got {sizes}")
    visible = {s for s in symbols if not s.isspace()}
    if not symbols or len(visible) < len(symbols):
        raise ValueError(
            "load: `symbols` must be different characters with an outline, "
            f"because each is a class; got {symbols!r}"
        )
    fonts = TRAIN_FONTS, TRAIN_FONTS, TEST_FONTS
    sets = (
        _draw(outlines(f, symbols), n, [seed, i], dtype)
        for i, (f, n) in enumerate(zip(fonts, sizes, strict=True))
    )
    return Dataset(*sets)


def _draw(
    d: Float[Array, "F C G G"], n: int, seed: list[int], dtype: Real
) -> Examples:
    """Draw n images, in whole chunks so that n does not change the first."""
    C = d.shape[1]
    x = np.empty((n, 1, SIDE, SIDE), dtype)
    y = np.empty(n, np.int64)
    for start in range(0, n, CHUNK):
        rng = np.random.default_rng([*seed, start])
        labels = rng.permutation(CHUNK) % C
        images = image(d[rng.integers(len(d), size=CHUNK), labels], rng)
        stop = min(start + CHUNK, n)
        x[start:stop, 0] = images[: stop - start]
        y[start:stop] = labels[: stop - start]
    x /= 255
    return Examples(x, y)


def image(
    d: Float[Array, "N G G"], rng: np.random.Generator
) -> UInt8[Array, "N 28 28"]:
    """Draw an image of each glyph under a random map.

    Args:
        d: signed distances on a grid, in heights of a glyph.
        rng: draws the maps and the noise, others for each image.
    """
    N = len(d)

    def uniform(low: float, high: float) -> Float[Array, "N 1 1"]:
        return rng.uniform(low, high, (N, 1, 1)).astype("f4")

    height = uniform(*HEIGHT)
    angle = uniform(-ROTATION, ROTATION).astype(float)
    cos, sin = np.cos(angle).astype("f4"), np.sin(angle).astype("f4")
    shear, stretch = uniform(-SHEAR, SHEAR), uniform(-STRETCH, STRETCH)
    v, u = np.mgrid[:SIDE, :SIDE].astype("f4") - (SIDE - 1) / 2
    u, v = (a - uniform(-SHIFT, SHIFT) for a in (u, v))
    u, v = (cos * u + sin * v) / height, (cos * v - sin * u) / height
    u = (u + shear * v) * (1 + stretch)

    ink = height * sample(d, u, v) + uniform(*STROKE)
    ink = np.clip(0.5 + ink / uniform(*BLUR), 0, 1) * uniform(*CONTRAST)
    ink += uniform(0.0, NOISE) * rng.standard_normal(ink.shape, "f4")
    return np.rint(np.clip(ink, 0, 1) * 255).astype("u1")


def sample(
    d: Float[Array, "N G G"],
    u: Float[Array, "N 28 28"],
    v: Float[Array, "N 28 28"],
) -> Float[Array, "N 28 28"]:
    """Interpolate each d bilinearly at (u, v), given in heights.

    Args:
        d: signed distances at G x G points of -0.75..0.75.
        u: places across, in heights; what lies outside is moved to the edge.
        v: places down, likewise.
    """
    N, G, _ = d.shape
    last = np.float32(G - 1.001)
    u, v = (np.clip((a / SPAN + 1) * ((G - 1) / 2), 0, last) for a in (u, v))
    i, j = v.astype(np.intp), u.astype(np.intp)
    u, v = u - j, v - i
    d, at = d.ravel(), (np.arange(N)[:, None, None] * G + i) * G + j
    above = d[at] + u * (d[at + 1] - d[at])
    below = d[at + G] + u * (d[at + G + 1] - d[at + G])
    return above + v * (below - above)


@cache
def outlines(fonts: tuple[str, ...], symbols: str) -> Float[Array, "F C G G"]:
    """Give every symbol of every font as its signed distance on a grid.

    Args:
        fonts: names among `TRAIN_FONTS` and `TEST_FONTS`, or of others.
        symbols: characters, a glyph each.
    """
    from dlf.data.outlines import outline

    d = [distance(outline(f, s)) for f in fonts for s in symbols]
    d = np.array(d, "f4").reshape(len(fonts), len(symbols), GRID, GRID)
    d.setflags(write=False)  # it is cached
    return d


def distance(outline: "matplotlib.path.Path") -> Float[Array, "G G"]:
    """Measure from a grid to the outline, centered and made to fit 1 x 1.

    A point is inside, and its distance positive, where the outline winds
    around it.

    Args:
        outline: of one glyph, closed, in any unit.
    """
    box = outline.get_extents()
    centre, size = (box.min + box.max) / 2, max(box.width, box.height)  # pyright: ignore[reportOperatorIssue]
    rings = [(p - centre) * (1, -1) / size for p in outline.to_polygons()]
    (ax, ay), (bx, by) = (
        np.concatenate([r[s] for r in rings]).T
        for s in (slice(None, -1), slice(1, None))
    )
    apart = (ax != bx) | (ay != by)
    ax, ay, bx, by = ax[apart], ay[apart], bx[apart], by[apart]
    y, x = np.mgrid[-SPAN : SPAN : GRID * 1j, -SPAN : SPAN : GRID * 1j]
    x, y = x[..., None] - ax, y[..., None] - ay
    dx, dy = bx - ax, by - ay
    near = np.clip((x * dx + y * dy) / (dx**2 + dy**2), 0, 1)
    gap = (x - near * dx) ** 2 + (y - near * dy) ** 2
    left = x * dy > y * dx
    up, down = (y >= 0) & (y < dy), (y < 0) & (y >= dy)
    winding = (up & left).sum(axis=-1) - (down & ~left).sum(axis=-1)
    return np.sqrt(gap.min(axis=-1)) * np.where(winding != 0, 1, -1)
