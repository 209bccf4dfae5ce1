"""Dropout against none: design of C83."""

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger
from dlf.experiments.tuning import of_classes
from dlf.stacked import recipes, regularized_recipes
from dlf.stacked.regularized_recipes import Regularized

QUARTERS = (0.0316, 0.0562, 0.1, 0.178)
NONE = {f"none, rates × {s:g}": {"scale": s} for s in (0.826, 1.0, 1.21)}
DROPOUT = {f"dropout {p:g}": {"dropout": p} for p in (0.1, 0.2, 0.5)}
CELLS = {
    "M1-1000": Regularized(data="M1", keep=1000, steps=2400, first=400),
    "M1": Regularized(data="M1", steps=2400, first=400),
    "G14": Regularized(data="G14", classes=36, steps=2400, first=400, seeds=40),
}
DATA = (
    "MLPs of two hidden layers on MNIST-1D with 1,000 and with 4,000 training "
    "examples and on printed characters of 36 classes, 2,400 steps each"
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
        "more units a layer; training takes two to three times as long."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts=(
        "Width 64 alone; no images, no text. An earlier run, of 600 and 1,200 "
        "steps on other seeds, came out “mostly not” (2 of 6): it went against "
        "the literature, nets with dropout were still learning when it ended, "
        "and so short training was a reason to exclude. A trial of two cells "
        "at this length, on other seeds, had shown signs to turn."
    ),
    cells=CELLS,
    arms=(*NONE, *DROPOUT),
    grid=QUARTERS,
    train=recipes.arms(NONE | DROPOUT, regularized_recipes.train),
    constant=of_classes,
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
