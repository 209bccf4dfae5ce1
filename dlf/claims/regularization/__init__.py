"""The sources' claims of the chapter on regularization, gathered."""

from dlf.claims.regularization.dropout import C83
from dlf.claims.regularization.early_stopping import C86
from dlf.claims.regularization.findings import FINDINGS
from dlf.claims.regularization.masks import C84, C85
from dlf.claims.regularization.mixup import C90
from dlf.claims.regularization.penalties import C80, C81, C89
from dlf.claims.regularization.smoothing import C88
from dlf.claims.regularization.untested import C79, C82, C87

__all__ = [
    "C79",
    "C80",
    "C81",
    "C82",
    "C83",
    "C84",
    "C85",
    "C86",
    "C87",
    "C88",
    "C89",
    "C90",
    "FINDINGS",
]
