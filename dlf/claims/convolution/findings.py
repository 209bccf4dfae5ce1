"""What was found of each claim of convolution, in one sentence."""

from dlf.experiments.findings import Finding

AHEAD = {"points": ("against the claim", "as claimed")}

FINDINGS = {
    "C91": Finding(
        "At equal size a CNN leads an MLP by {mean[(b) FM]} points on "
        "Fashion-MNIST, {mean[(b) MN]} on MNIST, not on 200 digits; whether "
        "shuffled pixels halve the lead, five seeds cannot tell.",
        ends=AHEAD,
    ),
    "C92": Finding(
        "Nets with max pooling lead narrower ones without, of equal cost, by "
        "{mean[(b) G14]} points on characters and {mean[(b) FM]} on "
        "Fashion-MNIST, and cheaper ones with strides by {mean[(c) G14]} and "
        "{mean[(c) FM]}.",
        ends=AHEAD,
    ),
    "C93": Finding(
        "With 9,000 parameters and 1,000 images a CNN leads an MLP by "
        "{mean[over the MLP, FM, 1,000]} points, a transformer by "
        "{mean[over the ViT, FM, 1,000]}; with 10,000 by "
        "{mean[over the MLP, FM, 10,000]} and "
        "{mean[over the ViT, FM, 10,000]}.",
        ends=AHEAD,
    ),
}
