"""The sources' claims of the chapter on gradient stability, gathered."""

from dlf.claims.gradient_stability.clipping import C65
from dlf.claims.gradient_stability.deep import C67
from dlf.claims.gradient_stability.exact import C61, C62
from dlf.claims.gradient_stability.findings import FINDINGS
from dlf.claims.gradient_stability.starved import C63
from dlf.claims.gradient_stability.unbounded import C64
from dlf.claims.gradient_stability.untested import C66

__all__ = ["C61", "C62", "C63", "C64", "C65", "C66", "C67", "FINDINGS"]
