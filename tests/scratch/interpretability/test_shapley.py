"""Shapley values: against Captum, scikit-learn and all orders."""

import itertools
import math

import captum.attr as ca
import numpy as np
import pytest
import torch

from dlf.nn import interpretability as ours
from dlf.scratch.interpretability import lime, shapley

from .cnn import TARGETS, net


def test_shapley_values_are_captums(x):
    model = net()
    f = ours.function(model)
    groups = np.arange(96).reshape(2, 6, 8) * 5 // 96
    v = shapley.value_function(f, x, TARGETS, groups, 0.2)
    phi = shapley.exact_shapley(v, 5)
    theirs = ours.attribute(
        ca.ShapleyValues, model, x, TARGETS, baselines=0.2,
        feature_mask=torch.tensor(groups)[None],
    )  # fmt: skip
    np.testing.assert_allclose(
        shapley.to_inputs(phi, groups),
        theirs,
        atol=1e-6,  # it adds in float32
    )
    np.testing.assert_allclose(shapley.kernel_shap(v, 5), phi, 1e-9, 1e-12)
    rng = np.random.default_rng(0)
    near = shapley.permutation_shapley(v, 5, 400, rng)
    np.testing.assert_allclose(near, phi, atol=0.1 * np.abs(phi).max())
    near = shapley.kernel_shap(v, 5, 2000, rng)
    np.testing.assert_allclose(near, phi, atol=0.1 * np.abs(phi).max())


def test_shapley_values_are_averages_over_all_orders():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(16, 2))
    bits = 2 ** np.arange(4)

    def v(s):
        return table[s @ bits]

    want = np.zeros((2, 4))
    for order in itertools.permutations(range(4)):
        there = np.zeros(4, bool)
        for p in order:
            before = v(there[None])[0]
            there[p] = True
            want[:, p] += v(there[None])[0] - before
    phi = shapley.exact_shapley(v, 4)
    np.testing.assert_allclose(phi, want / 24, 1e-12)
    np.testing.assert_allclose(phi.sum(1), table[15] - table[0], 1e-12)
    np.testing.assert_allclose(shapley.kernel_shap(v, 4), phi, 1e-9)
    one = shapley.permutation_shapley(v, 4, 1, np.random.default_rng(1))
    np.testing.assert_allclose(one.sum(1), table[15] - table[0], 1e-12)


def test_the_error_of_sampling_falls_with_the_root():
    table = np.random.default_rng(0).normal(size=(64, 1))

    def v(s):
        return table[s @ (2 ** np.arange(6))]

    phi = shapley.exact_shapley(v, 6)

    def error(orders):
        return np.sqrt(
            np.mean(
                [
                    np.square(
                        shapley.permutation_shapley(
                            v, 6, orders, np.random.default_rng(k)
                        )
                        - phi
                    ).mean()
                    for k in range(40)
                ]
            )
        )

    assert error(10) / error(160) == pytest.approx(4, rel=0.25)


def test_weights_of_the_kernel_are_the_papers():
    np.testing.assert_allclose(
        shapley.kernel_weights(4),
        [1 / (math.comb(4, s) * s * (4 - s)) for s in (1, 2, 3)],
    )


def test_kernel_shap_is_captums(x):
    model = net()
    groups = np.arange(96).reshape(2, 6, 8) * 4 // 96
    phi = shapley.exact_shapley(
        shapley.value_function(ours.function(model), x, 1, groups), 4
    )
    torch.manual_seed(0)
    theirs = np.concatenate([
        ours.attribute(
            ca.KernelShap, model, x[n : n + 1], 1, n_samples=2000,
            feature_mask=torch.tensor(groups)[None],
            return_input_shape=False, perturbations_per_eval=500,
        )
        for n in range(2)
    ])  # fmt: skip
    np.testing.assert_allclose(phi[:2], theirs, atol=0.05 * np.abs(phi).max())


def test_lime_is_captums_regression():
    """The same coalitions, weights and penalty give the same line."""
    from sklearn.linear_model import Ridge

    table = np.random.default_rng(0).normal(size=(32, 3))

    def v(s):
        return table[s @ (2 ** np.arange(5))]

    got = lime.lime(v, 5, 60, np.random.default_rng(1), 0.4, 0.3)
    s = np.random.default_rng(1).random((60, 5)) < 0.5
    s[0] = True
    cosine = s.sum(1) / np.sqrt(s.sum(1) * 5).clip(1e-12)
    pi = np.exp(-np.square(1 - cosine) / 0.4**2)
    want = Ridge(alpha=0.3).fit(s.astype(float), v(s), sample_weight=pi).coef_
    np.testing.assert_allclose(got, want, 1e-9)


def test_lime_and_captums_lime_agree_on_a_net(x):
    model = net()
    groups = np.arange(96).reshape(2, 6, 8) * 4 // 96
    v = shapley.value_function(ours.function(model), x[:1], 1, groups)
    mine = lime.lime(v, 4, 4000, np.random.default_rng(0), alpha=0.0)
    torch.manual_seed(0)
    from captum._utils.models.linear_model import SkLearnLinearRegression
    from captum.attr._core.lime import get_exp_kernel_similarity_function

    method = ca.Lime(
        model,
        interpretable_model=SkLearnLinearRegression(),
        similarity_func=lambda a, b, c, **k: torch.exp(
            -((1 - c.double().mean().sqrt()) ** 2) / 0.25**2
        ),
    )
    assert get_exp_kernel_similarity_function  # its default looks at pixels
    theirs = method.attribute(
        torch.tensor(x[:1]), target=1, n_samples=4000,
        feature_mask=torch.tensor(groups)[None], return_input_shape=False,
        perturbations_per_eval=500,
    )  # fmt: skip
    scale = np.abs(mine).max()
    np.testing.assert_allclose(mine, theirs, atol=0.1 * scale)


def test_a_game_asks_in_pieces_and_gets_the_same(x, monkeypatch):
    f, groups = ours.function(net()), np.arange(96).reshape(2, 6, 8) // 24
    every = shapley.coalitions(4)
    whole = shapley.value_function(f, x, 1, groups)(every)
    assert whole.shape == (16, 4)
    monkeypatch.setattr(shapley, "ROWS", 5)
    np.testing.assert_allclose(
        shapley.value_function(f, x, 1, groups)(every), whole
    )
    y, _ = f(np.where(every[6][groups], x, 0))
    np.testing.assert_allclose(whole[6], y[:, 1], 1e-12)


def test_coalitions_are_drawn_by_the_weight_of_their_size():
    """Of sizes 1 to 4 among 5 players, in proportion to 1 / (s (5 - s))."""
    asked = []

    def game(s):
        asked.append(s.sum(axis=1))
        return s.sum(axis=1, keepdims=True).astype(float)

    shapley.kernel_shap(game, 5, 40_000, np.random.default_rng(0))
    drawn = np.bincount(np.concatenate(asked)[2:], minlength=5)[1:5]
    wanted = np.array([1 / 4, 1 / 6, 1 / 6, 1 / 4])
    np.testing.assert_allclose(
        drawn / drawn.sum(), wanted / wanted.sum(), atol=0.01
    )
