"""What was found of each claim of regularization, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C80": Finding(
        "Weights shrink, none becomes 0 and the condition number falls. Two "
        "copies of a feature get equal weights; but where features do not "
        "overlap, L2 concentrates weight on the strong ones.",
    ),
    "C81": Finding(
        "Added to the loss, the penalty makes no weight exactly 0, neither "
        "with SGD nor with Adam; a proximal step of the same strength makes "
        "three quarters of them 0.",
    ),
    "C84": Finding(
        "One scaled pass is the mean of all subnetworks for linear layers, "
        "their normalized geometric mean for one softmax layer, and near the "
        "mean with ReLUs. Two copies of a feature get equal weights.",
    ),
    "C85": Finding(
        "One of the three printed scalings keeps the mean. At p = 0.2 the "
        "other two are off by a factor of four, and both are right at 0.5.",
    ),
    "C87": Finding(
        "Not tested here; Simard et al. (2003) found distortions to halve the "
        "errors on MNIST. One case is run live: shifts of digits, with "
        "wrong labels.",
    ),
    "C89": Finding(
        "No row is longer than the limit and no update leads farther than it "
        "would without; but a rate that is too high stays too high: the "
        "weight jumps between the ends.",
    ),
    "C88": Finding(
        "Label smoothing lowers the calibration error by {mean[G14, "
        "calibration error]} to {mean[M1-1000, calibration error]}. Accuracy "
        "falls by {size[M1-1000, accuracy]} points on MNIST-1D with 1,000 "
        "examples and {size[G14, accuracy]} on characters; a rise of {mean[M1, "
        "accuracy]} with 4,000 hangs on one seed.",
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
        "In nets of 64 units the best of three rates gains {mean[the best "
        "rate, G14]} to {mean[the best rate, M1-1000]} points. A rate of 0.5 "
        "gains {mean[0.5, M1-1000]} on 1,000 examples of MNIST-1D, and costs "
        "{size[0.5, M1]} on 4,000 and {size[0.5, G14]} on characters.",
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
