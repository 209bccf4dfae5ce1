import numpy as np
import torch

from dlf.scratch.second_order import (
    gauss_newton,
    kronecker,
    newton,
    quasi_newton,
)

from . import Concept

NO_ROWS = {"rows": "it has a vector and matrices, and no axis of examples"}


def symmetric(rng, D=4):
    """A Hessian of both signs, well away from singular."""
    q, _ = np.linalg.qr(rng.normal(size=(D, D)))
    values = rng.uniform(0.5, 2, D) * rng.choice([-1, 1], D)
    return q * values @ q.T


def positive(rng, D=4):
    a = rng.normal(size=(D, D))
    return a @ a.T + np.eye(D)


def pairs(rng, M=3, D=4):
    """Steps on a quadratic of positive curvature, and what they change."""
    s = rng.normal(size=(M, D))
    return s, s @ positive(rng, D)


def eye(h):
    return torch.eye(len(h), dtype=h.dtype)


def absolute(h):
    """|H| as the root of H squared, by singular values."""
    _, s, vt = torch.linalg.svd(h)
    return vt.T * s @ vt


def dense_bfgs(g, s, y):
    """Multiply by the matrix that L-BFGS never forms."""
    b = (s[-1] @ y[-1]) / (y[-1] @ y[-1]) * eye(s.T)
    for one, change in zip(s, y, strict=True):
        b = updated(b, one, change)
    return b @ g


def updated(b, s, y):
    rho = 1 / (y @ s)
    keep = eye(b) - rho * torch.outer(s, y)
    return keep @ b @ keep.T + rho * torch.outer(s, s)


def by_kronecker(dw, a, dz, damping):
    """Solve with the whole Kronecker product."""
    left, right = (v.T @ v / len(v) + damping**0.5 * eye(v.T) for v in (dz, a))
    whole = torch.kron(left, right)
    return torch.linalg.solve(whole, dw.reshape(-1)).reshape(dw.shape)


CONCEPTS = [
    Concept(
        "second_order/quadratic_model",
        newton.quadratic_model,
        draw=lambda rng: (
            rng.normal(size=4),
            rng.normal(size=4),
            rng.normal(size=(4, 4)),  # which need not be symmetric
        ),
        twins=(lambda p, g, h: g @ p + p @ h @ p / 2,),
        wrt=3,
        hostile=(
            (np.zeros(2), np.ones(2), np.eye(2)),
            (np.array([1e4]), np.array([-1e4]), np.array([[2.0]])),
            (np.array([5e-324, 1e-310]), np.ones(2), np.eye(2)),
            (np.zeros(0), np.zeros(0), np.zeros((0, 0))),
        ),
        excused=NO_ROWS,
    ),
    Concept(
        "second_order/newton_step",
        newton.newton_step,
        draw=lambda rng: (rng.normal(size=4), symmetric(rng)),
        twins=(
            lambda g, h, damping: -torch.linalg.inv(h + damping * eye(h)) @ g,
        ),
        wrt=2,
        settings=({"damping": 0.0}, {"damping": 5.0}),
        hostile=(
            (np.array([3.0]), np.array([[-2.0]])),
            (np.array([1e4, -1e4]), np.array([[0.0, 1.0], [-1.0, 0.0]])),
            (np.zeros(3), np.diag([1.0, -1.0, 1e-8])),
            (np.ones(2), np.array([[2.0, 1.0], [0.0, 3.0]])),  # no Hessian
        ),
        refuses=(
            ((np.ones(2), np.zeros((2, 2))), "got a singular matrix"),
            ((np.ones(2), np.diag([1.0, np.inf])), "must hold finite numbers"),
            (
                (np.ones(2), np.eye(2), {"damping": -1.0}),
                "finite and not negative",
            ),
            ((np.ones(2), np.eye(2), {"damping": np.nan}), "got nan"),
        ),
        excused=NO_ROWS,
        rtol=(1e-10, 1e-8),  # a solve against an inverse
    ),
    Concept(
        "second_order/saddle_free_step",
        newton.saddle_free_step,
        draw=lambda rng: (rng.normal(size=4), symmetric(rng)),
        twins=(
            lambda g, h, damping: (
                -torch.linalg.inv(absolute(h) + damping * eye(h)) @ g
            ),
        ),
        settings=({"damping": 0.0}, {"damping": 0.5}),
        hostile=(
            (np.array([3.0]), np.array([[-2.0]])),
            (np.array([1e4, -1e4]), np.array([[0.0, 1.0], [1.0, 0.0]])),
            (np.zeros(3), np.diag([1.0, -1.0, 1e-4])),
        ),
        refuses=(
            ((np.ones(2), np.zeros((2, 2))), "got a singular matrix"),
            (
                (np.ones(2), np.array([[1.0, 1.0], [0.0, 1.0]])),
                "got an asymmetry of 1",
            ),
            (
                (np.ones(2), np.eye(2), {"damping": -1.0}),
                "finite and not negative",
            ),
        ),
        excused=NO_ROWS,
        rtol=(1e-9, 1e-9),  # eigenvectors against an inverse
    ),
    Concept(
        "second_order/gauss_newton_step",
        gauss_newton.gauss_newton_step,
        draw=lambda rng: (
            np.eye(6, 3) + 0.3 * rng.normal(size=(6, 3)),
            rng.normal(size=6),
        ),
        twins=(
            lambda j, r, damping: (
                -torch.linalg.inv(j.T @ j + damping * eye(j.T)) @ (j.T @ r)
            ),
        ),
        wrt=2,
        settings=({"damping": 0.0}, {"damping": 0.5}),
        hostile=(
            (np.array([[2.0]]), np.array([-4.0])),
            (np.array([[1.0, 0.0], [0.0, 1e-3], [1.0, 1.0]]), np.zeros(3)),
        ),
        refuses=(
            ((np.ones((3, 2)), np.ones(3)), "got a singular product"),
            (
                (np.eye(2), np.ones(2), {"damping": -1.0}),
                "finite and not negative",
            ),
        ),
        excused={
            "rows": "columns far from 0 are nearly alike, and J^T J singular"
        },
        rtol=(1e-9, 1e-8),  # a solve against an inverse
    ),
    Concept(
        "second_order/bfgs_update",
        quasi_newton.bfgs_update,
        draw=lambda rng: (
            positive(rng),
            *(v[0] for v in pairs(rng, M=1)),
        ),
        twins=(updated,),
        hostile=(
            (np.array([[3.0]]), np.array([2.0]), np.array([1e4])),
            (np.eye(2), np.array([1e4, -1e4]), np.array([1.0, -2.0])),
        ),
        refuses=(
            ((np.eye(2), np.ones(2), -np.ones(2)), "got -2"),
            ((np.eye(2), np.zeros(2), np.ones(2)), "Skip this pair"),
        ),
        excused=NO_ROWS,
    ),
    Concept(
        "second_order/two_loop",
        quasi_newton.two_loop,
        draw=lambda rng: (rng.normal(size=4), *pairs(rng)),
        twins=(dense_bfgs,),
        hostile=(
            (np.array([3.0]), np.array([[2.0]]), np.array([[4.0]])),
            (np.zeros(2), np.eye(2), np.eye(2)),
            (np.array([1e4, -1e4]), np.eye(2), np.diag([1e-4, 1e4])),
        ),
        refuses=(
            (
                (np.ones(2), np.zeros((0, 2)), np.zeros((0, 2))),
                "must hold a step",
            ),
        ),
        excused=NO_ROWS,
        rtol=(1e-10, 1e-10),  # vectors against products of matrices
    ),
    Concept(
        "second_order/kfac_direction",
        kronecker.kfac_direction,
        draw=lambda rng: tuple(
            rng.normal(size=shape) for shape in [(3, 2), (7, 2), (7, 3)]
        ),
        twins=(by_kronecker,),
        settings=({"damping": 1e-3}, {"damping": 1.0}),
        hostile=(
            (np.ones((1, 1)), np.array([[2.0]]), np.array([[-3.0]])),
            (np.ones((3, 2)), np.ones((1, 2)), np.ones((1, 3))),
            (np.eye(2), np.zeros((4, 2)), np.zeros((4, 2))),
        ),
        refuses=(
            (
                (np.eye(2), np.zeros((0, 2)), np.zeros((0, 2))),
                "must have an example",
            ),
            (
                (np.eye(2), np.eye(2), np.eye(2), {"damping": 0.0}),
                "must be positive",
            ),
        ),
        rtol=(1e-9, 1e-9),  # two solves against a large one
    ),
]
