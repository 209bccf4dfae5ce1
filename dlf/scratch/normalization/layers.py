"""Batch, layer, group, instance and RMS normalization.

    x̂ = (x - m) / √(v + eps)        y = weight x̂ + bias       (normalization.3)
    dx = (p - mean p - x̂ mean(p x̂)) / √(v + eps),  p = weight dy
                                                             (normalization.5)

m and v are mean and variance, the biased one, over a part of the batch that
depends on the layer: for batch norm over the examples, of each feature; for
layer norm over the features, of each example; for group norm over the channels
of a group and all positions, of each image. The gradient takes two means away:
moving all of the part together, or stretching it, changes nothing.

    RMS norm: y = weight x / √(mean x² + eps)               (normalization.11)
    dx = (p - x̂ mean(p x̂)) / √(mean x² + eps)

Source: Ioffe & Szegedy (2015), algorithm 1; Ba, Kiros & Hinton (2016); Ulyanov
et al. (2016); Wu & He (2018); Zhang & Sennrich (2019).
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive
from dlf.scratch.normalization.moments import (
    FINITE,
    like,
    mean,
    normalize,
    widened,
)
from dlf.scratch.reductions import sum_examples
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def batch_norm(
    x: Float[Array, "N C"],
    weight: Float[Array, " C"],
    bias: Float[Array, " C"],
    eps: float = 1e-5,
) -> tuple[Float[Array, "N C"], Callable]:
    """Batch normalization in training (normalization.3): over the batch.

    Args:
        x: a batch of at least two examples.
        weight: scale of each feature.
        bias: shift of each feature.
        eps: added to the variance, positive.

    Returns:
        The batch, and ``vjp(dy) -> (dx, dweight, dbias)``.

    Raises:
        ValueError: shapes do not fit, or fewer than two examples.
    """
    N, _ = sizes(batch_norm, x, weight, bias)
    check_positive("batch_norm", "eps", eps, FINITE)
    if N < 2:
        raise ValueError(
            "batch_norm: `x` must have two examples or more, because one has "
            f"no variance; got shape {x.shape}"
        )
    normal, pull = normalize(x, (0,), eps)

    def vjp(dy: Float[Array, "N C"]) -> tuple[Array, Array, Array]:
        check_cotangent(batch_norm, dy, x)
        even = dy - mean(dy, (0,))  # x̂ sums to 0, so no sum below changes
        dx, dweight = pull(even * weight), sum_examples(even * normal)
        return like(x, dx, dweight, sum_examples(dy))

    return (normal * weight + bias).astype(x.dtype, copy=False), vjp


def batch_norm2d(
    x: Float[Array, "N C H W"],
    weight: Float[Array, " C"],
    bias: Float[Array, " C"],
    eps: float = 1e-5,
) -> tuple[Float[Array, "N C H W"], Callable]:
    """Batch normalization of images: each channel over batch and positions.

    Args:
        x: a batch of images, with two values a channel or more.
        weight: scale of each channel.
        bias: shift of each channel.
        eps: added to the variance, positive.

    Returns:
        The batch, and ``vjp(dy) -> (dx, dweight, dbias)``.

    Raises:
        ValueError: shapes do not fit, or a channel has fewer than two values.
    """
    N, C, H, W = sizes(batch_norm2d, x, weight, bias)
    if C == 0:
        raise ValueError(
            "batch_norm2d: `x` must have a channel, because each is "
            f"normalized by itself; got shape {x.shape}"
        )

    def rows(image: Array) -> Array:
        return image.transpose(0, 2, 3, 1).reshape(-1, C)

    def images(row: Array) -> Array:
        return row.reshape(N, H, W, C).transpose(0, 3, 1, 2)

    y, pull = batch_norm(rows(x), weight, bias, eps)

    def vjp(dy: Float[Array, "N C H W"]) -> tuple[Array, Array, Array]:
        check_cotangent(batch_norm2d, dy, x)
        dx, dweight, dbias = pull(rows(dy))
        return images(dx), dweight, dbias

    return images(y), vjp


def layer_norm(
    x: Float[Array, "*B C"],
    weight: Float[Array, " C"],
    bias: Float[Array, " C"],
    eps: float = 1e-5,
) -> tuple[Float[Array, "*B C"], Callable]:
    """Layer normalization: each example over its features.

    Args:
        x: examples, with one feature or more.
        weight: scale of each feature.
        bias: shift of each feature.
        eps: added to the variance, positive.

    Returns:
        The examples, and ``vjp(dy) -> (dx, dweight, dbias)``.

    Raises:
        ValueError: shapes do not fit, or there is no feature.
    """
    (C,) = sizes(layer_norm, x, weight, bias)
    _features("layer_norm", C, eps)
    normal, pull = normalize(x, (x.ndim - 1,), eps)

    def vjp(dy: Float[Array, "*B C"]) -> tuple[Array, Array, Array]:
        check_cotangent(layer_norm, dy, x)
        dx, dweight = pull(dy * weight), sum_examples(dy * normal)
        return like(x, dx, dweight, sum_examples(dy))

    return (normal * weight + bias).astype(x.dtype, copy=False), vjp


def rms_norm(
    x: Float[Array, "*B C"], weight: Float[Array, " C"], eps: float = 1e-6
) -> tuple[Float[Array, "*B C"], Callable]:
    """RMS normalization: each example by its root mean square, no mean taken.

    Args:
        x: examples, with one feature or more.
        weight: scale of each feature.
        eps: added to the mean square, positive.

    Returns:
        The examples, and ``vjp(dy) -> (dx, dweight)``.

    Raises:
        ValueError: shapes do not fit, or there is no feature.
    """
    (C,) = sizes(rms_norm, x, weight)
    _features("rms_norm", C, eps)
    last, wide = (x.ndim - 1,), widened(x)
    scale = (mean(wide * wide, last) + float(eps)) ** -0.5
    normal = wide * scale

    def vjp(dy: Float[Array, "*B C"]) -> tuple[Array, Array]:
        check_cotangent(rms_norm, dy, x)
        p = dy * weight
        dx = scale * (p - normal * mean(p * normal, last))
        return like(x, dx, sum_examples(dy * normal))

    return (normal * weight).astype(x.dtype, copy=False), vjp


def group_norm(
    x: Float[Array, "N C H W"],
    weight: Float[Array, " C"],
    bias: Float[Array, " C"],
    groups: int,
    eps: float = 1e-5,
) -> tuple[Float[Array, "N C H W"], Callable]:
    """Group normalization: each image over a group of channels.

    With one group it is layer norm over the whole image, with as many groups
    as channels instance norm.

    Args:
        x: images, with a pixel or more.
        weight: scale of each channel.
        bias: shift of each channel.
        groups: how many, of equally many channels.
        eps: added to the variance, positive.

    Returns:
        The images, and ``vjp(dy) -> (dx, dweight, dbias)``.

    Raises:
        ValueError: shapes do not fit, or the channels cannot be shared out.
    """
    N, C, H, W = sizes(group_norm, x, weight, bias)
    _features("group_norm", C * H * W, eps)
    if groups < 1 or C % groups:
        raise ValueError(
            "group_norm: `groups` must divide the channels, because all groups "
            f"have equally many; got {groups} for {C}"
        )
    parts = (N, groups, C // groups, H, W)
    normal, pull = normalize(x.reshape(parts), (2, 3, 4), eps)
    normal = normal.reshape(x.shape)
    scale, shift = weight[:, None, None], bias[:, None, None]

    def sum_channel(dy: Array) -> Array:
        return sum_examples(dy.transpose(0, 2, 3, 1))

    def vjp(dy: Float[Array, "N C H W"]) -> tuple[Array, Array, Array]:
        check_cotangent(group_norm, dy, x)
        dx = pull((dy * scale).reshape(parts)).reshape(x.shape)
        return like(x, dx, sum_channel(dy * normal), sum_channel(dy))

    return (normal * scale + shift).astype(x.dtype, copy=False), vjp


def instance_norm(
    x: Float[Array, "N C H W"],
    weight: Float[Array, " C"],
    bias: Float[Array, " C"],
    eps: float = 1e-5,
) -> tuple[Float[Array, "N C H W"], Callable]:
    """Instance normalization: each channel of each image over its positions.

    Args:
        x: images, with two pixels or more.
        weight: scale of each channel.
        bias: shift of each channel.
        eps: added to the variance, positive.

    Returns:
        The images, and ``vjp(dy) -> (dx, dweight, dbias)``.

    Raises:
        ValueError: shapes do not fit, or there are fewer than two pixels.
    """
    _, C, H, W = sizes(instance_norm, x, weight, bias)
    if H * W < 2:
        raise ValueError(
            "instance_norm: `x` must have two pixels or more, because one has "
            f"no variance; got shape {x.shape}"
        )
    return group_norm(x, weight, bias, C, eps)


def _features(name: str, count: int, eps: float) -> None:
    """Refuse to normalize over nothing, or by nothing."""
    check_positive(name, "eps", eps, FINITE)
    if count == 0:
        raise ValueError(
            f"{name}: `x` must have a feature, because the mean of nothing is "
            "0/0; got none"
        )
