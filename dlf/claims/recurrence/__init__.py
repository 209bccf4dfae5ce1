"""The sources' claims of the chapter on recurrent networks, gathered."""

from dlf.claims.recurrence.activation import C99
from dlf.claims.recurrence.findings import FINDINGS
from dlf.claims.recurrence.memory import C97
from dlf.claims.recurrence.speed import C98

__all__ = ["C97", "C98", "C99", "FINDINGS"]
