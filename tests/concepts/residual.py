import numpy as np
import torch
import torch.nn.functional as F

from dlf.scratch.residual import blocks, images

from . import Concept


def drawn(*shapes):
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)


def preactivation(x, w1, b1, w2, b2):
    return x + F.linear(F.relu(F.linear(F.relu(x), w1, b1)), w2, b2)


def original(x, w1, b1, w2, b2):
    return F.relu(x + F.linear(F.relu(F.linear(x, w1, b1)), w2, b2))


def projected(x, w1, b1, w2, b2, ws):
    branch = F.linear(F.relu(F.linear(x, w1, b1)), w2, b2)
    return F.relu(branch + x @ ws.T)


def gated(x, w, b, wt, bt):
    return torch.lerp(
        x, F.relu(F.linear(x, w, b)), torch.sigmoid(F.linear(x, wt, bt))
    )


def grown(x, w, b):
    return torch.cat([x, F.relu(F.linear(x, w, b))], 1)


def bottleneck(x, w1, b1, w2, b2, w3, b3):
    h = F.relu(F.conv2d(x, w1, b1))
    h = F.relu(F.conv2d(h, w2, b2, padding="same"))
    return F.relu(x + F.conv2d(h, w3, b3))


def padded(x, channels, stride=1):
    kept = x[:, :, ::stride, ::stride]
    return F.pad(kept, (0, 0, 0, 0, 0, channels - x.shape[1]))


D, H = 3, 4
NEGATIVE = -np.ones((2, D))
BRANCH = (np.zeros((H, D)), np.zeros(H), np.zeros((D, H)), np.zeros(D))
EVEN = (
    np.ones((2, 4, 5, 5)),
    np.ones((2, 4, 1, 1)),
    np.zeros(2),
    np.ones((2, 2, 2, 2)),
    np.zeros(2),
    np.ones((4, 2, 1, 1)),
    np.zeros(4),
)
CONCEPTS = [
    Concept(
        f"residual/{f.__name__}",
        f,
        drawn((5, D), (H, D), (H,), (D, H), (D,)),
        (twin,),
        wrt=5,
        hostile=(
            (NEGATIVE, *BRANCH),
            (1e4 * NEGATIVE, *BRANCH),
            (NEGATIVE[:0], *BRANCH),
        ),
    )
    for f, twin in (
        (blocks.preactivation_block, preactivation),
        (blocks.residual_block, original),
    )
] + [
    Concept(
        "residual/projection_block",
        blocks.projection_block,
        drawn((5, 3), (4, 3), (4,), (2, 4), (2,), (2, 3)),
        (projected,),
        wrt=6,
        hostile=(
            (
                np.full((1, 1), -2.0),
                np.ones((2, 1)),
                np.ones(2),
                np.ones((3, 2)),
                np.zeros(3),
                np.ones((3, 1)),
            ),
        ),
    ),
    Concept(
        "residual/highway",
        blocks.highway,
        drawn((5, D), (D, D), (D,), (D, D), (D,)),
        (gated,),
        wrt=5,
        hostile=(
            (NEGATIVE, np.eye(D), np.ones(D), np.eye(D), np.full(D, -800.0)),
            (NEGATIVE, np.eye(D), np.ones(D), np.eye(D), np.full(D, 800.0)),
            (NEGATIVE[:0], np.eye(D), np.ones(D), np.eye(D), np.ones(D)),
        ),
    ),
    Concept(
        "residual/dense_layer",
        blocks.dense_layer,
        drawn((5, 3), (2, 3), (2,)),
        (grown,),
        wrt=3,
        hostile=((NEGATIVE[:0], np.ones((2, D)), np.zeros(2)),),
    ),
    Concept(
        "residual/bottleneck",
        images.bottleneck,
        drawn(
            (2, 4, 5, 4),
            (2, 4, 1, 1),
            (2,),
            (2, 2, 3, 3),
            (2,),
            (4, 2, 1, 1),
            (4,),
        ),
        (bottleneck,),
        wrt=7,
        refuses=((EVEN, "`w2` must have an odd number of taps"),),
        excused={"large float16": "products of four factors leave its range"},
    ),
    Concept(
        "residual/projection_shortcut",
        images.projection_shortcut,
        drawn((2, 3, 5, 4), (4, 3, 1, 1)),
        (lambda x, w, stride=1: F.conv2d(x, w, stride=stride),),
        wrt=2,
        refuses=(
            *(
                (
                    (EVEN[0], EVEN[1], {"stride": stride}),
                    "`stride` must be at least 1 and a whole number",
                )
                for stride in (0, 2.0, True)
            ),
        ),
        settings=({}, {"stride": 2}),
    ),
    Concept(
        "residual/zero_padding_shortcut",
        images.zero_padding_shortcut,
        drawn((2, 3, 5, 4)),
        (padded,),
        refuses=(
            ((EVEN[0], {"channels": 3}), "`channels` must be no fewer"),
            ((EVEN[0], {"channels": 4, "stride": 0}), "`stride` at least 1"),
            ((EVEN[0], {"channels": 4.0}), "both whole numbers"),
            ((EVEN[0], {"channels": 4, "stride": 2.0}), "both whole numbers"),
            ((EVEN[0], {"channels": 4, "stride": True}), "both whole numbers"),
        ),
        settings=({"channels": 5}, {"channels": 3, "stride": 2}),
    ),
]
