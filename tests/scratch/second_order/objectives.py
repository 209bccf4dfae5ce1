"""Objectives on which minimizers are compared, with their Hessians."""

import numpy as np
from scipy.optimize import rosen, rosen_der, rosen_hess, rosen_hess_prod

from dlf.data import digits

START = np.array([-1.2, 1.0])


def rosenbrock(w):
    return float(rosen(w)), rosen_der(w)


def logistic(seed=0, decay=0.1):
    """Regularized logistic regression: two digits, strictly convex.

    Returns:
        The objective, its Hessian, and its size.
    """
    d = digits.load(seed=seed).train
    rows = np.flatnonzero(d.y < 2)[:100]
    x, y = d.flat()[rows], d.y[rows].astype(float)

    def objective(w):
        z = x @ w
        value = (np.logaddexp(0, z) - y * z).mean() + decay / 2 * (w @ w)
        p = 1 / (1 + np.exp(-z))
        return float(value), x.T @ (p - y) / len(x) + decay * w

    def hessian(w):
        p = 1 / (1 + np.exp(-(x @ w)))
        curved = (x * (p * (1 - p))[:, None]).T @ x / len(x)
        return curved + decay * np.eye(x.shape[1])

    return objective, hessian, x.shape[1]


def hessian_product(hessian):
    return lambda w, v: hessian(w) @ v


ROSENBROCK = rosenbrock, rosen_hess, rosen_hess_prod
