"""Three claims about single units, C4 to C6.

Each was stated with its rule before its first scored run; what is computed
stands in the modules `perceptron_…` beside this one.
"""

from dlf.experiments import perceptron_rule as rule
from dlf.experiments import perceptron_spikes as spikes
from dlf.experiments import perceptron_xor as xor
from dlf.experiments.core import Exact, Measured, Part, Source

C4 = Exact(
    number="C4",
    title="The perceptron rule ends when all data are classified",
    sources=(
        Source(
            "S2",
            "Perceptron 3–4",
            "until the model correctly classifies all training data",
        ),
        Source("S2", "Example", "AND with weights 0.5, 0.5 and bias −0.7"),
        Source("S2", "Perceptron 3", "η … controls how much weights change"),
    ),
    hypothesis=(
        "(a) The weights given compute AND. (b) On separable data the updates "
        "stop after at most (R/γ)² mistakes. (c) They stop on all data. (d) "
        "From zero weights η changes no prediction. (e) The rule as printed, "
        "which updates no bias, learns AND."
    ),
    rule=(
        "Exact, part by part: by hand; on 200 random separable sets of 100 "
        "points in 2 to 10 dimensions, R and γ taken with the constant input 1 "
        "appended and γ for the line that drew the labels; on XOR for 1,000 "
        "epochs, looking for a repeated state; the mistakes at η = 0.01, "
        "1 and 100 on AND in rational numbers and on the 200 sets in float64; "
        "AND from zero without and with the bias."
    ),
    literature=(
        "Rosenblatt (1958); Novikoff (1962) bounds the mistakes; Minsky and "
        "Papert (1969) on XOR."
    ),
    expects=("holds in part",),
    parts=(
        Part("(a) AND", "weights 0.5, 0.5, bias −0.7", rule.given),
        Part("(b) separable data", "Repeat Until Convergence", rule.bounded),
        Part("(c) all data", "until … all training data", rule.stops),
        Part("(d) η from zero", "controls how much weights change", rule.rate),
        Part("(e) as printed", "Δwᵢ = η(y − ŷ)xᵢ", rule.printed),
    ),
)

C5 = Measured(
    number="C5",
    title="A hidden layer solves what a perceptron cannot",
    sources=(
        Source("S2", "MLFFN", "can solve complex, non-linear problems"),
        Source("S2", "MLFFN", "(Unlike a simple perceptron)"),
    ),
    hypothesis=(
        "(a) No threshold unit computes XOR, and a net 2-2-1 of threshold "
        "units does. (b) Gradient descent finds such a net: at width 2 at "
        "least 95 % of the seeds end without an error, with ReLU and with tanh."
    ),
    rule=(
        "(a) exact. (b) by the exact (Clopper–Pearson) 95 % interval of the "
        "share of 200 seeds: supported if its lower end is at least 0.95, "
        "refuted if its upper end is below, else undecided. Widths 3, 4, 8 and "
        "16 are reported and not counted. Full batches of the four points, "
        "cross-entropy, momentum 0.9, rate 0.1, He weights, zero biases, 1,000 "
        "steps in float64."
    ),
    literature=(
        "Rumelhart, Hinton and Williams (1986) report a local minimum for XOR; "
        "Sprinkhuizen-Kuyper and Boers (1998) show that with sigmoids and "
        "squared error every finite stationary point is a saddle or a global "
        "minimum."
    ),
    expects=("holds in part",),
    mode="live",
    cells=xor.CELLS,
    measure=xor.measure,
    judge=xor.judge,
    seeds=200,
    here="Width 2 alone, 50 fresh seeds.",
    replica=lambda: {
        c: C5.measured(C5.cells[c] | {"first": 1_000, "seeds": 50})
        for c in ("relu 2", "tanh 2")
    },
)

C6 = Measured(
    number="C6",
    title="An artificial neuron mimics a biological one",
    sources=(
        Source("S2", "Biological neuron", "This process is mimicked"),
        Source("S2", "Soma", "sums up the inputs and applies a threshold"),
    ),
    hypothesis=(
        "As printed it cannot be tested: nothing is said of what is to be "
        "alike. Sharpened: whether a leaky integrate-and-fire unit spikes "
        "within 50 ms is predicted by a weighted sum of its input counts and a "
        "threshold with at least 95 % accuracy, at membrane time constants of "
        "2, 10 and 50 ms."
    ),
    rule=(
        "By time constant, ten seeds, 20 exciting inputs, 1,000 trials to fit "
        "a logistic regression on the counts and 1,000 to test it, inputs so "
        "frequent that half of the trials spike: supported if the 95 % "
        "interval of the accuracy lies at or above 0.95, refuted if it lies "
        "below. All three: the sharpened claim holds; some: in part; the "
        "printed one stays untestable. Four inhibiting inputs of twenty are a "
        "control."
    ),
    literature=(
        "McCulloch and Pitts (1943). Gidon et al. (2020): one human dendrite "
        "computes XOR. Beniaguev, Segev and London (2021): imitating one "
        "cortical neuron takes a network of five to eight layers."
    ),
    expects=("untestable as stated",),
    mode="live",
    cells=spikes.CELLS,
    measure=spikes.measure,
    judge=spikes.judge,
    conclude=spikes.conclude,
    here="Five fresh seeds, no control.",
    replica=lambda: {
        c: C6.measured(C6.cells[c] | {"first": 1_000, "seeds": 5})
        for c in ("2 ms", "10 ms", "50 ms")
    },
)
