"""The sources' claims of the chapter on gpu, gathered."""

from dlf.claims.gpu.batching import C133
from dlf.claims.gpu.findings import FINDINGS

__all__ = ["C133", "FINDINGS"]
