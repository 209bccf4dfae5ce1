"""What was found of each claim of gradient stability, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C61": Finding(
        "The two powers are right. Neither printed product is the derivative "
        "by a weight, one lacks the input and one is the derivative by the "
        "input; and what holds of numbers does not hold of matrices.",
    ),
    "C62": Finding(
        "Norms above 1 are needed for growth and do not suffice; eigenvalues "
        "above 1 are neither needed nor enough, unless one matrix is repeated.",
    ),
    "C63": Finding(
        "From two layers to three, sigmoid nets lose {small[sigmoid]} to "
        "{large[sigmoid]} points and tanh nets none; with two, tanh is "
        "{mean[M1, tanh less sigmoid]} points ahead on MNIST-1D and "
        "{size[G14, tanh less sigmoid]} behind on characters.",
        ends={"points": ("against the claim", "as claimed")},
    ),
    "C64": Finding(
        "Plain ReLU nets of 50 layers keep their size under He's weights and "
        "explode under larger ones or with skips; but bounded tanh, and ReLU "
        "with batch norm, make gradients explode as well.",
    ),
    "C66": Finding(
        "Not tested here; Lewkowycz et al. (2020) found nets that went through "
        "an early spike to generalize as well or better.",
    ),
}
