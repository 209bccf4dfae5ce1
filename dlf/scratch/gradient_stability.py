"""Products of Jacobians, gradient clipping, and what to watch in training.

    by norm      g <- g min(1, c / ‖g‖), of all weights, the nearest point of a
                 ball (gradient_stability.7)
    by value     g <- clip(g, -c, c), entry by entry, which turns the gradient
                 (gradient_stability.8)
    by layer     the norm of each array by itself (gradient_stability.9)
    adaptive     unit by unit g <- g min(1, c max(‖w‖, eps) / ‖g‖), so that a
                 step is a bounded part of w (gradient_stability.10)

All return the norm before clipping, as `torch.nn.utils.clip_grad_norm_` does.
Source: Pascanu, Mikolov & Bengio (2013), algorithm 1; Brock et al. (2021),
equation 3, for the adaptive one.
"""

from collections.abc import Sequence

import numpy as np

from dlf.scratch.checks import alike, check_positive

Params = dict[str, np.ndarray]
BOUND = "it bounds a size"


def spectra_by_depth(jacobians: Sequence[np.ndarray]) -> np.ndarray:
    """Singular values of products of Jacobians, as powers of ten.

    Args:
        jacobians: square, in the order in which they are applied.

    Returns:
        A row after each factor, the largest first; minus infinity where the
        product is exactly 0, and NaN where a value is below 1e-15 of the
        largest, so that it cannot be told from rounding.

    Raises:
        ValueError: the Jacobians are not square, not of one size, or empty.

    >>> spectra_by_depth([np.diag([10.0, 0.1])] * 2)
    array([[ 1., -1.],
           [ 2., -2.]])
    """
    shapes = [np.shape(J) for J in jacobians]
    n = shapes[0][0] if shapes and shapes[0] else 0
    if n == 0 or any(shape != (n, n) for shape in shapes):
        raise ValueError(
            "spectra_by_depth: `jacobians` must be square and of one size, at "
            f"least 1, for a product to be formed; got {shapes}"
        )
    product, power, rows = np.eye(n), 0.0, []
    for J in jacobians:
        product = J @ product
        top = np.abs(product).max()
        if top == 0 or not np.isfinite(top):
            rows.append(np.full(n, -np.inf if top == 0 else np.nan))
            continue
        product, power = product / top, power + np.log10(top)
        values = np.linalg.svd(product, compute_uv=False)
        kept = values > 1e-15 * values[0]
        rows.append(power + np.log10(np.where(kept, values, np.nan)))
    return np.array(rows)


def global_norm(grads: Params) -> float:
    """Norm of all gradients, as if they were one vector.

    Args:
        grads: by name.

    >>> global_norm({"w": np.array([3.0]), "b": np.array([4.0])})
    5.0
    """
    each = [_norm(g).item() for g in grads.values()]
    return _norm(np.array(each)).item()


def _wide(g: np.ndarray) -> np.ndarray:
    """Convert to double precision, in which half precision has room."""
    return g.astype(np.result_type(g.dtype, np.float64))


def _norm(g: np.ndarray, axes: tuple[int, ...] | None = None) -> np.ndarray:
    """Give the norm over all axes or some, without over- or underflow."""
    size = np.abs(_wide(g))
    top = size.max(axis=axes, keepdims=True, initial=0.0)
    scale = np.where((top > 0) & (top < np.inf), top, 1.0)
    squares = (size / scale) ** 2
    return scale * np.sqrt(squares.sum(axis=axes, keepdims=True))


def _shortened(g: np.ndarray, factor: np.ndarray | float) -> np.ndarray:
    """Multiply in double precision, and give back the type that came."""
    with np.errstate(invalid="ignore"):  # an infinity times 0 is NaN
        product = factor * _wide(g)
    return product.astype(g.dtype) if g.dtype.kind in "fc" else product


def clip_by_value(grads: Params, limit: float) -> tuple[Params, float]:
    """Clip by value: no entry larger than the limit.

    Args:
        grads: by name.
        limit: of the size of an entry, positive.

    Raises:
        ValueError: the limit is not positive.
    """
    check_positive("clip_by_value", "limit", limit, BOUND)
    c = float(limit)
    clipped = {}
    for k, g in grads.items():
        cut = np.clip(_wide(g), -c, c)
        clipped[k] = cut.astype(g.dtype) if g.dtype.kind == "f" else cut
    return clipped, global_norm(grads)


def clip_by_norm(grads: Params, limit: float) -> tuple[Params, float]:
    """Clip by global norm: shorten all gradients by one factor.

    Args:
        grads: by name.
        limit: of the norm of all together, positive.

    Raises:
        ValueError: the limit is not positive.

    >>> clip_by_norm({"w": np.array([6.0, 8.0])}, 5.0)
    ({'w': array([3., 4.])}, 10.0)
    """
    check_positive("clip_by_norm", "limit", limit, BOUND)
    norm = global_norm(grads)
    factor = 1.0 if norm <= limit else float(limit) / norm  # NaN spreads
    return {k: _shortened(g, factor) for k, g in grads.items()}, norm


def clip_by_layer(grads: Params, limit: float) -> tuple[Params, float]:
    """Clip by layer: shorten each array by a factor of its own.

    Args:
        grads: by name.
        limit: of the norm of each array, positive.

    Raises:
        ValueError: the limit is not positive.
    """
    check_positive("clip_by_layer", "limit", limit, BOUND)
    clipped = {k: clip_by_norm({k: g}, limit)[0][k] for k, g in grads.items()}
    return clipped, global_norm(grads)


def clip_adaptively(
    grads: Params, params: Params, limit: float = 0.01, eps: float = 1e-3
) -> tuple[Params, float]:
    """Adaptive clipping: each unit's gradient in proportion to its weights.

    Args:
        grads: by name; the first axis of a matrix counts the units, and a
            vector is one.
        params: the weights, under the same names.
        limit: of the gradient's norm over the weights', positive.
        eps: least norm that weights are taken to have, positive.

    Raises:
        ValueError: shapes do not fit, or a setting is not positive.
    """
    check_positive("clip_adaptively", "limit", limit, BOUND)
    check_positive("clip_adaptively", "eps", eps, "weights may begin at 0")
    alike("clip_adaptively", "grads", grads, params)

    clipped = {}
    for k, w in params.items():
        axes = tuple(range(1, w.ndim)) or None
        allowed = float(limit) * np.maximum(_norm(w, axes), float(eps))
        size = _norm(grads[k], axes)
        size = np.where(size == 0, 1.0, size)  # a gradient of 0 stays 0
        clipped[k] = _shortened(grads[k], np.minimum(1, allowed / size))
    return clipped, global_norm(grads)


def update_ratios(before: Params, after: Params) -> dict[str, float]:
    """Logarithm to base 10 of step over weights, by root mean square.

    Around -3 is healthy by a rule of thumb; far above, a step overwrites what
    was learned, far below, nothing is learned.

    Args:
        before: weights before a step.
        after: weights after it, under the same names.

    Returns:
        By name; minus infinity where nothing moved, infinity where the weights
        were 0 and moved, NaN where they were 0 and stayed.

    Raises:
        ValueError: a shape differs.

    >>> w = {"w": np.array([1.0, 1.0])}
    >>> update_ratios(w, {"w": np.array([1.001, 0.999])})
    {'w': -3.0}
    """
    alike("update_ratios", "after", after, before)
    ratios = {}
    for k, w in before.items():
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.log10(_norm(_wide(after[k]) - w))
            ratios[k] = round((step - np.log10(_norm(w))).item(), 9)
    return ratios


def first_nonfinite(named: Params) -> str | None:
    """Name the first array with a NaN or an infinity, in order; else None.

    Args:
        named: activations, gradients or weights, in the order of the layers.

    >>> first_nonfinite({"a": np.ones(2), "b": np.array([np.nan])})
    'b'
    """
    for name, a in named.items():
        if not np.isfinite(a).all():
            return name
    return None
