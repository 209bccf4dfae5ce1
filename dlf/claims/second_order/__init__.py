"""The sources' claims of the chapter on second-order methods, gathered."""

from dlf.claims.second_order.conjugate import C54
from dlf.claims.second_order.findings import FINDINGS
from dlf.claims.second_order.quasi_newton import C53
from dlf.claims.second_order.saddles import C52

__all__ = ["C52", "C53", "C54", "FINDINGS"]
