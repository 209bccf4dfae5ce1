"""The sources' claims of the chapter on optimizers, gathered."""

from dlf.claims.optimizers.exact import C41, C49
from dlf.claims.optimizers.findings import FINDINGS
from dlf.claims.optimizers.fixed_surfaces import C43, C46
from dlf.claims.optimizers.nesterov import C44

__all__ = ["C41", "C43", "C44", "C46", "C49", "FINDINGS"]
