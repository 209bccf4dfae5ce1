"""Products that do not fit, and curvature that optimizers cannot use."""

import numpy as np

from dlf.scratch.mlp import init
from dlf.scratch.second_order import (
    diagonal,
    hessian_products,
    kronecker,
    spectra,
)

from . import RNG, X, Y

W = np.ones(2)
NET = init((3, 4, 2), RNG)
TURN = np.array([[0.0, 1.0], [-1.0, 0.0]])


def stepped(pair, w, g, d):
    init_, update = pair
    return update({"w": w}, {"w": g}, {"w": d}, init_({"w": w}))


REFUSES = [
    (
        hessian_products.hvp_by_difference,
        lambda: hessian_products.hvp_by_difference(lambda w: w, W, W, h=0.0),
        "hvp_by_difference: `h` must be positive",
    ),
    (
        hessian_products.hvp_by_difference,
        lambda: hessian_products.hvp_by_difference(lambda w: w, W, W[:1]),
        r"hvp_by_difference: `v` must have shape \(2,\)",
    ),
    (
        hessian_products.tanh_hvp,
        lambda: hessian_products.tanh_hvp(NET, X, Y, {}),
        r"tanh_hvp: `v` must hold layers.0.weight .* got nothing",
    ),
    (
        hessian_products.tanh_hvp,
        lambda: hessian_products.tanh_hvp(NET, X[:0], Y[:0], NET),
        "tanh_hvp: `x` must have an example",
    ),
    (
        hessian_products.tanh_hvp,
        lambda: hessian_products.tanh_hvp(NET, X, Y + 2, NET),
        "cross_entropy: `labels` must lie in 0..1",
    ),
    (
        hessian_products.tanh_ggn_product,
        lambda: hessian_products.tanh_ggn_product(
            NET, X, NET | {"layers.0.bias": np.zeros(1)}
        ),
        r"tanh_ggn_product: `v` must hold layers.0.bias of shape \(4,\)",
    ),
    (spectra.signs, lambda: spectra.signs(0, RNG), "signs: `D` must be 1"),
    (
        spectra.hutchinson_diagonal,
        lambda: spectra.hutchinson_diagonal(lambda z: z, 2, 0, RNG),
        "hutchinson_diagonal: `samples` must be 1 or more",
    ),
    (
        spectra.hutchinson_diagonal,
        lambda: spectra.hutchinson_diagonal(lambda z: z[:, None], 2, 1, RNG),
        r"hutchinson_diagonal: `product` must return an array of shape \(2,\)",
    ),
    (
        spectra.lanczos,
        lambda: spectra.lanczos(lambda v: v, np.zeros(2), 1),
        "lanczos: `start` must be finite and not 0",
    ),
    (
        spectra.lanczos,
        lambda: spectra.lanczos(lambda v: v, np.array([1, 2]), 1),
        "lanczos: `start` must hold floating-point numbers",
    ),
    (
        spectra.lanczos,
        lambda: spectra.lanczos(lambda v: np.inf * v, W, 1),
        "lanczos: `product` must return finite numbers",
    ),
    (
        spectra.lanczos,
        lambda: spectra.lanczos(lambda v: v, np.eye(2), 1),
        "lanczos: `start` must be a vector",
    ),
    (
        diagonal.adahessian,
        lambda: diagonal.adahessian(eps=0.0),
        "adahessian: `eps` must be positive",
    ),
    (
        diagonal.adahessian,
        lambda: diagonal.adahessian(b2=1.0),
        "adahessian: `b2` must lie in",
    ),
    (
        diagonal.adahessian,
        lambda: stepped(diagonal.adahessian(), W, W, W[:1]),
        r"adahessian: `diagonal` must hold w of shape \(2,\)",
    ),
    (
        diagonal.sophia,
        lambda: diagonal.sophia(rho=0.0),
        "sophia: `rho` must be positive",
    ),
    (
        diagonal.sophia,
        lambda: stepped(diagonal.sophia(), W, W, np.array([1, 2])),
        "sophia: `diagonal` must hold floating-point numbers, .* got int64",
    ),
    (
        diagonal.estimated,
        lambda: diagonal.estimated("f", {}, {"w": W}),
        r"f: `diagonal` must hold w of shape \(2,\), .* got nothing",
    ),
    (
        kronecker.inverse_root,
        lambda: kronecker.inverse_root(TURN, 2),
        "inverse_root: `a` must be symmetric",
    ),
    (
        kronecker.inverse_root,
        lambda: kronecker.inverse_root(np.diag([1.0, -1.0]), 4),
        "inverse_root: `a` must be positive definite, .* got the eigenvalue -1",
    ),
    (
        kronecker.inverse_root,
        lambda: kronecker.inverse_root(np.eye(2), 0),
        "inverse_root: `power` must be 1 or more",
    ),
    (
        kronecker.shampoo,
        lambda: kronecker.shampoo(eps=0.0),
        "shampoo: `eps` must be positive",
    ),
    (
        kronecker.shampoo,
        lambda: kronecker.shampoo()[0]({"w": np.ones((2, 2, 2))}),
        r"shampoo: `params` must hold matrices and vectors, .* \(2, 2, 2\)",
    ),
]
