"""The sources' claims of the chapter on optimizers, gathered."""

from dlf.claims.optimizers.adaptive import C45
from dlf.claims.optimizers.findings import FINDINGS
from dlf.claims.optimizers.races import C42, C48, C51
from dlf.claims.optimizers.weight_decay import C50

__all__ = ["C42", "C45", "C48", "C50", "C51", "FINDINGS"]
