"""The sources' claims of the chapter on schedules, gathered."""

from dlf.claims.schedules.comparisons import C55
from dlf.claims.schedules.findings import FINDINGS
from dlf.claims.schedules.restarts import C56

__all__ = ["C55", "C56", "FINDINGS"]
