"""The sources' claims of the chapter on regularization, gathered."""

from dlf.claims.regularization.early_stopping import C86

__all__ = ["C86"]
