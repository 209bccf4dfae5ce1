"""What the claims about activations compute, on cases known beforehand."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlf.claims import activations as claims
from dlf.claims.activations import comparisons as contests
from dlf.claims.activations import dead_units as dead
from dlf.claims.activations import depth, leaks, properties, speed, timing
from dlf.claims.activations import gradient_flow as flow
from dlf.claims.activations import sparsity as sparse
from dlf.experiments.outcomes import Outcome
from dlf.stacked import activation_nets as nets

M1 = nets.Net(data="M1", depth=2, dtype="float64")
SEEDS = [0, 1]


@pytest.mark.parametrize(
    ("arm", "gain"), [("relu", 2**0.5), ("tanh", 1.5925), ("selu", 1.0)]
)
def test_unit_gains_are_those_known(arm, gain):
    assert nets.unit_gain(arm) == pytest.approx(gain, abs=2e-4)


def test_unit_gain_keeps_the_variance():
    z = np.random.default_rng(0).normal(size=400_000)
    for arm in ("swish", "gelu", "mish", "elu", "prelu"):
        f = {"prelu": lambda x: torch.where(x > 0, x, 0.25 * x)}.get(arm)
        y = (f or activation_of(arm))(torch.tensor(z))
        assert float(y.square().mean()) * nets.unit_gain(arm) ** 2 == (
            pytest.approx(1, abs=0.01)
        )


def activation_of(arm):
    from dlf.stacked import nets as stacked_nets

    return stacked_nets.activation_function(arm)


def test_a_race_counts_steps_to_the_target():
    curve = np.array([[2.0, 1.5, 0.5, 0.1], [2.0, np.nan, np.nan, np.nan]])
    steps = nets.crossing(curve, 20, 1.0)
    assert steps.tolist() == [30.0, 60.0]
    cell = replace(M1, target=1.8, steps=100)
    out = nets.race(cell, "relu", [0.1, 1e-6], SEEDS)
    assert (out["steps"][0] < 100).all()
    assert (out["steps"][1] == 100).all()
    assert (out["score"][0] > out["score"][1]).all()


def test_a_shift_leaves_derivative_and_gain_alone():
    x = torch.linspace(-3, 3, 61, dtype=torch.float64)
    for centred, shifted in (("tanh", "tanh + 1"), ("2σ − 1", "2σ")):
        (f, gain), (g, other) = (
            speed.shifted_curve(centred),
            speed.shifted_curve(shifted),
        )
        assert torch.allclose(g(x) - f(x), torch.ones_like(x))
        assert gain == other
    f, gain = speed.shifted_curve("2σ − 1")
    slope = torch.func.grad(f)(torch.tensor(0.0)) * gain
    assert float(slope) == pytest.approx(5 / 3)


def test_flow_is_the_ratio_of_gradients_and_can_be_equalised():
    cell = replace(M1, depth=5, gain=1.7)
    net = nets.build(cell, "tanh", SEEDS, 1)
    data = nets.examples(cell, SEEDS)
    x = data.x[data.train[:, :100]]
    z, zs = x, []
    for w, b in zip(net.weights, net.biases, strict=True):
        z = torch.baddbmm(b, torch.tanh(z) if zs else z, w)
        z.retain_grad()
        zs.append(z)
    y = data.y[data.train[:, :100]]
    loss = torch.nn.functional.cross_entropy(
        z.flatten(0, 1), y.flatten(), reduction="sum"
    )
    (loss / 100).backward()
    want = zs[0].grad.flatten(1).norm(dim=1) / zs[-2].grad.flatten(1).norm(
        dim=1
    )
    got = flow.flow(net, data, 100)
    assert got == pytest.approx(want.log10().numpy())
    assert (np.abs(got) > 0.05).all()
    flow.equalise(net, data)
    assert np.abs(flow.flow(net, data, 100)).max() < 0.01


def test_what_vanishes_is_told_from_what_is_kept():
    numbers = {arm: 0.1 for _, arm, _ in depth.PARTS} | {"sigmoid": -18.0}
    view = {"x": {a: v + np.linspace(0, 0.01, 5) for a, v in numbers.items()}}
    words = {o.cell: o.verdict for o in depth.vanished(view)}
    assert words["(a) ReLU keeps it"] == "supported"
    assert words["(a) sigmoid loses it"] == "supported"
    assert words["(b) ELU, exponential, loses it"] == "opposite"


def test_dead_units_are_found_and_so_are_those_that_come_back(monkeypatch):
    # epoch x unit of one net with two layers of two units
    alive = torch.tensor(
        [[1, 1, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0], [0, 1, 0, 0]]
    ).bool()
    looks = iter(alive.view(4, 1, 2, 2))
    monkeypatch.setattr(dead, "fires", lambda net, data: next(looks))

    def train(cell, arm, rates, seeds, *, data, every, watch):
        for step in range(4):
            watch(step, None)
        one = np.ones((1, 1))
        return {"loss": one, "initial": 2 * one}

    monkeypatch.setattr(nets, "train", train)
    out = dead.deaths(dead.Dying(bias=0.0, rates=(0.1,)), [0])
    assert out["dead"].tolist() == [[[0.5, 1.0]]]
    assert out["ever_dead"].item() == 3  # the last died at the end, and one
    assert out["back"].item() == 1
    assert out["back_first_layer"].item() == 0


def test_units_below_every_example_do_not_fire():
    cell = nets.Net(data="D8", depth=2, width=8, dtype="float64")
    net = nets.build(cell, "relu", SEEDS, 1)
    data = nets.examples(cell, SEEDS)
    with torch.no_grad():
        net.biases[0][0, 0, 3] = -1e3
    assert not dead.fires(net, data)[0, 0, 3]
    assert dead.fires(net, data)[1, 0].any()
    assert leaks.flatlined(net, data)[0] >= 1 / 16
    net.f = lambda x: torch.nn.functional.leaky_relu(x, 0.01)
    assert leaks.leaked(net, data).max() == 0
    net.f = torch.relu
    assert leaks.leaked(net, data)[0] >= 1 / 16


def test_winners_keep_the_largest():
    x = torch.tensor([[3.0, -1.0, 2.0, 1.0], [-1.0, -2.0, -3.0, -4.0]])
    kept = sparse.winners(2)(x)
    assert kept.tolist() == [[3.0, 0.0, 2.0, 0.0], [0.0] * 4]


def test_the_gap_is_example_by_example_on_small_test_sets():
    test = np.array([[1.0, 0.0], [1.0, 1.0]])
    arm = {"train": np.array([1.0, 0.5]), "test": test}
    assert sparse.gap(arm).tolist() == [[0.0, 1.0], [-0.5, -0.5]]
    assert sparse.gap(arm | {"test": test.mean(1)}).tolist() == [0.5, -0.5]


def test_offset_is_mean_over_deviation():
    cell = replace(M1, width=16)
    net = nets.build(cell, "relu", SEEDS, 1)
    data = nets.examples(cell, SEEDS)
    hidden: list = []
    rows = data.train[:, :1000]
    net(data.x[rows], after=hidden)
    want = [
        np.mean(
            [
                np.abs(h[k].detach().numpy().mean(0)).mean()
                / h[k].detach().numpy().std(0, ddof=1).mean()
                for h in hidden
            ]
        )
        for k in range(2)
    ]
    assert properties.offset(net, data) == pytest.approx(want)
    picture = nets.Net(data="D8", model="cnn", depth=1, dtype="float64")
    net = nets.build(picture, "relu", SEEDS, 1)
    data = nets.examples(picture, SEEDS)
    assert (properties.offset(net, data) > 0).all()


def test_random_labels_are_a_seeds_own():
    data = nets.examples(M1, SEEDS)
    mixed = properties.relabelled(data, SEEDS)
    alone = properties.relabelled(nets.examples(M1, [1]), [1])
    rows, own = mixed.train[1], alone.train[0]
    assert torch.equal(mixed.y[rows], alone.y[own])
    assert abs((mixed.y == data.y).double().mean() - 0.1) < 0.02


def test_steadiness_compares_the_spreads_over_scales():
    rng = np.random.default_rng(0)
    narrow = rng.normal(size=(40, 5))
    arms = {"relu": {"scales": 2 * narrow}, "elu": {"scales": narrow + 3}}
    assert properties.steadier(arms) == pytest.approx(np.log(2))


def test_the_rival_is_the_arm_best_in_tuning():
    arms = {
        "relu": {"test": np.full(5, 0.60), "tuned": 0.6},
        "swish": {"test": np.full(5, 0.65), "tuned": 0.7},
        "tanh": {"test": np.full(5, 0.90), "tuned": 0.5},
    }
    assert contests.behind(arms) == pytest.approx(-0.05)
    arms["relu"]["tuned"] = 0.8
    assert contests.behind(arms) == pytest.approx(0)


@pytest.mark.parametrize(
    ("relu", "leak", "verdict"),
    [
        ([1] * 20, [0] * 20, "supported"),
        ([1] * 20, [1] * 20, "too small"),
        ([0] * 20, [1] * 20, "opposite"),
        ([1, 0] * 10, [0, 1] * 10, "unclear"),
    ],
)
def test_failures_are_compared_pair_by_pair(relu, leak, verdict):
    arms = {"relu": {"failed": np.array(relu)}}
    arms["leaky 0.2"] = {"failed": np.array(leak)}
    e = leaks.paired_proportions(leaks.rescued("leaky 0.2")(arms), 0.95)
    assert e.mean == np.mean(relu) - np.mean(leak)
    assert leaks.EFFECTS[1].rule(e) == verdict


def test_without_an_effect_nothing_is_explained():
    explained = [Outcome("(b) x", "supported"), Outcome("(c) x", "supported")]
    lost = [Outcome("(a) x", "too small"), *explained]
    assert flow.because(lost)[0] == "mixed"  # two thirds, but no effect
    found = [Outcome("(a) x", "supported"), *explained]
    assert flow.because(found)[0] == "supported"
    small = [*found, Outcome("(b) y", "too small")]
    assert flow.because(small)[0] == "mostly supported"


def test_contenders_take_turns():
    order: list[str] = []
    names = ("a", "b")
    contenders = {n: lambda n=n: order.append(n) for n in names}
    assert set(timing.turns(contenders, 3)) == set(names)
    assert order == ["a", "b"] * 3


def test_a_ratio_within_the_spread_decides_nothing():
    wide = np.exp(np.array([0.2, 1.4] * 50))
    ones = np.ones(100)
    view = {
        "kernels": {
            "sigmoid": wide,
            "tanh": 9 + np.linspace(0, 0.1, 100),
            "softmax": ones,
            "hardtanh": ones + np.linspace(0, 0.1, 100),
        }
    }
    words = {o.cell: o.verdict for o in timing.costs(view)}
    assert words["(a) sigmoid kernel over ReLU's"] == "unclear"
    assert words["(a) tanh kernel over ReLU's"] == "supported"
    assert words["(a) softmax kernel over ReLU's"] == "too small"


def test_printed_lines_are_judged_one_by_one():
    holds = {p.name: p.test()[0] for p in claims.C15.parts}
    assert sum(holds.values()) == 3
    assert holds["tanh x = 2σ(2x) − 1 (S0)"]
    assert not holds["hard tanh: range (−1, 1) (S2)"]


def test_every_declared_effect_draws_on_declared_cells():
    for claim in (
        claims.C12,
        claims.C13,
        claims.C14,
        claims.C19,
        claims.C20,
        claims.C21,
        claims.C22,
    ):
        for effect in claim.effects:
            assert set(effect.runs) <= set(claim.cells), effect.cell
        names = [e.cell for e in claim.effects]
        assert len(names) == len(set(names))


def test_rules_fix_what_they_name():
    changed = replace(claims.C12, seeds=5)
    assert changed.plan() != claims.C12.plan()
    assert replace(claims.C12, title="x").plan() == claims.C12.plan()
