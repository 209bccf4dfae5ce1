"""The sources' claims of the chapter on schedules, gathered."""

from dlf.claims.schedules.findings import FINDINGS
from dlf.claims.schedules.restarts import C56

__all__ = ["C56", "FINDINGS"]
