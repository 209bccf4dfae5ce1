"""What was found of each claim of activation functions, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C12": Finding(
        "Two layers learn MNIST-1D in {size[M1, 2 layers, steps against "
        "sigmoid]} times fewer steps with ReLU than with sigmoid; with "
        "eight layers tanh is faster than ReLU.",
        ends={"ratio": ("rival faster", "ReLU faster")},
    ),
    "C13": Finding(
        "ReLU was within a point of the best activation in {k} of {n} "
        "networks; elsewhere it gave away up to {most[*]} points.",
        ends={"points": ("ReLU is best", "another is better")},
        bars={"": ("at most", 0.01)},
    ),
    "C14": Finding(
        "Centered outputs learn faster from two layers on, up to "
        "{most[D8-200, SGD, 8 layers, steps]} times; with one layer it is "
        "the other way round.",
        ends={
            "ratio": ("centered slower", "centered faster"),
            "points": ("centered worse", "centered better"),
        },
    ),
    "C15": Finding(
        "{count[false]} of {n} printed ranges and slopes are wrong: tanh′ "
        "does reach 1, hard tanh does reach ±1, and the sigmoid reaches "
        "neither 0 nor 1.",
    ),
    "C16": Finding(
        "Alone, sigmoid costs {size[(a) sigmoid kernel over ReLU's]} times as "
        "much as ReLU and tanh, here, {size[(a) tanh kernel over ReLU's]} "
        "times; tanh makes a training step {small[(b) step with tanh]} to "
        "{large[(b) step with tanh]} times as long, sigmoid no longer.",
        ends={
            "ratio": ("cheaper", "dearer"),
            "points": ("hard tanh better", "tanh better"),
        },
    ),
    "C17": Finding(
        "ReLU keeps the gradient, and exponentials are not the reason: ELU "
        "has one and keeps it, GELU and centered softplus have one and let it "
        "grow, hard sigmoid has none and loses it.",
        ends={"(log10)": ("gradient vanishes", "gradient grows")},
        bars={
            "(a) ReLU": ("within", 1.0),
            "(b) hard sigmoid": ("within", 1.0),
            "": ("at most", -6.0),
        },
    ),
    "C18": Finding(
        "Higher rates and a negative bias leave more units dead, but not "
        "perpetually: the share of the dead that fire again exceeds 1 % by "
        "{size[(c) 1 %, less the share of the dead that revive]} points.",
    ),
    "C19": Finding(
        "Leaky ReLU has no dead units, and on the digits the same accuracy; "
        "whether it rescues nets where most units die stayed open.",
        ends={"points": ("ReLU better", "leaky better")},
    ),
    "C20": Finding(
        "PReLU fits random labels better with eight layers and not with "
        "two; ELU's outputs are nearer to zero mean, but that it is "
        "steadier was seen in one cell of four.",
    ),
    "C21": Finding(
        "Swish gained up to {most[(a)]} points over ReLU in some deep "
        "designs and nothing in others.",
        ends={"points": ("ReLU better", "Swish better")},
    ),
    "C22": Finding(
        "Newer activations win on MNIST-1D, by {least[(a) M1]} to {most[(a) "
        "M1]} points, but with the gradient flow made equal more than half "
        "of the gap stays.",
    ),
    "C23": Finding(
        "ReLU does give many zeros, yet keeps far more than a fifth of its "
        "units active; more zeros reduced overfitting on MNIST-1D alone, by "
        "{mean[(b) M1: gap of ReLU less that with more zeros]} points.",
    ),
}
