"""The sources' claims of the chapter on initialization, gathered."""

from dlf.claims.initialization.exact import C57
from dlf.claims.initialization.findings import FINDINGS
from dlf.claims.initialization.fixed_scale import C58
from dlf.claims.initialization.gains import C59
from dlf.claims.initialization.seeds import C60

__all__ = ["C57", "C58", "C59", "C60", "FINDINGS"]
