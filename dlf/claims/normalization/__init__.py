"""The sources' claims of the chapter on normalization, gathered."""

from dlf.claims.normalization.findings import FINDINGS
from dlf.claims.normalization.rates import C69
from dlf.claims.normalization.sensitivity import C72
from dlf.claims.normalization.small_batches import C76
from dlf.claims.normalization.untested import C73, C74, C75

__all__ = ["C69", "C72", "C73", "C74", "C75", "C76", "FINDINGS"]
