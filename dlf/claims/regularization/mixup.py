"""Mixup against none: design of C90."""

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger
from dlf.experiments.tuning import of_classes
from dlf.stacked import recipes, regularized_recipes
from dlf.stacked.regularized_recipes import Regularized

NONE = {f"none, rates × {s:g}": {"scale": s} for s in (0.826, 1.0, 1.21)}
MIXUP = {f"mixup {a:g}": {"mixup": a} for a in (0.1, 0.4, 1.0)}
CELLS = {
    "M1-1000": Regularized(data="M1", keep=1000, steps=2400, first=300),
    "M1": Regularized(data="M1", steps=2400, first=300),
    "G14": Regularized(data="G14", classes=36, steps=2400, first=300, seeds=40),
}

C90 = Contrast(
    number="C90",
    title="Mixup regularizes",
    sources=(Source("S4", "§1.4.4", "Regularization Methods … Mixup"),),
    hypothesis=(
        "A “regularization method” raises the accuracy on new data: with "
        "equally many tries mixup's test accuracy is at least 1 point above "
        "that without."
    ),
    rule=(
        "R(1 point) on test accuracy for the best of a = 0.1, 0.4 and 1 of the "
        "Beta distribution, in MLPs of two hidden layers on MNIST-1D with "
        "1,000 and with 4,000 training examples and on printed characters of "
        "36 classes, 2,400 steps each: three cells. Four rates a quarter of a "
        "decade apart for each a, twelve without; chosen by validation "
        "accuracy on three tuning seeds, 20 fresh seeds, 40 for the "
        "characters."
    ),
    literature=(
        "Zhang et al. (2018): 0.9 to 1.5 points on CIFAR and ImageNet. "
        "Thulasidasan et al. (2019): better calibrated."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts=(
        "No CNN, and CutMix, which is for images, not at all. An earlier run, "
        "of 600 and 1,200 steps on other seeds, went against the literature, "
        "and short training was a reason to exclude."
    ),
    cells=CELLS,
    arms=(*NONE, *MIXUP),
    grid=(0.0316, 0.0562, 0.1, 0.178),
    train=recipes.arms(NONE | MIXUP, regularized_recipes.train),
    constant=of_classes,
    seeds=20,
    tuning=3,
    effects=tuple(
        Effect(
            cell,
            (cell,),
            recipes.gain("mixup", "none"),
            larger(0.01),
            words="regularization",
        )
        for cell in CELLS
    ),
)
