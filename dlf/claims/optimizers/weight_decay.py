"""Weight decay beside the step or in the gradient: design of C50."""

from dataclasses import replace

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger
from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe

DECOUPLED = (0.0316, 0.1, 0.316, 1.0)
COUPLED = (0.000316, 0.001, 0.00316, 0.01)
FACTORS = (0.0649, 0.0866, 0.115, 0.154)  # of the rates, without decay
ARMS = {
    **{
        f"AdamW, decay {d:g}": {"decay": d, "decoupled": True}
        for d in DECOUPLED
    },
    **{f"L2, {d:g}": {"decay": d} for d in COUPLED},
    **{f"Adam, rates × {s:g}": {"scale": s} for s in FACTORS},
}
ARMS = {k: {"optimizer": "adam", "scale": 0.1} | v for k, v in ARMS.items()}
M1 = Recipe(data="M1", steps=1200, first=300)
CELLS = {
    "M1": M1,
    "M1, cosine": replace(M1, schedule="cosine"),
    "M1-1000": replace(M1, keep=1000, steps=600),
}
RIVALS = {"L2 in the gradient": "L2", "no decay": "Adam,"}

C50 = Contrast(
    number="C50",
    title="AdamW generalizes better than Adam",
    sources=(Source("S1", "l.285", "Better generalization than Adam"),),
    hypothesis=(
        "“Better generalization than Adam”: with equally many tries AdamW's "
        "test accuracy is at least 0.5 points above that of Adam with the L2 "
        "penalty in its gradient, and above that of Adam without decay."
    ),
    rule=(
        "R(0.5 points) in three settings against two rivals: MLPs of two "
        "layers on MNIST-1D, with constant and with cosine rate, and on a "
        "quarter of its training examples; six cells, intervals widened "
        "together. Each arm has four decays, half a decade apart (those of "
        "AdamW 0.0316 to 1, of L2 a hundredth of that) and five rates, "
        "without decay twenty rates; the setting with the best validation "
        "accuracy on three tuning seeds is run on 20 fresh ones. Weights and "
        "biases decay."
    ),
    literature=(
        "Loshchilov and Hutter (2019): better on CIFAR-10 and ImageNet32, and "
        "rate and decay can be tuned apart. For SGD the two are the same."
    ),
    expects=("mixed", "mostly supported", "mostly not"),
    cuts=(
        "No CNN, no transformer. An earlier run, on other seeds, lacked the "
        "largest decay, and on 1,000 examples both arms were best at the edge."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.0316, 0.0562, 0.1, 0.178, 0.316),
    train=recipes.arms(ARMS),
    seeds=20,
    tuning=3,
    effects=tuple(
        Effect(
            f"{cell}, against {rival}",
            (cell,),
            recipes.gain("AdamW", name),
            larger(0.005),
            words="better generalization than Adam",
        )
        for rival, name in RIVALS.items()
        for cell in CELLS
    ),
)
