"""Checkpoints are files that are whole or refused, and that run no code."""

import hashlib
import io
from functools import partial

import numpy as np
import pytest
import torch

from dlf.nn import checkpoint
from dlf.nn.training import fit

from .test_training import assert_same_bits, blobs, mlp, sgd, weights

X, Y = blobs(20)


def test_every_flipped_bit_is_found(started):
    path, again = started
    whole, rng = path.read_bytes(), np.random.default_rng(0)
    bits = rng.choice(8 * len(whole), size=200, replace=False)
    for bit in [*range(0, 8 * 60, 3), *bits]:
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"run\.pt must be a whole"):
            checkpoint.load(path)
    model = mlp(4, 3, seed=5)
    initial = weights(model)
    with pytest.raises(ValueError, match=r"it is damaged\. Delete it to start"):
        again(model, (X, Y))
    assert_same_bits(weights(model), initial)


@pytest.mark.parametrize("cut", [0, 1, 20, 60, -100])
def test_refuses_a_checkpoint_that_breaks_off(started, cut):
    path, again = started
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(
        ValueError, match=r"run\.pt must be .*Delete it to start"
    ):
        again(mlp(4, 3), blobs(20))


def test_numbers_of_numpy_are_saved_as_numbers(tmp_path, as_shipped):
    rate, betas = np.logspace(-3, -1, 3)[1], tuple(np.array([0.8, 0.5]))
    eps = np.float32(2**-20)
    how = dict(
        optimizer=partial(torch.optim.Adam, lr=rate, betas=betas, eps=eps),
        schedule=lambda o: torch.optim.lr_scheduler.MultiStepLR(
            o, list(np.arange(2, 5)), gamma=np.float64(0.5)
        ),
        batch=np.int64(5),
        seed=np.int32(3),
    )
    straight, resumed = mlp(4, 3), mlp(4, 3)
    whole = fit(straight, (X, Y), steps=np.int64(12), **how)
    path = tmp_path / "run.pt"
    fit(resumed, (X, Y), steps=3, checkpoint=path, **how)
    resumed = mlp(4, 3)
    assert fit(resumed, (X, Y), steps=12, checkpoint=path, **how) == whole
    assert_same_bits(weights(resumed), weights(straight))
    adam = partial(torch.optim.Adam, lr=0.01, betas=(0.8, 0.5), eps=2**-20)
    how |= {"optimizer": adam}
    fit(mlp(4, 3), (X, Y), steps=12, checkpoint=path, **how)


@pytest.mark.parametrize("name", ["", "folder"])
def test_a_checkpoint_is_a_file(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match=f"must name a file.* got '{name}'"):
        fit(mlp(4, 3), (X, Y), optimizer=sgd, epochs=1, checkpoint=name)
    assert [f.name for f in tmp_path.iterdir()] == ["folder"]


def test_folders_that_cannot_be_opened_do_not_matter(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError("a folder cannot be opened here")

    monkeypatch.setattr(checkpoint.os, "open", refuse)
    checkpoint.save(tmp_path / "run.pt", {"step": 3})
    assert checkpoint.load(tmp_path / "run.pt") == {"step": 3}


def test_a_checkpoint_cannot_run_code(tmp_path):
    class Payload:
        def __reduce__(self):
            return open, (str(tmp_path / "trap"), "w")

    path = tmp_path / "run.pt"
    with pytest.raises(ValueError, match=r"^save: .*run\.pt must hold tensors"):
        checkpoint.save(path, {"step": Payload()})
    assert not path.exists()
    forged = io.BytesIO()
    torch.save({"step": Payload()}, forged)
    digest = hashlib.sha256(forged.getvalue()).digest()
    path.write_bytes(checkpoint.MAGIC + digest + forged.getvalue())
    with pytest.raises(ValueError, match=r"^load: .*run\.pt must hold tensors"):
        checkpoint.load(path)
    assert not (tmp_path / "trap").exists()


def test_a_checkpoint_of_the_older_format(tmp_path):
    torch.save({"settings": {}}, tmp_path / "run.pt")
    with pytest.raises(ValueError, match=r"no checksum\. Delete it to start"):
        checkpoint.load(tmp_path / "run.pt")


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
