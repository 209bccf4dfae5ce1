"""The sources' claims of the chapter on graphs, gathered."""

from dlf.claims.graphs.comparison import C103, parts, reported

__all__ = ["C103", "parts", "reported"]
