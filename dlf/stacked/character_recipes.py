"""The recipe of a small transformer: a cell of a claim, cheap to import."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dlf.stacked.recipes import Recipe


@dataclass(frozen=True, kw_only=True)
class Characters(Recipe):
    """A transformer on the characters of English prose.

    Args:
        heads: of attention.
    """

    data: str = "CH"
    depth: int = 1
    width: int = 32
    heads: int = 4
    steps: int = 500
    batch: int = 50

    def net(self, seeds: Sequence[int], copies: int) -> Any:
        """Make the transformers, a copy for every setting.

        Args:
            seeds: of their weights.
            copies: one a setting.
        """
        import torch

        from dlf.stacked.character_nets import Transformer

        return Transformer(
            self.depth,
            self.width,
            self.heads,
            seeds,
            copies,
            dtype=getattr(torch, self.dtype),
        )

    def examples(self, seeds: Sequence[int]) -> Any:
        """Give the windows of these seeds.

        Args:
            seeds: of the windows.
        """
        from dlf.stacked import character_nets

        return character_nets.characters(tuple(seeds))
