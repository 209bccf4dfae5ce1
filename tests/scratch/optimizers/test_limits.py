"""Optimizers that are others in a limit, or in other variables."""

import numpy as np
import pytest

from dlf.scratch.optimizers import (
    adafactor,
    adam,
    averaging,
    large_batch,
    lion,
    momentum,
    muon,
    pairs,
)

from .descent import gradient, start, walk


def same_path(one: tuple, other: tuple, steps: int = 200) -> None:
    np.testing.assert_allclose(
        walk(one, steps)[0]["w"], walk(other, steps)[0]["w"], 1e-11, 1e-11
    )


def test_the_three_conventions_of_momentum_convert():
    beta, lr = 0.9, 0.02
    plain = momentum.sgd(lr, beta)
    same_path(plain, momentum.mean_momentum(lr / (1 - beta), beta))
    same_path(plain, momentum.velocity_momentum(lr, beta))


def test_velocity_keeps_the_rates_it_was_made_with():
    """Drop lr tenfold under a constant gradient: 0.01, 0.91, 0.1 remain."""

    def falls(done: int) -> float:
        return 0.1 if done < 200 else 0.01

    steps = []
    for make in (
        momentum.mean_momentum,
        momentum.velocity_momentum,
        momentum.sgd,
    ):
        init, update = make(falls, 0.9)
        w, one = {"w": np.zeros(1)}, {"w": np.ones(1)}
        state = init(w)
        for _ in range(201):
            before = w
            w, state = update(w, one, state)
        steps.append(float((before["w"] - w["w"])[0]))
    np.testing.assert_allclose(steps, [0.01, 0.91, 0.1], rtol=1e-8)


def test_nesterov_is_a_gradient_taken_ahead():
    """In other variables: v <- m v - lr grad(w + m v), w <- w + v."""
    m, lr = 0.9, 0.02
    w, v = start()["w"], np.zeros((3, 4))
    for _ in range(50):
        v = m * v - lr * gradient({"w": w + m * v})["w"]
        w = w + v
    ours, _ = walk(momentum.nesterov(lr, m), 50)
    np.testing.assert_allclose(ours["w"], w + m * v, 1e-12, 1e-12)


def test_adam_without_memory_is_sign_descent():
    init, update = adam.adam(0.01, b1=0.0, b2=0.0, eps=1e-300)
    w = start()
    moved, _ = update(w, gradient(w), init(w))
    step = moved["w"] - w["w"]
    np.testing.assert_allclose(step, -0.01 * np.sign(gradient(w)["w"]))


def test_lion_without_memory_is_sign_descent():
    same_path(lion.lion(0.005, 0.0, 0.0), lion.sign_descent(0.005))


def test_adams_first_step_has_the_length_of_the_rate():
    """Whatever the gradient's size: bias correction makes the quotient 1."""
    init, update = adam.adam(0.001)
    w = {"w": np.zeros(4)}
    for size in (1e-4, 1.0, 1e4):
        g = {"w": np.full(4, size)}
        moved, _ = update(w, g, init(w))
        np.testing.assert_allclose(moved["w"], -0.001, rtol=1e-3)


def test_decoupled_decay_of_sgd_without_momentum_is_the_coupled_one():
    same_path(
        pairs.decoupled(momentum.sgd(0.02), 0.02, 0.1),
        pairs.l2(momentum.sgd(0.02), 0.1),
    )


def test_decoupled_decay_of_adam_is_not_the_coupled_one():
    one, _ = walk(pairs.decoupled(adam.adam(0.01), 0.01, 0.1), 100)
    other, _ = walk(pairs.l2(adam.adam(0.01), 0.1), 100)
    assert np.abs(one["w"] - other["w"]).max() > 0.01


def test_adamw_decays_by_the_rate_times_the_decay():
    init, update = adam.adamw(1e-3, weight_decay=0.01)
    w, zero = {"w": np.ones(1)}, {"w": np.zeros(1)}
    state = init(w)
    for _ in range(1000):
        w, state = update(w, zero, state)
    np.testing.assert_allclose(w["w"], 0.990050, atol=1e-6)


def test_newton_schulz_brings_singular_values_near_one():
    rng = np.random.default_rng(1)
    for shape in ((5, 9), (9, 5), (6, 6)):
        x = rng.normal(size=shape)
        values = np.linalg.svd(muon.orthogonal(x))[1]
        assert values.min() > 0.5
        assert values.max() < 1.3
        core = np.linalg.svd(x, full_matrices=False)
        overlap = core[0].T @ muon.orthogonal(x) @ core[2].T
        off = overlap - np.diag(np.diag(overlap))
        assert np.abs(off).max() < 1e-10


def test_newton_schulz_of_zero_is_zero():
    assert not muon.orthogonal(np.zeros((3, 4))).any()


@pytest.mark.parametrize("shape", [(6, 1), (6, 2), (2, 6)])
def test_muon_goes_farther_along_tall_matrices(shape):
    """By the root of rows over columns, as a unit's norm grows with inputs."""
    g = np.random.default_rng(0).normal(size=shape)
    init, update = muon.muon(0.1, momentum=0.0)
    w = {"w": np.zeros(shape)}
    moved, _ = update(w, {"w": g}, init(w))
    scale = max(1, shape[0] / shape[1]) ** 0.5
    np.testing.assert_allclose(moved["w"], -0.1 * scale * muon.orthogonal(g))


def test_a_vector_has_no_orthogonal_part():
    init, update = muon.muon()
    w = {"b": np.ones(3)}
    with pytest.raises(ValueError, match="must be a matrix"):
        update(w, w, init(w))


def test_schedule_frees_average_is_the_mean_of_z():
    """With a constant rate every z counts alike."""
    init, update = averaging.schedule_free(0.1, momentum=0.0)
    params = start()
    state, seen = init(params), []
    for _ in range(20):
        params, state = update(params, gradient(params), state)
        seen.append(params["w"])
    np.testing.assert_allclose(
        averaging.averaged(state)["w"], np.mean(seen, axis=0), 1e-12
    )


def test_schedule_free_without_memory_is_sgd():
    same_path(averaging.schedule_free(0.1, momentum=0.0), momentum.sgd(0.1))


def test_lookahead_that_keeps_all_is_the_optimizer_itself():
    same_path(averaging.lookahead(momentum.sgd(0.1), 5, 1.0), momentum.sgd(0.1))


def test_lookahead_goes_part_of_the_way_back():
    one, _ = walk(averaging.lookahead(momentum.sgd(0.1), 1, 0.25), 1)
    full, _ = walk(momentum.sgd(0.1), 1)
    step = full["w"] - start()["w"]
    np.testing.assert_allclose(one["w"], start()["w"] + step / 4)


def test_lars_and_lamb_step_in_proportion_to_the_weights():
    w, g = {"w": np.array([3.0, 4.0])}, {"w": np.array([0.0, 2.0])}
    init, update = large_batch.lars(0.5, 0.0, trust=0.1)
    moved = update(w, g, init(w))[0]["w"] - w["w"]
    np.testing.assert_allclose(moved, [0, -0.25])
    init, update = large_batch.lamb(0.01, weight_decay=0.0)
    moved = update(w, g, init(w))[0]["w"] - w["w"]
    np.testing.assert_allclose(np.linalg.norm(moved), 0.05)


@pytest.mark.parametrize("w", [np.zeros(2), np.ones(2)])
def test_trust_is_one_where_a_norm_is_zero(w):
    assert large_batch.trust_ratio(w, 1 - w) == 1.0


def test_adafactor_remembers_a_row_and_a_column():
    _, memory = walk(adafactor.adafactor(), 3)[1]
    assert [a.size for a in memory["w"]] == [3, 4]


def test_ascent_climbs():
    up, _ = walk(pairs.ascend(momentum.sgd(0.01)), 10)
    down, _ = walk(momentum.sgd(0.01), 10)
    size = np.linalg.norm(gradient(start())["w"])
    assert np.linalg.norm(gradient(up)["w"]) > size
    assert np.linalg.norm(gradient(down)["w"]) < size


def test_the_ends_of_the_ranges():
    momentum.sgd(0.1, momentum=0.0)
    adam.adam(b1=0.0, b2=0.0)
    averaging.lookahead(momentum.sgd(0.1), 1, 1.0)
