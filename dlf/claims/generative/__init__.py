"""The sources' claims of the chapter on generative models, gathered."""

from dlf.claims.generative.cost import C105
from dlf.claims.generative.findings import FINDINGS
from dlf.claims.generative.images import C106
from dlf.claims.generative.modes import C104

__all__ = ["C104", "C105", "C106", "FINDINGS"]
