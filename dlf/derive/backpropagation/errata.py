"""Errata of the sources on backpropagation, each with its witness.

Truth is computed with dual numbers, without a difference in which digits could
be lost.
"""

import numpy as np

from dlf.derive.dual import derivative, jacobian
from dlf.derive.erratum import Erratum
from dlf.derive.numeric import softmax


def _update_is_not_a_gradient() -> tuple:
    w, x, y, lr = 2.0, 3.0, 1.0, 0.01

    adjusted = w - lr * (w * x - y) * x
    left = np.array([w])
    derivative(lambda v: (v * x - y) ** 2 / 2, left[0])  # and look again
    return adjusted, w, left[0]


def _elementwise_for_softmax() -> tuple:
    z, y = np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 0.0])
    p = softmax(z)
    printed = -y / p * p * (1 - p) + 0.0

    def loss(v: np.ndarray) -> object:
        return -(y * np.log(softmax(v))).sum()

    return printed, p - y, jacobian(loss, z)


def _missing_transpose() -> tuple:
    delta, a = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0])
    try:
        printed = delta[:, None] @ a[:, None]
    except ValueError:
        printed = np.full((3, 2), np.nan)  # no such product
    truth = jacobian(lambda w: (delta * (w @ a)).sum(), np.zeros((3, 2)))
    return printed, np.outer(delta, a), truth


E24 = Erratum(
    key="E24",
    kind="false",
    place="S2, the table “Involves Weight Updates?”; S0 §2.1",
    prints=(
        "backpropagation is “the process of adjusting weights and biases”; "
        r"S0 sets $\theta\leftarrow\theta-\eta\nabla L$ under that heading."
    ),
    correct=(
        "backpropagation computes the gradient and leaves every weight "
        "where it was; what is done with the gradient is the optimizer's "
        "business."
    ),
    witness=_update_is_not_a_gradient,
    of=r"$\hat y=wx$, $w=2$, $x=3$, $y=1$, $\eta=0.01$",
    columns=("weight after backpropagation",),
    implied=True,
)


E25 = Erratum(
    key="E25",
    kind="needs a condition",
    place="S0 §6, step 1",
    prints=r"$\delta^{(L)}=\nabla_a\mathcal L\odot f'(z^{(L)})$.",
    correct=(
        r"$\delta^{(L)}=J_f(z^{(L)})^\top\nabla_a\mathcal L$; the product "
        "element by element needs the condition that $f$ acts elementwise, "
        r"which softmax does not. With cross-entropy it is $\hat y-y$."
    ),
    witness=_elementwise_for_softmax,
    of="$z=(1,2,3)$, $y=(1,0,0)$",
    columns=(
        r"$\delta_1$",
        r"$\delta_2$",
        r"$\delta_3$",
    ),
)


E27 = Erratum(
    key="E27",
    kind="misprint",
    place="S0 §6, step 3; S2, Backpropagation 2",
    prints=(
        r"the weight gradient is $\delta^{(l)}(a^{(l-1)})$, without a "
        "transpose (garbled in print), and S2 multiplies three derivatives "
        "as if they were numbers."
    ),
    correct=(
        r"$\partial\mathcal L/\partial W^{(l)}=\delta^{(l)}a^{(l-1)\top}$, "
        "of the shape of $W^{(l)}$; for a batch, examples in rows, "
        r"$\Delta^\top A$."
    ),
    witness=_missing_transpose,
    of=r"$\delta=(1,2,3)^\top$, $a=(4,5)^\top$",
    columns=("weight gradient",),
)
