"""What was found of each claim of gradient stability, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C61": Finding(
        "The two powers are right. Neither printed product is the derivative "
        "by a weight; and what holds of numbers above 1 does not hold of "
        "matrices of a norm above 1.",
    ),
    "C62": Finding(
        "Weights of a norm above 1 do not suffice for growth, though without "
        "skips and with |f′| at most 1 they are needed; eigenvalues above 1 "
        "are neither needed nor enough, unless one matrix is repeated.",
    ),
    "C63": Finding(
        "From two layers to three, sigmoid nets lose {small[sigmoid]} to "
        "{large[sigmoid]} points; tanh gains {size[tanh, G14, 2 less 3 "
        "layers]} on characters, and whether it loses on MNIST-1D is unclear. "
        "With two layers tanh is ahead there and behind on characters.",
        ends={"points": ("against the claim", "as claimed")},
    ),
    "C64": Finding(
        "Plain ReLU nets of 50 layers keep their size under He's weights and "
        "explode under larger ones or with skips; but bounded tanh, and ReLU "
        "with batch norm, make gradients explode as well.",
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
        "With all five, 32 layers are {size[all five, 32 less 4 layers]} "
        "points behind 4. Clipping and skips are needed; tanh in place of "
        "ReLU, or no norm, is better by {size[32 layers, all five over without "
        "ReLU (tanh)]} and {size[32 layers, all five over without norm]} "
        "points.",
        ends={"points": ("against the claim", "as claimed")},
    ),
}
