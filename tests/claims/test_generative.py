"""C104 to C106: their nets play by the rules, and their judges can tell."""

import numpy as np
import pytest
import torch

from dlf.claims.generative import C104, C106, cost, images, modes
from dlf.stacked import adversarial_nets as nets
from dlf.stacked import generative_images as pictures
from dlf.stacked import image_judges as judges


def test_modes_are_counted_by_their_due():
    means = nets.centers("ring")
    assert nets.covered(np.repeat(means, 10, 0), "ring") == (8, 1.0)
    few = np.repeat(means[:3], 20, 0)
    assert nets.covered(few, "ring") == (3, 1.0)
    assert nets.covered(few + 0.5, "ring") == (0, 0.0)
    assert len(nets.centers("grid")) == modes.MODES["grid"]


def test_a_circle_or_a_cloud_without_modes_finds_none():
    rng = np.random.default_rng(0)
    angle = 2 * np.pi * rng.uniform(size=2_000)
    circle = 2 * np.stack([np.cos(angle), np.sin(angle)], 1)
    for spread in (0.05, 0.1, 0.2):
        around = circle * (1 + spread / 2 * rng.normal(size=(2_000, 1)))
        found, good = nets.covered(around, "ring")
        assert found == 0
        assert 0.1 < good < 0.25
    for data, total in modes.MODES.items():
        for cloud in (
            rng.normal(size=(2_000, 2)),
            2 * rng.normal(size=(2_000, 2)),
            rng.uniform(-2.4, 2.4, size=(2_000, 2)),
        ):
            found, good = nets.covered(cloud, data)
            assert found == 0
            assert good < 0.06
        means = nets.centers(data)
        x = means[rng.integers(total, size=2_000)]
        found, good = nets.covered(x + 0.1 * rng.normal(size=x.shape), data)
        assert found == total
        assert good == pytest.approx(2 * modes.GOOD, abs=0.03)


def test_of_rates_that_differ_by_noise_the_smaller_is_chosen():
    out = {"score": np.array([[6.2, 6.0], [8.1, 8.3], [8.4, 8.3]])}
    scores = modes.rounded(out["score"])
    assert scores.tolist() == [[6.0, 6.0], [8.0, 8.0], [8.5, 8.5]]
    alike = modes.rounded(np.array([[8.6, 8.7], [8.5, 8.4]]))
    assert np.ptp(alike) == 0


def test_c104_judges_modes_and_whether_they_were_trained_to_the_end():
    full = {
        arm: {"modes": np.full(10, 3.0), "good": np.full(10, 0.8)}
        for arm in modes.ARMS
    }
    full["GP-5"] = {"modes": np.full(10, 8.0), "good": np.full(10, 0.4)}
    full["GAN-GP-5"] = {"modes": np.full(10, 7.0), "good": np.full(10, 0.8)}
    found = {
        e.cell: e.of(full).mean() for e in C104.effects if e.runs == ("ring",)
    }
    assert found["(a) ring, GP-5 over GAN-1"] == 5
    assert found["(b) ring, GP-5, all 8"] == 0
    assert found["(c) ring, GP-5 over GAN-GP-5"] == 1
    assert found["(d) ring, GAN-GP-5 over GAN-5"] == 4
    assert found["(e) ring, GAN-GP-5, all 8"] == -1
    (good,) = (v for name, v in found.items() if name.startswith("(f)"))
    assert good == pytest.approx(-0.03)
    assert sum(e.counted for e in C104.effects) == 8
    assert f"weight {nets.PENALTY}" in C104.rule


@pytest.mark.parametrize("arm", modes.ARMS)
def test_c104_pairs_train_alike_for_alike_seeds(arm):
    cell = nets.Duel(data="ring", steps=3, drawn=50, width=8, batch=16)
    out = modes.train(cell, arm, [0.01, 0.001], [0, 1])
    assert out["modes"].shape == (2, 2)
    assert np.isfinite(out["loss"]).all()
    alone = modes.train(cell, arm, [0.001], [1])
    assert out["good"][1, 1] == alone["good"][0, 0]
    assert out["modes"][1, 1] == alone["modes"][0, 0]


def test_clipping_clips_and_a_diverged_pair_has_failed():
    cell = nets.Duel(data="ring", width=8)
    pair = nets.Pair(cell, cost.ARMS["clip-5"], [0.1], [0])
    z = torch.randn(1, 16, 4)
    pair.critic_step(torch.randn(1, 16, 2), z, torch.rand(1, 16, 1))
    assert max(p.abs().max() for p in pair.scores) <= nets.CLIP
    wild = nets.Duel(data="ring", steps=3, width=8, drawn=10, batch=8)
    out = nets.train(wild, modes.ARMS["GAN-1"], [float("nan")], [0])
    assert np.isnan(out["loss"]).all()


def test_the_penalty_is_that_of_a_gradient():
    cell = nets.Duel(data="ring", width=8, dtype="float64")
    pair = nets.Pair(cell, modes.ARMS["GP-5"], [0.1], [0])
    x = torch.randn(1, 9, 2, dtype=torch.float64)
    g = torch.autograd.functional.jacobian(
        lambda at: pair.critic(at[None, None]).squeeze(), x[0, 0]
    )
    one = pair.penalty(x[:, :1].clone())
    assert one.item() == pytest.approx((g.norm() - 1).square().item())


def test_c106_tells_what_is_unlike_and_guesses_what_is_alike():
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(2, 3_000, judges.PIXELS, generator=draw)
    alike = judges.told_apart(x[:1], x[1:], [0], 1, steps=50)
    unlike = judges.told_apart(x[:1], x[1:] + 0.5, [0], 1, steps=50)
    assert abs(alike[0] - 0.5) < 0.05
    assert unlike[0] > 0.9


def test_c106_chooses_by_a_distance_that_does_not_saturate():
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(2, 2_000, judges.PIXELS, generator=draw)
    steps = [judges.sliced(x[:1], x[1:] + by)[0] for by in (0, 1, 2, 4)]
    assert steps[0] < 0.05
    assert (np.diff(steps) > 0.3).all()
    seeds = [0, 1]
    real = torch.cat([x, x])
    known = torch.randn(4, 2_100, judges.PIXELS, generator=draw)
    out = judges.judged(real, real + 1, known, seeds)
    assert [v.shape for v in out.values()] == [(4,)] * 3
    assert out["told"].min() > 0.95
    assert abs(out["floor"] - 0.5).max() < 0.1
    assert out["copied"].min() > 1


def test_c106_reads_test_images_of_scored_seeds_only(monkeypatch):
    monkeypatch.setattr(pictures, "STEPS", dict.fromkeys(images.MODELS, 2))
    cell = images.CELLS["glyphs"]
    for arm in images.MODELS:
        out = images.train(cell, arm, [0.001], [0])
        assert set(out) == {"distance", "score", "loss", "initial"}
        assert out["distance"][0, 0] > 0.2
    first, held = pictures.images("glyphs", 0, False)
    _, other = pictures.images("glyphs", 0, True)
    assert len(held) == len(other) == pictures.HELD
    assert not torch.equal(held, other)
    assert first.min() >= -1


def test_c105_times_whole_rounds():
    seen = cost.measure(cost.Timed(data="ring", width=8, rounds=2), [0, 1])
    assert set(cost.PAIRS) < set(seen)
    assert all(len(seen[name]) == 2 for name in cost.PAIRS)
    values = {name: np.full(10, 3.0) for name in cost.PAIRS}
    found = cost.judge({"width 8": values})
    assert [o.verdict for o in found] == ["supported"] * 4
    assert [o.counted for o in found] == [True, True, False, False]


def test_the_rules_name_what_is_run():
    assert f"{modes.STEPS:,} generator steps" in C104.rule
    assert {cell.steps for cell in modes.CELLS.values()} == {modes.STEPS}
    assert all(min(C104.seeds_of(data)) == 300 for data in modes.CELLS)
    assert all(min(C106.seeds_of(data)) == 300 for data in images.CELLS)
    assert f"{judges.DIRECTIONS} directions" in C106.rule
    for count in pictures.STEPS.values():
        assert f"{count:,}" in C106.rule
