"""The sources' claims of the chapter on optimizers, gathered."""

from dlf.claims.optimizers.races import C42, C48, C51

__all__ = ["C42", "C48", "C51"]
