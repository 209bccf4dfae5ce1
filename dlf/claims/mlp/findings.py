"""What was found of each claim of multilayer perceptrons, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C7": Finding(
        "Linear layers collapse into one exactly; whether a deep linear net "
        "also trains like one layer stayed open with ten seeds.",
    ),
    "C8": Finding(
        "Without its conditions the theorem is false, and nets trained at "
        "512 units were no better than at 16 in {count[opposite]} of 4 "
        "cases.",
    ),
    "C9": Finding(
        "At equal parameters depth won on a composed function, by {mean[(b) "
        "accuracy, composition]} points, and nowhere else; at equal loss one "
        "wide layer won on MNIST-1D, by {size[(c) at equal loss, M1]} points, "
        "and on the digits.",
        ends={"points": ("shallow better", "deep better")},
    ),
    "C10": Finding(
        "The network passes 97.5 % with SGD, by {mean[sgd above 97.5 %]} "
        "points; with Adam it is too close to call.",
        ends={"points": ("below 97.5 %", "above 97.5 %")},
    ),
    "C11": Finding(
        "With weight decay tuned, the MLP clearly beat the best of three "
        "rivals on {k} of {n} tables; where the target was a tree it was "
        "{size[random tree]} of R² behind.",
        ends={"": ("rival better", "MLP better")},
    ),
}
