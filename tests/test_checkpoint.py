"""A killed run goes on to the same bits; a bad checkpoint is refused."""

import multiprocessing
import os
import signal
import sys
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from dlf.nn import checkpoint
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
    step = int(np.random.default_rng().integers(10, 30))  # any will do
    for moment in ((step, "step"), (12, "write"), (2, "step")):
        assert run(path, out, *moment) == (-signal.SIGKILL, None), moment
        assert path.exists()
    for _ in ("resumes", "is at its end"):
        code, resumed = run(path, out)
        assert code == 0
        assert_same_bits(resumed, whole)


@pytest.fixture
def started(tmp_path):
    """A finished run's checkpoint and how to go on with it."""
    path = tmp_path / "run.pt"
    again = partial(fit, optimizer=sgd, epochs=1, checkpoint=path)
    again(mlp(4, 3), blobs(20))
    return path, again


def test_a_longer_run_goes_on(started):
    _, again = started
    straight, resumed = mlp(4, 3), mlp(4, 3, seed=9)
    h = fit(straight, blobs(20), optimizer=sgd, epochs=3)
    assert again(resumed, blobs(20), epochs=3) == h
    assert_same_bits(weights(resumed), weights(straight))


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 1},
        {"batch": 7},
        {"train": blobs(21)},
        {"patience": 1, "validation": blobs(5)},
    ],
)
def test_refuses_the_checkpoint_of_another_run(started, other):
    path, again = started
    before = path.read_bytes()
    with pytest.raises(
        ValueError, match=r"^resume: .*run\.pt must be of a run"
    ):
        again(mlp(4, 3), **({"train": blobs(20)} | other))
    assert path.read_bytes() == before


def test_refuses_a_damaged_checkpoint(started):
    path, again = started
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(
        ValueError, match=r"run\.pt must be .*Delete it to start"
    ):
        again(mlp(4, 3), blobs(20))


def test_a_checkpoint_cannot_run_code(tmp_path):
    class Payload:
        def __reduce__(self):
            return open, (str(tmp_path / "trap"), "w")

    torch.save({"settings": Payload()}, tmp_path / "run.pt")
    with pytest.raises(ValueError, match="damaged or holds code"):
        checkpoint.load(tmp_path / "run.pt")
    assert not (tmp_path / "trap").exists()


def test_a_checkpoint_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OSError, match="file"):
        fit(
            mlp(4, 3),
            blobs(9),
            optimizer=sgd,
            epochs=1,
            checkpoint=tmp_path / "file" / "run.pt",
        )


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
