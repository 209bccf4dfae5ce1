"""Clipping: torch's numbers, direction, and groups taken together."""

import numpy as np
import pytest
import torch

from dlf.scratch import gradient_stability as ours

RNG = np.random.default_rng(0)
GRADS = {"w": 3 * RNG.normal(size=(4, 3)), "b": RNG.normal(size=4)}


def leaves() -> list[torch.Tensor]:
    made = [torch.zeros(g.shape, dtype=torch.float64) for g in GRADS.values()]
    for leaf, g in zip(made, GRADS.values(), strict=True):
        leaf.grad = torch.tensor(g)
    return made


@pytest.mark.parametrize("limit", [0.5, 2.0, 1e9])
def test_norm_and_value_are_torchs(limit):
    theirs = leaves()
    returned = torch.nn.utils.clip_grad_norm_(theirs, limit)
    clipped, norm = ours.clip_by_norm(GRADS, limit)
    assert norm == pytest.approx(returned.item())
    for g, leaf in zip(clipped.values(), theirs, strict=True):
        np.testing.assert_allclose(g, leaf.grad, 1e-6)  # torch adds 1e-6
    theirs = leaves()
    torch.nn.utils.clip_grad_value_(theirs, limit)
    clipped, _ = ours.clip_by_value(GRADS, limit)
    for g, leaf in zip(clipped.values(), theirs, strict=True):
        np.testing.assert_array_equal(g, leaf.grad)


def cosine(a: dict, b: dict) -> float:
    one, other = (
        np.concatenate([g.ravel() for g in x.values()]) for x in (a, b)
    )
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def test_only_clipping_by_norm_keeps_the_direction():
    assert cosine(ours.clip_by_norm(GRADS, 1.0)[0], GRADS) == pytest.approx(1)
    assert cosine(ours.clip_by_value(GRADS, 1.0)[0], GRADS) < 0.99
    assert cosine(ours.clip_by_layer(GRADS, 1.0)[0], GRADS) < 0.999


def test_two_groups_are_clipped_as_one():
    """By group each would keep a norm of 1, and both together √2."""
    clipped, norm = ours.clip_by_norm(GRADS, 1.0)
    assert ours.global_norm(clipped) == pytest.approx(1)
    assert norm == pytest.approx(ours.global_norm(GRADS))
    each, _ = ours.clip_by_layer(GRADS, 1.0)
    assert ours.global_norm(each) == pytest.approx(2**0.5)


def test_adaptive_clipping_bounds_every_unit():
    params = {"w": RNG.normal(size=(4, 3)), "b": np.zeros(4)}
    clipped, _ = ours.clip_adaptively(GRADS, params, 0.1)
    rows = np.linalg.norm(clipped["w"], axis=1)
    allowed = 0.1 * np.linalg.norm(params["w"], axis=1)
    np.testing.assert_allclose(rows, np.minimum(allowed, rows))
    assert np.linalg.norm(clipped["b"]) == pytest.approx(1e-4)
    loose, _ = ours.clip_adaptively(GRADS, params, 1e9)
    np.testing.assert_array_equal(loose["w"], GRADS["w"])


def test_zero_gradients_stay_zero():
    zero = {"w": np.zeros((2, 2))}
    for clipped, norm in (
        ours.clip_by_norm(zero, 1.0),
        ours.clip_by_value(zero, 1.0),
        ours.clip_by_layer(zero, 1.0),
        ours.clip_adaptively(zero, zero),
    ):
        assert norm == 0
        assert not clipped["w"].any()


@pytest.mark.parametrize("f", [ours.clip_by_norm, ours.clip_by_layer])
def test_float32_stays(f):
    clipped, _ = f({"w": np.full(3, 9, "f4")}, np.float64(1.0))
    assert clipped["w"].dtype == np.float32


def test_a_million_small_gradients_keep_their_digits():
    g = {"w": np.full(1_000_000, 1e-3, "f4")}
    assert ours.global_norm(g) == pytest.approx(1.0, rel=1e-6)


def test_norms_at_the_rim():
    assert ours.global_norm({"w": np.full(4, 300, np.float16)}) == 600
    assert ours.global_norm({"w": np.array([100, 100], np.int8)}) == (
        pytest.approx(100 * 2**0.5)
    )
    for size in (1e-30, 1e-200, 1e200):
        kind = np.float32 if size == 1e-30 else np.float64
        assert ours.global_norm({"w": np.array([size], kind)}) == (
            pytest.approx(size, rel=1e-6)
        )


def test_nan_spreads_to_every_gradient_as_in_torch():
    clipped, norm = ours.clip_by_norm(
        {"w": np.array([np.nan]), "b": np.array([1e6])}, 1.0
    )
    assert np.isnan(norm)
    assert np.isnan(clipped["b"]).all()


def test_a_vector_is_one_unit():
    b = {"b": np.array([3.0, 4.0])}
    clipped, _ = ours.clip_adaptively(b, b, 0.1)
    np.testing.assert_allclose(clipped["b"], [0.3, 0.4])


def test_update_ratios_in_half_precision():
    before = {"w": np.full(3, 300, np.float16)}
    after = {"w": np.full(3, 303, np.float16)}
    assert ours.update_ratios(before, after)["w"] == pytest.approx(-2)


def test_spectra_of_products_that_overflow():
    turn = np.linalg.qr(RNG.normal(size=(3, 3)))[0]
    J = turn @ np.diag([1e3, 10.0, 1.0]) @ turn.T
    rows = ours.spectra_by_depth([J] * 200)
    np.testing.assert_allclose(rows[:, 0], 3 * np.arange(1, 201), 1e-9)
    np.testing.assert_allclose(rows[2], [9, 3, 0], atol=1e-6)
    assert np.isnan(rows[50, 1:]).all()


def test_spectra_take_factors_from_the_left():
    a, b = RNG.normal(size=(2, 3, 3))
    rows = ours.spectra_by_depth([a, b])
    np.testing.assert_allclose(
        10 ** rows[1], np.linalg.svd(b @ a, compute_uv=False)
    )


def test_a_product_of_zero_is_zero_and_nan_spreads():
    rows = ours.spectra_by_depth([np.zeros((2, 2)), np.eye(2)])
    assert np.isneginf(rows).all()
    rows = ours.spectra_by_depth([np.eye(2), np.full((2, 2), np.nan)])
    np.testing.assert_array_equal(rows, [[0, 0], [np.nan, np.nan]])


def test_adaptive_clipping_of_integer_weights():
    g = {"w": np.array([[3.0, 4.0]])}
    for w, norm in (([[6, 8]], 10), ([[True, False]], 1)):
        clipped, _ = ours.clip_adaptively(g, {"w": np.array(w)}, 0.1)
        np.testing.assert_allclose(clipped["w"], [[0.06 * norm, 0.08 * norm]])


def test_adaptive_clipping_in_half_precision_and_of_huge_numbers():
    zero = {"w": np.zeros((1, 2), np.float16)}
    g = {"w": np.array([[3e3, 4e3]], np.float16)}
    clipped, _ = ours.clip_adaptively(g, zero, 0.01)
    assert clipped["w"].dtype == np.float16
    np.testing.assert_allclose(clipped["w"], [[6e-6, 8e-6]], rtol=1e-2)
    for w, g, left in ((1.0, 3e200, 0.01), (1e200, 3e199, 1e198)):
        clipped, _ = ours.clip_adaptively(
            {"w": np.array([[g]])}, {"w": np.array([[w]])}, 0.01
        )
        np.testing.assert_allclose(clipped["w"], [[left]])


def test_half_precision_is_clipped_by_a_factor_that_it_cannot_hold():
    g = {"w": np.full(1_000_000, 60_000, np.float16)}
    for f in (ours.clip_by_norm, ours.clip_by_layer):
        clipped, norm = f(g, 1.0)
        assert norm == pytest.approx(6e7)
        assert clipped["w"].dtype == np.float16
        np.testing.assert_allclose(clipped["w"], 1e-3, rtol=1e-3)
    clipped, _ = ours.clip_by_value(g, 1e5)
    np.testing.assert_array_equal(clipped["w"], g["w"])


def test_integers_are_clipped_as_floats():
    g = {"w": np.array([3, -4])}
    np.testing.assert_allclose(ours.clip_by_norm(g, 1.0)[0]["w"], [0.6, -0.8])
    np.testing.assert_array_equal(
        ours.clip_by_value(g, 0.5)[0]["w"], [0.5, -0.5]
    )


def test_an_infinity_empties_the_finite_gradients_as_in_torch():
    g = {"w": np.array([np.inf]), "b": np.array([1.0])}
    clipped, norm = ours.clip_by_norm(g, 1.0)
    assert norm == np.inf
    assert np.isnan(clipped["w"]).all()
    assert clipped["b"] == 0
    leaf, other = torch.zeros(1), torch.zeros(1)
    leaf.grad, other.grad = torch.tensor([np.inf]), torch.tensor([1.0])
    torch.nn.utils.clip_grad_norm_([leaf, other], 1.0)
    assert leaf.grad.isnan().all()
    assert other.grad.item() == 0


def test_update_ratios_of_weights_that_are_zero():
    zero, one = np.zeros(2), np.ones(2)
    ratios = ours.update_ratios(
        {"a": zero, "b": zero, "c": one}, {"a": one, "b": zero, "c": one}
    )
    assert ratios["a"] == np.inf
    assert np.isnan(ratios["b"])
    assert ratios["c"] == -np.inf
