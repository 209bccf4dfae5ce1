"""A killed run goes on to the same bits; a bad checkpoint is refused."""

import multiprocessing
import os
import signal
import sys
from functools import partial

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

from dlf.nn.training import fit

from .test_training import assert_same_bits, blobs, mlp, sgd, weights

X, Y = blobs(20)


def train_or_die(checkpoint, out, die_at, die_while):
    """Train in a process of its own, which kills itself at a given moment."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(80, 6)), rng.integers(3, size=80)
    torch.manual_seed(1)
    model = nn.Sequential(
        nn.Linear(6, 16),
        nn.BatchNorm1d(16),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(16, 3),
    ).double()
    calls, fsync = [], os.fsync

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def count(module, *_):
        calls.extend([1] * module.training)
        if len(calls) == die_at and die_while == "step":
            die()

    def sync(file):
        if len(calls) >= die_at and die_while == "write":
            os.truncate(f"{checkpoint}.part", 1000)
            die()
        fsync(file)

    model.register_forward_hook(count)
    os.fsync = sync
    history = fit(
        model,
        (x[:60], y[:60]),
        (x[60:], y[60:]),
        optimizer=partial(torch.optim.AdamW, lr=0.05),
        schedule=partial(torch.optim.lr_scheduler.CosineAnnealingLR, T_max=54),
        epochs=6,
        batch=7,
        seed=3,
        patience=5,
        checkpoint=checkpoint,
    )
    np.savez(out, **weights(model), **history.arrays())


def run(checkpoint, out, die_at=-1, die_while="never"):
    """Run the above; give its exit code and what it ended with."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dlf.nn.training"])
    arguments = checkpoint, out, die_at, die_while
    process = context.Process(target=train_or_die, args=arguments)
    process.start()
    process.join()
    return process.exitcode, dict(np.load(out)) if out.exists() else None


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_a_killed_run_resumes_to_the_same_bits(tmp_path):
    code, whole = run(None, tmp_path / "whole.npz")
    assert code == 0
    path, out = tmp_path / "new folder" / "run.pt", tmp_path / "resumed.npz"
    for moment in ((23, "step"), (12, "write"), (2, "step")):
        assert run(path, out, *moment) == (-signal.SIGKILL, None), moment
        assert path.exists()
    for _ in ("resumes", "is at its end"):
        code, resumed = run(path, out)
        assert code == 0
        assert_same_bits(resumed, whole)


def test_a_longer_run_goes_on(started):
    _, again = started
    straight, resumed = mlp(4, 3), mlp(4, 3, seed=9)
    h = fit(straight, blobs(20), optimizer=sgd, epochs=3)
    assert again(resumed, blobs(20), epochs=3) == h
    assert_same_bits(weights(resumed), weights(straight))


def scaled(scale):
    """A loss that keeps a number to itself."""
    return lambda output, y: scale * F.cross_entropy(output, y)


def frozen():
    model = mlp(4, 3)
    model[0].bias.requires_grad_(False)
    return model


X1 = X.copy()


X1[7, 2] += 1e-12


cosine = torch.optim.lr_scheduler.CosineAnnealingLR


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({"seed": 1}, "seed: 0 saved, 1 now"),
        ({"batch": 7}, "batch: 100 saved, 7 now"),
        ({"train": blobs(21)}, r"train x: float64 \(20, 4\) .* \(21, 4\)"),
        ({"train": (X1, Y)}, r"train x: float64 .* now\. Give what was saved"),
        (
            {"train": (X, Y[::-1].copy())},
            r"is train y: int64 \(20,\) \w+ saved",
        ),
        ({"validation": (X, Y)}, "validation x: None saved, float64"),
        (
            {"patience": 1, "validation": (X, Y)},
            "patience: None saved, 1 now; validation x",
        ),
        ({"model": mlp(4, 3, dtype=torch.float32)}, "train x: .* float32 "),
        ({"model": mlp(4, 5, 3)}, r"model\.0\.out_features: 3 saved, 5 now"),
        (
            {"model": nn.Sequential(*mlp(4, 3), nn.Tanh())},
            r"is model\.1: nothing saved, Tanh now\.",
        ),
        ({"model": frozen()}, r"model\.0\.bias: .* trained saved, .* kept now"),
        ({"optimizer": partial(sgd, lr=0.2)}, r"optimizer\.lr: 0.1 .* 0.2 now"),
        (
            {"optimizer": partial(sgd, momentum=0.5)},
            r"is optimizer\.momentum: 0 saved, 0.5 now\.",
        ),
        ({"optimizer": torch.optim.Adam}, "optimizer: SGD saved, Adam now"),
        ({"schedule": partial(cosine, T_max=9)}, "schedule: None saved, Cos"),
        ({"loss": F.mse_loss, "train": (X, np.eye(3)[Y])}, "loss: torch"),
        (
            {"loss": partial(F.cross_entropy, label_smoothing=0.1)},
            "loss: torch",
        ),
        ({"loss": nn.CrossEntropyLoss()}, "loss: .*Loss"),
    ],
)
def test_refuses_the_checkpoint_of_another_run(started, other, differs):
    path, again = started
    before = path.read_bytes()
    other = {"model": mlp(4, 3, seed=5), "train": (X, Y)} | other
    initial = weights(other["model"])
    with pytest.raises(ValueError, match=differs) as error:
        again(**other)
    assert str(error.value).startswith(f"resume: {path} must be of a run")
    assert path.read_bytes() == before
    assert_same_bits(weights(other["model"]), initial)


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        ({"loss": scaled(1.0)}, {"loss": scaled(2.0)}),
        (
            {"loss": nn.CrossEntropyLoss(label_smoothing=0.1)},
            {"loss": nn.CrossEntropyLoss(label_smoothing=0.2)},
        ),
        (
            {"loss": nn.CrossEntropyLoss(torch.ones(3).double())},
            {"loss": nn.CrossEntropyLoss(torch.arange(1.0, 4).double())},
        ),
        (
            {"schedule": partial(cosine, T_max=9)},
            {"schedule": partial(cosine, T_max=8)},
        ),
        (
            {"schedule": lambda o: LambdaLR(o, lambda n: 1 / (n + 1))},
            {"schedule": lambda o: LambdaLR(o, lambda n: 1 / (n + 2))},
        ),
    ],
)
def test_tells_functions_and_settings_apart(tmp_path, mine, others):
    again = partial(
        fit, optimizer=sgd, epochs=1, checkpoint=tmp_path / "run.pt"
    )
    again(mlp(4, 3), (X, Y), **mine)
    again(mlp(4, 3, seed=2), (X, Y), **mine)
    with pytest.raises(ValueError, match=r"what differs is (loss|schedule)"):
        again(mlp(4, 3), (X, Y), **others)


def test_refuses_to_end_before_the_checkpoint(started):
    _, again = started
    again(mlp(4, 3), (X, Y), epochs=3)
    model = mlp(4, 3)
    initial = weights(model)
    with pytest.raises(ValueError, match=r"at most 2 steps, .* got 3"):
        again(model, (X, Y), epochs=2)
    assert_same_bits(weights(model), initial)


OPTIMIZERS = {
    name: kind
    for name, kind in vars(torch.optim).items()
    if isinstance(kind, type) and name not in ("Optimizer", "LBFGS")
}


def a_net(name, dtype):
    """A net that the optimizer can train: Muon takes matrices alone."""
    torch.manual_seed(1)
    if name == "SparseAdam":
        layers = [nn.EmbeddingBag(30, 3, sparse=True)]
    elif name == "Muon":
        layers = [nn.Linear(4, 5, bias=False), nn.Linear(5, 3, bias=False)]
    else:
        layers = [nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Linear(6, 3)]
    return nn.Sequential(*layers, nn.Dropout(0.2)).to(dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_five_steps_and_fifteen_are_twenty(tmp_path, name, dtype):
    x = np.arange(80).reshape(20, 4) % 30 if name == "SparseAdam" else X
    how = dict(
        optimizer=partial(OPTIMIZERS[name], lr=0.02),
        schedule=partial(torch.optim.lr_scheduler.ExponentialLR, gamma=0.98),
        batch=6,
        patience=3,
    )
    train, validation = (x, Y), (x[:9], Y[:9])
    straight = a_net(name, dtype)
    whole = fit(straight, train, validation, steps=20, **how)
    path = tmp_path / "run.pt"
    for steps in (5, 5, 7, 20):
        resumed = a_net(name, dtype)
        history = fit(
            resumed, train, validation, steps=steps, checkpoint=path, **how
        )
        if steps == 5:
            assert history.step == [4, 5]
    assert history == whole
    assert_same_bits(weights(resumed), weights(straight))


def test_an_optimizer_that_needs_a_closure_is_refused():
    with pytest.raises(ValueError, match=r"must step after one .* got LBFGS"):
        fit(mlp(4, 3), (X, Y), optimizer=torch.optim.LBFGS, epochs=1)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_resumes_too(tmp_path):
    def train(epochs, path):
        model = mlp(4, 16, 3, dropout=0.5).cuda()
        how = dict(optimizer=sgd, batch=5, device="cuda", checkpoint=path)
        fit(model, (X, Y), epochs=epochs, **how)
        return {k: v.cpu().numpy() for k, v in model.state_dict().items()}

    whole = train(4, None)
    train(2, tmp_path / "run.pt")
    assert_same_bits(train(4, tmp_path / "run.pt"), whole)
