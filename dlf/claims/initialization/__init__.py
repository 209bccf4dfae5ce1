"""The sources' claims of the chapter on initialization, gathered."""

from dlf.claims.initialization.exact import C57
from dlf.claims.initialization.findings import FINDINGS

__all__ = ["C57", "FINDINGS"]
