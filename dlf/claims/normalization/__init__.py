"""The sources' claims of the chapter on normalization, gathered."""

from dlf.claims.normalization.findings import FINDINGS
from dlf.claims.normalization.gradients import C70
from dlf.claims.normalization.rates import C69
from dlf.claims.normalization.reparametrized import C77
from dlf.claims.normalization.sensitivity import C71, C72
from dlf.claims.normalization.small_batches import C76
from dlf.claims.normalization.standard_inputs import C78
from dlf.claims.normalization.untested import C68, C73, C74, C75

__all__ = [
    "C68",
    "C69",
    "C70",
    "C71",
    "C72",
    "C73",
    "C74",
    "C75",
    "C76",
    "C77",
    "C78",
    "FINDINGS",
]
