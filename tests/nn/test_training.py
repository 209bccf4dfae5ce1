"""The training loop: the one that one would write, and what is around it."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlf.data import digits, glyphs
from dlf.nn.training import History, evaluate, fit

sgd = partial(torch.optim.SGD, lr=0.1)


def mlp(*widths, seed=0, dropout=0.0, dtype=torch.float64):
    torch.manual_seed(seed)
    layers = [
        part
        for i, o in pairwise(widths)
        for part in (nn.Linear(i, o), nn.ReLU(), nn.Dropout(dropout))
    ]
    return nn.Sequential(*layers[:-2]).to(dtype)


def blobs(n, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(3, size=n)
    return rng.normal(size=(n, 4)) + 2 * np.eye(3, 4)[y], y


def weights(model):
    return {k: v.numpy().copy() for k, v in model.state_dict().items()}


def assert_same_bits(a, b):
    assert a.keys() == b.keys()
    for k in a:
        assert a[k].tobytes() == b[k].tobytes(), k


def test_is_the_loop_one_would_write():
    (x, y), ours, theirs = blobs(50), mlp(4, 8, 3), mlp(4, 8, 3)
    history = fit(ours, (x, y), optimizer=sgd, epochs=3, batch=16, seed=7)

    shuffle = torch.Generator().manual_seed(8)
    x, y = torch.tensor(x), torch.tensor(y)
    step = sgd(theirs.parameters())
    losses = []
    for _ in range(3):
        order = torch.randperm(50, generator=shuffle)
        total = 0.0
        for start in range(0, 50, 16):
            rows = order[start : start + 16]
            loss = F.cross_entropy(theirs(x[rows]), y[rows])
            step.zero_grad()
            loss.backward()
            step.step()
            total += loss.item() * len(rows)
        losses.append(total / 50)
    assert_same_bits(weights(ours), weights(theirs))
    assert history.train_loss == losses
    assert history.step == [4, 8, 12]
    assert history.validation_loss == history.validation_accuracy == []


def test_steps_cut_the_last_epoch_short():
    one, other = mlp(4, 3), mlp(4, 3)
    history = fit(one, blobs(50), optimizer=sgd, steps=5, batch=16)
    assert history.step == [4, 5]
    assert fit(other, blobs(50), optimizer=sgd, epochs=2, batch=16).step == [
        4,
        8,
    ]
    assert history.train_loss[0] == pytest.approx(1, abs=1)


def test_the_seed_fixes_order_and_dropout_and_nothing_else():
    def train(seed, fog):
        torch.manual_seed(fog)
        state = torch.get_rng_state()
        model = mlp(4, 16, 3, dropout=0.5)
        torch.set_rng_state(state)
        fit(model, blobs(64), optimizer=sgd, epochs=2, batch=16, seed=seed)
        assert torch.equal(torch.get_rng_state(), state)
        return weights(model)

    assert_same_bits(train(1, fog=0), train(1, fog=5))
    assert (
        train(1, 0)["0.weight"].tobytes() != train(2, 0)["0.weight"].tobytes()
    )


def test_takes_arrays_tensors_and_either_precision():
    x, y = blobs(30)
    kinds = (x, y), (torch.tensor(x), torch.tensor(y)), (x, y.astype("u1"))
    double = [mlp(4, 5, 3) for _ in kinds]
    for model, (a, b) in zip(double, kinds, strict=True):
        fit(model, (a, b), optimizer=sgd, epochs=2, batch=8)
        assert_same_bits(weights(model), weights(double[0]))
    backwards = x[::-1].copy()[::-1]
    backwards.flags.writeable = False
    same = mlp(4, 5, 3)
    fit(same, (backwards, y.astype("u8")), optimizer=sgd, epochs=2, batch=8)
    assert_same_bits(weights(same), weights(double[0]))
    single = mlp(4, 5, 3, dtype=torch.float32)
    fit(single, (x, y), optimizer=sgd, epochs=2, batch=8)
    for a, b in zip(single.parameters(), double[0].parameters(), strict=True):
        assert (a.dtype, b.dtype) == (torch.float32, torch.float64)
        np.testing.assert_allclose(a.detach(), b.detach(), atol=1e-6)


def test_validation_is_the_score_of_the_whole_set():
    model, train, valid = mlp(4, 3), blobs(40), blobs(2500, seed=1)
    h = fit(model, train, valid, optimizer=sgd, epochs=2)
    assert not model.training
    with torch.no_grad():
        output = model(torch.tensor(valid[0]))
    y = torch.tensor(valid[1])
    loss = F.cross_entropy(output, y).item()
    right = (output.argmax(1) == y).double().mean().item()
    assert h.validation_loss[-1] == pytest.approx(loss, rel=1e-12)
    assert h.validation_accuracy[-1] == right
    score = evaluate(model.train(), valid)
    assert score == (h.validation_loss[-1], right)
    assert not model.training


def test_regression_has_no_accuracy():
    x = np.linspace(-1, 1, 20)[:, None]
    mse = dict(optimizer=sgd, loss=F.mse_loss, epochs=2)
    h = fit(mlp(1, 1), (x, 2 * x), (x, 2 * x), **mse)
    assert h.validation_accuracy == []
    assert list(h.arrays()) == ["step", "train_loss", "validation_loss"]


def test_labels_of_every_step_of_a_sequence():
    def loss(output, y):
        return F.cross_entropy(output.flatten(0, 1), y.flatten())

    x, y = np.zeros((6, 5, 2)), np.arange(30).reshape(6, 5) % 3
    h = fit(mlp(2, 3), (x, y), (x, y), optimizer=sgd, loss=loss, epochs=1)
    assert h.validation_accuracy == [pytest.approx(1 / 3)]


def test_tokens_stay_integers():
    model = nn.Sequential(nn.Embedding(9, 4), nn.Flatten(), nn.Linear(12, 9))
    x = np.arange(30).reshape(10, 3) % 9
    h = fit(model, (x, x[:, 0]), optimizer=sgd, epochs=50, batch=10)
    assert h.train_loss[-1] < h.train_loss[0] / 2


def test_the_schedule_steps_at_each_update():
    seen = []

    def schedule(optimizer):
        cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=6)
        seen.append(cosine)
        return cosine

    fit(
        mlp(4, 3),
        blobs(48),
        optimizer=sgd,
        epochs=2,
        batch=16,
        schedule=schedule,
    )
    assert seen[0].last_epoch == 6
    assert seen[0].get_last_lr() == [pytest.approx(0, abs=1e-12)]


class Recall(nn.Module):
    """Its loss at epoch e is what it is told, whatever it learns."""

    def __init__(self, losses):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(1))
        self.losses = losses
        self.register_buffer("epoch", torch.tensor(-1))

    def forward(self, x):
        if self.training:
            self.epoch += 1
            return self.w * x
        told = self.losses[max(int(self.epoch), 0)]
        return 0 * x + told


def test_patience_stops_and_takes_the_best_weights_back():
    told = [5.0, 3.0, 4.0, 2.0, 2.0, 6.0, 7.0, 1.0]
    model, x = Recall(told), np.ones((4, 1))
    h = fit(
        model,
        (x, x),
        (x, x),
        optimizer=sgd,
        loss=lambda output, y: output.mean(),
        epochs=8,
        patience=3,
    )
    assert h.validation_loss == told[:7]
    assert (h.stopped, h.best) == (True, 3)
    assert int(model.epoch) == 3
    patient = Recall(told)
    same = dict(optimizer=sgd, loss=lambda output, y: output.mean(), epochs=8)
    h = fit(patient, (x, x), (x, x), patience=4, **same)
    assert (h.stopped, h.best, int(patient.epoch)) == (False, 7, 7)
    without = Recall(told)
    h = fit(without, (x, x), (x, x), **same)
    assert (h.stopped, int(without.epoch)) == (False, 7)


def test_the_history_is_readable():
    h = fit(mlp(4, 3), blobs(40), blobs(40), optimizer=sgd, epochs=2)
    arrays = h.arrays()
    assert {a.shape for a in arrays.values()} == {(2,)}
    assert repr(h) == (
        f"History(2 epochs, step 2, train_loss {h.train_loss[-1]:.3g}, "
        f"validation_loss {h.validation_loss[-1]:.3g}, "
        f"validation_accuracy {h.validation_accuracy[-1]:.3g})"
    )
    assert repr(History()) == "History(0 epochs)"


def test_no_progress_bar_where_nobody_watches(capfd):
    fit(mlp(4, 3), blobs(9), optimizer=sgd, epochs=1)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("device", ["cpu", "auto", torch.device("cpu")])
def test_goes_where_it_is_told(device):
    model = mlp(4, 3, dtype=torch.float32)
    fit(model, blobs(9), optimizer=sgd, epochs=1, device=device)
    there = torch.accelerator.is_available() and device == "auto"
    expected = torch.accelerator.current_accelerator().type if there else "cpu"
    assert next(model.parameters()).device.type == expected


def test_learns_digits():
    d = digits.load()
    model = mlp(64, 32, 10)
    flat = [(s.flat(), s.y) for s in d]
    fast = partial(torch.optim.Adam, lr=0.01)
    h = fit(model, flat[0], flat[1], optimizer=fast, epochs=15)
    assert h.train_loss[-1] < h.train_loss[0] / 10
    assert evaluate(model, flat[2]).accuracy > 0.92


def test_glyphs_are_a_task_neither_trivial_nor_hopeless():
    d = glyphs.load(dtype=np.float32)
    model = mlp(784, 128, 128, 10, dtype=torch.float32)
    momentum = partial(torch.optim.SGD, lr=0.1, momentum=0.9)
    fit(model, (d.train.flat(), d.train.y), optimizer=momentum, epochs=5)
    accuracy = evaluate(model, (d.test.flat(), d.test.y)).accuracy
    assert 0.90 < accuracy < 0.98
