"""The sources' claims of the chapter on initialization, gathered."""

from dlf.claims.initialization.findings import FINDINGS
from dlf.claims.initialization.gains import C59
from dlf.claims.initialization.seeds import C60

__all__ = ["C59", "C60", "FINDINGS"]
