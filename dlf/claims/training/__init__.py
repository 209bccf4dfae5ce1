"""The sources' claims of the chapter on training, gathered."""

from dlf.claims.training.batches import C38
from dlf.claims.training.convex import C40
from dlf.claims.training.findings import FINDINGS
from dlf.claims.training.noise import C39
from dlf.claims.training.rates import C36
from dlf.claims.training.small_rates import C37
from dlf.claims.training.stationary import C35

__all__ = ["C35", "C36", "C37", "C38", "C39", "C40", "FINDINGS"]
