"""Xavier's and He's initial weights, each with each activation: C59."""

from typing import Any

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger
from dlf.stacked import recipes, regularized_recipes
from dlf.stacked.regularized_recipes import Regularized

ARMS = {"xavier": {"init": "xavier"}, "he": {"init": "he"}}
HIGH = (0.1, 0.178, 0.316, 0.562, 1.0)  # for sigmoids
DEEP = 10


def deep(activation: str, **rest: Any) -> Regularized:
    """Describe a net of one activation."""
    rest = {"depth": DEEP, "first": 200} | rest
    return Regularized(activation=activation, **rest)


CELLS = {
    "ReLU, M1, 10 layers": deep("relu", data="M1"),
    "ReLU, G14, 10 layers": deep("relu", data="G14", classes=36),
    "tanh, M1, 10 layers": deep("tanh", data="M1"),
    "tanh, G14, 10 layers": deep("tanh", data="G14", classes=36),
    "sigmoid, M1, 2 layers": deep("sigmoid", data="M1", depth=2, grid=HIGH),
    "sigmoid, G14, 2 layers": deep(
        "sigmoid", data="G14", classes=36, depth=2, grid=HIGH
    ),
}


def matched(cell: str) -> Any:
    """Compare what a cell's activation is said to need with the other."""
    he = cell.startswith("ReLU")
    return recipes.gain(*(("he", "xavier") if he else ("xavier", "he")))


C59 = Contrast(
    number="C59",
    title="Xavier for sigmoid and tanh, He for ReLU",
    sources=(
        Source("S1", "l.335", "Best for sigmoid and tanh"),
        Source("S1", "l.335", "Best for ReLU and Leaky ReLU"),
    ),
    hypothesis=(
        "“Best for ReLU”: a ReLU net of ten layers has a test accuracy at "
        "least 1 point higher from He's initial weights than from Xavier's. "
        "“Best for sigmoid and tanh”: with tanh (ten layers) and with sigmoid "
        "(two) it is the other way round."
    ),
    rule=(
        "R(1 point) on MNIST-1D and on printed characters of 36 classes for "
        "each of the three activations: six cells, intervals widened together. "
        "Weights are normal with variance 2/n (He) and 1/n (Xavier, whose "
        "widths in and out are alike), n inputs; the last layer's are the "
        "same. Five rates a quarter of a decade apart for each arm, chosen on "
        "three tuning seeds; 600 steps, 20 fresh seeds."
    ),
    literature=(
        "Glorot and Bengio (2010); He et al. (2015): with 30 layers Xavier's "
        "weights stall and He's do not, with 22 both train."
    ),
    expects=("mixed", "mostly supported", "mostly not"),
    cuts=(
        "Ten layers of sigmoids learn from neither, so that sigmoids have two. "
        "That the variance is kept, and what the printed formulas give, is "
        "computed; dead units are another chapter's."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.01, 0.0178, 0.0316, 0.0562, 0.1),
    train=recipes.arms(ARMS, regularized_recipes.train),
    seeds=20,
    tuning=3,
    effects=tuple(
        Effect(
            cell,
            (cell,),
            matched(cell),
            larger(0.01),
            words="best for " + cell.partition(",")[0],
        )
        for cell in CELLS
    ),
)
