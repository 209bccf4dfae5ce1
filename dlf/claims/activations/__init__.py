"""The sources' claims of the chapter on activations, gathered."""

from dlf.claims.activations.comparisons import C13, C21
from dlf.claims.activations.dead_units import C18
from dlf.claims.activations.depth import C17
from dlf.claims.activations.findings import FINDINGS
from dlf.claims.activations.gradient_flow import C22
from dlf.claims.activations.leaks import C19
from dlf.claims.activations.printed import C15
from dlf.claims.activations.properties import C20
from dlf.claims.activations.rate_sweep import sweep
from dlf.claims.activations.sparsity import C23
from dlf.claims.activations.speed import C12, C14
from dlf.claims.activations.timing import C16

__all__ = [
    "C12",
    "C13",
    "C14",
    "C15",
    "C16",
    "C17",
    "C18",
    "C19",
    "C20",
    "C21",
    "C22",
    "C23",
    "FINDINGS",
    "sweep",
]
