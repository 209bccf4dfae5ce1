import numpy as np
import torch
import torch.nn.functional as F

from dlf.nn import activations as nn
from dlf.scratch.activations import elementwise as scratch
from dlf.scratch.activations import gated

from . import ELEMENTWISE, Concept


def numbers(rng):
    return (rng.normal(scale=3, size=(5, 4)),)


def elementwise(f, *twins, **more):
    name = f"activations/{f.__name__}"
    return Concept(name, f, numbers, twins, hostile=ELEMENTWISE, **more)


def with_weight(*x):
    return tuple((a, np.array([0.25])) for a in map(np.array, x))


def pair(rng):
    return tuple(rng.normal(scale=2, size=(2, 5, 4)))


PAIRS = (
    (np.array([[1e4, -1e4]]), np.array([[-1e4, 1e4]])),
    (np.array([[5e-324, 1.0]]), np.array([[1.0, 5e-324]])),
    (np.array([[np.inf, 1.0, 2.0]]), np.array([[1.0, np.inf, -np.inf]])),
    (np.zeros((0, 3)), np.zeros((0, 3))),
    (np.ones((1, 1)), np.ones((1, 1))),
    (np.ones((2, 1, 3)), np.full((2, 1, 3), 0.5)),
)
ROWS = (
    (np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, 0.0]]),),
    (np.array([[1e4 + 1, 1e4]]),),
    (np.full((2, 3), 5e-324),),
    (np.zeros((0, 3)),),
    (np.zeros((1, 1)),),
    (np.linspace(-2, 3, 30).reshape(2, 5, 3),),
)
MASKED = (np.array([[0.0, -np.inf, 1.0], [-np.inf, -np.inf, -np.inf]]),)

CONCEPTS = [
    elementwise(scratch.identity, torch.nn.Identity().forward),
    elementwise(
        scratch.step,  # torch's heaviside has no backward; sign's is 0
        lambda x: (torch.sign(torch.sign(x) + 0.5) + 1) / 2,
    ),
    elementwise(scratch.sigmoid, torch.sigmoid),
    elementwise(scratch.tanh, torch.tanh),
    elementwise(
        scratch.hardtanh,
        F.hardtanh,
        settings=({}, {"min_val": -0.5, "max_val": 2.0}),
        refuses=(
            (
                (np.ones(2), {"min_val": 1.0, "max_val": 1.0}),
                "must lie below max_val, because nothing passes otherwise; "
                "got 1.0 and 1.0",
            ),
        ),
    ),
    elementwise(scratch.hardsigmoid, lambda x: F.relu6(x + 3) / 6),
    elementwise(
        scratch.hardsigmoid,
        F.hardsigmoid,
        rtol=(1e-12, 5e-8),  # torch's slope is the float32 number next to 1/6
    ),
    elementwise(scratch.relu, F.relu),
    elementwise(scratch.squared_relu, nn.squared_relu),
    elementwise(
        scratch.leaky_relu,
        F.leaky_relu,
        settings=({}, {"negative_slope": 0.2}, {"negative_slope": 0.0}),
    ),
    Concept(
        "activations/prelu",
        scratch.prelu,
        draw=lambda rng: (rng.normal(size=(5, 4)), rng.normal(size=4)),
        twins=(F.prelu,),
        wrt=2,
        hostile=(
            *with_weight([[1e4], [-1e4]], [[5e-324], [0.0]]),
            *with_weight([[np.inf], [-np.inf]], np.zeros((0, 1))),
        ),
    ),
    elementwise(scratch.elu, F.elu, settings=({}, {"alpha": 0.5})),
    elementwise(scratch.selu, F.selu),
    elementwise(
        scratch.softplus,
        nn.softplus,
        lambda x: F.softplus(x, threshold=40),  # at 20 its error is 2e-9
    ),
    Concept(
        "activations/softmax",
        scratch.softmax,
        numbers,
        twins=(lambda x: F.softmax(x, dim=-1),),
        hostile=(*ROWS, MASKED),
        refuses=(
            ((np.zeros((3, 0)),), "must have a last axis to share among"),
        ),
    ),
    elementwise(
        gated.gelu,
        F.gelu,
        settings=({}, {"approximate": "tanh"}),
        refuses=(
            (
                (np.ones(2), {"approximate": "sigmoid"}),
                "must be 'none' or 'tanh', because only those are defined; "
                "got 'sigmoid'",
            ),
        ),
    ),
    elementwise(
        gated.swish,
        nn.swish,
        settings=({}, {"beta": 2.5}, {"beta": 0.0}, {"beta": -1.0}),
    ),
    elementwise(gated.swish, F.silu),
    elementwise(gated.mish, nn.mish, F.mish),
    elementwise(gated.hardswish, F.hardswish),
    Concept(
        "activations/glu",
        gated.glu,
        draw=pair,
        twins=(
            nn.glu,
            lambda value, gate: F.glu(torch.cat((value, gate), dim=-1)),
        ),
        wrt=2,
        hostile=PAIRS,
        excused={
            "large float16": "1 - sigmoid has few digits where a gate is open"
        },
    ),
    Concept("activations/geglu", gated.geglu, pair, (nn.geglu,), 2, PAIRS),
    Concept("activations/swiglu", gated.swiglu, pair, (nn.swiglu,), 2, PAIRS),
    Concept(
        "activations/maxout",
        gated.maxout,
        numbers,
        twins=(nn.maxout,),
        hostile=(
            (np.array([[1e4, -1e4, 5e-324, 0.0], [np.inf, 0, -np.inf, 1]]),),
            (np.zeros((0, 4)),),
            (np.linspace(-2, 3, 24).reshape(2, 3, 4),),
        ),
        refuses=(
            (
                (np.ones((2, 4)), {"pieces": 3}),
                "must divide 4, because x has 4 features to group; got 3",
            ),
            ((np.ones((2, 4)), {"pieces": 0}), "got 0"),
        ),
        settings=({"pieces": 2}, {"pieces": 4}, {"pieces": 1}),
    ),
    Concept(
        "activations/sparsemax",
        gated.sparsemax,
        numbers,
        twins=(nn.sparsemax,),
        hostile=ROWS,
        refuses=(
            ((np.zeros((3, 0)),), "must have a last axis to share among"),
        ),
    ),
]
