"""CiteSeer: 3,327 papers on computing, 6 fields, 4,552 distinct citations.

3,703 words, present or not; training on 120 papers. 48 papers have no
neighbor, and 15 are placeholders: zero features, label 0, in no set.
Download: 1 MB.
Source: Giles, Bollacker & Lawrence (1998), CiteSeer: An Automatic Citation
Indexing System; split as in `dlf.data.planetoid`.
"""

import numpy as np

from dlf.data import planetoid
from dlf.data.core import Graph, Real

FILES = planetoid.files_of(
    "citeseer",
    {
        "y": (
            3_014,
            "8ba87e515d8e3ee3cf52f6d2c5b86aa73f11ecad825a808455209ec26cd54924",
        ),
        "tx": (
            260_321,
            "539a8906a2da97628d212f2fdd668c109a8b3f0d36574b59e5d3fd5b5303da21",
        ),
        "ty": (
            24_135,
            "55e5bd1ba1e733a04598753ad1a8d57957f4b8f89e74519f41f4f4938767e4ce",
        ),
        "allx": (
            595_021,
            "2ac30345d95c9ec933a817ee0bdd6a5f077f8c184a20e696910192d534414668",
        ),
        "ally": (
            55_623,
            "f704b2d986dde6c2669934de1f3ae5696a6cf9455c0f6b2646a2d135ea0a1c95",
        ),
        "graph": (
            61_987,
            "d79a4ef9d3e7169aee8946145f6b7306e35bc79bffad26346cfb94e10e9912a7",
        ),
        "test.index": (
            5_000,
            "2af990671580b6b2df5d158d1038f8292e30c9cd821b5453f399659b25b723d4",
        ),
    },
)


def load(*, dtype: Real = np.float64) -> Graph:
    """Load CiteSeer; errors as in `dlf.data.planetoid.load`.

    Args:
        dtype: of the features.
    """
    return planetoid.load(FILES, dtype)
