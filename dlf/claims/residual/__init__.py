"""The sources' claims of the chapter on residual networks, gathered."""

from dlf.claims.residual.depth import C94
from dlf.claims.residual.findings import FINDINGS
from dlf.claims.residual.gradients import C95
from dlf.claims.residual.relatives import C96

__all__ = ["C94", "C95", "C96", "FINDINGS"]
