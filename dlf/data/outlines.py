"""Outlines of digits and capitals in twenty fonts, kept as whole numbers.

Another version of matplotlib rounds its fonts' outlines otherwise, by a 64th of
a point, and images drawn from them would differ. So they are kept as version
3.11 gave them, at 100 points, in 64ths. Other symbols are drawn by the
matplotlib that is installed.
Source: DejaVu (Bitstream Vera license), STIX (SIL Open Font License), Computer
Modern (BaKoMa), which matplotlib carries.
"""

from functools import cache
from pathlib import Path

import numpy as np
from matplotlib.path import Path as Outline

SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
KEPT = Path(__file__).with_name("outlines.npz")
POINTS, PARTS = 100, 64  # size, and parts of a point


def outline(font: str, symbol: str) -> Outline:
    """Return the outline of a symbol at 100 points.

    Args:
        font: name of a file of matplotlib's, without its ending.
        symbol: one character.
    """
    kept = _kept()
    if (font, symbol) in kept:
        return kept[font, symbol]
    return drawn(font, symbol)


def drawn(font: str, symbol: str) -> Outline:
    """Return the outline as the matplotlib that is installed gives it.

    Args:
        font: file name of one of matplotlib's fonts, without ``.ttf``.
        symbol: a character.
    """
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    file = Path(get_data_path(), "fonts", "ttf", f"{font}.ttf")
    return TextPath((0, 0), symbol, POINTS, FontProperties(fname=file))


def freeze(fonts: tuple[str, ...], file: Path = KEPT) -> None:
    """Keep the outlines of all symbols as they are drawn here.

    Args:
        fonts: file names of matplotlib's fonts, without ``.ttf``.
        file: to be written; the one that `outline` reads if not given.
    """
    paths = [drawn(f, s) for f in fonts for s in SYMBOLS]
    codes = [np.asarray(p.codes) for p in paths]
    np.savez_compressed(
        file,
        fonts=np.array(fonts),
        lengths=np.array([len(c) for c in codes], np.uint16),
        codes=np.concatenate(codes).astype(np.uint8),
        vertices=np.rint(
            PARTS * np.concatenate([p.vertices for p in paths])
        ).astype(np.int16),
    )


@cache
def _kept() -> dict[tuple[str, str], Outline]:
    with np.load(KEPT) as stored:
        ends = np.cumsum(stored["lengths"].astype(int))[:-1]
        codes = np.split(stored["codes"], ends)
        vertices = np.split(stored["vertices"] / PARTS, ends)
        names = [(str(f), s) for f in stored["fonts"] for s in SYMBOLS]
    return {
        name: Outline(v, c)
        for name, v, c in zip(names, vertices, codes, strict=True)
    }
