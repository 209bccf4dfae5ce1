"""C124: do attributions find a planted shortcut?

What is trained and measured stands in `shortcut`.
"""

from dataclasses import replace

import numpy as np

from dlf.claims.interpretability import shortcut
from dlf.experiments import statistics
from dlf.experiments.claim import Measured, Source
from dlf.experiments.headline import UNTESTABLE, sharpened
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import OPPOSITE, SUPPORTED, UNCLEAR, at_least

PLANTED = {
    f"{data}, {kind}": shortcut.Shortcut(data=data, kind=kind, steps=400)
    for data in ("D8", "G28")
    for kind in ("pixel", "texture")
}

SEEN, FALSE_ALARMS = 0.9, 0.1


def planted(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge whether maps show what nets rely on, and nothing else."""
    level = statistics.family(len(view) * len(shortcut.METHODS))
    return tuple(
        _shown(f"{name}, {method}", v, method, level)
        for name, v in view.items()
        for method in shortcut.METHODS
    )


def _shown(name: str, v: dict, method: str, level: float) -> Outcome:
    relies = v["drop"] >= shortcut.LOSS
    nets = int(relies.sum()), int((~relies).sum())
    if not all(nets):
        return Outcome(name, UNCLEAR, note="no nets to compare")
    hit, alarm = (
        statistics.proportion_by_seed(by_seed(v[method], of), level)
        for of in (relies, ~relies)
    )
    verdict = at_least(hit, SEEN)
    if alarm.low > FALSE_ALARMS:
        verdict = OPPOSITE
    elif verdict == SUPPORTED and alarm.high > FALSE_ALARMS:
        verdict = UNCLEAR
    raw = v[f"{method}, untrained"].mean()
    note = (
        f"of {nets[0]} nets that rely, of {hit.n} seeds; without: shown by "
        f"{int(v[method][~relies].sum())} of {nets[1]}; before training by "
        f"{100 * raw:.0f} %"
    )
    return Outcome(name, verdict, hit, "points", note=note)


def by_seed(shown: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Average over the nets asked for of each seed that has some.

    >>> shown = np.array([[[1.0, 0.0]], [[1.0, 1.0]]])
    >>> by_seed(shown, np.array([[[True, True]], [[False, True]]])).tolist()
    [0.5, 1.0]
    """
    axes = tuple(range(1, shown.ndim))
    count = of.sum(axes)
    return (shown * of).sum(axes)[count > 0] / count[count > 0]


def planted_here() -> dict[str, dict]:
    """Run the digits on a page, three fresh seeds."""
    from dlf.experiments import store

    name = "D8, texture"
    few = replace(PLANTED[name], seeds=3, first=200, dtype="float64", steps=200)
    return store.plain({name: C124.measured(few)})


C124 = Measured(
    number="C124",
    title="Interpretability ensures responsible deployment",
    sources=(
        Source(
            "S0",
            "§12",
            "interpretability and ethical considerations ensure responsible "
            "deployment",
        ),
    ),
    hypothesis=(
        "As stated it names no measure of responsibility. Sharpened: a map of "
        "pixels shows a planted shortcut whenever the net relies on it, and "
        "never when it does not; this for a corner pixel and for a faint "
        "texture over a quarter of the image, on D8 and G28, by gradient, "
        "gradient × input and occlusion."
    ),
    rule=(
        "A net relies on the shortcut if randomising it in test images costs 3 "
        "points of accuracy or more. The mean map shows it if half or more of "
        "its |S| strongest pixels are among the |S| pixels of the shortcut. A "
        "cell is a data set, a shortcut and a method: supported if the share "
        "shown among nets that rely has a lower bound of 0.9 or more and the "
        "share shown among the others an upper bound of 0.1 or less; refuted "
        "if the former's upper bound is below 0.9 or the latter's lower bound "
        "above 0.1. Twelve cells, exact intervals widened together; 60 nets at "
        "each of four reliances. The sentence itself stays untestable."
    ),
    literature=(
        "Adebayo et al. (2018): some maps hardly depend on the weights; "
        "(2022): maps do not reveal shortcuts that no reader looks for."
    ),
    expects=(UNTESTABLE,),
    cuts="On G28 2,000 training and 500 test images.",
    mode="live",
    replica=planted_here,
    here="D8, the texture; three fresh seeds (12 nets a reliance), 200 steps.",
    cells=PLANTED,
    measure=shortcut.measure,
    judge=planted,
    conclude=sharpened,
    seeds=15,
)
