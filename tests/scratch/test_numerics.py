"""Right values where plain formulas fail: large, tiny, short, shared.

Each test is a number that a function once got wrong, or a use that it took
without a word, with what is right.
"""

import tracemalloc

import numpy as np
import pytest
import torch

from dlf.nn import activations as nn_activations
from dlf.nn import backpropagation as nn_backpropagation
from dlf.nn import gpu
from dlf.nn import losses as nn_losses
from dlf.scratch import mlp
from dlf.scratch.activations import gated
from dlf.scratch.backpropagation import manual, tape
from dlf.scratch.interpretability import (
    gradients,
    influence,
    layers,
    sparse_autoencoder,
)
from dlf.scratch.losses import (
    classification,
    contrastive,
    divergences,
    regression,
)
from dlf.scratch.mathematics import decompositions, numerics
from dlf.scratch.training import early_stopping

F4 = np.dtype("f4")
pytestmark = pytest.mark.usefixtures("as_shipped")
INTEGERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]


def far_rows():
    rows = np.random.default_rng(0).standard_normal((1_000_000, 3))
    return (rows + 1000).astype("f4")


def test_a_variance_far_from_zero_over_many_rows():
    x = far_rows()
    want = x.astype(float).var(axis=0)
    np.testing.assert_allclose(numerics.variance(x)[0], want, 1e-5)
    n, _, m2 = numerics.welford_update(numerics.welford_init(3), x)
    np.testing.assert_allclose(m2 / n, want, 1e-5)
    _, mean, _ = numerics.welford_update(numerics.welford_init(3), x)
    np.testing.assert_allclose(mean, x.astype(float).mean(axis=0), 1e-12)


def test_a_regression_over_many_rows():
    """The slope at which Newton stops is a sum over examples."""
    rng = np.random.default_rng(0)
    x = (rng.standard_normal((200_000, 2)) + 3).astype("f4")
    y = (x[:, 0] + rng.standard_normal(len(x)) > 3).astype(int)
    want = influence.fit(x.astype(float), y, 0.01)
    np.testing.assert_allclose(influence.fit(x, y, 0.01), want, 1e-4)


def test_a_scale_of_concepts_over_many_rows():
    rng = np.random.default_rng(0)
    h = (rng.standard_normal((200_000, 2)) + 100).astype("f4")
    h[:100_000, 0] += 1
    v = layers.concept_vector(h[:100_000], h[100_000:])
    wide = h.astype(float)
    want = layers.concept_vector(wide[:100_000], wide[100_000:])
    assert v.dtype == F4
    np.testing.assert_allclose(v, want, atol=1e-4)


@pytest.mark.parametrize("scale", [1e20, 1.0, 1e-25])
def test_eigenvalues_whose_squares_leave_the_range(scale):
    a = np.array([[2, 1], [1, 2]], "f4") * np.float32(scale)
    values, q = decompositions.eigh(a)
    np.testing.assert_allclose(values / np.float32(scale), [3, 1], 1e-6)
    np.testing.assert_allclose(np.abs(q), 0.5**0.5, 1e-6)


@pytest.mark.parametrize("scale", [1e200, 1e-200])
def test_singular_values_whose_squares_leave_the_range(scale):
    a = np.random.default_rng(0).normal(size=(4, 3))
    u, s, vt = decompositions.svd(scale * a)
    np.testing.assert_allclose(s / scale, decompositions.svd(a)[1], 1e-12)
    np.testing.assert_allclose((u * (s / scale)) @ vt, a, 1e-12)


def test_a_direction_that_is_not_there_is_zero():
    rng = np.random.default_rng(0)
    a = rng.normal(size=(6, 2)) @ rng.normal(size=(2, 4))
    u, s, _ = decompositions.svd(a)
    assert (s > 1e-12).tolist() == [True, True, False, False]
    np.testing.assert_array_equal(u[:, 2:], 0)
    np.testing.assert_allclose(u[:, :2].T @ u[:, :2], np.eye(2), atol=1e-14)


def test_sparsemax_in_torch_far_from_zero():
    p = nn_activations.sparsemax(torch.full((1, 32), 1e7))
    np.testing.assert_allclose(p, np.full((1, 32), 1 / 32))
    nothing = nn_activations.sparsemax(torch.full((1, 3), torch.nan))
    assert nothing.isnan().all()


def test_tiled_attention_in_half_precision():
    q = torch.full((1, 1), 300.0).half()
    k = torch.tensor([[-300.0], [-300.0], [1.0]]).half()
    v = torch.tensor([[1.0], [2.0], [3.0]]).half()
    assert gpu.attention_tiled(q, k, v, block=2).tolist() == [[3.0]]
    even = gpu.attention_tiled(
        0 * q, k.new_zeros(99, 1), k.new_full((99, 1), 1e3)
    )
    assert even.tolist() == [[1000.0]]


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0])
def test_focal_loss_of_what_is_certain(gamma):
    logits, labels = np.array([[200.0, 0.0], [0.3, 0.0]]), np.array([0, 1])
    leaf = torch.tensor(logits, requires_grad=True)
    loss = nn_losses.focal(leaf, torch.tensor(labels), gamma)
    loss.backward()
    y, vjp = classification.focal(logits, labels, gamma)
    np.testing.assert_allclose(loss.item(), y, 1e-12)
    np.testing.assert_allclose(leaf.grad, vjp(), 1e-12, 1e-300)


def test_divergence_of_what_neither_expects():
    log_p = np.array([[np.log(0.5), np.log(0.5), -np.inf]])
    log_q = np.array([[np.log(0.9), np.log(0.1), -np.inf]])
    y, vjp = divergences.kl_divergence(log_q, log_p)
    np.testing.assert_allclose(y, 0.5108256237659907)
    np.testing.assert_allclose(vjp(), [[-0.5, -0.5, 0.0]])
    impossible = np.array([[0.0, -np.inf, -np.inf]])
    assert divergences.kl_divergence(impossible, log_p)[0] == np.inf


@pytest.mark.parametrize("wrong", ["log_q", "log_p"])
def test_divergence_of_what_is_no_distribution_is_refused(wrong):
    given = dict.fromkeys(["log_q", "log_p"], np.log(np.full((1, 2), 0.5)))
    given[wrong] = np.zeros((1, 2))
    says = f"kl_divergence: `{wrong}` must hold logarithms .* sums to 2"
    with pytest.raises(ValueError, match=says):
        divergences.kl_divergence(**given)


def test_a_row_of_thirds_is_a_distribution_in_half_precision():
    third = np.full((1, 3), 1 / 3, "f2")
    z = np.zeros((1, 3), "f2")
    y, _ = classification.soft_cross_entropy(z, third)
    np.testing.assert_allclose(y, np.log(3), 1e-3)
    np.testing.assert_allclose(
        divergences.kl_divergence(np.log(third), np.log(third))[0], 0
    )
    with pytest.raises(ValueError, match="must sum to 1"):
        classification.soft_cross_entropy(z, third - np.float16(0.01))


@pytest.mark.parametrize("length", [1e20, 1e-6])
def test_directions_of_rows_of_any_length(length):
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 4, 3)).astype("f4")
    want, vjp = contrastive.info_nce(a, b)
    y, vjp_long = contrastive.info_nce(a * np.float32(length), b)
    np.testing.assert_allclose(y, want, 1e-5)
    wanted = vjp()[0] / np.float32(length)
    np.testing.assert_allclose(vjp_long()[0], wanted, 1e-3)
    leaf = torch.tensor(a * np.float32(length), requires_grad=True)
    theirs = nn_losses.info_nce(leaf, torch.tensor(b))
    theirs.backward()
    np.testing.assert_allclose(theirs.item(), want, 1e-5)
    np.testing.assert_allclose(leaf.grad, wanted, 1e-3)


def test_a_row_of_zeros_stays_in_half_precision():
    a, b = np.zeros((2, 3), "f2"), np.eye(3, dtype="f2")[:2]
    y, vjp = contrastive.info_nce(a, b)
    np.testing.assert_allclose(y, np.log(2), 1e-3)
    np.testing.assert_array_equal(vjp()[1], 0)


def test_a_gradient_climbed_at_any_scale():
    def steep(x):
        return 1e25 * x[:, :1], lambda dy: np.stack(
            [1e25 * dy[:, 0], 0 * dy[:, 0]], 1
        ).astype("f4")

    x = np.full((1, 2), 0.5, "f4")
    up = sparse_autoencoder.maximize_activation(steep, x, 0, steps=1, decay=0.0)
    np.testing.assert_allclose(up, [[0.6, 0.5]], 1e-6)


@pytest.mark.parametrize(
    ("dtype", "log_variance"), [(float, -800.0), ("f4", -200.0)]
)
def test_an_exact_hit_that_was_certain(dtype, log_variance):
    zero = np.zeros((1, 1), dtype)
    y, vjp = regression.gaussian_nll(zero, zero + log_variance, zero)
    np.testing.assert_allclose(y, 0.5 * (log_variance + np.log(2 * np.pi)))
    assert [d.tolist() for d in vjp()] == [[[0.0]], [[0.5]]]


@pytest.mark.parametrize("approximate", ["none", "tanh"])
@pytest.mark.parametrize(
    ("dtype", "large"), [(float, 1e200), ("f4", 1e30), ("f2", 6e4)]
)
def test_gelu_far_out(dtype, large, approximate):
    x = np.array([large, -large], dtype)
    with np.errstate(over="raise", invalid="raise"):
        y, vjp = gated.gelu(x, approximate)
        dx = vjp(np.ones(2, dtype))
    np.testing.assert_array_equal(y, [x[0], 0])
    np.testing.assert_array_equal(dx, [1, 0])


def test_a_graph_walked_in_parts_is_refused():
    a = tape.Node(np.array([1.0, 3.0]))
    h = a * a
    first, second = tape.lift(tape.total)(h), tape.lift(tape.total)(h * h)
    tape.backward(first)
    with pytest.raises(ValueError, match=r"walked before.*a node of shape"):
        tape.backward(second)
    assert a.grad.tolist() == [2.0, 6.0]


def test_leaves_share_no_cotangent():
    a, b, dy = tape.Node(np.ones(2)), tape.Node(np.ones(2)), np.ones(2)
    tape.backward(a + b, dy)
    a.grad *= 7
    assert b.grad.tolist() == [1.0, 1.0]
    assert dy.tolist() == [1.0, 1.0]


def test_numbers_on_the_tape():
    a, b = tape.Node(2.0), tape.Node(np.float64(3.0))
    tape.backward(a * b + a)
    assert (a.grad, b.grad) == (4.0, 2.0)
    assert type(b.value) is type(a.grad) is float


def test_numpy_scalars_on_the_tape_leave_float32():
    a = tape.Node(np.ones(2, "f4"))
    y = np.float64(2.0) * a + tape.Node(np.float64(1.0), needs=False)
    assert y.value.dtype == F4
    tape.backward(tape.lift(tape.total)(y), np.float64(0.5))
    assert a.grad.dtype == F4
    assert a.grad.tolist() == [1.0, 1.0]


def test_a_total_of_integers_passes_fractions():
    _, vjp = tape.total(np.array([1, 2]))
    assert vjp(0.5).tolist() == [0.5, 0.5]


def test_cross_entropy_can_be_differentiated_twice():
    z = torch.tensor([[0.3, -1.0, 2.0], [0.0, 1.0, 0.0]]).double()
    labels = torch.tensor([2, 0])
    hessian = torch.autograd.functional.hessian
    ours = hessian(lambda z: nn_backpropagation.cross_entropy(z, labels), z)
    theirs = hessian(lambda z: torch.nn.functional.cross_entropy(z, labels), z)
    assert theirs.abs().max() > 0.01
    np.testing.assert_allclose(ours, theirs, 1e-10, 1e-15)


@pytest.mark.parametrize("dtype", [int, "f4", float])
def test_differences_take_little_memory(dtype):
    x = np.arange(600).reshape(2, 300).astype(dtype)
    tracemalloc.start()
    estimate = manual.finite_difference(lambda a: float((a * a).sum()), x, 1e-2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_allclose(estimate, 2.0 * x, 1e-6, 1e-6)
    assert peak < 600 * 600 * 8 / 10


def test_a_run_without_a_number_has_not_converged():
    never = np.full(5, np.nan)
    assert early_stopping.loss_plateaued(never, 2) is None
    assert early_stopping.early_stop(never, 2) is None
    late = np.array([np.nan, np.nan, 1.0, 1.0, 1.0])
    assert early_stopping.loss_plateaued(late, 2) == 4
    assert early_stopping.early_stop(late, 2) == 4


def test_a_layer_is_explained_by_its_inputs():
    w, b = np.array([[1.0, 2.0], [0.0, 5.0]]), np.array([10.0, 20.0])
    got = gradients.input_x_gradient(
        lambda x: mlp.linear(x, w, b), np.ones((1, 2)), 0
    )
    np.testing.assert_array_equal(got, [[1, 2]])
