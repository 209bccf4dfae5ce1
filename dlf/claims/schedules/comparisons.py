"""Schedules against a constant rate: design of C55."""

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, ratio
from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe

QUARTERS = (0.0316, 0.0562, 0.1, 0.178, 0.316)
SCHEDULES = ("constant", "cosine", "step", "exponential", "restarts")
M1 = Recipe(data="M1", first=200)
CELLS = {
    "M1, momentum": M1,
    "M1, Adam": Recipe(data="M1", optimizer="adam", scale=0.1, first=200),
    "G14, momentum": Recipe(data="G14", classes=36, first=200),
}


def improved(name: str, cell: str, counted: bool) -> tuple[Effect, Effect]:
    """Compare a schedule with a constant rate: training loss, and accuracy."""
    return (
        Effect(
            f"{name}, {cell}: training loss",
            (cell,),
            recipes.speedup(name, "constant", "loss"),
            ratio(0.95),
            "ratio",
            counted=counted,
            words="improve convergence" if counted else "",
        ),
        Effect(
            f"{name}, {cell}: accuracy",
            (cell,),
            recipes.gain(name, "constant"),
            larger(0.01),
            counted=counted,
            words="improve convergence" if counted else "",
        ),
    )


C55 = Contrast(
    number="C55",
    title="Learning-rate schedules improve convergence",
    sources=(
        Source("S0", "§2.6", "Learning rate scheduling … improve convergence"),
        Source("S2", "Training", "Solution: Use Learning Rate Scheduling"),
    ),
    hypothesis=(
        "“Improve convergence”: after equally many steps, each at its own best "
        "rate, a cosine schedule ends with a training loss at most 0.95 times "
        "that of a constant rate, and with a test accuracy at least 1 point "
        "above."
    ),
    rule=(
        "R(ratio 0.95) on training loss and R(1 point) on test accuracy, in "
        "MLPs of two hidden layers on MNIST-1D with momentum and with Adam, "
        "and on printed characters of 36 classes with momentum: six cells, "
        "intervals widened together. 600 steps; five rates a quarter of a "
        "decade apart, chosen by validation accuracy on three tuning seeds. "
        "Step, exponential and restarted cosine schedules are shown and not "
        "counted."
    ),
    literature=(
        "Loshchilov and Hutter (2017): cosine and restarts. Defazio et al. "
        "(2023): linear decay to zero the best of the standard schedules."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts="One budget of 600 steps; no CNN; Adam in place of AdamW.",
    cells=CELLS,
    arms=SCHEDULES,
    grid=QUARTERS,
    train=recipes.arms({name: {"schedule": name} for name in SCHEDULES}),
    seeds=20,
    tuning=3,
    effects=tuple(
        effect
        for name in SCHEDULES[1:]
        for cell in CELLS
        for effect in improved(name, cell, name == "cosine")
    ),
)
