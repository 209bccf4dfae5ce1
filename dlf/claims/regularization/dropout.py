"""Dropout against none: design of C83."""

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger
from dlf.stacked import recipes, regularized_recipes
from dlf.stacked.regularized_recipes import Regularized

QUARTERS = (0.0316, 0.0562, 0.1, 0.178)
NONE = {f"none, rates × {s:g}": {"scale": s} for s in (0.826, 1.0, 1.21)}
DROPOUT = {f"dropout {p:g}": {"dropout": p} for p in (0.1, 0.2, 0.5)}
CELLS = {
    "M1-1000": Regularized(data="M1", keep=1000, first=200, seeds=20),
    "M1": Regularized(data="M1", steps=1200, first=200, seeds=20),
    "G14": Regularized(data="G14", classes=36, first=200, seeds=40),
}
DATA = (
    "MLPs of two hidden layers on MNIST-1D with 1,000 training examples (600 "
    "steps) and with 4,000 (1,200 steps) and on printed characters of 36 "
    "classes (600 steps)"
)

C83 = Contrast(
    number="C83",
    title="Dropout prevents overfitting",
    sources=(
        Source(
            "S1", "l.117", "Prevent overfitting by introducing stochasticity"
        ),
        Source("S1", "l.117", "dropout rate of 0.5"),
    ),
    hypothesis=(
        "“Prevent overfitting”: with equally many tries dropout's test "
        "accuracy is at least 1 point above that without; and so it is with "
        "the “dropout rate of 0.5” of the example."
    ),
    rule=(
        "R(1 point) on test accuracy for the best of 0.1, 0.2 and 0.5, and for "
        f"0.5, in {DATA}: six cells, intervals widened together. Four rates a "
        "quarter of a decade apart for each dropout, twelve without; chosen by "
        "validation accuracy on three tuning seeds, 20 fresh seeds, 40 for the "
        "characters."
    ),
    literature=(
        "Srivastava et al. (2014): 0.5 for hidden units, in nets of 1,024 and "
        "more units a layer."
    ),
    expects=("mixed", "mostly supported", "mostly not"),
    cuts="Width 64 alone; no images, no text.",
    cells=CELLS,
    arms=(*NONE, *DROPOUT),
    grid=QUARTERS,
    train=recipes.arms(NONE | DROPOUT, regularized_recipes.train),
    seeds=20,
    tuning=3,
    effects=tuple(
        Effect(
            f"{said}, {cell}",
            (cell,),
            recipes.gain(name, "none"),
            larger(0.01),
            words=words,
        )
        for said, name, words in (
            ("the best rate", "dropout", "prevent overfitting"),
            ("0.5", "dropout 0.5", "dropout rate of 0.5"),
        )
        for cell in CELLS
    ),
)
