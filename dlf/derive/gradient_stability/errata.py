"""Errata of the sources on gradients and clipping, each with its witness."""

import numpy as np

from dlf.derive.erratum import Erratum

Array = np.ndarray


def linear_net(w1: float, w2: float, x: float) -> float:
    """Half the squared error of a net of two linear units, target 1.

    Args:
        w1: weight of the first.
        w2: of the second.
        x: the input.
    """
    return (w2 * w1 * x - 1) ** 2 / 2


def _not_of_a_weight(h: float = 1e-5) -> tuple:
    w1, w2, x = 0.5, 3.0, 2.0
    error = w2 * w1 * x - 1
    printed = error * w2 * w1
    right = error * w2 * x
    truth = linear_net(w1 + h, w2, x) - linear_net(w1 - h, w2, x)
    of_input = linear_net(w1, w2, x + h) - linear_net(w1, w2, x - h)
    return (
        (printed, printed),
        (right, printed),
        np.array([truth, of_input]) / (2 * h),
    )


E44 = Erratum(
    key="E44",
    place="S0 §9",
    prints=(
        r"$\partial L/\partial\theta=\partial L/\partial a(L)\cdot"
        r"\prod_{l=1}^Lf'(z(l))\cdot W(l)$ for a parameter $\theta$."
    ),
    correct=(
        "the product over all layers is the gradient of the *input*. That of "
        "a layer's weights leaves out the weights up to and including its "
        "own, and ends in what the layer was given."
    ),
    witness=_not_of_a_weight,
    of=(
        r"$\hat y=w_2w_1x$ with $x=2$, $w_1=\frac12$, $w_2=3$, and the loss "
        r"$\frac12(\hat y-1)^2$"
    ),
    columns=("derivative by the first weight", "by the input"),
)


def _last_factor(h: float = 1e-5) -> tuple:
    w1, w2, x = 0.5, 3.0, 2.0
    error = w2 * w1 * x - 1
    truth = linear_net(w1 + h, w2, x) - linear_net(w1 - h, w2, x)
    return (error * w2,), (error * w2 * x,), np.array([truth / (2 * h)])


E45 = Erratum(
    key="E45",
    place="S1, “Backpropagation”",
    prints=(
        r"$\partial L/\partial W_1=\partial L/\partial\hat y\cdot"
        r"\prod_{k=2}^n\partial h_k/\partial h_{k-1}$."
    ),
    correct=r"… times $\partial h_1/\partial W_1$, the layer's input.",
    witness=_last_factor,
    of=(
        r"the net $\hat y=w_2w_1x$ with $x=2$, $w_1=\frac12$, $w_2=3$, and "
        r"the loss $\frac12(\hat y-1)^2$"
    ),
    columns=("derivative by the first weight",),
)


def _powers(w: Array, k: int) -> float:
    return float(np.linalg.norm(np.linalg.matrix_power(w, k), 2))


def _norms_and_eigenvalues() -> tuple:
    shift = np.array([[0.0, 10], [0, 0]])
    hump = np.array([[0.9, 5], [0, 0.9]])
    # the square of a matrix [[r, b], [0, r]] to the power k has the entries
    # r^2k, k b r^(2k-1) and k² b² r^(2k-2) + r^2k
    r, b, k = 0.9, 5.0, 10
    top = 2 * r ** (2 * k) + (k * b * r ** (k - 1)) ** 2
    exact = np.sqrt((top + np.sqrt(top**2 - 4 * r ** (4 * k))) / 2)
    return (
        (10.0**2, 0.9**10),
        (0.0, exact),
        (_powers(shift, 2), _powers(hump, 10)),
    )


E46 = Erratum(
    key="E46",
    kind="needs a condition",
    implied=True,
    place="S0 §9; S1, “Exploding gradients”",
    prints=(
        "gradients explode “when eigenvalues or norms of weights are >1”; "
        r"“$\partial h_k/\partial h_{k-1}>1$ → explodes”."
    ),
    correct=(
        "the singular values of the *product* of Jacobians count. Jacobians "
        "of a norm above 1 are necessary for growth and not sufficient; "
        r"without skips, and where $|f'|\le1$, so are weights of such a norm. "
        "Eigenvalues decide for one matrix repeated, in the long run. Numbers "
        "bounded away from 1 do explode above it and vanish below."
    ),
    witness=_norms_and_eigenvalues,
    of=(
        r"$\big(\begin{smallmatrix}0&10\\0&0\end{smallmatrix}\big)$ of norm "
        r"10, and $\big(\begin{smallmatrix}0.9&5\\0&0.9\end{smallmatrix}\big)$ "
        "with the eigenvalue 0.9"
    ),
    columns=("norm of the square of the first", "of the second’s tenth power"),
)


def _condition() -> tuple:
    g, limit = np.array([0.03, 0.04]), 1.0
    printed = limit * g / np.linalg.norm(g)
    corrected = g * min(1.0, limit / np.linalg.norm(g))
    # the nearest point of the disk, by search
    turn = np.linspace(0, 2 * np.pi, 3601)
    rim = limit * np.stack([np.cos(turn), np.sin(turn)], 1)
    outside = g @ g > limit**2
    nearest = rim[np.argmin(((rim - g) ** 2).sum(1))] if outside else g
    return tuple(printed), tuple(corrected), nearest


E47 = Erratum(
    key="E47",
    kind="needs a condition",
    place="S0 §9, summary table",
    prints=r"$\nabla\leftarrow\tau\,\nabla/\|\nabla\|$ as gradient clipping.",
    correct=(
        r"only where $\|\nabla\|>\tau$, as the text above the table says: "
        r"$g\leftarrow g\,\min(1,\tau/\|g\|)$. Without the condition it is "
        "normalized gradient descent."
    ),
    witness=_condition,
    of=r"$g=(0.03,0.04)$, $\tau=1$, and the nearest vector within the limit",
    columns=("first entry", "second entry"),
)


def _by_layer() -> tuple:
    layers, c = [np.array([30.0, 40]), np.array([0.3, 0.4])], 1.0
    whole = np.concatenate(layers)
    each = [g * min(1.0, c / np.linalg.norm(g)) for g in layers]
    clipped = np.concatenate(each)
    lengths = np.array([50, 0.5]), np.array([1, 0.5])  # by Pythagoras
    cosine = lengths[0] @ lengths[1]  # parallel within each layer
    cosine /= np.prod([np.sqrt((v * v).sum()) for v in lengths])
    measured = whole @ clipped / np.linalg.norm(whole)
    measured /= np.linalg.norm(clipped)
    return (
        (1.0, 100.0),
        (cosine, 2.0),
        (measured, np.linalg.norm(each[0]) / np.linalg.norm(each[1])),
    )


E48 = Erratum(
    key="E48",
    implied=True,
    place="S1, “Per-Layer Gradient Clipping”",
    prints=(
        "clips layers “without affecting the entire model's” gradient "
        "structure."
    ),
    correct=(
        "it changes the ratio of the layers, and so the direction of the "
        "whole gradient. Clipping the global norm keeps both."
    ),
    witness=_by_layer,
    of=r"layers $(30,40)$ and $(0.3,0.4)$, each clipped to the norm 1",
    columns=("cosine with the gradient before", "first layer over second"),
)


def _floor() -> tuple:
    g, limit, eps = np.array([3.0, 4.0]), 0.01, 1e-3
    norm, size = np.linalg.norm(g), 0.0
    printed = g * size / norm
    corrected = g * limit * max(size, eps) / norm
    w = np.zeros(2)  # a step of 1 against the clipped gradient
    moved = w - limit * eps * np.array([0.6, 0.8])
    return (
        (np.linalg.norm(printed), 0.0),
        (np.linalg.norm(corrected), 1.0),
        (np.linalg.norm(moved - w), float((moved != w).all())),
    )


E49 = Erratum(
    key="E49",
    kind="needs a condition",
    place="S1, “Adaptive Gradient Clipping”",
    prints=(
        r"“If $\|g\|>\epsilon\|\theta\|$” then scale down to that; “Used in … "
        "Transformers, Stable Diffusion”."
    ),
    correct=(
        r"unit by unit, and with a floor: $\|g\|\le\lambda\max(\|w\|,"
        r"\epsilon)$. It was made for ResNets without normalization; "
        "transformers clip the global norm."
    ),
    witness=_floor,
    of=(
        r"weights that start at 0, $g=(3,4)$, $\lambda=0.01$, $\epsilon="
        r"10^{-3}$"
    ),
    columns=("norm of the clipped gradient", "does the unit ever move?"),
)
