"""What was found of each claim of losses, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C24": Finding(
        "With outliers among the targets, the error under MSE is {small[*]} "
        "to {large[*]} times that under MAE, Huber or log-cosh.",
        ends={"ratio": ("MSE lower error", "rival lower error")},
    ),
    "C25": Finding(
        "With SGD, MAE took {mean[(a) sgd]} times as many steps as MSE, with "
        "Adam as many; the kink is not the main reason, since smoothing it "
        "removed less than half of the excess.",
        ends={"ratio": ("against the claim", "as claimed")},
    ),
    "C26": Finding(
        "A tuned Huber loss is as good as MSE and MAE; with outliers a "
        "wrong δ costs {mean[(c) worst to best, 5 %, symmetric]} to "
        "{mean[(c) worst to best, 20 %, one-sided]} times the error.",
        ends={"ratio": ("the other loss better", "this Huber loss better")},
    ),
    "C27": Finding(
        "In real numbers cross-entropy never reaches 0; as computed it "
        "does, and with noisy labels it stays far from it.",
    ),
    "C28": Finding(
        "Equally tuned, cross-entropy beat squared error by {mean[M1]} points "
        "on MNIST-1D and by {mean[G14, 36 classes]} on 36 characters, and lost "
        "by {size[D8]} on the digits.",
        ends={"points": ("squared error better", "cross-entropy better")},
    ),
    "C29": Finding(
        "Trained to the end, with output biases that start at the classes' "
        "frequency, sigmoids with binary cross-entropy beat softmax, by "
        "{size[G14, 10 classes]} to {size[G14, 36 classes]} points.",
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
