"""The unit, its rule, and the rule told by products, against plain loops."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlf.nn import perceptron as nn
from dlf.scratch import perceptron as scratch

BITS = np.array(list(product((0.0, 1.0), repeat=2)))
AND, XOR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 0])


def by_loop(x, y, lr, epochs, with_bias):
    """The rule as it is told: one example after the other."""
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, []
    for visit in range(epochs * len(x)):
        n = visit % len(x)
        error = y[n] - int(sum(w * x[n]) + b >= 0)
        if error:
            w, b = w + lr * error * x[n], b + lr * error * with_bias
            mistakes.append(visit)
    return w, b, mistakes


@settings(deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([0.5, 1.0, 3.0]),
    st.integers(1, 6),
    st.booleans(),
)
def test_jumping_to_mistakes_is_visiting_all(seed, lr, epochs, with_bias):
    rng = np.random.default_rng(seed)
    x = rng.integers(-3, 4, size=(7, 3)).astype(float)  # with ties
    y = rng.integers(2, size=7)
    w, b, mistakes = scratch.train_perceptron(x, y, lr, epochs, with_bias)
    v, c, expected = by_loop(x, y, lr, epochs, with_bias)
    assert mistakes.tolist() == expected
    assert np.array_equal(w, v)
    assert b == c


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_products_tell_the_same_mistakes(seed, epochs):
    rng = np.random.default_rng(seed)
    x = rng.integers(-3, 4, size=(7, 3)).astype(float)
    y = rng.integers(2, size=7)
    w, _, mistakes = scratch.train_perceptron(x, y, epochs=epochs)
    counts = scratch.train_kernel_perceptron(x @ x.T + 1, y, epochs)
    assert counts.tolist() == np.bincount(mistakes % 7, minlength=7).tolist()
    assert np.array_equal((counts * (2 * y - 1)) @ x, w)


@pytest.mark.parametrize("seed", range(5))
def test_torch_makes_the_same_corrections(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(20, 4)), rng.integers(2, size=20)
    unit = torch.nn.Linear(4, 1).double()
    torch.nn.init.zeros_(unit.weight)
    torch.nn.init.zeros_(unit.bias)
    sgd = torch.optim.SGD(unit.parameters(), lr=1.0)
    for a, t in zip(torch.tensor(x), torch.tensor(y), strict=True):
        sgd.zero_grad()
        nn.perceptron_loss(unit(a), t[None]).backward()
        sgd.step()
    w, b, _ = scratch.train_perceptron(x, y, epochs=1)
    assert np.allclose(unit.weight.detach().numpy()[0], w, rtol=0, atol=1e-12)
    assert np.allclose(unit.bias.item(), b, rtol=0, atol=1e-12)


def test_and_is_learned_with_the_bias_alone():
    w, b, mistakes = scratch.train_perceptron(BITS, AND)
    assert (w.tolist(), b, mistakes[-1] // 4) == ([2.0, 1.0], -3.0, 4)
    assert scratch.predict(BITS, w, b).tolist() == AND.tolist()
    w, b, mistakes = scratch.train_perceptron(BITS, AND, with_bias=False)
    assert b == 0
    assert mistakes[-1] // 4 == 999


def test_xor_never_ends():
    w, b, mistakes = scratch.train_perceptron(BITS, XOR)
    assert mistakes[-1] // 4 == 999
    assert (scratch.predict(BITS, w, b) != XOR).sum() >= 2


def test_a_sum_on_the_threshold_fires():
    assert scratch.predict(np.ones((1, 1)), np.ones(1), -1.0).tolist() == [1]
    assert scratch.predict(np.zeros((0, 2)), np.ones(2), 0.0).tolist() == []
    far = np.array([[1e4, 1e4], [np.inf, 0]])
    assert scratch.predict(far, np.array([1.0, -1]), -1e-9).tolist() == [0, 1]


@pytest.mark.parametrize("by", ["train_perceptron", "train_kernel_perceptron"])
def test_it_refuses(by, as_shipped):
    learn, x = getattr(scratch, by), np.zeros((3, 3))
    with pytest.raises(
        ValueError, match=r"labels 0 or 1.*got -1 at position 2"
    ):
        learn(x, np.array([0, 1, -1]))
    with pytest.raises(ValueError, match="`y` must hold a label; got none"):
        learn(np.zeros((0, 0)), np.zeros(0, int))
    with pytest.raises(ValueError, match="`y` must have shape"):
        learn(x, np.zeros(2, int))


def test_it_refuses_rates_that_turn_away_and_sums_that_are_nan(as_shipped):
    for lr in (0.0, -1.0, np.nan):
        with pytest.raises(ValueError, match="`lr` must be positive"):
            scratch.train_perceptron(BITS, AND, lr=lr)
    with pytest.raises(ValueError, match=r"neither side.*row 1 does"):
        scratch.predict(np.array([[0, 1.0], [0, np.nan]]), np.ones(2), 0.0)
    with pytest.raises(ValueError, match="`w` must have shape"):
        scratch.predict(BITS, np.ones(3), 0.0)
