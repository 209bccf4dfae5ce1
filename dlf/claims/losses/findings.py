"""What was found of each claim of losses, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C24": Finding(
        "With outliers among the targets, the error under MSE is {small[*]} "
        "to {large[*]} times that under MAE, Huber or log-cosh.",
        ends={"ratio": ("MSE lower error", "rival lower error")},
    ),
    "C25": Finding(
        "MAE was not shown to be harder to optimize than MSE, and smoothing "
        "its kink did not help.",
    ),
    "C26": Finding(
        "A tuned Huber loss is as good as MSE and MAE; with outliers a "
        "wrong δ costs {mean[(c) worst to best, 5 %, symmetric]} to "
        "{mean[(c) worst to best, 20 %, one-sided]} times the error.",
    ),
    "C27": Finding(
        "In real numbers cross-entropy never reaches 0; as computed it "
        "does, and with noisy labels it stays far from it.",
    ),
    "C28": Finding(
        "Cross-entropy beat squared error on MNIST-1D, by {mean[M1]} "
        "points, and lost on 200 digits, by {size[D8-200]} points.",
        ends={"points": ("MSE better", "cross-entropy better")},
    ),
    "C29": Finding(
        "With 36 classes softmax beat binary cross-entropy by {mean[G14, 36 "
        "classes]} points; with ten classes no difference could be shown.",
        ends={"points": ("binary better", "softmax better")},
    ),
    "C30": Finding(
        "Sparse labels do save memory; that categorical cross-entropy needs "
        "one-hot labels is false, since soft targets work.",
    ),
    "C31": Finding(
        "For targets within ±3 a linear output wins clearly, and for two "
        "classes sigmoid and softmax are equal; for labels that co-occur "
        "softmax won, by {size[(b) labels that co-occur]} points.",
        ends={"points": ("expected unit worse", "expected unit better")},
    ),
    "C32": Finding(
        "BCE gives the lower negative log-likelihood, by {small[G14, "
        "binary: Bernoulli]} to {large[D8, binary: Bernoulli]} times; in "
        "wrong pixels no difference could be shown.",
    ),
}
