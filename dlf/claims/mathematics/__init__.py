"""The sources' claims of the chapter on mathematics, gathered."""

from dlf.claims.mathematics.compression import C1, judge
from dlf.claims.mathematics.exact import C2, C3
from dlf.claims.mathematics.findings import FINDINGS

__all__ = ["C1", "C2", "C3", "FINDINGS", "judge"]
