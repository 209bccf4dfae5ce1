"""C123: do sparse codes give units that mean something?

What is trained and measured stands in `sparse_coding`.
"""

from dataclasses import replace

import numpy as np

from dlf.claims.interpretability import sparse_coding as sparse
from dlf.experiments import statistics
from dlf.experiments.claim import Measured, Source
from dlf.experiments.headline import UNTESTABLE, sharpened
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import larger, not_worse, ratio

CODED = {
    f"{data} {model}": sparse.Units(
        data=data,
        model=model,
        steps=800,
        rate=1e-3 if data == "G28" else 3e-3,
    )
    for data in ("D8", "G28")
    for model in ("classifier", "autoencoder")
}


def coded(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge selectivity, decoding from five units, and what it costs."""
    level = statistics.family(3 * len(view))
    found = []
    for name, v in view.items():
        plain, few = v["plain"], v["sparse"]
        effects = (
            (
                "(a) selectivity, sparse over plain",
                np.log(few["selectivity"] / plain["selectivity"]),
                ratio(1.2),
                "ratio",
                f"untrained {v['untrained']['selectivity'].mean():.2f}, plain "
                f"{plain['selectivity'].mean():.2f}",
            ),
            (
                "(b) accuracy from five units − 80",
                few["five"] - 0.8,
                larger(0.0),
                "points",
                f"plain {100 * plain['five'].mean():.0f}, sparse "
                f"{100 * few['five'].mean():.0f}",
            ),
            (
                "(c) accuracy, sparse − plain",
                few["right"] - plain["right"],
                not_worse(0.01),
                "points",
                f"L1 penalty {v['found']['penalty']:g}, "
                f"{100 * few['zeros'].mean():.0f} % zeros",
            ),
        )
        for what, values, rule, unit, note in effects:
            e = statistics.estimate(values, level)
            cell = f"{name}, {what}"
            found.append(Outcome(cell, rule(e), e, unit, rule, note))
    return tuple(found)


def coded_here() -> dict[str, dict]:
    """Run the digits' classifier at the recorded penalty, four fresh seeds."""
    from dlf.experiments import store

    name = "D8 classifier"
    found = store.load("C123")["runs"][name]["found"]
    few = replace(
        CODED[name],
        seeds=4,
        first=200,
        dtype="float64",
        steps=400,
        penalty=found["penalty"],
    )
    return store.plain({name: C123.measured(few)})


C123 = Measured(
    number="C123",
    title="Sparsity improves interpretability",
    sources=(Source("S2", "Sparsity", "improving interpretability"),),
    hypothesis=(
        "As stated it names no measure and no reader. Sharpened: with an L1 "
        "penalty on 64 hidden activations (a) the mean class selectivity of "
        "units rises by 20 % or more, (b) the class is decoded from five units "
        "with 80 % accuracy or more, (c) at a loss of accuracy of one point at "
        "most: for a classifier and an autoencoder, on D8 and G28."
    ),
    rule=(
        "(a) R(ratio 1.2), (b) R(0) on the accuracy less 80 %, (c) not worse "
        "by 1 point; twelve cells, intervals widened together. The penalty is "
        "the largest that costs at most a point of validation accuracy on "
        "seeds 10 to 12. The five units are chosen on training examples, and "
        "classes decoded by a linear discriminant; an autoencoder's accuracy "
        "is that of the discriminant on all units. The sentence itself stays "
        "untestable, whatever comes out."
    ),
    literature=(
        "Olshausen and Field (1996): sparse codes of images look like edges; "
        "Morcos et al. (2018): selective units are not the important ones; "
        "no reader was asked in either."
    ),
    expects=(UNTESTABLE,),
    cuts="On G28 2,000 training and 1,000 test images.",
    mode="live",
    replica=coded_here,
    here="The classifier on D8; four fresh seeds, 400 steps.",
    cells=CODED,
    measure=sparse.measure,
    judge=coded,
    conclude=sharpened,
    seeds=10,
)
