"""Linear classifiers of film reviews, from the words that occur (IM).

A review is 2,000 zeros and ones: which of the commonest words occur in it.
Rotated, the same examples are dense: x Q with one random orthogonal Q.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from dlf.stacked.recipes import Recipe

WORDS = 2_000
TRAIN, HELD, TEST = 8_000, 2_000, 5_000
POOL = 12_500  # labeled reviews that seeds choose from


@dataclass(frozen=True, kw_only=True)
class Reviews(Recipe):
    """A linear model of reviews.

    Args:
        rotated: turn the features, so that none is sparse.
    """

    data: str = "IM"
    depth: int = 0
    classes: int = 2
    rotated: bool = False

    def widths(self) -> list[int]:
        """Give inputs and outputs."""
        return [WORDS, self.classes]

    def examples(self, seeds: Sequence[int]) -> Any:
        """Give the reviews of these seeds.

        Args:
            seeds: of the choice of reviews.
        """
        data = reviews(tuple(seeds))
        if not self.rotated:
            return data
        return replace(data, name="IM, rotated", x=data.x @ rotation())


@cache
def reviews(seeds: tuple[int, ...]) -> Any:
    """Load which words occur in which reviews.

    Args:
        seeds: one choice of training and validation reviews each.
    """
    import torch

    from dlf.data import imdb
    from dlf.stacked.datasets import Sets

    whole = imdb.load(
        train=POOL, validation=0, test=TEST, size=WORDS, length=400
    )
    codes = np.concatenate([whole.train.x, whole.test.x])
    y = np.concatenate([whole.train.y, whole.test.y])
    x = np.zeros((len(codes), WORDS + 2), np.float32)
    np.put_along_axis(x, codes, 1.0, axis=1)
    drawn = np.stack(
        [
            np.random.default_rng(s).permutation(POOL)[: TRAIN + HELD]
            for s in seeds
        ]
    )
    train, held = torch.tensor(drawn).split([TRAIN, HELD], dim=1)
    test = torch.arange(POOL, POOL + TEST).expand(len(seeds), -1)
    return Sets(
        "IM", torch.tensor(x[:, 2:]), torch.tensor(y), train, held, test
    )


@cache
def rotation() -> Any:
    """Draw an orthogonal matrix."""
    import torch

    generator = torch.Generator().manual_seed(0)
    drawn = torch.randn(WORDS, WORDS, generator=generator)
    return torch.linalg.qr(drawn)[0]
