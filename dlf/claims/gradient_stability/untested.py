"""Claims of gradient stability that are listed and not tested."""

from dlf.experiments.claim import Source, Untested

C66 = Untested(
    number="C66",
    title="Explosion means divergence and poor generalization; L2 helps",
    sources=(
        Source(
            "S1",
            "l.179–181",
            "Poor generalization due to chaotic weight updates",
        ),
    ),
    hypothesis=(
        "Of runs with equal training loss, those whose gradient had spikes "
        "generalize worse; weight decay makes spikes rarer."
    ),
    rule=(
        "Whether a run that survived a spike is worth keeping is seen on its "
        "validation data, so that no advice depends on the answer; and runs of "
        "equal loss, with spikes and without, are not two settings that anyone "
        "chooses between."
    ),
    literature=(
        "Lewkowycz et al. (2020): an early spike of the loss, at a high rate, "
        "ends in flatter minima, and the best test accuracy is often found in "
        "that regime."
    ),
)
