"""C104 to C106: their nets play by the rules, and their judges can tell."""

import numpy as np
import pytest
import torch

from dlf.claims.generative import C104, C106, cost, images, modes
from dlf.stacked import adversarial_nets as nets
from dlf.stacked import generative_images as pictures


def test_modes_are_counted_by_their_due():
    means = nets.centers("ring")
    assert nets.covered(np.repeat(means, 10, 0), "ring") == (8, 1.0)
    few = np.repeat(means[:3], 20, 0)
    assert nets.covered(few, "ring") == (3, 1.0)
    assert nets.covered(few + 0.5, "ring") == (0, 0.0)
    assert len(nets.centers("grid")) == modes.MODES["grid"]


def test_c104_judges_modes_and_whether_they_were_trained_to_the_end():
    full = {
        arm: {"modes": np.full(10, 3.0), "good": np.full(10, 0.8)}
        for arm in modes.ARMS
    }
    full["GP-5"] = {"modes": np.full(10, 8.0), "good": np.full(10, 0.4)}
    found = {
        e.cell: e.of(full).mean() for e in C104.effects if e.runs == ("ring",)
    }
    assert found["(a) ring, GP-5 over GAN-1"] == 5
    assert found["(b) ring, GP-5, all 8"] == 0
    assert found["(d) ring, GAN-5, all 8"] == -5
    (good,) = (v for name, v in found.items() if name.startswith("(e)"))
    assert good == pytest.approx(-0.1)
    assert sum(e.counted for e in C104.effects) == 6


@pytest.mark.parametrize("arm", modes.ARMS)
def test_c104_pairs_train_alike_for_alike_seeds(arm):
    cell = nets.Duel(data="ring", steps=3, drawn=50, width=8, batch=16)
    out = modes.train(cell, arm, [0.01, 0.001], [0, 1])
    assert out["modes"].shape == (2, 2)
    assert np.isfinite(out["loss"]).all()
    alone = modes.train(cell, arm, [0.001], [1])
    assert out["score"][1, 1] == pytest.approx(alone["score"][0, 0])


def test_clipping_clips_and_a_diverged_pair_has_failed():
    cell = nets.Duel(data="ring", width=8)
    pair = nets.Pair(cell, modes.ARMS["clip-5"], [0.1], [0])
    z = torch.randn(1, 16, 4)
    pair.critic_step(torch.randn(1, 16, 2), z, torch.rand(1, 16, 1))
    assert max(p.abs().max() for p in pair.scores) <= nets.CLIP
    wild = nets.Duel(data="ring", steps=3, width=8, drawn=10, batch=8)
    out = nets.train(wild, modes.ARMS["GAN-1"], [float("nan")], [0])
    assert np.isnan(out["loss"]).all()


def test_the_penalty_is_that_of_a_gradient():
    cell = nets.Duel(data="ring", width=8, dtype="float64")
    pair = nets.Pair(cell, modes.ARMS["GP-1"], [0.1], [0])
    x = torch.randn(1, 9, 2, dtype=torch.float64)
    g = torch.autograd.functional.jacobian(
        lambda at: pair.critic(at[None, None]).squeeze(), x[0, 0]
    )
    one = pair.penalty(x[:, :1].clone())
    assert one.item() == pytest.approx((g.norm() - 1).square().item())


def test_c106_tells_what_is_unlike_and_guesses_what_is_alike():
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(2, 3_000, pictures.PIXELS, generator=draw)
    alike = pictures.told_apart(x[:1], x[1:], [0], 1, steps=50)
    unlike = pictures.told_apart(x[:1], x[1:] + 0.5, [0], 1, steps=50)
    assert abs(alike[0] - 0.5) < 0.05
    assert unlike[0] > 0.9


def test_c106_reads_test_images_of_scored_seeds_only(monkeypatch):
    monkeypatch.setattr(pictures, "STEPS", dict.fromkeys(images.MODELS, 2))
    cell = images.CELLS["glyphs"]
    for arm in images.MODELS:
        out = images.train(cell, arm, [0.001], [0])
        assert "floor" not in out
        assert out["told"][0, 0] > 0.9
        assert out["copied"][0, 0] > 0.3
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
    assert all(min(C104.seeds_of(data)) == 200 for data in modes.CELLS)
    for count in pictures.STEPS.values():
        assert f"{count:,}" in C106.rule
