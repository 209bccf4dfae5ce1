"""Products with the Hessian, and what is read from them."""

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize as so
import scipy.sparse.linalg as sparse
import torch
import torch.nn.functional as F

from dlf.scratch.activations.elementwise import tanh
from dlf.scratch.losses.classification import cross_entropy
from dlf.scratch.mlp import init, mlp
from dlf.scratch.second_order import (
    diagonal,
    hessian_products,
    kronecker,
    quasi_newton,
    spectra,
)
from dlf.scratch.second_order.conjugate_gradient import conjugate_gradient
from dlf.scratch.second_order.objectives import flatten, unflatten


def net(widths=(3, 5, 4, 2), N=7, seed=0):
    rng = np.random.default_rng(seed)
    params = {k: w + 0.1 for k, w in init(widths, rng).items()}
    x, y = rng.normal(size=(N, widths[0])), rng.integers(widths[-1], size=N)
    v = {k: rng.normal(size=w.shape) for k, w in params.items()}
    return params, x, y, v


def torch_loss(params, x, y):
    """The loss as a function of one flat vector."""

    def loss(flat):
        a, at = torch.tensor(x), 0
        for n in range(len(params) // 2):
            w, b = (params[f"layers.{n}.{k}"] for k in ("weight", "bias"))
            weight = flat[at : at + w.size].reshape(w.shape)
            bias = flat[at + w.size : at + w.size + b.size]
            at += w.size + b.size
            a = a @ weight.T + bias
            if n < len(params) // 2 - 1:
                a = torch.tanh(a)
        return F.cross_entropy(a, torch.tensor(y))

    return loss


@pytest.mark.parametrize("widths", [(3, 2), (3, 5, 2), (3, 5, 4, 2)])
def test_hvp_is_torchs_forwards_and_backwards(widths):
    params, x, y, v = net(widths)
    loss, grads, hv = hessian_products.tanh_hvp(params, x, y, v)
    w, way = torch.tensor(flatten(params)), torch.tensor(flatten(v))
    f = torch_loss(params, x, y)
    g, forward = torch.func.jvp(torch.func.grad(f), (w,), (way,))
    leaf = w.clone().requires_grad_()
    (first,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
    (backward,) = torch.autograd.grad(first @ way, leaf)
    assert loss == pytest.approx(f(w).item(), rel=1e-13)
    np.testing.assert_allclose(flatten(grads), g, rtol=1e-10, atol=1e-14)
    for theirs in (forward, backward):
        np.testing.assert_allclose(flatten(hv), theirs, rtol=1e-10, atol=1e-14)


def test_hvp_is_a_difference_of_gradients():
    params, x, y, v = net()

    def gradient(w):
        logits, vjp = mlp(unflatten(w, params), x, tanh)
        grads, _ = vjp(cross_entropy(logits, y)[1](), dx=False)
        return flatten(grads, params)

    _, _, hv = hessian_products.tanh_hvp(params, x, y, v)
    near = hessian_products.hvp_by_difference(
        gradient, flatten(params), flatten(v)
    )
    np.testing.assert_allclose(flatten(hv), near, rtol=1e-6, atol=1e-8)


def test_ggn_product_is_that_of_the_assembled_matrix():
    params, x, _, v = net()
    z, vjp = mlp(params, x, tanh)
    rows = []
    for n in range(len(x)):
        for c in range(z.shape[1]):
            dz = np.zeros_like(z)
            dz[n, c] = 1
            rows.append(flatten(vjp(dz, dx=False)[0], params))
    j = np.reshape(rows, (len(x), z.shape[1], -1))
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    h = p[:, :, None] * np.eye(z.shape[1]) - p[:, :, None] * p[:, None]
    whole = np.einsum("nci,ncd,ndj->ij", j, h, j, optimize=True) / len(x)
    found = flatten(hessian_products.tanh_ggn_product(params, x, v))
    np.testing.assert_allclose(found, whole @ flatten(v), rtol=1e-10)
    assert np.linalg.eigvalsh(whole)[0] > -1e-12


def test_products_keep_float32_and_leave_arguments_alone():
    params, x, y, v = net()
    params, v = ({k: a.astype("f4") for k, a in d.items()} for d in (params, v))
    x = x.astype("f4")
    for a in (*params.values(), *v.values(), x, y):
        a.setflags(write=False)
    _, grads, hv = hessian_products.tanh_hvp(params, x, y, v)
    gv = hessian_products.tanh_ggn_product(params, x, v)
    for found in (grads, hv, gv):
        assert list(found) == list(params)
        assert {a.dtype for a in found.values()} == {np.dtype("f4")}


def spd(D, kappa, seed=0):
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.normal(size=(D, D)))
    return q * np.geomspace(1, kappa, D) @ q.T, rng.normal(size=D)


@pytest.mark.parametrize(("D", "kappa"), [(1, 1), (10, 100), (50, 1e3)])
def test_cg_solves_and_keeps_its_bound(D, kappa):
    h, b = spd(D, kappa)
    x = np.linalg.solve(h, b)
    rho = (kappa**0.5 - 1) / (kappa**0.5 + 1)
    size = (x @ h @ x) ** 0.5
    for k in range(0, D + 1, 5):
        e = conjugate_gradient(lambda p: h @ p, b, 0.0, k).x - x
        assert (e @ h @ e) ** 0.5 <= 2 * rho**k * size * (1 + 1e-9)
    found = conjugate_gradient(lambda p: h @ p, b, 1e-10, 3 * D)
    np.testing.assert_allclose(found.x, x, rtol=1e-7)
    theirs, _ = sparse.cg(h, b, rtol=1e-10)
    np.testing.assert_allclose(found.x, theirs, rtol=1e-6)
    assert found.ended == "residual"


def test_cg_ends_after_as_many_steps_as_distinct_eigenvalues():
    q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(30, 30)))
    h = q * np.repeat([1.0, 5.0, 20.0], 10) @ q.T
    found = conjugate_gradient(lambda p: h @ p, np.ones(30))
    assert found.products == 3


def test_cg_follows_negative_curvature_to_the_boundary():
    h = np.diag([1.0, -1.0])
    b = np.array([1.0, 0.5])
    free = conjugate_gradient(lambda p: h @ p, b)
    assert free.ended == "negative curvature"
    held = conjugate_gradient(lambda p: h @ p, b, radius=2.0)
    assert held.ended == "negative curvature"
    assert np.linalg.norm(held.x) == pytest.approx(2.0)
    near = conjugate_gradient(lambda p: p, np.array([3.0, 4.0]), radius=1.0)
    assert near.ended == "boundary"
    np.testing.assert_allclose(near.x, [0.6, 0.8])
    none = conjugate_gradient(lambda p: p, np.zeros(3))
    assert (none.products, none.ended) == (0, "residual")


def test_lanczos_is_exact_after_all_steps_and_near_at_the_ends_before():
    h, _ = spd(40, 1e4)
    start = np.random.default_rng(1).normal(size=40)
    whole = spectra.lanczos(lambda v: h @ v, start, 40)
    np.testing.assert_allclose(
        whole.values, np.linalg.eigvalsh(h), rtol=1e-9, atol=1e-9
    )
    assert whole.weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(
        h @ whole.vectors, whole.vectors * whole.values, atol=1e-7
    )
    few = spectra.lanczos(lambda v: h @ v, start, 15)
    (theirs,) = sparse.eigsh(h, 1, v0=start, return_eigenvectors=False)
    assert few.values[-1] == pytest.approx(theirs, rel=1e-8)


def test_lanczos_stops_in_an_invariant_subspace():
    h = np.diag([1.0, 1, 1, 7])
    found = spectra.lanczos(lambda v: h @ v, np.ones(4), 4)
    np.testing.assert_allclose(found.values, [1, 7])
    np.testing.assert_allclose(found.weights, [0.75, 0.25])


def test_hutchinson_is_exact_on_a_diagonal_and_unbiased_elsewhere():
    rng = np.random.default_rng(0)
    d = np.diag([1.0, -2, 3])
    one = spectra.hutchinson_diagonal(lambda z: d @ z, 3, 1, rng)
    np.testing.assert_array_equal(one, [1, -2, 3])
    h, _ = spd(8, 10)
    draws = np.array(
        [
            spectra.hutchinson_diagonal(lambda z: h @ z, 8, 1, rng)
            for _ in range(4000)
        ]
    )
    off = h - np.diag(np.diag(h))
    error = np.sqrt((off**2).sum(1) / 4000)
    assert (np.abs(draws.mean(0) - np.diag(h)) < 5 * error).all()
    variance = 2 * (off**2).sum()
    assert draws.sum(1).var() == pytest.approx(variance, rel=0.15)


def test_bfgs_update_is_scipys_and_stays_positive():
    rng = np.random.default_rng(0)
    h, _ = spd(5, 20)
    theirs = so.BFGS(init_scale=1.0)
    theirs.initialize(5, "inv_hess")
    mine = np.eye(5)
    for _ in range(12):
        s = rng.normal(size=5)
        y = h @ s
        theirs.update(s, y)
        mine, _ = quasi_newton.bfgs_update(mine, s, y)
        np.testing.assert_allclose(mine, theirs.get_matrix(), rtol=1e-8)
        np.testing.assert_allclose(mine @ y, s, rtol=1e-8, atol=1e-10)
        assert np.linalg.eigvalsh(mine)[0] > 0


def test_adahessian_is_adam_where_the_diagonal_is_the_gradient():
    rng = np.random.default_rng(0)
    init_, update = diagonal.adahessian(0.01, eps=1e-8)
    w = {"w": rng.normal(size=4)}
    leaf = torch.tensor(w["w"].copy(), requires_grad=True)
    theirs = torch.optim.Adam([leaf], 0.01)
    state = init_(w)
    for _ in range(1000):
        g = rng.normal(size=4)
        w, state = update(w, {"w": g}, {"w": g}, state)
        leaf.grad = torch.tensor(g)
        theirs.step()
    np.testing.assert_allclose(w["w"], leaf.detach(), rtol=1e-10)


def test_adahessian_divides_by_curvature():
    init_, update = diagonal.adahessian(1.0, eps=1e-12)
    curved = {"w": np.array([1.0, 100.0])}
    w = {"w": np.array([3.0, -2.0])}
    grads = {"w": curved["w"] * w["w"]}
    moved, _ = update(w, grads, curved, init_(w))
    np.testing.assert_allclose(moved["w"], 0, atol=1e-9)
    halved = diagonal.adahessian(1.0, eps=1e-12, hessian_power=0.0)
    moved, _ = halved[1](w, grads, curved, halved[0](w))
    np.testing.assert_allclose(moved["w"], w["w"] - grads["w"], atol=1e-9)


def test_sophia_divides_by_curvature_and_clips():
    init_, update = diagonal.sophia(0.1, b1=0.0, b2=0.0, rho=1.0)
    w = {"w": np.zeros(4)}
    g = {"w": np.array([0.5, 5.0, -5.0, 1.0])}
    h = {"w": np.array([1.0, 1.0, -1.0, 0.0])}
    moved, state = update(w, g, h, init_(w))
    np.testing.assert_allclose(moved["w"], [-0.05, -0.1, 0.1, -0.1])
    again, _ = update(w, g, None, state)  # the estimate before is kept
    np.testing.assert_allclose(again["w"], moved["w"])


def test_shampoo_begins_in_the_orthogonal_direction():
    rng = np.random.default_rng(0)
    w, g = rng.normal(size=(2, 3, 5))
    init_, update = kronecker.shampoo(1.0, eps=1e-14)
    moved, _ = update({"w": w}, {"w": g}, init_({"w": w}))
    u, _, vt = np.linalg.svd(g, full_matrices=False)
    np.testing.assert_allclose(w - moved["w"], u @ vt, atol=1e-4)


def test_shampoo_on_a_vector_scales_its_gradient():
    w, g = {"b": np.zeros(3)}, {"b": np.array([3.0, 0.0, 4.0])}
    init_, update = kronecker.shampoo(1.0, eps=1e-12)
    moved, _ = update(w, g, init_(w))
    np.testing.assert_allclose(moved["b"], -g["b"] / 5, atol=1e-5)


@pytest.mark.parametrize("power", [1, 2, 4])
def test_inverse_root_is_scipys(power):
    h, _ = spd(6, 50)
    theirs = scipy.linalg.fractional_matrix_power(h, -1 / power)
    np.testing.assert_allclose(
        kronecker.inverse_root(h, power), theirs, rtol=1e-8, atol=1e-10
    )


def test_flatten_and_unflatten_undo_each_other():
    params = net()[0]
    again = unflatten(flatten(params), params)
    for k, w in params.items():
        np.testing.assert_array_equal(again[k], w)
