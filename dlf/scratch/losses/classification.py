"""Losses of classifiers, from logits.

    L = -mean over rows of log softmax(z)_y                           (losses.1)
    dz = dy (softmax(z) - onehot(y)) / N                              (losses.2)
    max(z, 0) - z t + log(1 + exp(-|z|)),  dz = sigmoid(z) - t        (losses.8)
    -sum_c t_c log softmax(z)_c,           dz = softmax(z) - t        (losses.9)
    -w_y log p / sum of all w_y,  p = softmax(z)_y                   (losses.10)
    -(1 - p)^gamma log p,
    dz = ((1 - p)^gamma - gamma (1 - p)^(gamma - 1) p log p)
         (softmax(z) - onehot(y))                                    (losses.11)
    sum over c != y of max(0, 1 - z_y + z_c)                         (losses.14)

(losses.8) is averaged over entries, (losses.10) is a sum over rows, the others
are averaged over rows. (losses.2) is derived in `dlf.derive.losses`.
Source: Goodfellow, Bengio & Courville (2016), Deep Learning, 6.2.2.3; Lin et
al. (2017), Focal Loss for Dense Object Detection, eq. 4; Weston & Watkins
(1999), Support Vector Machines for Multi-Class Pattern Recognition.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from dlf.scratch.checks import classes, entries
from dlf.scratch.shapes import sizes

Array = np.ndarray


def log_softmax(
    logits: Float[Array, "*B C"],
) -> tuple[Float[Array, "*B C"], Callable]:
    """Take the logarithm of the softmax over the last axis, as in (index.1).

    Args:
        logits: scores, classes last.

    >>> log_softmax(np.array([1000.0, 1000.0]))[0]
    array([-0.69314718, -0.69314718])
    """
    sizes(log_softmax, logits)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    y = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))

    def vjp(dy: Float[Array, "*B C"]) -> Float[Array, "*B C"]:
        return dy - np.exp(y) * dy.sum(axis=-1, keepdims=True)

    return y, vjp


def cross_entropy(
    logits: Float[Array, "N C"], labels: Int[Array, " N"]
) -> tuple[float, Callable]:
    """Compute cross-entropy at the labels (losses.1); pullback (losses.2).

    Args:
        logits: unnormalized log-probabilities, one column a class.
        labels: the true class of each row, in 0..C-1.

    Returns:
        The loss in nats, and ``vjp(dy=1.0) -> dlogits``.

    Raises:
        ValueError: the batch is empty, or a label names no class.

    >>> loss, vjp = cross_entropy(np.zeros((1, 2)), np.array([0]))
    >>> round(loss, 4), vjp()
    (0.6931, array([[-0.5,  0.5]]))
    """
    N, C = sizes(cross_entropy, logits, labels)
    entries(cross_entropy, logits=logits)
    classes(cross_entropy, labels, C)
    log_p, _ = log_softmax(logits)
    true_class = np.arange(N), labels

    def vjp(dy: float = 1.0) -> Float[Array, "N C"]:
        dlogits = np.exp(log_p)
        dlogits[true_class] -= 1.0
        return dlogits * (float(dy) / N)

    return float(-log_p[true_class].mean()), vjp


def binary_cross_entropy(
    logits: Float[Array, "N D"], target: Float[Array, "N D"]
) -> tuple[float, Callable]:
    """Compute binary cross-entropy of independent labels (losses.8).

    Args:
        logits: log-odds of yes.
        target: 1 for yes, 0 for no, or the probability of yes.

    Returns:
        The loss in nats, and ``vjp(dy=1.0) -> dlogits``.

    Raises:
        ValueError: there is no entry, or a target is no probability.

    >>> loss, vjp = binary_cross_entropy(np.zeros((1, 1)), np.ones((1, 1)))
    >>> round(loss, 4), vjp()
    (0.6931, array([[-0.5]]))
    """
    sizes(binary_cross_entropy, logits, target)
    entries(binary_cross_entropy, logits=logits)
    _inside(binary_cross_entropy, (target < 0) | (target > 1), target)
    y = np.maximum(logits, 0) - logits * target
    y = y + np.log1p(np.exp(-np.abs(logits)))

    def vjp(dy: float = 1.0) -> Float[Array, "N D"]:
        sigmoid = np.exp(-np.logaddexp(0.0, -logits))
        return (sigmoid - target) * (float(dy) / logits.size)

    return float(y.mean()), vjp


def soft_cross_entropy(
    logits: Float[Array, "N C"], target: Float[Array, "N C"]
) -> tuple[float, Callable]:
    """Compute cross-entropy with soft targets, given probabilities (losses.9).

    Args:
        logits: unnormalized log-probabilities, one column a class.
        target: probabilities of the classes, a row an example.

    Raises:
        ValueError: there is no row, or a row of targets is no distribution.
    """
    N, _ = sizes(soft_cross_entropy, logits, target)
    entries(soft_cross_entropy, logits=logits)
    _inside(soft_cross_entropy, (target < 0) | (target > 1), target)
    total = target.sum(axis=-1)
    tolerance = max(1e-5, 4 * float(np.finfo(target.dtype).eps))
    if (off := np.abs(total - 1.0) > tolerance).any():
        n = int(off.argmax())
        raise ValueError(
            "soft_cross_entropy: `target` must sum to 1 in every row, because "
            f"a row is a distribution; got {total[n]:.6g} in row {n}"
        )
    log_p, pull = log_softmax(logits)

    def vjp(dy: float = 1.0) -> Float[Array, "N C"]:
        return pull(target * (-float(dy) / N))

    return float(-(target * log_p).sum(axis=-1).mean()), vjp


def weighted_cross_entropy(
    logits: Float[Array, "N C"],
    labels: Int[Array, " N"],
    weights: Float[Array, " C"],
) -> tuple[float, Callable]:
    """Compute class-weighted cross-entropy (losses.10).

    Args:
        logits: unnormalized log-probabilities, one column a class.
        labels: the true class of each row, in 0..C-1.
        weights: what an example of each class counts, not negative.

    Raises:
        ValueError: the batch is empty or weighs nothing, a label names no
            class, or a weight is negative.
    """
    N, C = sizes(weighted_cross_entropy, logits, labels, weights)
    entries(weighted_cross_entropy, logits=logits)
    classes(weighted_cross_entropy, labels, C)
    w = weights[labels]
    if (weights < 0).any() or not w.sum() > 0:
        raise ValueError(
            "weighted_cross_entropy: `weights` must not be negative and not "
            "all 0 for the labels given, because their sum divides; got "
            f"{weights}"
        )
    log_p, pull = log_softmax(logits)
    true_class, share = (np.arange(N), labels), w / w.sum()

    def vjp(dy: float = 1.0) -> Float[Array, "N C"]:
        dlog_p = np.zeros_like(log_p)
        dlog_p[true_class] = -share * float(dy)
        return pull(dlog_p)

    return float(-(share * log_p[true_class]).sum()), vjp


def focal(
    logits: Float[Array, "N C"],
    labels: Int[Array, " N"],
    gamma: float = 2.0,
) -> tuple[float, Callable]:
    """Compute focal loss: cross-entropy with easy examples down (losses.11).

    Args:
        logits: unnormalized log-probabilities, one column a class.
        labels: the true class of each row, in 0..C-1.
        gamma: how far easy examples are turned down; 0 is cross-entropy.

    Raises:
        ValueError: the batch is empty, a label names no class, or ``gamma``
            is negative.
    """
    N, C = sizes(focal, logits, labels)
    entries(focal, logits=logits)
    if not gamma >= 0:
        raise ValueError(
            "focal: `gamma` must not be negative, because easy examples would "
            f"then count most; got {gamma}"
        )
    gamma = float(gamma)  # a NumPy scalar would impose its type
    classes(focal, labels, C)
    log_p, pull = log_softmax(logits)
    true_class = np.arange(N), labels
    surprise = -log_p[true_class]
    wrong = -np.expm1(-surprise)  # 1 - p, exact where p is almost 1
    turned = wrong**gamma

    def vjp(dy: float = 1.0) -> Float[Array, "N C"]:
        sure = wrong == 0
        ratio = np.where(sure, 1, surprise / np.where(sure, 1, wrong))
        slope = turned * (1 + gamma * np.exp(-surprise) * ratio)
        dlog_p = np.zeros_like(log_p)
        dlog_p[true_class] = -slope * (float(dy) / N)
        return pull(dlog_p)

    return float((turned * surprise).mean()), vjp


def _inside(f: Callable, outside: Array, target: Array) -> None:
    """Refuse targets that are no probabilities."""
    if outside.any():
        n, d = np.argwhere(outside)[0]
        raise ValueError(
            f"{f.__name__}: `target` must lie in 0..1, because it is a "
            f"probability; got {target[n, d]} at ({n}, {d})"
        )


def hinge(
    logits: Float[Array, "N C"], labels: Int[Array, " N"]
) -> tuple[float, Callable]:
    """Compute the multiclass hinge loss, margins to a lead of 1 (losses.14).

    Args:
        logits: scores, one column a class.
        labels: the true class of each row, in 0..C-1.

    Returns:
        The loss, and ``vjp(dy=1.0) -> dlogits``.

    Raises:
        ValueError: the batch is empty, or a label names no class.

    >>> hinge(np.array([[2.0, 1.5, -3.0]]), np.array([0]))[0]
    0.5
    """
    N, C = sizes(hinge, logits, labels)
    entries(hinge, logits=logits)
    classes(hinge, labels, C)
    true_class = np.arange(N), labels
    lack = logits - logits[true_class][:, None] + 1.0
    lack[true_class] = 0.0
    y = np.maximum(lack, 0.0)

    def vjp(dy: float = 1.0) -> Float[Array, "N C"]:
        dlogits = (lack > 0).astype(logits.dtype)
        dlogits[true_class] = -dlogits.sum(axis=-1)
        return dlogits * (float(dy) / N)

    return float(y.sum(axis=-1).mean()), vjp
