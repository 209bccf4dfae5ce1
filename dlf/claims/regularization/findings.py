"""What was found of each claim of regularization, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C88": Finding(
        "Label smoothing lowers the calibration error by {mean[G14, "
        "calibration error]} to {mean[M1-1000, calibration error]}; accuracy "
        "does not rise, and falls by {size[M1-1000, accuracy]} and {size[G14, "
        "accuracy]} points on two of three data sets.",
        ends={
            "ECE": ("plain better calibrated", "smoothing better calibrated"),
            "points": ("plain better", "smoothing better"),
        },
    ),
    "C79": Finding(
        "Not tested here; Neal et al. (2018) found the variance to fall with "
        "width, and Nakkiran et al. (2020) the test error to fall again.",
    ),
    "C82": Finding(
        "Not tested here; it is about linear regression, where a theorem says "
        "that the elastic net keeps correlated features together.",
    ),
    "C83": Finding(
        "In nets of 64 units a small dropout gains {mean[the best rate, M1]} "
        "to {mean[the best rate, M1-1000]} points on MNIST-1D and none on "
        "characters; a rate of 0.5 costs {size[0.5, M1-1000]} to {size[0.5, "
        "G14]} points.",
        ends={"points": ("no dropout better", "dropout better")},
    ),
    "C90": Finding(
        "Mixup gains {mean[M1-1000]} points on 1,000 examples of MNIST-1D and "
        "loses {size[G14]} on characters; on 4,000 examples a gain of a point "
        "is not shown.",
        ends={"points": ("no mixup better", "mixup better")},
    ),
    "C86": Finding(
        "Stopping by the source's rule costs {size[M1-1000, 0 % noise]} to "
        "{size[M1, 0 % noise]} points of accuracy on clean labels; with 40 % "
        "noise it gains {mean[M1, 40 % noise]} points on 4,000 examples and "
        "none is shown on 1,000.",
        ends={"points": ("the last epoch better", "stopping better")},
    ),
}
