"""The sources' claims of the chapter on regularization, gathered."""

from dlf.claims.regularization.dropout import C83
from dlf.claims.regularization.early_stopping import C86
from dlf.claims.regularization.findings import FINDINGS
from dlf.claims.regularization.mixup import C90
from dlf.claims.regularization.smoothing import C88
from dlf.claims.regularization.untested import C79, C82

__all__ = ["C79", "C82", "C83", "C86", "C88", "C90", "FINDINGS"]
