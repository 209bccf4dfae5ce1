"""The sources' claims of the chapter on gradient stability, gathered."""

from dlf.claims.gradient_stability.findings import FINDINGS
from dlf.claims.gradient_stability.starved import C63
from dlf.claims.gradient_stability.untested import C66

__all__ = ["C63", "C66", "FINDINGS"]
