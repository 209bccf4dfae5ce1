"""What was found of each claim of activation functions, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C12": Finding(
        "ReLU reaches a training loss in {mean[D8, 2 layers, steps against "
        "sigmoid]} to {mean[M1, 4 layers, steps against sigmoid]} times fewer "
        "steps than sigmoid; tanh is as fast or faster, by up to {size[D8, 2 "
        "layers, steps against tanh]} times.",
        ends={"ratio": ("rival faster", "ReLU faster")},
    ),
    "C13": Finding(
        "ReLU was shown to be within a point of the best of nine activations "
        "in {k} of {n} nets; in the others it lies up to {large[*]} points "
        "behind.",
        ends={"points": ("another is better", "ReLU is better")},
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
        "Where nets start with most units dead, a leak of 0.2 lets all learn "
        "and one of 0.01 none; where a tenth are dead a leak gains nothing, "
        "and with few dead it costs nothing.",
        ends={"points": ("ReLU better", "leaky better")},
    ),
    "C20": Finding(
        "ELU's outputs are {small[(b)]} to {large[(b)]} times nearer to zero "
        "mean than ReLU's; over initial scales it is steadier with two layers "
        "and not with eight; PReLU was not shown to fit random labels faster.",
        ends={"ratio": ("ReLU ahead", "PReLU or ELU ahead")},
    ),
    "C21": Finding(
        "In nets of eight layers Swish gained {least[M1]} to {most[M1]} points "
        "over ReLU on MNIST-1D and {mean[G14, norm]} on 36 characters; on the "
        "digits less than a point.",
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
