"""The sources' claims of the chapter on gpu, gathered."""

from dlf.claims.gpu.batching import C133

__all__ = ["C133"]
