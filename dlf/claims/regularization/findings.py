"""What was found of each claim of regularization, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C79": Finding(
        "Not tested here; Neal et al. (2018) found the variance to fall with "
        "width, and Nakkiran et al. (2020) the test error to fall again.",
    ),
    "C82": Finding(
        "Not tested here; it is about linear regression, where a theorem says "
        "that the elastic net keeps correlated features together.",
    ),
}
