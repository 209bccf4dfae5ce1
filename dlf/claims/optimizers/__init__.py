"""The sources' claims of the chapter on optimizers, gathered."""

from dlf.claims.optimizers.findings import FINDINGS
from dlf.claims.optimizers.races import C48, C51

__all__ = ["C48", "C51", "FINDINGS"]
