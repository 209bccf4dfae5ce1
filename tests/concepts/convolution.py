import numpy as np
import torch.nn.functional as F

from dlf.scratch.convolution import (
    correlation,
    nets,
    pooling,
    transposed,
    windows,
)

from . import Concept


def layer(x, w, outputs=0):
    """Draw an input, weights and a bias for each output."""

    def draw(rng):
        n = w[outputs]
        return rng.normal(size=x), rng.normal(size=w), rng.normal(size=n)

    return draw


def image(*shape):
    return lambda rng: (rng.normal(size=shape),)


def turned(x, w, padding=0):
    return F.conv2d(x, w.flip(-1, -2), padding=padding)


def separable(x, depthwise, pointwise, b, stride=1, padding=0):
    how = {"stride": stride, "padding": padding, "groups": x.shape[1]}
    return F.conv2d(F.conv2d(x, depthwise, **how), pointwise, b)


ONES = np.ones((1, 2, 4, 5))
W, B = np.ones((3, 2, 3, 2)), np.zeros(3)
LINE, TAPS = np.ones((1, 2, 6)), np.ones((3, 2, 3))
STAMP = np.ones((2, 3, 3, 2))
TIES = np.zeros((2, 1, 4, 4))
SETTINGS = (
    {},
    {"padding": 1},
    {"padding": (2, 1), "dilation": (1, 2)},
    {"stride": (1, 2), "padding": (0, 1)},
    {"stride": 2},
)
CONCEPTS = [
    Concept(
        "convolution/conv2d",
        correlation.conv2d,
        layer((2, 2, 4, 5), (3, 2, 3, 2)),
        (F.conv2d,),
        wrt=3,
        hostile=((0 * ONES, W, B), (1e4 * ONES, W, B), (ONES[:0], W, B)),
        refuses=(
            ((ONES[:, :, :2], W, B), "no smaller than a window"),
            ((ONES, W, B, {"stride": 0}), "`stride` must be at least 1"),
            ((ONES, W, B, {"padding": -1}), "`padding` must be at least 0"),
            ((ONES, W, B, {"dilation": 0}), "`dilation` must be at least 1"),
            ((ONES, W, B, {"groups": 2}), "`groups` must divide"),
            ((ONES, W, B, {"groups": 0}), "`groups` must divide"),
            ((ONES, W, B, {"padding": "same"}), "`padding` must be a whole"),
            ((ONES, W[:, :1], B), "filters on 2 channels"),
            ((ONES, W[..., :0], B), "`w` must have a tap"),
        ),
        settings=SETTINGS,
    ),
    Concept(
        "convolution/conv1d",
        correlation.conv1d,
        layer((2, 2, 6), (3, 2, 3)),
        (F.conv1d,),
        wrt=3,
        hostile=((0 * LINE, TAPS, B), (LINE[:0], TAPS, B)),
        settings=(
            {},
            {"padding": 2, "dilation": 2},
            {"padding": 1},
            {"stride": 2},
        ),
    ),
    Concept(
        "convolution/convolve2d",
        correlation.convolve2d,
        lambda rng: layer((2, 2, 4, 5), (3, 2, 3, 2))(rng)[:2],
        (turned,),
        wrt=2,
        settings=({"padding": (1, 2)}, {}),
    ),
    Concept(
        "convolution/conv_transpose2d",
        transposed.conv_transpose2d,
        layer((2, 2, 3, 2), (2, 3, 3, 2), 1),
        (F.conv_transpose2d,),
        wrt=3,
        hostile=((ONES[:0], STAMP, B), (1e4 * ONES, STAMP, B)),
        refuses=(
            ((ONES, STAMP, B[:2]), "`b` must have 3 entries"),
            ((ONES, STAMP, B, {"output_padding": 1}), "`output_padding`"),
            ((ONES, STAMP, B, {"output_padding": -1}), "`output_padding`"),
            ((ONES, STAMP, B, {"padding": 4}), "`padding` must leave"),
            ((ONES, STAMP, B, {"stride": 0}), "`stride` must be at least 1"),
            ((ONES, STAMP, B, {"groups": 3}), "`groups` must divide"),
        ),
        settings=(
            {},
            {"stride": 2, "padding": 1, "output_padding": 1},
            {"stride": (1, 3), "output_padding": (0, 2)},
            {"dilation": 2, "padding": (1, 0), "output_padding": (1, 0)},
            {"stride": 2},
        ),
    ),
    Concept(
        "convolution/conv_transpose1d",
        transposed.conv_transpose1d,
        layer((2, 2, 4), (2, 3, 3), 1),
        (F.conv_transpose1d,),
        wrt=3,
        settings=(
            {},
            {"stride": 3, "padding": 1, "output_padding": 2},
            {"dilation": 2, "padding": 1},
        ),
    ),
    Concept(
        "convolution/unfold",
        windows.unfold,
        image(2, 3, 4, 5),
        (F.unfold,),
        hostile=((ONES[:0],),),
        refuses=(
            ((ONES, {"kernel_size": 9}), "no smaller than a window"),
            ((ONES, {"kernel_size": 0}), "`kernel_size` must have a tap"),
        ),
        settings=(
            {"kernel_size": 2},
            {"kernel_size": (3, 2), "stride": (1, 2), "padding": 1},
            {"kernel_size": 2, "dilation": 2, "padding": (1, 0)},
        ),
    ),
    Concept(
        "convolution/fold",
        windows.fold,
        image(2, 12, 12),
        (F.fold,),
        refuses=(
            (
                (
                    np.ones((1, 5, 12)),
                    {"output_size": (4, 5), "kernel_size": 2},
                ),
                "a row for each tap",
            ),
            (
                (np.ones((1, 4, 9)), {"output_size": (4, 5), "kernel_size": 2}),
                "each of 12 windows",
            ),
        ),
        settings=(
            {"output_size": (4, 5), "kernel_size": 2},
            {
                "output_size": (6, 5),
                "kernel_size": 2,
                "stride": (2, 1),
            },
        ),
    ),
    Concept(
        "convolution/max_pool2d",
        pooling.max_pool2d,
        image(2, 3, 5, 6),
        (F.max_pool2d,),
        hostile=((TIES,), (-1e4 - np.ones((1, 2, 5, 5)),), (TIES[:0],)),
        refuses=(
            ((ONES, {"kernel_size": 6}), "no smaller than a window"),
            ((ONES, {"kernel_size": 2, "padding": 2}), "at most half a window"),
            ((ONES, {"kernel_size": 2, "stride": 0}), "at least 1"),
            ((ONES, {"kernel_size": 0}), "`kernel_size` must have a tap"),
        ),
        settings=(
            {"kernel_size": 2},
            {"kernel_size": (3, 2), "stride": 1, "padding": 1},
            {"kernel_size": 3, "stride": 2},
        ),
    ),
    Concept(
        "convolution/avg_pool2d",
        pooling.avg_pool2d,
        image(2, 3, 5, 6),
        (F.avg_pool2d,),
        hostile=((TIES,), (TIES[:0],)),
        refuses=(
            ((ONES, {"kernel_size": 2, "padding": 2}), "at most half a window"),
        ),
        settings=(
            {"kernel_size": 2},
            {"kernel_size": (3, 2), "stride": (2, 1), "padding": 1},
        ),
    ),
    Concept(
        "convolution/global_avg_pool2d",
        pooling.global_avg_pool2d,
        image(2, 3, 4, 5),
        (lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1),),
        hostile=((TIES,), (TIES[:0],)),
        refuses=(((ONES[..., :0],), "must have a pixel"),),
    ),
    Concept(
        "convolution/depthwise_separable",
        nets.depthwise_separable,
        lambda rng: (
            rng.normal(size=(2, 3, 4, 5)),
            rng.normal(size=(3, 1, 3, 2)),
            rng.normal(size=(4, 3, 1, 1)),
            rng.normal(size=4),
        ),
        (separable,),
        wrt=4,
        settings=({}, {"padding": 1}, {"stride": 2}),
    ),
]
