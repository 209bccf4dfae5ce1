"""Steps to a training loss: designs of C42, C48 and C51.

Every arm tries the same five rates, a quarter of a decade apart, as multiples
of what is usual for it: ten times these for plain SGD, a tenth for Adam.
"""

from dataclasses import replace

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import not_worse, ratio
from dlf.stacked import recipes
from dlf.stacked.character_recipes import Characters
from dlf.stacked.recipes import Recipe

QUARTERS = (0.0316, 0.0562, 0.1, 0.178, 0.316)
ARMS = {
    "sgd": {"optimizer": "sgd", "scale": 10.0},
    "momentum": {"optimizer": "momentum"},
    "adam": {"optimizer": "adam", "scale": 0.1},
    "nadam": {"optimizer": "nadam", "scale": 0.1},
}
M1 = Recipe(data="M1", target=0.5, steps=1200, first=200)
G14 = Recipe(data="G14", classes=36, target=0.3, steps=900, first=200)
RACES = {
    "M1, 2 layers": M1,
    "M1, 6 layers": replace(M1, depth=6, target=0.7),
    "G14, 2 layers": G14,
    "CH, transformer": Characters(
        target=2.3, steps=1000, every=25, first=200, seeds=10
    ),
}
BATCHES = {
    "M1, batch 16": replace(M1, batch=16, target=0.8, steps=2400, every=40),
    "M1, batch 100": M1,
    "M1, batch 1,000": replace(M1, batch=1000, steps=900, every=5),
    "G14, batch 16": replace(G14, batch=16, target=0.8, steps=2400, every=40),
    "G14, batch 100": G14,
    "G14, batch 1,000": replace(G14, batch=1000, every=5),
}


def races(
    new: str, old: str, cells: tuple, factor: float, words: str
) -> tuple[Effect, ...]:
    """Make an effect of each race: the rival's steps over an arm's own."""
    effect = recipes.speedup(new, old)
    return tuple(
        Effect(cell, (cell,), effect, ratio(factor), "ratio", words=words)
        for cell in cells
    )


C42 = Contrast(
    number="C42",
    title="Momentum accelerates training",
    sources=(
        Source("S1", "l.283", "speed … up convergence"),
        Source("S2", "Hyperparameters 3", "Improves training speed"),
    ),
    hypothesis=(
        "“Improves training speed”: at its own best learning rate SGD with "
        "momentum 0.9 takes at most 0.8 times as many steps as plain SGD to a "
        "training loss, whatever the batch."
    ),
    rule=(
        "R(ratio 0.8) on steps in six cells: MNIST-1D and printed characters "
        "of 36 classes, two hidden layers, batches of 16, 100 and 1,000; "
        "intervals widened together. Targets: 0.5 and 0.3, with batches of 16 "
        "0.8. Steps are read off the loss of 1,000 training examples and "
        "interpolated; a run that misses the target counts as the whole "
        "budget. Five rates a quarter of a decade apart for each arm, those of "
        "plain SGD ten times as high; the one with the fewest steps on three "
        "tuning seeds is run on 16 fresh ones."
    ),
    literature=(
        "Polyak (1964): on quadratics the root of the condition number takes "
        "its place. Sutskever et al. (2013): deep nets. Shallue et al. (2019): "
        "the gain comes with large batches; Kidambi et al. (2018) and Wang et "
        "al. (2024): none where gradients are noisy."
    ),
    expects=("mixed", "mostly supported"),
    cuts=(
        "Characters instead of the digits, which saturate. That momentum damps "
        "oscillations and can overshoot is shown exactly, on a quadratic."
    ),
    cells=BATCHES,
    arms=("momentum", "sgd"),
    grid=QUARTERS,
    train=recipes.arms(ARMS),
    seeds=16,
    tuning=3,
    effects=races(
        "momentum", "sgd", tuple(BATCHES), 0.8, "improves training speed"
    ),
)

TESTED = {
    "M1, accuracy": Recipe(data="M1", first=200, seeds=40),
    "G14, accuracy": Recipe(data="G14", classes=36, first=200, seeds=40),
}

C48 = Contrast(
    number="C48",
    title="Adam converges faster",
    sources=(
        Source("S3", "§4.3", "Fast convergence"),
        Source("S1", "l.285", "Works well for most deep learning models"),
    ),
    hypothesis=(
        "“Fast convergence”: at its own best learning rate Adam takes at most "
        "0.8 times as many steps as SGD with momentum 0.9 to a training loss. "
        "“Works well”: after equally many steps its test accuracy is at most "
        "1 point lower."
    ),
    rule=(
        "R(ratio 0.8) on steps in four nets: MLPs of 2 and 6 layers on "
        "MNIST-1D, of 2 layers on printed characters of 36 classes, and a "
        "transformer of one layer on English text; targets 0.5, 0.7, 0.3 and "
        "2.3. Not worse by 1 point on test accuracy after 600 steps in two of "
        "them, 40 seeds. Six cells, intervals widened together. Five rates a "
        "quarter of a decade apart for each arm, Adam's a tenth of the "
        "other's; chosen on three tuning seeds by fewest steps, or by "
        "validation accuracy. Nothing else is tuned."
    ),
    literature=(
        "Kingma and Ba (2015). Wilson et al. (2017): adaptive methods "
        "generalize worse; Choi et al. (2019): never worse if all their knobs "
        "are tuned. Kunstner et al. (2023, 2024): the gap is large on language."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts="No CNN and no LSTM; β₁ and β₂ stay at their defaults.",
    cells=RACES | TESTED,
    arms=("adam", "momentum"),
    grid=QUARTERS,
    train=recipes.arms(ARMS),
    seeds=16,
    tuning=3,
    effects=(
        *races("adam", "momentum", tuple(RACES), 0.8, "fast convergence"),
        *(
            Effect(
                cell,
                (cell,),
                recipes.gain("adam", "momentum"),
                not_worse(0.01),
                words="works well",
            )
            for cell in TESTED
        ),
    ),
)

C51 = Contrast(
    number="C51",
    title="NAdam converges faster than Adam",
    sources=(Source("S1", "l.51", "Faster convergence than Adam"),),
    hypothesis=(
        "“Faster convergence”: at its own best learning rate NAdam takes at "
        "most 0.9 times as many steps as Adam to a training loss."
    ),
    rule=(
        "R(ratio 0.9) on steps in four nets: MLPs of 2 and 6 layers on "
        "MNIST-1D, of 2 layers on printed characters of 36 classes, and a "
        "transformer of one layer on English text; targets 0.5, 0.7, 0.3 and "
        "2.3. Five rates for each arm, the same, a quarter of a decade apart, "
        "chosen by fewest steps on three tuning seeds; PyTorch's NAdam."
    ),
    literature=(
        "Dozat (2016): faster on several tasks. Schmidt, Schneider and Hennig "
        "(2021), fifteen optimizers on eight tasks: no consistent gain."
    ),
    expects=("mixed", "mostly supported", "mostly not"),
    cuts=(
        "That a step costs more is a matter of counting its operations, and "
        "whether the printed update is NAdam's one of algebra: both are in the "
        "text."
    ),
    cells=RACES,
    arms=("nadam", "adam"),
    grid=QUARTERS,
    train=recipes.arms(ARMS),
    seeds=16,
    tuning=3,
    effects=races(
        "nadam", "adam", tuple(RACES), 0.9, "faster convergence than Adam"
    ),
)
