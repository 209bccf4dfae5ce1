"""Flow matching and normalizing flows: `y, vjp = f(x, …)`.

    path: x_t = (1 - t) e + t x, velocity x - e                  (generative.20)
    negative log-likelihood: |z|^2 / 2 + D/2 log 2 pi - log |det J|
                                                                 (generative.22)
    coupling: y = x exp(s) + t, log |det J| = sum of s           (generative.23)

In a coupling layer s and t depend on other features than x, which pass
unchanged, so that the layer can be undone.
Source: Lipman et al. (2023), equations 20 to 23; Dinh, Sohl-Dickstein & Bengio
(2017), equations 4 to 8.
"""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import entries
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def interpolate(
    noise: Float[Array, "N D"],
    x: Float[Array, "N D"],
    t: Float[Array, " N"],
) -> tuple[Float[Array, "N D"], Callable]:
    """Points on straight lines from noise to examples (generative.20).

    Args:
        noise: where the lines begin, at time 0.
        x: examples, where they end, at time 1.
        t: time of each, in [0, 1].

    Returns:
        The points, and ``vjp(dy) -> (dnoise, dx)``.
    """
    sizes(interpolate, noise, x, t)
    at = t[:, None]

    def vjp(dy: Float[Array, "N D"]) -> tuple[Array, Array]:
        check_cotangent(interpolate, dy, x)
        return (1 - at) * dy, at * dy

    return (1 - at) * noise + at * x, vjp


def euler(
    velocity: Callable[[Array, float], Array],
    x: Float[Array, "N D"],
    steps: int,
) -> Float[Array, "N D"]:
    """Follow a velocity from time 0 to time 1 in equal steps.

    Args:
        velocity: maps points and the time to their velocities.
        x: where to begin.
        steps: how many.

    Raises:
        ValueError: there is no step.
    """
    if steps < 1:
        raise ValueError(f"euler: `steps` must be positive; got {steps}")
    for n in range(steps):
        x = x + velocity(x, n / steps) / steps
    return x


def coupling(
    x: Float[Array, "N D"], s: Float[Array, "N D"], t: Float[Array, "N D"]
) -> tuple[Float[Array, "N D"], Callable]:
    """Affine coupling: scale and shift (generative.23).

    Args:
        x: the features that are changed, one row an example.
        s: logarithms of their factors; their sum is the log-determinant.
        t: what is added.

    Returns:
        The changed features, and ``vjp(dy) -> (dx, ds, dt)``.
    """
    sizes(coupling, x, s, t)
    factor = np.exp(s)

    def vjp(dy: Float[Array, "N D"]) -> tuple[Array, Array, Array]:
        check_cotangent(coupling, dy, x)
        return dy * factor, dy * x * factor, np.array(dy)

    return x * factor + t, vjp


def inverse_coupling(
    y: Float[Array, "N D"], s: Float[Array, "N D"], t: Float[Array, "N D"]
) -> tuple[Float[Array, "N D"], Callable]:
    """Undo `coupling`: (y - t) exp(-s).

    Args:
        y: changed features.
        s: logarithms of their factors.
        t: what was added.

    Returns:
        The features, and ``vjp(dx) -> (dy, ds, dt)``.
    """
    sizes(inverse_coupling, y, s, t)
    factor = np.exp(-s)
    x = (y - t) * factor

    def vjp(dx: Float[Array, "N D"]) -> tuple[Array, Array, Array]:
        check_cotangent(inverse_coupling, dx, y)
        return dx * factor, -dx * x, -dx * factor

    return x, vjp


def flow_nll(
    z: Float[Array, "N D"], log_det: Float[Array, " N"]
) -> tuple[float, Callable]:
    """Negative log-likelihood under a normalizing flow (generative.22).

    Args:
        z: examples, mapped to what should be standard normal.
        log_det: of each example, log |det dz/dx|.

    Returns:
        Nats an example, and ``vjp(dloss=1.0) -> (dz, dlog_det)``.

    Raises:
        ValueError: shapes do not fit, or there is no example.
    """
    N, D = sizes(flow_nll, z, log_det)
    entries(flow_nll, z=z)

    def vjp(dloss: float = 1.0) -> tuple[Array, Array]:
        each = float(dloss) / N
        return z * each, np.full_like(log_det, -each)

    constant = D * math.log(2 * math.pi) / 2
    return (
        float(np.square(z).sum(dtype=np.float64) / (2 * N))
        + constant
        - float(log_det.mean(dtype=np.float64)),
        vjp,
    )
