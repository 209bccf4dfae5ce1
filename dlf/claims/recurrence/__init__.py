"""The sources' claims of the chapter on recurrent networks, gathered."""

from dlf.claims.recurrence.activation import C99
from dlf.claims.recurrence.findings import FINDINGS
from dlf.claims.recurrence.memory import C97

__all__ = ["C97", "C99", "FINDINGS"]
