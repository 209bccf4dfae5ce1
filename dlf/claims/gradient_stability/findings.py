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
    "C66": Finding(
        "Not tested here; Lewkowycz et al. (2020) found nets that went through "
        "an early spike to generalize as well or better.",
    ),
}
