"""Ranges of what layers, losses, penalties and starts are set by."""

from functools import partial

import numpy as np

from dlf.scratch.activations import elementwise
from dlf.scratch.backpropagation import manual
from dlf.scratch.convolution import geometry, nets
from dlf.scratch.gpu import blocked_matmul
from dlf.scratch.graphs import edges, sampling
from dlf.scratch.initialization import mean_field, weights
from dlf.scratch.mathematics import bayes, decompositions, numerics
from dlf.scratch.normalization import inference
from dlf.scratch.normalization.weights import power_iteration
from dlf.scratch.regularization import dropout, penalties, targets
from dlf.scratch.residual import nets as residual_nets

from . import (
    ABOVE_ZERO_TO_1,
    BELOW_ONE,
    BETWEEN_0_AND_1,
    FINITE,
    FINITE_POSITIVE,
    FROM_0,
    POSITIVE,
    UP_TO_1,
    Range,
    Row,
    drawn,
    whole,
)

FROM_1, PADDED = Range((1,), (0, 1.5)), Range((0,), (-1, 0.5))
PIXELS = {"stride": FROM_1, "padding": PADDED, "dilation": FROM_1}
GROUPS = {"groups": Range((1,), (0, 2, 1.0))}
NODES = Range((3,), (2,), "edges")
ONE, TWO = np.ones(1), np.ones(2)
X, EDGES = np.eye(2), np.array([[0, 1], [1, 2]])
LAYERS = [lambda x: (x, lambda dy: dy)] * 3


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


ROWS: list[Row] = [
    (drawn("losses/huber"), {"delta": POSITIVE}),
    (drawn("losses/quantile"), {"q": BETWEEN_0_AND_1}),
    (drawn("losses/focal"), {"gamma": FROM_0}),
    (drawn("losses/triplet"), {"margin": POSITIVE}),
    (drawn("losses/info_nce"), {"temperature": POSITIVE}),
    (drawn("losses/dice"), {"smooth": POSITIVE}),
    *(
        (drawn(f"normalization/{name}"), {"eps": POSITIVE})
        for name in (
            *("batch_norm", "batch_norm2d", "layer_norm", "rms_norm"),
            *("group_norm", "instance_norm", "batch_norm_inference"),
        )
    ),
    (
        partial(inference.fold_batch_norm, X, TWO, TWO, TWO, TWO, TWO),
        {"eps": POSITIVE},
    ),
    (
        partial(inference.update_running, X, TWO, TWO),
        {"momentum": ABOVE_ZERO_TO_1},
    ),
    (partial(power_iteration, X, TWO), {"steps": whole(1)}),
    (drawn("convolution/conv2d", padding=2), PIXELS | GROUPS),
    (drawn("convolution/conv1d", padding=2), PIXELS | GROUPS),
    (drawn("convolution/convolve2d"), {"padding": whole(0)}),
    (drawn("convolution/conv_transpose2d"), PIXELS | GROUPS),
    (drawn("convolution/conv_transpose1d"), PIXELS | GROUPS),
    (
        drawn("convolution/conv_transpose2d", stride=3),
        {"output_padding": whole(0, 2)},
    ),
    (drawn("convolution/depthwise_separable"), {"stride": whole(1)}),
    (drawn("convolution/unfold"), PIXELS | {"kernel_size": whole(1)}),
    (
        partial(drawn("convolution/fold").func, np.ones((1, 4, 4)), 3, 2),
        PIXELS
        | {
            "kernel_size": Range((2,), (0, 2.5)),
            "output_size": Range((3,), (3.5,)),
        },
    ),
    (
        drawn("convolution/max_pool2d"),
        {"padding": whole(0, 1), "stride": whole(1), "kernel_size": whole(1)},
    ),
    (
        drawn("convolution/avg_pool2d"),
        {"padding": whole(0, 1), "stride": whole(1), "kernel_size": whole(1)},
    ),
    (
        partial(geometry.convolution_matrix, np.ones((1, 2, 3, 3)), 5),
        PIXELS,
    ),
    (
        partial(geometry.convolution_matrix, np.ones((1, 2, 3, 3))),
        {"size": Range((3,), (3.0,))},
    ),
    (
        partial(geometry.convolution_matrix, np.ones((1, 2, 3, 3))),
        {"size": Range((3, (3, 4)), (2, (4, 2)), "x")},
    ),
    (partial(nets.init, classes=2, rng=rng()), {"side": Range((8,), (4, 10))}),
    (drawn("residual/projection_shortcut"), {"stride": whole(1)}),
    (drawn("residual/zero_padding_shortcut"), {"stride": whole(1)}),
    (
        partial(residual_nets.init, 2, 3, 1, 2, rng()),
        dict.fromkeys(("inputs", "width", "blocks", "classes"), whole(1)),
    ),
    *(
        (drawn(f"recurrence/{name}"), {"truncate": whole(1)})
        for name in ("rnn", "lstm", "gru")
    ),
    (drawn("gpu/bias_gelu"), {"rows": whole(1)}),
    (drawn("gpu/matmul"), {"side": whole(1)}),
    (partial(blocked_matmul.tiles, (2, 2, 2)), {"side": whole(1)}),
    (partial(blocked_matmul.traffic, (2, 2, 2)), {"side": whole(1)}),
    (
        partial(blocked_matmul.cache_misses, np.arange(4), 2),
        {"line": whole(1, 2)},
    ),
    (partial(edges.degrees, EDGES), {"nodes": NODES}),
    (partial(edges.laplacian, EDGES), {"nodes": NODES}),
    (partial(edges.shortest_path_lengths, [0], EDGES), {"nodes": NODES}),
    (partial(sampling.to_csr, EDGES), {"nodes": NODES}),
    (
        partial(
            sampling.sample_neighbors,
            *sampling.to_csr(EDGES, 3),
            np.arange(3),
            rng=rng(),
        ),
        {"fanout": whole(-1)},
    ),
    (
        partial(mean_field.variance_map, elementwise.tanh, 1.0, 1.0),
        dict.fromkeys(("weight_variance", "bias_variance"), FINITE),
    ),
    (
        partial(mean_field.variance_map, elementwise.tanh, 1.0, 1.0),
        {"q": FINITE},
    ),
    (
        partial(mean_field.gradient_factor, elementwise.tanh, 1.0, 1.0),
        {"weight_variance": FINITE, "q": Range((0.0, 1e4), (-1e-9, 1.1e4))},
    ),
    (
        partial(mean_field.fixed_point, elementwise.tanh, 0.5),
        {"bias_variance": FINITE, "layers": Range((30,), (0,))},
    ),
    (
        partial(mean_field.critical_weight_variance, elementwise.tanh),
        {"bias_variance": Range((1e-3, 100.0), (0.0, 101.0))},
    ),
    (mean_field.depth_scale, {"chi": POSITIVE}),
    *(
        (partial(f, (2, 3), rng()), {"gain": FINITE_POSITIVE})
        for f in (
            weights.xavier_normal,
            weights.xavier_uniform,
            weights.he_normal,
            weights.he_uniform,
            weights.orthogonal,
        )
    ),
    (
        partial(weights.truncated_normal, (2, 3), rng(), 1.0),
        {"cut": Range((0.01,), (0.0099,))},
    ),
    (partial(weights.truncated_normal, (2, 3), rng()), {"scale": POSITIVE}),
    (
        partial(weights.fixup_scale, 4, 3),
        {"branches": Range((1,), (0, 1.5)), "layers": Range((2,), (1, 2.5))},
    ),
    (partial(decompositions.truncate, X), {"rank": whole(1, 2)}),
    (numerics.welford_init, {"D": whole(1)}),
    (partial(weights.lsuv, X, X, lambda x, w: x @ w), {"tolerance": POSITIVE}),
    (partial(bayes.normal_mean, (0.0, 1.0), ONE), {"noise": POSITIVE}),
    (
        partial(bayes.bayesian_ridge, X, TWO, 1.0, 1.0),
        {"noise": POSITIVE, "prior": POSITIVE},
    ),
    (partial(dropout.mask, (2, 3), rng=rng()), {"p": BELOW_ONE}),
    (partial(dropout.gaussian_noise, (2, 3), rng=rng()), {"p": BELOW_ONE}),
    (
        drawn("regularization/elastic_net"),
        {"strength": FINITE, "l1_ratio": UP_TO_1},
    ),
    (
        partial(drawn("regularization/soft_threshold").func, ONE),
        {"threshold": FINITE},
    ),
    (partial(penalties.max_norm, X), {"limit": POSITIVE}),
    (
        partial(targets.smooth_labels, np.zeros(2, int), 2),
        {"smoothing": BELOW_ONE},
    ),
    (
        partial(targets.smooth_labels, np.zeros(2, int)),
        {"C": Range((1,), (0,), "labels")},
    ),
    (partial(targets.mixup, X, X, rng=rng()), {"alpha": POSITIVE}),
    (partial(manual.checkpointed, LAYERS), {"every": whole(1)}),
    (
        partial(manual.finite_difference, lambda x: x.sum(), ONE),
        {"h": POSITIVE},
    ),
    (
        partial(drawn("activations/hardtanh"), max_val=1.0),
        {"min_val": Range((BELOW_ONE.taken[1],), (1.0,))},
    ),
]
