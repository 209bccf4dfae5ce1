"""What very deep nets need: design of C67."""

from typing import Any

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, not_worse
from dlf.stacked import recipes, regularized_recipes
from dlf.stacked.regularized_recipes import Regularized

DEPTH, SHALLOW = 32, 4
ALL: dict[str, Any] = {
    "activation": "relu",
    "init": "he",
    "norm": "batch",
    "clip": 1.0,
    "residual": True,
}
WITHOUT = {
    "ReLU (tanh)": {"activation": "tanh"},
    "He (Xavier)": {"init": "xavier"},
    "norm": {"norm": ""},
    "clipping": {"clip": 0.0},
    "skips": {"residual": False},
}
ARMS = {"all five": ALL} | {
    f"without {part}": ALL | change for part, change in WITHOUT.items()
}
DEEP, SHORT = f"M1, {DEPTH} layers", f"M1, {SHALLOW} layers"
CELLS = {
    DEEP: Regularized(data="M1", depth=DEPTH, width=48, first=200),
    SHORT: Regularized(data="M1", depth=SHALLOW, width=48, first=200),
}

C67 = Contrast(
    number="C67",
    title="ReLU, He, norm, clipping and skips train very deep nets",
    sources=(
        Source(
            "S1",
            "l.263, Conclusion",
            "enable stable training of very deep networks",
        ),
    ),
    hypothesis=(
        "“Enable”: with all five a net of 32 layers has a test accuracy at "
        "most 1 point below that of one with 4. And each is needed: without it "
        "the 32 layers lose at least 1 point."
    ),
    rule=(
        "Not worse by 1 point, 32 layers less 4, both with all five; R(1 "
        "point) for each of the five left out of the 32 layers: six cells, "
        "intervals widened together. MLPs of width 48 on MNIST-1D, momentum, "
        "600 steps, gradient norms clipped at 1. In place of ReLU stands tanh, "
        "in place of He's weights Xavier's; layers with skips start smaller by "
        "the root of their number. Four rates half a decade apart for each "
        "arm, chosen on two tuning seeds, 12 fresh seeds."
    ),
    literature=(
        "He et al. (2016): skips and norm train 152 layers, and over 1,000 on "
        "CIFAR-10. Xiao et al. (2018): 10,000 plain layers of tanh from a "
        "suitable start."
    ),
    expects=("mixed", "mostly not"),
    cuts="One data set, no CNN; 32 layers and not 64.",
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.0316, 0.1, 0.316, 1.0),
    train=recipes.arms(ARMS, regularized_recipes.train),
    seeds=12,
    tuning=2,
    effects=(
        Effect(
            f"all five, {DEPTH} less {SHALLOW} layers",
            (DEEP, SHORT),
            lambda deep, short: (
                deep["all five"]["test"] - short["all five"]["test"]
            ),
            not_worse(0.01),
            words="enable stable training of very deep networks",
        ),
        *(
            Effect(
                f"{DEPTH} layers, all five over {arm}",
                (DEEP,),
                recipes.gain("all five", arm),
                larger(0.01),
                words="enable",
            )
            for arm in tuple(ARMS)[1:]
        ),
    ),
)
