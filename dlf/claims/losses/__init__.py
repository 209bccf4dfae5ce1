"""The sources' claims of the chapter on losses, gathered."""

from dlf.claims.losses.autoencoders import C32
from dlf.claims.losses.classes import C28, C29
from dlf.claims.losses.exact import C27, C30
from dlf.claims.losses.findings import FINDINGS
from dlf.claims.losses.huber import C26
from dlf.claims.losses.kink import C25
from dlf.claims.losses.outliers import C24
from dlf.claims.losses.output_units import C31

__all__ = [
    "C24",
    "C25",
    "C26",
    "C27",
    "C28",
    "C29",
    "C30",
    "C31",
    "C32",
    "FINDINGS",
]
