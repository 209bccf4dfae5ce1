"""Checkpoints that are whole or not there, and that can be read without risk.

A checkpoint is written beside the old one, forced to the disk, and renamed over
it: killed at any moment, a run leaves either the old or the new. It holds
tensors, numbers and strings, so that reading it runs no code.
Source: the PyTorch documentation of `torch.load`, on `weights_only`.
"""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


@dataclass
class Run:
    """All that the rest of a training run depends on.

    Args:
        settings: what must be the same for a resume to make sense.
        history: a dataclass of lists, filled by the run.
        best: the best weights so far, where they are wanted.
        shuffle: draws the order of the examples.
    """

    settings: dict[str, int | None]
    model: nn.Module
    optimizer: torch.optim.Optimizer
    schedule: Any
    history: Any
    best: dict[str, Tensor]
    shuffle: torch.Generator

    def state(self) -> dict:
        """Give it as tensors, numbers and strings."""
        return {
            "settings": self.settings,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule and self.schedule.state_dict(),
            "history": asdict(self.history),
            "best": self.best,
            "shuffle": self.shuffle.get_state(),
            "noise": torch.get_rng_state(),
            "cuda": self.gpu() and torch.cuda.get_rng_state(self.gpu()),
        }

    def gpu(self) -> torch.device | None:
        """Give the CUDA device that the model is on, if it is on one."""
        device = next(self.model.parameters()).device
        return device if device.type == "cuda" else None

    def resume(self, path: Path) -> None:
        """Go back to where the checkpoint was written.

        Raises:
            ValueError: it is damaged, or of a run with other settings.
        """
        saved = load(path)
        if saved.get("settings") != self.settings:
            raise ValueError(
                f"resume: {path} must be of a run with {self.settings}; got "
                f"{saved.get('settings')}. Delete it, or name another file"
            )
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        if self.schedule:
            self.schedule.load_state_dict(saved["schedule"])
        vars(self.history).update(saved["history"])
        self.best = saved["best"]
        self.shuffle.set_state(saved["shuffle"])
        torch.set_rng_state(saved["noise"])
        if self.gpu() and saved["cuda"] is not None:
            torch.cuda.set_rng_state(saved["cuda"], self.gpu())


def save(path: Path, state: dict) -> None:
    """Write the state to the path, whole or not at all.

    Raises:
        OSError: the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    with open(draft, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    if os.name == "posix":  # the new name, too, must reach the disk
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def load(path: Path) -> dict:
    """Read a state back, its tensors on the CPU.

    Raises:
        ValueError: the file is damaged, or holds more than data.
    """
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file raises almost anything
        raise ValueError(
            f"load: {path} must be a checkpoint of tensors and numbers; it is "
            f"damaged or holds code ({type(error).__name__}). Delete it to "
            "start anew"
        ) from error
