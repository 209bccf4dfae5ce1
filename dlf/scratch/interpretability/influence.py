"""Which training examples made a prediction? Logistic regression, without one.

    L(w) = mean over n of l(x_n . w, y_n) + decay/2 |w|^2
    l(z, y) = log(1 + e^z) - y z
    w without n - w  ≈  1/N H^-1 dl_n/dw                (interpretability.8)
    influence of n on l at (x, y) = dl/dw . that

A positive influence says that leaving n out would raise the loss: n helps.
Source: Cook & Weisberg (1982), Residuals and Influence in Regression, 3.4;
Koh & Liang (2017), arXiv:1703.04730, eqs. 1 and 2.
"""

import numpy as np
from jaxtyping import Float

from dlf.scratch.checks import check_positive
from dlf.scratch.reductions import sum_rows
from dlf.scratch.shapes import sizes

Array = np.ndarray
STEPS = 100


def sigmoid(z: Float[Array, " N"]) -> Float[Array, " N"]:
    """Apply the logistic sigmoid, without overflow on either side.

    Args:
        z: logits.
    """
    return 0.5 * np.tanh(0.5 * z) + 0.5


def fit(
    x: Float[Array, "N D"], y: Float[Array, " N"], decay: float
) -> Float[Array, " D"]:
    """Fit logistic regression by Newton's method, halving steps that fail.

    Args:
        x: inputs, one row an example.
        y: 0 or 1.
        decay: L2 penalty; positive, so that there is one minimum.

    Raises:
        ValueError: sizes differ, a label is neither 0 nor 1, or ``decay`` is
            not positive.
    """
    if len(x) != len(y) or len(x) == 0 or not np.isin(y, (0, 1)).all():
        raise ValueError(
            "fit: `y` must be 0 or 1 for each row of x, and there must be a "
            f"row; got {len(y)} values for {len(x)} rows"
        )
    y = y.astype(x.dtype)  # labels of any kind
    sizes(fit, x, y)
    check_positive("fit", "decay", decay, "without it there may be no minimum")
    decay = float(decay)  # a NumPy scalar would impose its type
    w = np.zeros(x.shape[1], x.dtype)
    for _ in range(STEPS):
        slope = sum_rows(x, sigmoid(x @ w) - y) / len(x) + decay * w
        step = np.linalg.solve(hessian(x, w, decay), slope)
        now = objective(x, y, w, decay)
        while objective(x, y, w - step, decay) > now and step.any():
            step = step / 2
        w = w - step
        if np.abs(step).max() <= 1e-6 * np.abs(w).max():
            break  # Newton doubles the digits: this step had the last ones
    return w


def objective(
    x: Float[Array, "N D"],
    y: Float[Array, " N"],
    w: Float[Array, " D"],
    decay: float,
) -> float:
    """Give the penalized mean loss.

    Args:
        x: inputs, one row an example.
        y: labels, 0 or 1.
        w: weights.
        decay: L2 penalty.
    """
    return float(losses(x, y, w).mean() + decay / 2 * (w @ w))


def losses(
    x: Float[Array, "N D"], y: Float[Array, " N"], w: Float[Array, " D"]
) -> Float[Array, " N"]:
    """Give the loss of each example.

    Args:
        x: inputs, one row an example.
        y: labels, 0 or 1.
        w: weights.

    Raises:
        ValueError: sizes do not fit.
    """
    sizes(losses, x, y, w)
    z = x @ w
    return np.logaddexp(0, z) - y * z


def hessian(
    x: Float[Array, "N D"], w: Float[Array, " D"], decay: float
) -> Float[Array, "D D"]:
    """Give the curvature of the penalized mean loss.

    Args:
        x: inputs, one row an example.
        w: weights.
        decay: L2 penalty.

    Raises:
        ValueError: sizes do not fit.
    """
    sizes(hessian, x, w)
    p = sigmoid(x @ w)
    eye = np.eye(len(w), dtype=x.dtype)
    return (x.T * (p * (1 - p))) @ x / len(x) + x.dtype.type(decay) * eye


def influence(
    x: Float[Array, "N D"],
    y: Float[Array, " N"],
    w: Float[Array, " D"],
    decay: float,
    asked: Float[Array, "M D"],
    labels: Float[Array, " M"],
) -> Float[Array, "M N"]:
    """Estimate how the losses asked about would rise without each example.

    Args:
        x: training inputs, one row an example.
        y: their labels.
        w: what `fit` made of them.
        decay: of the same fit.
        asked: inputs whose losses are asked about.
        labels: of these.

    Raises:
        ValueError: sizes do not fit.
    """
    y, labels = y.astype(x.dtype), labels.astype(asked.dtype)  # of any kind
    sizes(influence, x, y, w, asked, labels)
    pulls = x * (sigmoid(x @ w) - y)[:, None]
    wants = asked * (sigmoid(asked @ w) - labels)[:, None]
    return wants @ np.linalg.solve(hessian(x, w, decay), pulls.T) / len(x)
