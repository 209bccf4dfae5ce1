"""Cora: 2,708 papers on machine learning, 7 fields, 5,278 distinct citations.

1,433 words, present or not; training on 140 papers. Download: 0.6 MB.
Source: McCallum, Nigam, Rennie & Seymore (2000), Automating the Construction of
Internet Portals with Machine Learning; split as in `dlf.data.planetoid`.
"""

import numpy as np

from dlf.data import planetoid
from dlf.data.core import Graph, Real

FILES = planetoid.files_of(
    "cora",
    {
        "y": (
            4_054,
            "94465c14eb53e04ca262198dcbb2521ee8af60fb3f3d546cd6ca24a511b0e7d1",
        ),
        "tx": (
            148_025,
            "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a",
        ),
        "ty": (
            28_135,
            "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad",
        ),
        "allx": (
            257_305,
            "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543",
        ),
        "ally": (
            47_959,
            "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71",
        ),
        "graph": (
            59_847,
            "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d",
        ),
        "test.index": (
            5_000,
            "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875",
        ),
    },
)


def load(*, dtype: Real = np.float64) -> Graph:
    """Load Cora; errors as in `dlf.data.planetoid.load`.

    Args:
        dtype: of the features.
    """
    return planetoid.load(FILES, dtype)
