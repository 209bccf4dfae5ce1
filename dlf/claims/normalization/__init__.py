"""The sources' claims of the chapter on normalization, gathered."""

from dlf.claims.normalization.findings import FINDINGS
from dlf.claims.normalization.untested import C73, C74, C75

__all__ = ["C73", "C74", "C75", "FINDINGS"]
