"""The sources' claims of the chapter on backpropagation, gathered."""

from dlf.claims.backpropagation.findings import FINDINGS
from dlf.claims.backpropagation.kink import C34
from dlf.claims.backpropagation.printed import C33

__all__ = ["C33", "C34", "FINDINGS"]
