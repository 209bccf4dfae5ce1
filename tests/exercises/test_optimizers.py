"""Solutions of the exercises on optimizers, held against torch and search."""

import numpy as np
import pytest
import torch

from dlf.exercises import optimizer_logs, optimizer_moments, optimizer_settings
from dlf.scratch.optimizers import adam, momentum


def test_by_hand_is_what_torchs_adam_does():
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.Adam([w], 1.0, (0.5, 0.5), eps=1e-300)
    before = 0.0
    for g in (1.0, 11.0):
        before = w.item()
        w.grad = torch.tensor([g], dtype=torch.float64)
        theirs.step()
    step = before - w.item()
    assert optimizer_settings.second_steps()[0] == pytest.approx(step)


@pytest.mark.parametrize("source", optimizer_settings.CONVENTIONS)
@pytest.mark.parametrize("target", optimizer_settings.CONVENTIONS)
def test_a_converted_rate_makes_the_same_steps(source, target):
    make = {
        "sum": momentum.sgd,
        "mean": momentum.mean_momentum,
        "inside": momentum.velocity_momentum,
    }
    ends = []
    for convention, lr in (
        (source, 0.1),
        (target, optimizer_settings.converted(0.1, 0.9, source, target)),
    ):
        init, update = make[convention](lr, 0.9)
        w = {"w": np.ones(2)}
        state = init(w)
        for _ in range(20):
            w, state = update(w, {"w": np.array([1.0, 3]) * w["w"]}, state)
        ends.append(w["w"])
    np.testing.assert_allclose(*ends, rtol=1e-12)


def test_memory_is_what_torch_keeps():
    shapes = [(10, 7), (10,)]
    for name, make in (
        ("momentum", lambda p: torch.optim.SGD(p, 0.1, momentum=0.9)),
        ("adam", torch.optim.Adam),
        ("adafactor", torch.optim.Adafactor),
    ):
        params = [torch.ones(s, requires_grad=True) for s in shapes]
        sum(p.sum() for p in params).backward()
        optimizer = make(params)
        optimizer.step()
        kept = sum(
            v.numel()
            for state in optimizer.state.values()
            for k, v in state.items()
            if k != "step"
        )
        assert optimizer_settings.memory(shapes, name) == kept


def test_no_gradients_make_a_longer_step():
    rng, longest = np.random.default_rng(0), 0.0
    for _ in range(2_000):
        init, update = adam.adam(1.0, 0.5, 0.8, eps=1e-300)
        w = {"w": np.zeros(1)}
        state = init(w)
        for scale in rng.exponential(size=4):
            before = w["w"]
            w, state = update(w, {"w": rng.normal(size=1) * scale}, state)
        longest = max(longest, abs(w["w"] - before).item())
    bound = optimizer_moments.largest_step(4, 0.5, 0.8)
    assert 0.9 * bound < longest <= bound


def test_broken_adam_is_torchs_too():
    slopes = optimizer_moments.uphill_gradients()
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.Adam([w], betas=(0.0, 0.9), eps=1e-12)
    for t in range(optimizer_moments.STEPS):
        theirs.param_groups[0]["lr"] = 0.1 / (t + 1) ** 0.5
        w.grad = torch.tensor([slopes[t % len(slopes)]], dtype=torch.float64)
        theirs.step()
        w.data.clamp_(-1, 1)
    assert w.item() == pytest.approx(optimizer_moments.adams_end(slopes))
    assert w.item() > 0.9
    assert np.mean(slopes) > 0


def test_each_log_shows_its_cause():
    logs = optimizer_logs.logs()
    by = dict(zip(optimizer_logs.FAULTS, "ABCDE", strict=True))
    assert sorted(by) == list("12345")
    weights, lr = 32 * 5 + 10 * 32, 0.01
    first = {k: logs[name][0][1] for k, name in by.items()}
    steps = {k: [s for _, s in logs[name]] for k, name in by.items()}
    full = lr * weights**0.5
    assert first["3"] == pytest.approx(10**0.5 * full, rel=1e-3)
    assert first["5"] == pytest.approx(full, rel=1e-3)
    assert steps["5"][3] < 0.1 * steps["5"][0]
    assert logs[by["1"]][2][0] > 0.98 * logs[by["1"]][0][0]
    assert steps["1"][2] > 8 * steps["1"][0]  # it starts up slowly
    assert logs[by["4"]][-1][0] > 1
    assert min(steps["2"]) > 1


def test_letters_may_be_written_in_any_way_and_are_counted():
    grade = optimizer_logs.SCALED.grade
    assert grade("d c f e").endswith("right")
    assert grade("CDE").endswith("5 of six are right")
    assert "letters A to F" in grade("XYZ")
    assert "3 of the five" in optimizer_logs.MATCH.grade("35124")
    assert "3 of the five" in optimizer_logs.MATCH.grade("A3 B5 C1 D2 E4")
    assert "five digits" in optimizer_logs.MATCH.grade(-35142)


def test_the_mean_of_gradients_is_exact_and_squares_do_not_overflow():
    grade = optimizer_moments.BREAK.grade
    assert "mean must be positive" in grade([1e16, -1, -1, -1, -1e16, 2.0])
    assert "Adam ends at" in grade([-(10.0**k) for k in range(22)] + [1e160])
    assert "expected 2 to 24 numbers" in grade(["22", *20 * ["-1"]])
