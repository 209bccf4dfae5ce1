"""Claims of normalization that are listed and not tested."""

from dlf.experiments.claim import Source, Untested

C68 = Untested(
    number="C68",
    title="Batch norm works because it reduces internal covariate shift",
    sources=(
        Source("S4", "§1.4.3", "Reduces internal covariate shift"),
        Source("S1", "l.163", "Prevents internal covariate shift"),
    ),
    hypothesis=(
        "With batch norm the inputs of a layer drift less while the layers "
        "below learn, and where that drift is put back its gain is lost."
    ),
    rule=(
        "“Shift” has no agreed measure: drift of means and deviations, and the "
        "change of a layer's gradient when the layers below move, come to "
        "different answers, and both depend on the rate at which nets are "
        "compared. Santurkar's experiment, which asks for the cause, is run in "
        "small on the page, without a verdict."
    ),
    literature=(
        "Ioffe and Szegedy (2015) have it as the motive. Santurkar et al. "
        "(2018): nets with noise added behind batch norm drift more and train "
        "nearly as well; the gradient changes no less with batch norm."
    ),
)

C73 = Untested(
    number="C73",
    title="Batch norm makes the landscape smoother",
    sources=(Source("S4", "§1.4.3", "Makes optimization landscape smoother"),),
    hypothesis=(
        "Along the gradient, loss and gradient change less with batch norm "
        "than without, and so does the largest curvature."
    ),
    rule=(
        "A normalized layer does not see the scale of its weights, and "
        "sharpness does, so that the answer turns on the coordinates that one "
        "chooses; what a user gains by it, a higher rate and fewer steps, is "
        "measured as claim C69."
    ),
    literature=(
        "Santurkar et al. (2018): smoother along the gradient. Ghorbani, "
        "Krishnan and Xiao (2019): norm removes outlying eigenvalues of the "
        "Hessian. Yao et al. (2020): not necessarily smoother, in shallow nets "
        "above all."
    ),
)

C74 = Untested(
    number="C74",
    title="Batch norm before the activation in CNNs, after it in dense nets",
    sources=(
        Source("S1", "l.267", "Before activation functions (common in CNNs)"),
        Source("S1", "l.267", "After activation functions"),
    ),
    hypothesis=(
        "Batch norm before the activation is better in CNNs, and after it in "
        "dense nets."
    ),
    rule=(
        "What is “common” is a matter for a survey of code; the source does "
        "not say that either place is better."
    ),
    literature=(
        "Ioffe and Szegedy (2015) put it before. Mishkin, Sergievskiy and "
        "Matas (2017), a CNN on ImageNet at 128 pixels: after is slightly "
        "better."
    ),
)

C75 = Untested(
    number="C75",
    title="Batch norm promotes sparsity",
    sources=(Source("S2", "Sparsity (c)", "can indirectly promote sparsity"),),
    hypothesis="With batch norm more activations of a ReLU net are zero.",
    rule=(
        "That it “can” is true of any layer whose shift can be learned: for "
        "Gaussian inputs the fraction of zeros behind scale γ and shift β is "
        "Φ(−β/γ), which training may move either way."
    ),
    literature=(
        "Mehta, Kim and Theobalt (2019): batch norm with ReLU, an adaptive "
        "optimizer and an L2 penalty kills whole filters."
    ),
)
