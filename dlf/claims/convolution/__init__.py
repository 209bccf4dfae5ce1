"""The sources' claims of the chapter on convolution, gathered."""

from dlf.claims.convolution.findings import FINDINGS
from dlf.claims.convolution.grids import C91
from dlf.claims.convolution.pooling import C92
from dlf.claims.convolution.vision import C93

__all__ = ["C91", "C92", "C93", "FINDINGS"]
