"""Decompositions, running variances, codes and beliefs, against others."""

import itertools

import numpy as np
import pytest
import torch

from dlf.nn import mathematics as nn
from dlf.scratch.losses import divergences
from dlf.scratch.mathematics import bayes, information, numerics
from dlf.scratch.mathematics import decompositions as scratch

SHAPES = [(1, 1), (3, 3), (5, 2), (2, 5), (12, 9), (1, 4), (0, 3)]


@pytest.mark.parametrize("D", [0, 1, 2, 5, 12])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_eigh_takes_a_symmetric_matrix_apart(D, dtype):
    a = np.random.default_rng(D).normal(size=(D, D)).astype(dtype)
    a = a + a.T
    kept = a.copy()
    values, q = scratch.eigh(a)
    close = 1e-12 if dtype == "f8" else 1e-5
    np.testing.assert_allclose(values, np.linalg.eigvalsh(a)[::-1], atol=close)
    np.testing.assert_allclose(q @ np.diag(values) @ q.T, a, atol=close)
    np.testing.assert_allclose(q.T @ q, np.eye(D), atol=close)
    assert values.dtype == q.dtype == a.dtype
    np.testing.assert_array_equal(a, kept)


@pytest.mark.parametrize(
    "a",
    [
        np.zeros((3, 3)),
        np.eye(3),
        np.diag([1e8, 1.0, 1e-8]),
        np.array([[0.0, 1.0], [1.0, 0.0]]),
        np.array([[0.0, -1.0], [-1.0, 0.0]]),
        np.ones((4, 4)),
    ],
)
def test_eigh_takes_what_is_degenerate(a):
    values, q = scratch.eigh(a)
    np.testing.assert_allclose((q * values) @ q.T, a, rtol=1e-13, atol=1e-13)


def test_eigh_refuses_what_is_not_symmetric():
    with pytest.raises(ValueError, match=r"eigh: `a` must be symmetric"):
        scratch.eigh(np.array([[1.0, 1.0], [0.0, 2.0]]))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_svd_takes_any_matrix_apart(shape, dtype):
    a = np.random.default_rng(1).normal(size=shape).astype(dtype)
    kept = a.copy()
    u, s, vt = scratch.svd(a)
    close = 1e-12 if dtype == "f8" else 1e-5
    want = np.linalg.svd(a, compute_uv=False)
    np.testing.assert_allclose(s, want, atol=close)
    np.testing.assert_allclose((u * s) @ vt, a, atol=close)
    for q in (u, vt.T):
        np.testing.assert_allclose(q.T @ q, np.eye(len(s)), atol=close)
    assert {u.dtype, s.dtype, vt.dtype} == {a.dtype}
    np.testing.assert_array_equal(a, kept)


def test_svd_of_a_matrix_without_full_rank():
    a = np.outer([1.0, 2.0, 3.0], [1.0, -1.0])
    u, s, vt = scratch.svd(a)
    assert s[1] < 1e-15
    np.testing.assert_allclose((u * s) @ vt, a, atol=1e-14)
    u, s, vt = scratch.svd(np.zeros((3, 2)))
    assert not s.any()
    assert not u.any()


@pytest.mark.parametrize("rank", [1, 3, 6])
def test_truncation_errs_by_what_is_left_out(rank):
    a = np.random.default_rng(2).normal(size=(6, 8))
    left, right = scratch.truncate(a, rank)
    assert left.shape == (6, rank)
    assert right.shape == (rank, 8)
    s = np.linalg.svd(a - left @ right, compute_uv=False)
    want = np.linalg.svd(a, compute_uv=False)[rank:]
    np.testing.assert_allclose(s[: 6 - rank], want, atol=1e-12)


@pytest.mark.parametrize("rank", [0, 7])
def test_truncation_refuses_ranks_that_are_not_there(rank):
    with pytest.raises(ValueError, match=r"truncate: `rank` must lie in 1..6"):
        scratch.truncate(np.ones((6, 8)), rank)


@pytest.mark.parametrize("bias", [True, False])
def test_factored_layer_is_the_truncated_one(bias):
    torch.manual_seed(0)
    layer = torch.nn.Linear(7, 5, bias=bias).double()
    x = torch.randn(3, 7, dtype=torch.float64)
    whole = nn.low_rank(layer, 5)
    torch.testing.assert_close(whole(x), layer(x))
    thin = nn.low_rank(layer, 2)
    left, right = scratch.truncate(layer.weight.detach().numpy(), 2)
    want = torch.tensor(x.numpy() @ (left @ right).T)
    want = want + layer.bias if bias else want
    torch.testing.assert_close(thin(x), want)
    assert sum(p.numel() for p in thin.parameters()) == 2 * 12 + 5 * bias
    with pytest.raises(ValueError, match=r"low_rank: `rank` must lie in 1..5"):
        nn.low_rank(layer, 6)


def test_running_variance_in_any_portions():
    rng = np.random.default_rng(0)
    x = 1e8 + rng.normal(size=(50, 3))
    for cuts in ((), (1,), (0, 50), (7, 7, 20), range(1, 50)):
        seen = numerics.welford_init(3)
        for part in np.split(x, cuts):
            seen = numerics.welford_update(seen, part)
        n, mean, m2 = seen
        assert n == 50
        np.testing.assert_allclose(mean, x.mean(axis=0), rtol=1e-15)
        np.testing.assert_allclose(m2 / n, x.var(axis=0), rtol=1e-6)


def test_log_sum_exp_and_norm_at_the_edges():
    never = np.full((1, 2), -np.inf)
    assert numerics.log_sum_exp(never)[0][0] == -np.inf
    assert numerics.log_sum_exp(-never)[0][0] == np.inf
    assert numerics.norm(never)[0][0] == np.inf
    sizes = numerics.norm(np.array([[3e-200, 4e-200], [3e200, 4e200]]))[0]
    np.testing.assert_allclose(sizes, [5e-200, 5e200])
    np.testing.assert_array_equal(numerics.norm(np.zeros((2, 0)))[0], [0, 0])


def test_missing_support_is_infinitely_surprising():
    p, q = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    y, vjp = information.cross_entropy(p, q)
    assert y[0] == np.inf
    assert vjp(np.ones(1))[1][0, 1] == -np.inf
    assert information.cross_entropy(q, p)[0][0] == pytest.approx(np.log(2))


def lengths_by_search(p):
    """Least mean length of word lengths that Kraft's inequality allows."""
    n = len(p)
    return min(
        sum(a * b for a, b in zip(p, words, strict=True))
        for words in itertools.product(range(1, n), repeat=n)
        if sum(2.0**-w for w in words) <= 1
    )


@pytest.mark.parametrize("seed", range(5))
def test_huffman_is_the_shortest_prefix_code(seed):
    p = np.random.default_rng(seed).dirichlet(np.ones(5))
    code = information.huffman(dict(zip("abcde", p, strict=True)))
    words = code.values()
    assert not any(a != b and b.startswith(a) for a in words for b in words), (
        words
    )
    mean = sum(w * len(code[s]) for s, w in zip("abcde", p, strict=True))
    assert mean == pytest.approx(lengths_by_search(p))
    h = information.entropy(p)[0] / np.log(2)
    assert h <= mean < h + 1


def test_a_text_survives_the_code():
    text = "to be or not to be"
    weights = {c: text.count(c) for c in text}
    code = information.huffman(weights)
    bits = information.encode(text, code)
    assert set(bits) == {"0", "1"}
    assert len(bits) < 5 * len(text)
    assert "".join(information.decode(bits, code)) == text
    with pytest.raises(ValueError, match="must end where a word ends"):
        information.decode("0" if "0" not in code.values() else "1", code)
    assert information.huffman({"a": 2.0}) == {"a": "0"}
    two = information.huffman({"a": 2.0, "b": 1.0})
    assert sorted(two.values()) == ["0", "1"]


def test_huffman_reaches_fibonaccis_depth():
    """Such weights make the deepest tree, since every sum is needed next."""
    code = information.huffman(
        dict(zip("abcdefg", (1, 1, 2, 3, 5, 8, 13), strict=True))
    )
    assert [len(code[s]) for s in "abcdefg"] == [6, 6, 5, 4, 3, 2, 1]
    even = information.huffman(dict.fromkeys("abcdefgh", 1))
    assert {len(word) for word in even.values()} == {3}


@pytest.mark.parametrize("weights", [{}, {"a": 0.0}, {"a": 1.0, "b": -1.0}])
def test_huffman_refuses_what_never_comes(weights):
    with pytest.raises(ValueError, match="huffman: `weights`"):
        information.huffman(weights)


def test_what_never_comes_costs_nothing():
    """0 log 0 is 0, in the divergence of logarithms too."""
    half, sure = np.log([[0.5, 0.5]]), np.array([[0.0, -np.inf]])
    y, vjp = divergences.kl_divergence(half, sure)
    assert y == pytest.approx(np.log(2))
    np.testing.assert_array_equal(vjp(), [[-1.0, 0.0]])


def by_grid(log_density, grid):
    """Mean and variance of a density known up to a factor."""
    w = np.exp(log_density - log_density.max())
    w /= w.sum()
    m = (w * grid).sum()
    return m, (w * (grid - m) ** 2).sum()


def test_coin_belief_is_bayes_rule():
    heads = np.array([True, False, True, True, False])
    a, b = bayes.beta_bernoulli((2.0, 1.5), heads)
    t = np.linspace(1e-6, 1 - 1e-6, 100_001)
    log = 4.0 * np.log(t) + 2.5 * np.log1p(-t)
    m, v = by_grid(log, t)
    assert m == pytest.approx(a / (a + b), rel=1e-6)
    assert v == pytest.approx(a * b / (a + b) ** 2 / (a + b + 1), rel=1e-6)
    assert bayes.beta_bernoulli((a, b), heads[:0]) == (a, b)


def test_belief_about_a_mean_is_bayes_rule():
    x = np.array([1.0, 2.0, 4.0])
    got = bayes.normal_mean((-1.0, 2.0), x, 0.5)
    t = np.linspace(-10, 10, 100_001)
    log = -((t + 1) ** 2) / 4 - ((x[:, None] - t) ** 2).sum(axis=0)
    assert got == pytest.approx(by_grid(log, t), rel=1e-9)
    one = bayes.normal_mean((-1.0, 2.0), x[:1], 0.5)
    assert bayes.normal_mean(one, x[1:], 0.5) == pytest.approx(got)


def test_ridge_minimises_the_risk_and_is_bayes_rule():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(6, 2)), rng.normal(size=6)
    w, cov = bayes.bayesian_ridge(x, y, 0.3, 2.0)
    value, vjp = bayes.ridge_risk(w, x, y, penalty=0.3 / 2.0 / 6)
    np.testing.assert_allclose(vjp(), 0, atol=1e-14)
    assert value < bayes.ridge_risk(w + 0.01, x, y, penalty=0.025)[0]
    hessian = (x.T @ x + 0.15 * np.eye(2)) / 0.3
    np.testing.assert_allclose(cov @ hessian, np.eye(2), atol=1e-12)
    again = bayes.bayesian_ridge(x[:0], y[:0], 0.3, 2.0)
    np.testing.assert_array_equal(again[0], 0)
    np.testing.assert_allclose(again[1], 2 * np.eye(2))


def test_beliefs_refuse_spreads_that_are_none():
    with pytest.raises(ValueError, match="beta_bernoulli: `prior`"):
        bayes.beta_bernoulli((0.0, 1.0), np.array([True]))
    with pytest.raises(ValueError, match="mean: `noise`"):
        bayes.normal_mean((0.0, 1.0), np.ones(1), 0.0)
    with pytest.raises(ValueError, match="mean: `prior`"):
        bayes.normal_mean((0.0, -1.0), np.ones(1), 1.0)
    with pytest.raises(ValueError, match="bayesian_ridge: `noise`"):
        bayes.bayesian_ridge(np.ones((1, 1)), np.ones(1), 0.0, 1.0)


def test_what_neither_expects_has_no_gradient():
    """0 of p and 0 of q: nothing to lose there, and no 0/0."""
    p, q = np.array([[0.5, 0.5, 0.0]]), np.array([[0.25, 0.75, 0.0]])
    with np.errstate(invalid="raise"):
        _, vjp = information.cross_entropy(p.astype("f4"), q.astype("f4"))
        _, dq = vjp(np.ones(1))  # float64, as a mean's cotangent may be
    assert dq.dtype == np.float32
    np.testing.assert_allclose(dq, [[-2.0, -2 / 3, 0.0]], rtol=1e-6)


def test_what_is_not_symmetric_is_said_with_its_asymmetry():
    a = np.array([[1.0, 2.0], [2.001, 1.0]])
    with pytest.raises(
        ValueError, match=r"orthogonal; got an asymmetry of 0\.001\. "
    ):
        scratch.eigh(a)
    with pytest.raises(ValueError, match="asymmetry of 1e-09"):
        scratch.eigh(np.array([[1.0, 0.0], [1e-9, 1.0]]))


@pytest.mark.parametrize("scale", [2.0**40, 2.0**-40])
def test_decompositions_scale_with_the_matrix(scale):
    a = np.random.default_rng(0).normal(size=(6, 4)).astype("f4")
    a[:, 3] = a[:, 0] + a[:, 1]  # of rank three
    u, s, vt = scratch.svd(a)
    U, S, VT = scratch.svd(np.float32(scale) * a)
    assert s.dtype == u.dtype == vt.dtype == np.float32
    np.testing.assert_array_equal(U, u)
    np.testing.assert_array_equal(S, np.float32(scale) * s)
    np.testing.assert_array_equal(VT, vt)
    assert (u[:, 3] == 0).all()
    np.testing.assert_allclose(u[:, :3].T @ u[:, :3], np.eye(3), atol=1e-5)
    values, q = scratch.eigh(a.T @ a)
    assert values.dtype == q.dtype == np.float32
    np.testing.assert_allclose(values[:3], s[:3] ** 2, rtol=1e-4)
