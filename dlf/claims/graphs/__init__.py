"""The sources' claims of the chapter on graphs, gathered."""

from dlf.claims.graphs.comparison import C103, parts, reported
from dlf.claims.graphs.findings import FINDINGS

__all__ = ["C103", "FINDINGS", "parts", "reported"]
