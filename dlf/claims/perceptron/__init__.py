"""The sources' claims of the chapter on perceptron, gathered."""

from dlf.claims.perceptron.findings import FINDINGS
from dlf.claims.perceptron.integrate_and_fire import C6
from dlf.claims.perceptron.rule import C4
from dlf.claims.perceptron.xor import C5

__all__ = ["C4", "C5", "C6", "FINDINGS"]
