"""What was found of each claim of the perceptron, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C4": Finding(
        "On XOR the rule goes round for ever, and as printed, without the "
        "bias, it never learns AND; it does end on data that a line "
        "separates.",
    ),
    "C5": Finding(
        "Weights for XOR exist, and that is all the source says; with two "
        "hidden units gradient descent finds them in only "
        "{mean[(b) relu 2]} % (ReLU) or {mean[(b) tanh 2]} % (tanh) of the "
        "runs.",
        ends={"points": ("rarely solved", "always solved")},
        bars={"(b)": ("at least", 0.95)},
    ),
    "C6": Finding(
        "A weighted sum and a threshold predict the spikes of a simple "
        "model neuron with {least[*]} to {most[*]} % accuracy, short of "
        "what the rule asks.",
        ends={"points": ("worse predicted", "better predicted")},
        bars={"": ("at least", 0.95)},
    ),
}
