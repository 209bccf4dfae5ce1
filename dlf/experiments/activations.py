"""Twelve claims about activations, C12 to C23.

Each stands with its hypothesis, its rule and what it trains in a module
`activations_…` beside this one, and was committed there before its first
scored run. Where a text says R(δ), the interval must lie above 0 and the mean
must reach δ (see `dlf.experiments.statistics`).
"""

from dlf.experiments import activations_contests as contests
from dlf.experiments import activations_dead as dead
from dlf.experiments import activations_depth as depth
from dlf.experiments import activations_flow as flow
from dlf.experiments import activations_properties as properties
from dlf.experiments import activations_sparse as sparse
from dlf.experiments import activations_speed as speed
from dlf.experiments import activations_sweep as live
from dlf.experiments import activations_tables as tables
from dlf.experiments import activations_timing as timing

sweep = live.sweep

C12 = speed.RELU
C13 = contests.SAFE
C14 = speed.CENTRED
C15 = tables.PRINTED
C16 = timing.COSTS
C17 = depth.VANISHING
C18 = dead.DYING
C19 = dead.LEAKY
C20 = properties.PROPERTIES
C21 = contests.DEEP
C22 = flow.MEDIATION
C23 = sparse.SPARSE
