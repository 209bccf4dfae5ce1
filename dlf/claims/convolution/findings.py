"""What was found of each claim of convolution, in one sentence."""

from dlf.experiments.findings import Finding

AHEAD = {"points": ("against the claim", "as claimed")}

FINDINGS = {
    "C91": Finding(
        "At equal size a CNN leads an MLP by {mean[(b) FM]} points on "
        "Fashion-MNIST and {mean[(b) MN]} on MNIST; on 200 digits it is not "
        "shown to lead. Whether shuffled pixels halve the lead, five seeds "
        "cannot tell.",
        ends=AHEAD,
    ),
    "C92": Finding(
        "At equal cost max pooling leads narrower nets without it by "
        "{mean[(b) G14]} points on characters and is level on Fashion-MNIST; "
        "it leads strides, which are cheaper, by {mean[(c) G14]} and "
        "{mean[(c) FM]}.",
        ends=AHEAD,
    ),
    "C93": Finding(
        "With 9,000 parameters and 1,000 images a CNN leads an MLP by "
        "{mean[over the MLP, FM, 1,000]} points, a transformer by "
        "{mean[over the ViT, FM, 1,000]}; with 10,000 by "
        "{mean[over the MLP, FM, 10,000]} and "
        "{mean[over the ViT, FM, 10,000]}, data and steps grown together. The "
        "transformer is below the MLP in both.",
        ends=AHEAD,
    ),
}
