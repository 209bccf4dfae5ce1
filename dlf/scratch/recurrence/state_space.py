"""Linear state-space models: a recurrence, a scan and a convolution.

    h_t = a_t h_(t-1) + u_t                          a scan      (recurrence.12)
    h_t = a h_(t-1) + b x_t,  y_t = sum of c h_t over the states (recurrence.10)
    y_t = sum over k of K_k x_(t-k),  K_k = sum of c a^k b       (recurrence.11)

With a fixed a, the second and the third are the same function. Without a
nonlinearity between steps, a scan needs about log2 T steps one after the other
in place of T. Every feature has N states of its own, and a is real.

Source: Gu, Goel & Ré (2022), equations 3 to 5; Gu, Goel, Gupta & Ré (2022), for
the diagonal; Hillis & Steele (1986) and Blelloch (1990), for the scan.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from dlf.scratch.reductions import sum_examples
from dlf.scratch.shapes import check_cotangent, sizes

Array = np.ndarray


def linear_scan(
    a: Float[Array, "B T N"], u: Float[Array, "B T N"]
) -> tuple[Float[Array, "B T N"], Callable]:
    """Linear recurrence from 0, one step after the other (recurrence.12).

    Args:
        a: how much is kept at each step.
        u: what is added at each step.

    Returns:
        The state after every step, and ``vjp(dy) -> (da, du)``, a recurrence
        that runs backward.
    """
    B, T, N = sizes(linear_scan, a, u)
    h, state = np.empty_like(u), np.zeros((B, N), u.dtype)
    for t in range(T):
        state = a[:, t] * state + u[:, t]
        h[:, t] = state

    def vjp(dy: Float[Array, "B T N"]) -> tuple[Array, Array]:
        check_cotangent(linear_scan, dy, h)
        du, carried = np.empty_like(u), np.zeros((B, N), u.dtype)
        for t in reversed(range(T)):
            du[:, t] = dy[:, t] + carried
            carried = a[:, t] * du[:, t]
        return du * shifted(h, 1), du

    return h, vjp


def parallel_scan(
    a: Float[Array, "B T N"], u: Float[Array, "B T N"]
) -> tuple[Float[Array, "B T N"], Callable]:
    """Compute the same by doubling, all steps at once (recurrence.12).

    After round k each step holds what its last 2^k steps do together: keep the
    product of their a, add u; two such pairs make one (recurrence.13). That is
    about T log2 T operations in place of T. It is meant for abs(a) up to 1:
    where a product of several a overflows, so does this, and `linear_scan` need
    not.

    Args:
        a: how much is kept at each step.
        u: what is added at each step.

    Returns:
        The state after every step, and ``vjp(dy) -> (da, du)``, a scan too.
    """
    sizes(parallel_scan, a, u)
    h = _doubled(a, u)

    def vjp(dy: Float[Array, "B T N"]) -> tuple[Array, Array]:
        check_cotangent(parallel_scan, dy, h)
        kept = shifted(a[:, ::-1], 1)  # step t is left by the a of step t + 1
        du = _doubled(kept, dy[:, ::-1])[:, ::-1]
        return du * shifted(h, 1), du

    return h, vjp


def state_space(
    x: Float[Array, "B T D"],
    a: Float[Array, "D N"],
    b: Float[Array, "D N"],
    c: Float[Array, "D N"],
) -> tuple[Float[Array, "B T D"], Callable]:
    """Diagonal state-space model, step by step (recurrence.10).

    Args:
        x: sequences, one row an example.
        a: how much of each state is kept.
        b: weights from a feature to its states.
        c: weights from the states of a feature to its output.

    Returns:
        One output a step and feature, and ``vjp(dy) -> (dx, da, db, dc)``.
    """
    B, T, D, N = sizes(state_space, x, a, b, c)
    u = (x[..., None] * b).reshape(B, T, D * N)
    kept = np.broadcast_to(a.reshape(1, 1, -1), u.shape)
    h, pull = linear_scan(kept, u)
    h = h.reshape(B, T, D, N)
    y = (h * c).sum(-1)

    def vjp(dy: Float[Array, "B T D"]) -> tuple[Array, ...]:
        check_cotangent(state_space, dy, y)
        dh = (dy[..., None] * c).reshape(B, T, D * N)
        dkept, du = pull(dh)
        du = du.reshape(B, T, D, N)
        da = sum_examples(dkept).reshape(D, N)
        db = _sum_steps(du * x[..., None])
        return (du * b).sum(-1), da, db, _sum_steps(dy[..., None] * h)

    return y, vjp


def state_space_convolution(
    x: Float[Array, "B T D"],
    a: Float[Array, "D N"],
    b: Float[Array, "D N"],
    c: Float[Array, "D N"],
) -> tuple[Float[Array, "B T D"], Callable]:
    """Diagonal state-space model as a causal convolution (recurrence.11).

    Args:
        x: sequences, one row an example.
        a: how much of each state is kept.
        b: weights from a feature to its states.
        c: weights from the states of a feature to its output.

    Returns:
        What `state_space` does, by fast Fourier transforms: up to rounding,
        which is relative to the largest input of a row, early or late, so that
        an inf or NaN at any step spoils all.
    """
    _, T, _, _ = sizes(state_space_convolution, x, a, b, c)
    powers = a ** np.arange(T, dtype=x.dtype)[:, None, None]  # T D N
    kernel = (powers * (b * c)).sum(-1)
    y = _causal(kernel, x)

    def vjp(dy: Float[Array, "B T D"]) -> tuple[Array, ...]:
        check_cotangent(state_space_convolution, dy, y)
        late = dy[:, ::-1]
        dx = _causal(kernel, late)[:, ::-1]
        pairs = _causal(x, late)[:, ::-1].sum(0, dtype=np.float64)  # T D
        pairs = pairs.astype(x.dtype)
        along = pairs[..., None]
        counts = np.arange(1, T, dtype=x.dtype)[:, None, None]
        da = b * c * (along[1:] * counts * powers[:-1]).sum(0)
        dbc = (along * powers).sum(0)
        return dx, da, dbc * c, dbc * b

    return y, vjp


def zero_order_hold(
    delta: Float[Array, "D N"], a: Float[Array, "D N"], b: Float[Array, "D N"]
) -> tuple[Float[Array, "2 D N"], Callable]:
    """Zero-order hold: exact steps of h' = a h + b x, x held (recurrence.14).

    Args:
        delta: length of a step, positive.
        a: rates of the states, not 0; negative where they decay.
        b: weights from a feature to its states.

    Returns:
        In one array exp(delta a) and (exp(delta a) - 1) b / a, and ``vjp(dy)
        -> (ddelta, da, db)``.

    Raises:
        ValueError: a rate is 0.
    """
    sizes(zero_order_hold, delta, a, b)
    if not a.all():
        raise ValueError(
            "zero_order_hold: `a` must not be 0, because it is divided by; "
            "with a rate of 0 a step adds delta b x"
        )
    kept, risen = np.exp(delta * a), np.expm1(delta * a)
    y = np.stack([kept, risen * b / a])

    def vjp(dy: Float[Array, "2 D N"]) -> tuple[Array, ...]:
        check_cotangent(zero_order_hold, dy, y)
        exponent = (dy[0] + dy[1] * b / a) * kept
        da = exponent * delta - dy[1] * risen * b / (a * a)
        return exponent * a, da, dy[1] * risen / a

    return y, vjp


def shifted(x: Float[Array, "B T N"], steps: int) -> Float[Array, "B T N"]:
    """Move sequences later by so many steps; zeros come in.

    Args:
        x: sequences.
        steps: 1 or more, at most T.
    """
    moved = np.zeros_like(x)
    moved[:, steps:] = x[:, :-steps]
    return moved


def _sum_steps(x: Float[Array, "B T D N"]) -> Float[Array, "D N"]:
    """Sum over examples and steps."""
    D, N = x.shape[2:]
    return sum_examples(x.reshape(-1, D * N)).reshape(D, N)


def _doubled(a: Array, u: Array) -> Array:
    """Scan by doubling the span of steps that are put together."""
    span = 1
    while span < u.shape[1]:
        u = u + a * shifted(u, span)
        a = a * shifted(a, span)  # 0 where there is nothing before
        span *= 2
    return u


def _causal(k: Array, x: Array) -> Array:
    """Convolve over time, T results; k and x have time last but one."""
    T = x.shape[-2]
    size = 2 * max(T, 1)
    product = np.fft.rfft(k, size, axis=-2) * np.fft.rfft(x, size, axis=-2)
    return np.fft.irfft(product, size, axis=-2)[..., :T, :].astype(x.dtype)
