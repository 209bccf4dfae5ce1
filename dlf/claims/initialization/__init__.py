"""The sources' claims of the chapter on initialization, gathered."""

from dlf.claims.initialization.findings import FINDINGS
from dlf.claims.initialization.seeds import C60

__all__ = ["C60", "FINDINGS"]
