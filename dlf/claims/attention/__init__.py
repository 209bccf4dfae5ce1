"""The sources' claims of the chapter on attention, gathered."""

from dlf.claims.attention.findings import FINDINGS
from dlf.claims.attention.scaling import C101
from dlf.claims.attention.sequences import C102
from dlf.claims.attention.whole_sequence import C100

__all__ = ["C100", "C101", "C102", "FINDINGS"]
