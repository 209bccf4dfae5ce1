"""The data of the experiments, one split a seed, as tensors.

Nets that train side by side share one pool of examples; each seed has its own
rows of it. D8 is split anew by each seed, M1 is drawn anew, and of
Fashion-MNIST (FM) and MNIST (MN) each seed trains on other 10 000 images and
validates on 2 000, with the published test set.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from jaxtyping import Int, Num
from torch import Tensor


@dataclass(frozen=True)
class Sets:
    """Examples of all seeds: a pool, and each seed's rows of it."""

    name: str
    x: Num[Tensor, "P ..."]
    y: Int[Tensor, " P"]
    train: Int[Tensor, "R N"]
    validation: Int[Tensor, "R V"]
    test: Int[Tensor, "R T"]

    def describe(self) -> dict[str, Any]:
        """Say for a record what these data are."""
        h = hashlib.sha256()
        for t in (self.x.float(), self.y, self.train, self.test):
            h.update(np.ascontiguousarray(t.numpy()).tobytes())
        parts = self.train, self.validation, self.test
        names = "n_train", "n_val", "n_test"
        sizes = {n: p.shape[1] for n, p in zip(names, parts, strict=True)}
        return {"name": self.name, "sha256": h.hexdigest()} | sizes


@cache
def load(name: str, seeds: tuple[int, ...], dtype: str = "float32") -> Sets:
    """Load D8, D8-200, M1, MN or FM for these seeds.

    Args:
        name: one of those five.
        seeds: one split, or one drawing, each.
        dtype: of the inputs, ``float32`` or ``float64``.

    Raises:
        KeyError: no such data.
    """
    real = getattr(np, dtype)
    if name in ("MN", "FM"):
        return _images(name, seeds, real)
    return _split(name, seeds, real)


def _split(name: str, seeds: tuple[int, ...], real: type) -> Sets:
    """Pool one small data set a seed, flat."""
    from dlf.data import digits, mnist1d

    loader = {"D8": digits, "D8-200": digits, "M1": mnist1d}[name]
    sets = [loader.load(seed=seed) for seed in seeds]
    if name == "D8-200":
        sets = [d._replace(train=d.train.take(slice(200))) for d in sets]
    sizes = [len(part.x) for part in sets[0]]
    x = np.concatenate([part.flat() for d in sets for part in d])
    y = np.concatenate([part.y for d in sets for part in d])
    rows = torch.arange(len(x)).view(len(seeds), -1).split(sizes, dim=1)
    return Sets(name, torch.tensor(x.astype(real)), torch.tensor(y), *rows)


def _images(name: str, seeds: tuple[int, ...], real: type) -> Sets:
    """Pool 60,000 + 10,000 images; split 10,000 and 2,000 off the former."""
    from dlf.data import fashion_mnist, mnist

    loader = {"MN": mnist, "FM": fashion_mnist}[name]
    whole = loader.load(train=60_000, validation=0, dtype=real)
    x = np.concatenate([whole.train.x, whole.test.x])
    y = np.concatenate([whole.train.y, whole.test.y])
    deals = np.stack(
        [np.random.default_rng(s).permutation(60_000)[:12_000] for s in seeds]
    )
    train, validation = torch.tensor(deals).split([10_000, 2_000], dim=1)
    test = torch.arange(60_000, 70_000).expand(len(seeds), -1)
    return Sets(name, torch.tensor(x), torch.tensor(y), train, validation, test)
