"""A CNN, an MLP and a vision transformer of one size: design of C93."""

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger
from dlf.stacked import recipes
from dlf.stacked.image_recipes import Images

ARMS = {
    "CNN": {"model": "conv", "size": 8},
    "MLP": {"model": "mlp", "size": 12},
    "ViT": {"model": "vit", "size": 18},
}
CELLS = {
    "FM, 1,000": Images(data="FM", keep=1_000, steps=300, optimizer="adam"),
    "FM, 10,000": Images(data="FM", steps=600, optimizer="adam"),
}


def train(
    cell: Images, arm: str, settings: list[float], seeds: list[int]
) -> dict:
    """Train an arm's nets, of about equally many parameters.

    Args:
        cell: data and training.
        arm: of `ARMS`.
        settings: learning rates.
        seeds: of data, weights and batches.
    """
    from dlf.stacked import image_recipes

    return recipes.arms(ARMS, image_recipes.train)(cell, arm, settings, seeds)


C93 = Contrast(
    number="C93",
    title="CNNs dominate vision",
    sources=(
        Source("S0", "§12", "CNNs dominate vision tasks"),
        Source("S0", "§2.4", "increasingly used in vision (ViT)"),
    ),
    hypothesis=(
        "“CNNs dominate vision tasks”, as far as it can be asked on two cores: "
        "on small images, with about equally many parameters and from few "
        "examples, a CNN is at least 1 point more accurate than an MLP and "
        "than a vision transformer."
    ),
    rule=(
        "R(1 point) on the lead over the MLP and over the transformer, on "
        "Fashion-MNIST with 1,000 and with 10,000 training images: four cells. "
        "CNN: two 3 × 3 convolutions of 8 and 16 channels, each with 2 × 2 "
        "max pooling, dense: 9,098 parameters. MLP of one hidden layer of 12: "
        "9,550. Transformer: 16 patches, width 18, two blocks, three heads: "
        "9,478. Adam, batches of 100, 300 or 600 steps; four rates for each "
        "arm on three tuning seeds, 5 fresh seeds. Whether CNNs dominate as of "
        "any year cannot be tested here."
    ),
    literature=(
        "Dosovitskiy et al. (2021): transformers below ResNets without "
        "pre-training on very many images, above them with it. Liu et al. "
        "(2022): a modernized CNN is level with transformers."
    ),
    expects=("supported", "mostly supported"),
    cuts=(
        "No MLP-Mixer, no comparison at equal multiply-adds (the CNN needs "
        "twice the transformer's and thirty times the MLP's), "
        "no augmentation, not more than 10,000 images."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.000316, 0.001, 0.00316, 0.01),
    train=train,
    seeds=5,
    tuning=3,
    effects=tuple(
        Effect(
            f"over the {other}, {name}",
            (name,),
            recipes.gain("CNN", other),
            larger(0.01),
            words="dominate",
        )
        for other in ("MLP", "ViT")
        for name in CELLS
    ),
)
