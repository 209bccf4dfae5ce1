"""The loop from scratch, what may end it, and what watches it."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlf.data import digits
from dlf.nn import failure_modes
from dlf.nn.mlp import MLP
from dlf.nn.monitor import Monitor, dead_units
from dlf.scratch import mlp
from dlf.scratch.optimizers import adam, momentum
from dlf.scratch.training import early_stopping as detectors
from dlf.scratch.training import loop


def few(N=90):
    data = digits.load().train.take(slice(N))
    return data.flat(), data.y


def test_the_six_steps_are_torchs():
    (x, y), start = few(), mlp.init((64, 8, 10), np.random.default_rng(0))
    pair = momentum.sgd(lr=0.1, momentum=0.9)
    how = {"epochs": 3, "batch": 40}
    params, losses = loop.train(
        start, x, y, pair, **how, rng=np.random.default_rng(1)
    )

    net = MLP((64, 8, 10)).double()
    net.load_state_dict({k: torch.tensor(w) for k, w in start.items()})
    sgd = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    rng, theirs = np.random.default_rng(1), []
    for _ in range(3):
        order = rng.permutation(90)
        for rows in (order[:40], order[40:80], order[80:]):
            loss = F.cross_entropy(
                net(torch.tensor(x[rows])), torch.tensor(y[rows])
            )
            sgd.zero_grad()
            loss.backward()
            sgd.step()
            theirs.append(loss.item())
    assert np.allclose(losses, theirs, rtol=0, atol=1e-10)
    for name, w in net.state_dict().items():
        assert np.allclose(params[name], w, rtol=0, atol=1e-10)


def test_training_leaves_its_start_alone_and_repeats_itself():
    (x, y), start = few(), mlp.init((64, 8, 10), np.random.default_rng(0))
    kept = {k: w.copy() for k, w in start.items()}
    pair = adam.adam()
    runs = [
        loop.train(
            start, x, y, pair, epochs=2, batch=7, rng=np.random.default_rng(3)
        )
        for _ in range(2)
    ]
    assert runs[0][1] == runs[1][1]
    assert len(runs[0][1]) == 2 * 13
    assert all(np.array_equal(kept[k], start[k]) for k in kept)
    assert not np.array_equal(
        kept["layers.0.weight"], runs[0][0]["layers.0.weight"]
    )


@pytest.mark.parametrize(("N", "batch"), [(10, 4), (8, 4), (3, 5), (1, 1)])
def test_minibatches_give_every_example_once(N, batch):
    rows = loop.minibatches(N, batch, np.random.default_rng(0))
    assert sorted(np.concatenate(rows)) == list(range(N))
    assert all(len(r) == batch for r in rows[:-1])
    assert 1 <= len(rows[-1]) <= batch


def test_parts_make_the_batch():
    rng = np.random.default_rng(0)
    g = rng.normal(size=(9, 2, 3))
    parts = [(len(p), {"w": p.mean(0)}) for p in np.split(g, [1, 5])]
    assert np.allclose(
        loop.accumulate_gradients(parts)["w"], g.mean(0), atol=1e-14
    )
    alone = loop.accumulate_gradients([(1, {"w": g[0]})])
    assert np.array_equal(alone["w"], g[0])


def test_an_average_follows_and_forgets():
    mean, w = {"w": np.zeros(2)}, {"w": np.array([1.0, -4.0])}
    for _ in range(20):
        mean = loop.ema(mean, w, 0.9)
    assert np.allclose(mean["w"], (1 - 0.9**20) * w["w"])
    assert loop.ema(mean, w, 0.0)["w"] == pytest.approx(w["w"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda r: loop.minibatches(3, 0, r),
            "^minibatches: `batch` must be positive",
        ),
        (
            lambda r: loop.accumulate_gradients([]),
            "^accumulate_gradients: `parts` must hold",
        ),
        (
            lambda r: loop.ema({}, {}, 1.0),
            "^ema: `decay` must lie in",
        ),
        (
            lambda r: loop.ema({}, {}, -0.1),
            "^ema: `decay` must lie in",
        ),
    ],
)
def test_the_loop_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0))


def test_a_monitor_reads_and_changes_nothing():
    (x, y), ends = few(), []
    for watched in (False, True):
        torch.manual_seed(0)
        net = MLP((64, 8, 10)).double()
        sgd = torch.optim.SGD(net.parameters(), lr=0.2)
        monitor = Monitor(net)
        if watched:
            assert monitor.watch(sgd) is sgd
        for _ in range(3):
            old = net.layers[0].weight.detach().clone()
            sgd.zero_grad()
            F.cross_entropy(net(torch.tensor(x)), torch.tensor(y)).backward()
            norm = net.layers[0].weight.grad.norm().item()
            sgd.step()
        ends.append(net.layers[0].weight.detach().numpy().copy())
    assert np.array_equal(*ends)
    name = "layers.0.weight"
    assert monitor.rate == [0.2] * 3
    assert "layers.0.bias" not in monitor.ratio
    assert monitor.gradient[name][-1] == norm
    assert monitor.ratio[name][-1] == pytest.approx(
        0.2 * norm / old.norm().item()
    )


def test_a_monitor_sees_what_is_not_there():
    net = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 1)).double()
    nn.init.zeros_(net[0].weight)
    monitor = Monitor(net)
    sgd = monitor.watch(torch.optim.SGD(net[0].parameters(), lr=1.0))
    sgd.step()
    assert monitor.gradient["0.weight"] == [0.0]
    assert monitor.ratio["0.weight"] == [np.inf]
    assert monitor.ratio["1.weight"] == [0.0]


def test_dead_units_are_those_that_no_row_wakes():
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2), nn.ReLU())
    nn.init.constant_(net[0].bias, 10.0)
    net[0].bias.data[0] = -10.0
    nn.init.constant_(net[2].bias, -1e3)
    rows = torch.rand(20, 3)
    assert dead_units(net, rows) == [0.25, 1.0]
    monitor = Monitor(net, rows)
    sgd = monitor.watch(torch.optim.SGD(net.parameters(), lr=0.1))
    sgd.step()
    assert monitor.dead == [[0.25, 1.0]]


def test_each_fault_shows_where_the_page_says():
    data = digits.load()
    train, validation = (
        (torch.tensor(part.flat()), torch.tensor(part.y))
        for part in (data.train, data.validation)
    )
    runs = {
        f: failure_modes.run(train, validation, f)
        for f in (None, *failure_modes.FAULTS)
    }
    well = runs[None]
    assert well.accuracy[-1].min() > 0.9
    last = {f: c.accuracy[-1, 0] for f, c in runs.items()}
    assert last["wrong labels"] < 0.2
    assert last["rate too low"] < 0.2
    assert runs["gradients not zeroed"].loss[-1] > 10
    assert runs["rate too high"].ratio.max() > 3 * well.ratio.max()
    assert runs["rate too low"].ratio.max() < 1e-4
    assert (runs["dead units"].gradient[:2] == 0).all()
    forgotten = runs["layer not in the optimizer"]
    assert (forgotten.ratio[1] == 0).all()
    assert (forgotten.gradient[1] > 0).all()
    twice = {f: np.ptp(c.accuracy, axis=1).max() for f, c in runs.items()}
    assert twice.pop("eval mode forgotten") > 0
    assert not any(twice.values())
    assert well.accuracy[-1, 0] > last["no shuffling"] + 0.1


def test_an_unknown_fault_is_refused():
    x, y = (torch.tensor(v) for v in few())
    with pytest.raises(ValueError, match="`fault` must be None or one of"):
        failure_modes.run((x, y), (x, y), "bad luck")


def slowly_stopped(scores, patience):
    """Early stopping as one would write it, look by look."""
    best, waited = np.inf, 0
    for t, score in enumerate(scores):
        best, waited = (score, 0) if score < best else (best, waited + 1)
        if waited == patience:
            return t
    return None


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_stalled_is_early_stopping(patience):
    rng = np.random.default_rng(0)
    for _ in range(50):
        falls = np.linspace(2, 0, 12) + rng.normal(scale=0.3, size=12)
        want = slowly_stopped(falls, patience)
        assert detectors.early_stop(falls, patience) == want


def test_settled_waits_for_its_patience():
    losses = np.array([1.0, 0.99, 0.5, 0.499, 0.498, 0.1])
    assert detectors.loss_plateaued(losses, patience=1, tol=0.05) == 1
    assert detectors.loss_plateaued(losses, patience=2, tol=0.05) == 4
    assert detectors.loss_plateaued(losses, patience=3, tol=0.05) is None
    assert detectors.loss_plateaued(losses, patience=9) is None


@pytest.mark.parametrize(
    "detect", [detectors.loss_plateaued, detectors.early_stop]
)
def test_what_never_was_a_number_has_not_converged(detect):
    for never in (np.nan, np.inf):
        assert detect(np.full(9, never), patience=2) is None
        late = np.array([never, never, never, 3.0, 1.0, 1.0, np.nan, np.nan])
        assert detect(late, patience=2) == 6


def test_settled_is_not_moved_by_a_spike():
    losses = np.array([1.0, 0.5, 9.0, 0.2, np.nan, 0.1])
    assert detectors.loss_plateaued(losses, patience=2) is None


def test_settled_takes_a_loss_of_nothing_for_settled():
    assert (
        detectors.loss_plateaued(np.array([1.0, 0.0, 0.0, 0.0]), patience=2)
        == 3
    )
    assert detectors.loss_plateaued(np.array([2.0, 1.0, 0.5]), 1, tol=0.5) == 1
    assert detectors.loss_plateaued(np.array([2.0, 1.0, 1.0]), 1, tol=0.0) == 2


def test_stalled_does_not_count_what_is_not_a_number():
    scores = np.array([np.nan, 0.5, np.nan, 0.4, 0.6])
    assert detectors.early_stop(scores, patience=2) is None
    assert detectors.early_stop(np.append(scores, np.nan), patience=2) == 5


def test_stationary_names_the_first_look():
    norms = np.array([1.0, np.nan, 0.2, 0.04, 0.3, 0.01])
    assert detectors.gradient_below(norms, eps=0.1) == 3
    assert detectors.gradient_below(norms, eps=0.001) is None
    assert detectors.gradient_below(norms, eps=0.01) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda v: detectors.gradient_below(v, eps=0.0),
            "^gradient_below: `eps` must be positive",
        ),
        (
            lambda v: detectors.loss_plateaued(v, 0),
            "^loss_plateaued: `patience` must be",
        ),
        (
            lambda v: detectors.loss_plateaued(v, 1, tol=1.0),
            "^loss_plateaued: `tol` must lie in",
        ),
        (
            lambda v: detectors.loss_plateaued(-v, 1),
            "^loss_plateaued: `losses` must not be",
        ),
        (
            lambda v: detectors.early_stop(v, 0),
            "^early_stop: `patience` must be",
        ),
    ],
)
def test_detectors_refuse(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.ones(3))
