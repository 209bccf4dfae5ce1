"""What was found of each claim of interpretability, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C122": Finding(
        "Attention weights tell which tokens matter in one-layer nets on "
        "two of three tasks, and in no net of two layers.",
        ends={"τ": ("unrelated", "same order")},
        bars={"": ("at least", 0.4)},
    ),
    "C123": Finding(
        "A sparsity penalty makes units on the digits more selective at no "
        "cost in accuracy, but five sparse units never carry the decision.",
    ),
    "C124": Finding(
        "Maps show a shortcut of one pixel nearly always and a faint "
        "texture in {mean[G28, texture, gradient]} to {mean[D8, texture, "
        "gradient]} % of the nets that use it; 15 seeds are too few to "
        "promise more.",
        ends={"points": ("hidden by the map", "shown by the map")},
        bars={"": ("at least", 0.9)},
    ),
}
