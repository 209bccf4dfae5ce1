"""Six claims about training, C35 to C40.

Each stands with its hypothesis, its rule and what it trains in a module
`training_…` beside this one, and was committed there before its first scored
run. (`training` itself is the engine with which all chapters train.)
"""

from dlf.experiments import training_batches as batches
from dlf.experiments import training_convex as convex
from dlf.experiments import training_noise as noise
from dlf.experiments import training_rates as rates
from dlf.experiments import training_slow as slow
from dlf.experiments import training_stationary as stationary

C35 = stationary.STATIONARY
C36 = rates.TOO_HIGH
C37 = slow.STUCK
C38 = batches.STOCHASTIC
C39 = noise.NOISE
C40 = convex.CONVEX
