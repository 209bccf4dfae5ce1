"""The sources' claims of the chapter on mlp, gathered."""

from dlf.claims.mlp.curves import C8
from dlf.claims.mlp.depth import C9
from dlf.claims.mlp.findings import FINDINGS
from dlf.claims.mlp.linear import C7
from dlf.claims.mlp.mnist import C10
from dlf.claims.mlp.tables import C11

__all__ = ["C7", "C8", "C9", "C10", "C11", "FINDINGS"]
