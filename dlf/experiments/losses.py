"""Nine claims about losses, C24 to C32.

Each stands with its hypothesis, its rule and what it trains in a module
`losses_…` beside this one, and was committed there before its first scored
run. Where a text says R(δ), the interval must lie above 0 and the mean must
reach δ (see `dlf.experiments.statistics`).
"""

from dlf.experiments import losses_classes as classes
from dlf.experiments import losses_exact as exact
from dlf.experiments import losses_huber as huber
from dlf.experiments import losses_kink as kink
from dlf.experiments import losses_pictures as pictures
from dlf.experiments import losses_regression as regression
from dlf.experiments import losses_units as units

C24 = regression.OUTLIERS
C25 = kink.KINK
C26 = huber.HUBER
C27 = exact.NEVER_ZERO
C28 = classes.FOR_CLASSES
C29 = classes.NOT_MANY
C30 = exact.ONE_HOT
C31 = units.OUTPUT_UNIT
C32 = pictures.PICTURES
