"""PubMed: 19,717 papers on diabetes, 3 kinds of it, 44,324 distinct citations.

500 words, as TF-IDF; training on 60 papers. Download: 9 MB.
Source: Namata, London, Getoor & Huang (2012), Query-Driven Active Surveying for
Collective Classification; split as in `dlf.data.planetoid`.
"""

import numpy as np

from dlf.data import planetoid
from dlf.data.core import Graph, Real

FILES = planetoid.files_of(
    "pubmed",
    {
        "y": (
            854,
            "e6c807633307a07ed659249006536a147c7999c797f11a2560752990181b41b3",
        ),
        "tx": (
            405_505,
            "4eb5f5d0f30f26497eb0ac6ac9719d09c67e284f1ed0385c93f3ef27a671da3d",
        ),
        "ty": (
            12_135,
            "ee2e0d4819d9fbcc403689c3bf2e49face401b605932f093bc58ab6461130fdd",
        ),
        "allx": (
            7_578_385,
            "508e538e2abdccdd54c4d3e9f49d638b4af7107d85845f66ddea5a5152658b7e",
        ),
        "ally": (
            224_739,
            "0c37bbe3b5014ec365e9d393cf4791925e5ed94fb194305d74f064a8d7b50f0e",
        ),
        "graph": (
            471_808,
            "5b89f0036ca22909471f1e6558eb42fa06e0c730a577bde5b058b40638f81dc9",
        ),
        "test.index": (
            6_000,
            "b101d421688bbaecbd82e8a18f1e282378d6830f3a37666f28ebc47f844341b5",
        ),
    },
)


def load(*, dtype: Real = np.float64) -> Graph:
    """Load PubMed; errors as in `dlf.data.planetoid.load`.

    Args:
        dtype: of the features.
    """
    return planetoid.load(FILES, dtype)
