"""The sources' claims of the chapter on optimizers, gathered."""

from dlf.claims.optimizers.adaptive import C45
from dlf.claims.optimizers.exact import C41, C49
from dlf.claims.optimizers.findings import FINDINGS
from dlf.claims.optimizers.fixed_surfaces import C43, C46
from dlf.claims.optimizers.nesterov import C44
from dlf.claims.optimizers.races import C42, C48, C51
from dlf.claims.optimizers.robustness import C47
from dlf.claims.optimizers.weight_decay import C50

__all__ = [
    "C41",
    "C42",
    "C43",
    "C44",
    "C45",
    "C46",
    "C47",
    "C48",
    "C49",
    "C50",
    "C51",
    "FINDINGS",
]
