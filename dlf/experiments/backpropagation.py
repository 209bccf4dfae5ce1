"""Two claims about backpropagation: its printed equations, and ReLU's kink."""

from functools import partial

from dlf.experiments import backpropagation_kink as kink
from dlf.experiments import backpropagation_printed as printed
from dlf.experiments.core import Exact, Measured, Part, Source


def _part(name, words, equation, of, output, batch):
    test = partial(printed.tried, equation, of, output, batch)
    return Part(name, words, test)


_STEP_1 = "δ(L) = ∇a(L) ⊙ f′(z(L))"
_STEP_2 = "δ(l) = (W(l+1)ᵀ δ(l+1)) ⊙ f′(z(l))"
_STEP_3 = "∂L/∂W(l) = δ(l) (a(l−1))"
_CHAIN = "∂L/∂W = ∂L/∂a · ∂a/∂z · ∂z/∂W"
_CASES = {
    "half squares and sigmoid": printed.sigmoid,
    "cross-entropy and softmax": printed.softmax,
}

C33 = Exact(
    number="C33",
    title="The printed backpropagation equations",
    sources=(
        Source("S0", "§6, step 1", _STEP_1),
        Source("S0", "§6, step 2", _STEP_2),
        Source("S0", "§6, step 3", _STEP_3),
        Source("S2", "Backpropagation 2", _CHAIN),
    ),
    hypothesis=(
        "Each equation, read literally, gives the exact gradient for half a "
        "squared error on sigmoid outputs and for cross-entropy on softmax "
        "outputs, for one example and for a batch."
    ),
    rule=(
        "Each equation and case on 20 random nets, in float64, against central "
        "differences and automatic differentiation, to 1e-6 of the largest "
        "entry. Each later step is tried from a correct earlier one. Holds if "
        "all cases do, holds in part if some do."
    ),
    literature=(
        "Rumelhart, Hinton and Williams (1986) derive the equations for "
        "elementwise output units."
    ),
    expects=("holds in part",),
    parts=(
        *(
            _part(
                f"step 1, {case}, {count}",
                _STEP_1,
                printed.elementwise_error,
                "z2",
                output,
                batch,
            )
            for case, output in _CASES.items()
            for count, batch in (("one example", 1), ("batch of 5", 5))
        ),
        *(
            _part(
                f"step 2, {case}, batch of 5",
                _STEP_2,
                printed.hidden_error,
                "z1",
                output,
                5,
            )
            for case, output in _CASES.items()
        ),
        *(
            _part(
                f"step 3, {count}",
                _STEP_3,
                printed.weight_without_transpose,
                "w2",
                printed.sigmoid,
                batch,
            )
            for count, batch in (("one example", 1), ("batch of 5", 5))
        ),
        _part(
            "chain, each weight by itself",
            _CHAIN,
            printed.chain_of_numbers,
            "w2",
            printed.sigmoid,
            1,
        ),
        _part(
            "chain, as matrices",
            _CHAIN,
            printed.chain_of_matrices,
            "w2",
            printed.sigmoid,
            1,
        ),
    ),
)

C34 = Measured(
    number="C34",
    title="That ReLU has no derivative at zero matters",
    sources=(
        Source("S1", "l.191, Limitations", "Non-differentiable at z = 0"),
        Source("S4", "§1.2.2", "Not differentiable at zero"),
    ),
    hypothesis=(
        "Which slope ReLU is given at zero (0, ½ or 1) changes test accuracy "
        "by half a point or more; and exact zeros that pass a gradient on make "
        "up more than one in ten thousand of its evaluations."
    ),
    rule=(
        "In each cell (data, depth, precision) two paired differences, slope "
        "0 against ½ and against 1, intervals widened for 16 together: "
        "supported if the interval excludes 0 and the mean is at least 0.5 "
        "point in size, refuted if the interval lies within ±0.5 point. Zeros, "
        "for each precision: supported if the share exceeds 1e-4 in all nets, "
        "refuted if in none."
    ),
    literature=(
        "Bertoin et al. (2021): gradients differ in about half of their "
        "float32 runs, always in float16, never in float64; slope 0 is best "
        "for plain SGD, and batch normalisation and Adam buffer the effect."
    ),
    expects=("does not hold", "undecided at this budget", "holds in part"),
    cells={
        f"{data}, depth {depth}, {dtype}": {
            "data": data,
            "depth": depth,
            "dtype": dtype,
        }
        for data in ("M1", "D8")
        for depth in (2, 8)
        for dtype in ("float32", "bfloat16")
    },
    measure=kink.measure,
    judge=kink.judge,
    seeds=20,
    cuts="One learning rate (0.05) for all nets, 600 steps.",
)
