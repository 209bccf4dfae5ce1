"""Checkpoints that are whole or not there, and that can be read without risk.

A checkpoint is written beside the old one, forced to the disk, and renamed over
it: killed at any moment, a run leaves either the old or the new. It holds
tensors, numbers and strings, so that reading it runs no code; a SHA-256 of
them, so that no damage goes unseen; and what the run is made of, so that no
other run goes on with it.
Source: the PyTorch documentation of `torch.load`, on `weights_only`.
"""

import hashlib
import io
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dlf.nn.checkpoint_identity import differences

MAGIC = b"dlf checkpoint 2\n"  # then 32 bytes of SHA-256, then a zip of torch
SHOWN = 4  # differences that an error names


@dataclass
class Run:
    """All that the rest of a training run depends on.

    Args:
        identity: what it is made of, by `dlf.nn.checkpoint_identity`.
        history: a dataclass of lists, filled by the run.
        shuffle: draws the order of the examples.
        best: the best weights so far, where they are wanted.
        step: updates made.
        seen: examples of the epoch under way that had their turn.
        losses: their losses, summed.
        began: the state of ``shuffle`` before it drew the epoch's order.
    """

    identity: dict[str, str]
    model: nn.Module
    optimizer: torch.optim.Optimizer
    schedule: Any
    history: Any
    shuffle: torch.Generator
    best: dict[str, Tensor] = field(default_factory=dict)
    step: int = 0
    seen: int = 0
    losses: float = 0.0
    began: Tensor | None = None

    def state(self) -> dict:
        """Give it as tensors, numbers and strings."""
        schedule = self.schedule and self.schedule.state_dict()
        return {
            "identity": self.identity,
            "model": self.model.state_dict(),
            "optimizer": plain(self.optimizer.state_dict()),
            "schedule": plain(schedule),
            "history": asdict(self.history),
            "best": self.best,
            "step": self.step,
            "seen": self.seen,
            "losses": self.losses,
            "shuffle": self.began if self.seen else self.shuffle.get_state(),
            "noise": torch.get_rng_state(),
            "cuda": self.gpu() and torch.cuda.get_rng_state(self.gpu()),
        }

    def gpu(self) -> torch.device | None:
        """Give the CUDA device that the model is on, if it is on one."""
        device = next(self.model.parameters()).device
        return device if device.type == "cuda" else None

    def resume(self, path: Path, total: int) -> None:
        """Go back to where the checkpoint was written.

        Args:
            path: the checkpoint.
            total: updates that the run is to make in all.

        Raises:
            ValueError: it is damaged, of a run of other parts, or further on
                than this one is to go. The model is left as it is.
        """
        saved = load(path)
        found = differences(saved["identity"], self.identity)
        if found:
            more = f" and {len(found) - SHOWN} more" * (len(found) > SHOWN)
            raise ValueError(
                f"resume: {path} must be of a run of the same parts; what "
                f"differs is {'; '.join(found[:SHOWN])}{more}. Give what was "
                "saved, delete the file, or name another"
            )
        if saved["step"] > total:
            raise ValueError(
                f"resume: {path} must be of at most {total} steps, because "
                f"this run is to end there; got {saved['step']}. Ask for as "
                "many, delete the file, or name another"
            )
        self.model.load_state_dict(saved["model"])
        restore(self.optimizer, saved["optimizer"])
        if self.schedule:
            self.schedule.load_state_dict(saved["schedule"])
        vars(self.history).update(saved["history"])
        for name in ("best", "step", "seen", "losses"):
            setattr(self, name, saved[name])
        self.shuffle.set_state(saved["shuffle"])
        torch.set_rng_state(saved["noise"])
        if self.gpu() and saved["cuda"] is not None:
            torch.cuda.set_rng_state(saved["cuda"], self.gpu())


def restore(optimizer: torch.optim.Optimizer, saved: dict) -> None:
    """Load an optimizer's state, each tensor in the dtype it was saved in.

    ``load_state_dict`` alone casts all but the step to the parameter's dtype;
    NAdam and ASGD keep float32 scalars beside parameters in float64, and go on
    otherwise if these are widened.

    Args:
        optimizer: a new one, over the same parameters.
        saved: its ``state_dict`` as it was saved.
    """
    optimizer.load_state_dict(saved)
    groups = optimizer.param_groups
    parameters = [p for group in groups for p in group["params"]]
    for n, entries in saved["state"].items():
        mine = optimizer.state[parameters[n]]
        for name, value in entries.items():
            if isinstance(value, Tensor) and value.dtype != mine[name].dtype:
                mine[name] = value.to(mine[name].device)


def plain(value: Any) -> Any:
    """Give NumPy's numbers as Python's, in dicts, lists and tuples too.

    Args:
        value: numbers, text, or containers of them.

    >>> plain({"lr": np.float64(0.5), "betas": (np.float32(0.5), 1)})
    {'lr': 0.5, 'betas': (0.5, 1)}
    """
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return type(value)({plain(k): plain(v) for k, v in value.items()})
    if type(value) in (list, tuple):
        return type(value)(map(plain, value))
    return value


def save(path: Path, state: dict) -> None:
    """Write the state to the path, whole or not at all.

    Args:
        path: of the file.
        state: tensors, numbers and text, in dicts and lists.

    Raises:
        ValueError: it holds what could not be read without risk.
        OSError: the folder cannot be written.
    """
    buffer = io.BytesIO()
    torch.save(state, buffer)
    payload = buffer.getvalue()
    _unpack(payload, "save", path, "A schedule or optimizer keeps it")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    with open(draft, "wb") as file:
        file.write(MAGIC + hashlib.sha256(payload).digest() + payload)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    with suppress(OSError):  # where folders cannot be opened or forced
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name, too, must reach the disk
        finally:
            os.close(folder)


def load(path: Path) -> dict:
    """Read a state back, its tensors on the CPU.

    Args:
        path: of the file.

    Raises:
        ValueError: the file is damaged, of an older format, or holds more
            than data.
    """
    raw, start = path.read_bytes(), len(MAGIC)
    if raw[:4] == b"PK\3\4":
        raise ValueError(
            f"load: {path} must begin with {MAGIC!r}; it is in the format of "
            "torch.save, as an earlier version of this book wrote it, and has "
            "no checksum. Delete it to start anew"
        )
    digest, payload = raw[start : start + 32], raw[start + 32 :]
    if raw[:start] != MAGIC or hashlib.sha256(payload).digest() != digest:
        raise ValueError(
            f"load: {path} must be a whole checkpoint, with the SHA-256 that "
            "it names; it is damaged. Delete it to start anew"
        )
    return _unpack(payload, "load", path, "Delete it to start anew")


def _unpack(payload: bytes, name: str, path: Path, hint: str) -> dict:
    """Read tensors, numbers and strings.

    Raises:
        ValueError: there is something else.
    """
    try:
        return torch.load(
            io.BytesIO(payload), map_location="cpu", weights_only=True
        )
    except Exception as error:  # torch raises several kinds
        raise ValueError(
            f"{name}: {path} must hold tensors, numbers and strings alone, "
            f"because anything else may run code; it does not ({error}). {hint}"
        ) from error
