"""What was found of each claim of gradient stability, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C63": Finding(
        "From two layers to three, sigmoid nets lose {small[sigmoid]} to "
        "{large[sigmoid]} points and tanh nets none; with two, tanh is "
        "{mean[M1, tanh less sigmoid]} points ahead on MNIST-1D and "
        "{size[G14, tanh less sigmoid]} behind on characters.",
        ends={"points": ("against the claim", "as claimed")},
    ),
    "C65": Finding(
        "Clipping at a norm of 1 makes {mean[(a) G14, 6 layers, failed runs]} "
        "to {mean[(a) M1, 6 layers, failed runs]} points fewer runs fail at "
        "rates that are mostly too high: fewer, and not none. Whether the best "
        "accuracy stays the same is not shown.",
        ends={"points": ("clipping hurts", "clipping helps")},
    ),
    "C66": Finding(
        "Not tested here; Lewkowycz et al. (2020) found nets that went through "
        "an early spike to generalize as well or better.",
    ),
    "C67": Finding(
        "With all five, 32 layers are {size[all five, 32 less 4 layers]} points "
        "behind 4. Clipping and skips are needed; tanh in place of ReLU, or no "
        "norm, is better by {size[32 layers, all five over without ReLU "
        "(tanh)]} and {size[32 layers, all five over without norm]} points.",
        ends={"points": ("against the claim", "as claimed")},
    ),
}
