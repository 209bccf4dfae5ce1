"""What C122 to C124 train and judge: parts whose right answer is known."""

import numpy as np
import pytest
import torch

from dlf.claims import interpretability as claims
from dlf.claims.interpretability import attention, shortcut
from dlf.claims.interpretability import sparse_coding as sparse
from dlf.experiments.headline import UNTESTABLE, sharpened
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import kendall


def test_taus_are_kendalls_over_the_tokens_that_are_there():
    rng = np.random.default_rng(0)
    a, b = rng.integers(6, size=(2, 7, 20)).astype(float)
    there = np.arange(20) < rng.integers(5, 20, size=(7, 1))
    want = [
        kendall(u[t], v[t]) for u, v, t in zip(a, b, there, strict=True)
    ]  # fmt: skip
    assert attention.taus(a, b, there) == pytest.approx(want)
    assert attention.taus(0 * a, b, there).tolist() == [0.0] * 7


def test_votes_are_worth_what_they_say():
    task = attention.votes(0, 50)
    assert task.test_x.shape == (50, 30)
    assert task.x.min() >= 2
    assert (task.worth > 0).sum() == 10
    signed = np.zeros(52)
    signed[2:12] = [s * v for v in range(1, 6) for s in (1, -1)]
    total = signed[task.x].sum(axis=1)
    sure = np.abs(total) > 6
    assert ((total > 0) == task.y)[sure].mean() > 0.97
    assert task.y[total == 0].mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("depth", [1, 2])
def test_a_removed_token_is_seen_by_nobody(depth):
    """Changing a removed token changes nothing; the rest share its weight."""
    task = attention.votes(0, 6)
    params = attention.net(task, depth, 0, torch.float64)
    x = torch.tensor(task.test_x)
    e = attention.embed(params, x)
    seen = torch.ones(x.shape, dtype=torch.bool)
    seen[:, 4] = False
    a, v = attention.weights(params, e, seen, depth)
    other = e.clone()
    other[:, 4] += 3.0
    b, u = attention.weights(params, other, seen, depth)
    assert torch.equal(a, b)
    assert a[:, 4].abs().max() == 0
    torch.testing.assert_close(a.sum(1), torch.ones(6, dtype=torch.float64))
    torch.testing.assert_close(
        attention.predict(params, a, v), attention.predict(params, b, u)
    )


def test_scores_are_what_their_names_say():
    task = attention.votes(0, 4)
    params = attention.train(task, 1, 0, 30, torch.float64)
    s = attention.scored(params, task, 1, 0)
    x, y = torch.tensor(task.test_x), torch.tensor(task.test_y)
    e = attention.embed(params, x)

    def loss(seen, e=e):
        a, v = attention.weights(params, e, seen, 1)
        return torch.nn.functional.cross_entropy(
            attention.predict(params, a, v), y, reduction="none"
        )

    whole = torch.ones(x.shape, dtype=torch.bool)
    for t in (0, 7, 29):
        seen = whole.clone()
        seen[:, t] = False
        want = (loss(seen) - loss(whole)).abs()
        assert s["removal"][:, t] == pytest.approx(want.numpy())
        h = 1e-6 * torch.nn.functional.one_hot(torch.tensor(t), 30)
        scale = h.double()[None, :, None]
        up, down = (loss(whole, e * (1 + k * scale)) for k in (1, -1))
        slope = ((up - down) / 2e-6).abs()
        assert s["gradient"][:, t] == pytest.approx(
            slope.numpy(), rel=1e-5, abs=1e-8
        )


def test_shuffled_weights_stay_with_the_tokens_that_are_there():
    a = torch.tensor([[0.5, 0.3, 0.2, 0.0], [0.4, 0.3, 0.2, 0.1]]).double()
    seen = torch.tensor([[True] * 3 + [False], [True] * 4])
    kept = []
    v = torch.eye(4).double().expand(2, 4, 4)
    params = {
        "hidden": torch.eye(4).double(),
        "head": torch.eye(4).double() * 50,
    }
    real = attention.predict

    def watch(params, weights, values):
        kept.append(weights)
        return real(params, weights, values)

    attention.predict = watch
    try:
        moved = attention.shuffled(
            params, a, v, seen, torch.Generator().manual_seed(0)
        )
    finally:
        attention.predict = real
    dealt = torch.stack(kept[1:])
    assert (dealt[:, 0, 3] == 0).all()
    for row in range(2):
        deals = dealt[:, row].sort(dim=-1).values
        assert (deals == a[row].sort().values).all()
    assert not (dealt == a).all()
    assert moved.min() > 0


def test_selectivity_of_units_whose_classes_are_known():
    y = np.repeat(np.arange(10), 5)
    one = (y == 3).astype(float)
    h = np.stack([one, np.ones(50), np.zeros(50)], axis=1)
    assert sparse.selectivity(h, y) == (0.5, 2)  # of 1 and 0; one is dead


def test_units_that_tell_are_chosen_and_decoded():
    rng = np.random.default_rng(0)
    y = rng.integers(10, size=600)
    h = rng.normal(size=(600, 8))
    h[:, 2] += 6 * (y % 4)
    h[:, 5] += 6 * (y // 4)
    chosen = sparse.choose(h, y, 2)
    assert sorted(chosen) == [2, 5]
    fitted = sparse.discriminant(h, y)
    assert (sparse.decode(fitted, h, chosen) == y).mean() > 0.98
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    theirs = LinearDiscriminantAnalysis(priors=np.full(10, 0.1)).fit(h, y)
    ours = sparse.decode(fitted, h, list(range(8)))
    assert (ours == theirs.predict(h)).mean() > 0.99


def test_shortcuts_are_where_they_are_planted():
    corners = [shortcut.pixels("pixel", p, 8).reshape(8, 8) for p in range(4)]
    at = [tuple(np.argwhere(c)[0]) for c in corners]
    assert at == [(0, 0), (0, 7), (7, 0), (7, 7)]
    lattices = [shortcut.pixels("texture", p, 8) for p in range(4)]
    assert (np.sum(lattices, axis=0) == 1).all()
    x = np.full((2, 64), 0.95)
    lit = shortcut.plant(x, np.array([True, False]), lattices[0], 0.15)
    assert (lit[0][lattices[0]] == 1).all()
    assert (lit[0][~lattices[0]] == 0.95).all()
    assert (lit[1] == 0.95).all()


def test_lights_tell_the_label_as_often_as_is_said():
    rng = np.random.default_rng(0)
    y = rng.random(20_000) < 0.5
    for reliance in (0.0, 0.5, 1.0):
        same = (shortcut.lights(y, reliance, rng) == y).mean()
        assert same == pytest.approx(0.5 + reliance / 2, abs=0.02)


def test_maps_of_a_net_that_reads_one_pixel_show_it():
    from dlf.stacked.nets import Mlp

    net = Mlp([16, 4, 2], [0, 1], 1, "relu", dtype=torch.float64)
    with torch.no_grad():
        for w in net.weights:
            w.zero_()
        net.weights[0][:, 6, 0] = 2.0
        net.weights[1][:, 0, 1] = 3.0
    rng = np.random.default_rng(0)
    x = torch.tensor(rng.random((2, 30, 16)))
    y = torch.tensor(rng.integers(2, size=(2, 30)))
    where = np.arange(16) == 6
    for name, found in shortcut.maps(net, x, y).items():
        assert (found[:, ~where] < 1e-12).all(), name
        assert shortcut.shows(found, np.stack([where] * 2)).all()
        wrong = np.stack([np.arange(16) == 7] * 2)
        assert not shortcut.shows(found, wrong).any()
    np.testing.assert_allclose(found[:, 6], 6 * x[..., 6].mean(1))
    np.testing.assert_allclose(shortcut.maps(net, x, y)["gradient"][:, 6], 6.0)


@pytest.mark.parametrize(
    ("tau", "gradient", "verdict"),
    [
        (0.6, 0.5, "supported"),
        (0.6, 0.8, "opposite"),
        (0.2, 0.1, "too small"),
        (0.41, 0.4, "unclear"),
    ],
)
def test_the_rule_of_c122(tau, gradient, verdict):
    spread = np.linspace(-0.02, 0.02, 5)
    ones = np.ones(5)
    v = {
        "attention": tau + spread,
        "gradient": gradient + spread[::-1],
        "right": ones,
        "moved": ones,
        "same top": ones,
    }
    main, control = claims.weighed({"x": v})
    assert main.verdict == verdict
    assert not control.counted


@pytest.mark.parametrize(
    ("seeds", "hits", "alarms", "verdict"),
    [
        (60, 8, 0, "supported"),
        (60, 4, 0, "too small"),
        (60, 8, 4, "opposite"),
        (60, 7, 0, "unclear"),
        (15, 8, 0, "unclear"),  # 120 nets of 15 seeds are 15 draws
    ],
)
def test_the_rule_of_c124(seeds, hits, alarms, verdict):
    drop = np.tile(np.repeat([0.0, 0.1], 8), (seeds, 1)).reshape(seeds, 4, 4)
    shown = np.r_[np.arange(8) < alarms, np.arange(8) < hits].astype(float)
    v = {"drop": drop} | {
        name: np.tile(shown, (seeds, 1)).reshape(seeds, 4, 4)
        for m in shortcut.METHODS
        for name in (m, f"{m}, untrained")
    }
    assert {o.verdict for o in claims.planted({"x": v})} == {verdict}


def test_the_sentence_stays_untestable():
    head = sharpened([Outcome("a", "supported")])
    assert (head.verdict, head.k, head.n) == (UNTESTABLE, None, None)
    assert "hypothesis: supported" in head.reason
