"""The tape adds cotangents up as PyTorch does, whatever the graph's shape."""

import gc
import weakref

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlf.scratch import mlp
from dlf.scratch.activations.elementwise import relu, tanh
from dlf.scratch.backpropagation import tape
from dlf.scratch.losses import classification

SHAPES = [(2, 3), (1, 3), (3,), (2, 1), (1,), (1, 1), (4, 1, 3)]
shapes = st.sampled_from(SHAPES)


def leaves(*values):
    return (
        [tape.Node(v.copy()) for v in values],
        [torch.tensor(v, requires_grad=True) for v in values],
    )


def equal(ours, theirs):
    for node, tensor in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(node.grad, tensor.grad, 1e-12, 1e-14)
        assert np.shape(node.grad) == tuple(tensor.shape)


@given(shapes, shapes, st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_broadcasting(a_shape, b_shape, seed):
    rng = np.random.default_rng(seed)
    ours, theirs = leaves(rng.normal(size=a_shape), rng.normal(size=b_shape))
    y = ours[0] * ours[1] - ours[1] * 2.0 + (3.0 - ours[0])
    want = theirs[0] * theirs[1] - theirs[1] * 2 + (3 - theirs[0])
    np.testing.assert_allclose(y.value, want.detach(), 1e-13)
    dy = rng.normal(size=y.value.shape)
    tape.backward(y, dy)
    want.backward(torch.tensor(dy))
    equal(ours, theirs)


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_shared_nodes(seed, ops):
    """Random graphs in which every value may be used many times."""
    rng = np.random.default_rng(seed)
    ours, theirs = leaves(*rng.normal(size=(3, 4)))
    pool, want = list(ours), list(theirs)
    for _ in range(ops):
        i, j = rng.integers(len(pool), size=2)
        if rng.random() < 0.5:
            pool.append(pool[i] + pool[j])
            want.append(want[i] + want[j])
        else:
            pool.append(tape.lift(tanh)(pool[i] * pool[j]))
            want.append(torch.tanh(want[i] * want[j]))
    y, z = pool[-1] + ours[0] * 0.0, want[-1] + theirs[0] * 0
    tape.backward(y, np.ones(4))
    z.backward(torch.ones(4, dtype=float))
    for node, tensor in zip(ours, theirs, strict=True):
        if tensor.grad is None:
            assert node.grad is None
        else:
            np.testing.assert_allclose(node.grad, tensor.grad, 1e-10, 1e-12)


def test_a_net_equals_its_hand_written_pullback():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5, 7)), rng.integers(3, size=5)
    params = mlp.init((7, 6, 3), rng)
    logits, pull_net = mlp.mlp(params, x)
    _, pull_loss = classification.cross_entropy(logits, y)
    by_hand, dx = pull_net(pull_loss())
    nodes = {k: tape.Node(v.copy()) for k, v in params.items()}
    data = tape.Node(x.copy())
    linear, activation = tape.lift(mlp.linear, skips=True), tape.lift(relu)
    a = activation(
        linear(data, nodes["layers.0.weight"], nodes["layers.0.bias"])
    )
    a = linear(a, nodes["layers.1.weight"], nodes["layers.1.bias"])
    tape.backward(tape.lift(classification.cross_entropy)(a, y))
    for key, node in nodes.items():
        np.testing.assert_array_equal(node.grad, by_hand[key])
    np.testing.assert_array_equal(data.grad, dx)


def test_data_costs_no_cotangent():
    rng = np.random.default_rng(0)
    w, b = tape.Node(rng.normal(size=(2, 3))), tape.Node(np.zeros(2))
    y = tape.lift(mlp.linear, skips=True)(rng.normal(size=(4, 3)), w, b)
    assert y.pull.keywords == {"dx": False}
    tape.backward(y, np.ones((4, 2)))
    np.testing.assert_array_equal(b.grad, [4.0, 4.0])


def test_constants_are_not_followed():
    a, constant = tape.Node(np.ones(2)), tape.Node(np.ones(2), needs=False)
    assert (constant * constant).needs is False
    y = a * constant
    tape.backward(y, np.ones(2))
    assert constant.grad is None
    np.testing.assert_array_equal(a.grad, [1.0, 1.0])


def test_a_deep_graph_needs_no_recursion():
    x = tape.Node(np.ones(1))
    y = x
    for _ in range(50_000):
        y = y + x
    tape.backward(y, np.ones(1))
    assert x.grad == 50_001


def test_what_was_kept_is_freed_during_the_sweep():
    x = tape.Node(np.ones(3))
    between = x * x
    kept = weakref.ref(between.value)
    y = tape.lift(tape.total)(between)
    del between
    gc.disable()
    try:
        tape.backward(y)
        assert kept() is None
    finally:
        gc.enable()


def test_a_graph_is_walked_once():
    x = tape.Node(np.ones(2))
    y = x * x
    tape.backward(y, np.ones(2))
    with pytest.raises(ValueError, match="compute it again"):
        tape.backward(y, np.ones(2))


def test_a_leaf_cannot_be_walked():
    with pytest.raises(ValueError, match="must be the result of an operation"):
        tape.backward(tape.Node(np.ones(2)), np.ones(2))


def test_a_cotangent_of_the_wrong_shape_is_refused():
    x = tape.Node(np.ones(2))
    with pytest.raises(ValueError, match=r"must have shape \(2,\).*got \(3,\)"):
        tape.backward(x * x, np.ones(3))


def test_a_used_value_cannot_be_changed():
    x = np.ones(2)
    y = tape.Node(x) * 2.0
    with pytest.raises(ValueError, match="read-only"):
        x += 1
    assert y.value.tolist() == [2.0, 2.0]


def test_float32_stays_at_every_node():
    rng = np.random.default_rng(0)
    params = mlp.init((7, 6, 3), rng, np.float32)
    nodes = {k: tape.Node(v) for k, v in params.items()}
    seen = []

    def watched(f, **options):
        def watching(*args, **kwargs):
            y, pull = f(*args, **kwargs)
            seen.append(y)

            def pulled(*dy, **kw):
                out = pull(*dy, **kw)
                seen.extend(out if isinstance(out, tuple) else (out,))
                return out

            return y, pulled

        return tape.lift(watching, **options)

    linear = watched(mlp.linear, skips=True)
    x = rng.normal(size=(5, 7)).astype(np.float32)
    a = linear(x, nodes["layers.0.weight"], nodes["layers.0.bias"])
    a = watched(relu)(a * 0.5 + 1.0)
    a = linear(a, nodes["layers.1.weight"], nodes["layers.1.bias"])
    tape.backward(
        watched(classification.cross_entropy)(a, rng.integers(3, size=5))
    )
    dtypes = {v.dtype for v in seen if isinstance(v, np.ndarray)}
    assert dtypes == {np.dtype("f4")}
    assert {n.grad.dtype for n in nodes.values()} == {np.dtype("f4")}


def test_a_fresh_lift_freezes_what_it_used_and_follows_no_constant():
    square = tape.lift(lambda a, power=2: (a**power, lambda dy: 2 * a * dy))
    x = np.ones(2)
    constant = square(tape.Node(x, needs=False))
    assert constant.needs is False
    assert constant.pull is None
    assert constant.value.tolist() == [1.0, 1.0]
    assert not x.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        x += 1
    assert square(np.full(2, 3.0), power=3).value.tolist() == [27.0, 27.0]


def test_a_node_says_what_it_is():
    leaf = tape.Node(np.ones((2, 3)))
    assert repr(leaf) == "leaf of shape (2, 3)"
    assert repr(leaf * 2.0) == "node of shape (2, 3)"


def test_a_total_keeps_dtype_and_passes_any_cotangent():
    y, vjp = tape.total(np.ones((2, 2), np.float32))
    assert y == 4.0
    assert vjp().tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert vjp(3.0).tolist() == [[3.0, 3.0], [3.0, 3.0]]
    assert vjp().dtype == np.float32


def test_a_scalar_leaf_collects_a_float():
    a, b = tape.Node(np.ones((2, 3))), tape.Node(2.0)
    tape.backward(a * b, np.ones((2, 3)))
    assert b.grad == 6.0
    assert isinstance(b.grad, float)
