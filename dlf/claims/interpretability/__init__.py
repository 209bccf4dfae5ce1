"""The sources' claims of the chapter on interpretability, gathered."""

from dlf.claims.interpretability.attention_weights import C122, weighed
from dlf.claims.interpretability.findings import FINDINGS
from dlf.claims.interpretability.planted_shortcut import C124, planted
from dlf.claims.interpretability.sparse_neurons import C123

__all__ = ["C122", "C123", "C124", "FINDINGS", "planted", "weighed"]
