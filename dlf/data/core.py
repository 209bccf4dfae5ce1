"""What loaders return: three sets of examples, or a graph.

Axis 0 is the example. Images are N C H W in [0, 1]; labels are int64.
"""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int, Shaped

Array = np.ndarray
Real = type[np.floating]


class Examples(NamedTuple):
    """Inputs and their targets, one row an example."""

    x: Float[Array, "N ..."]
    y: Shaped[Array, "N ..."]

    def flat(self) -> Float[Array, "N D"]:
        """Give x with one row of features an example."""
        return self.x.reshape(len(self.x), math.prod(self.x.shape[1:]))

    def take(self, rows: slice | Int[Array, " K"]) -> "Examples":
        """Keep the given rows: ``train.take(slice(200))`` keeps 200.

        Args:
            rows: a slice, or K row numbers in the order that is wanted.
        """
        return Examples(self.x[rows], self.y[rows])

    def __repr__(self) -> str:
        x, y = (f"{a.dtype} {a.shape}" for a in self)
        return f"Examples(x: {x}, y: {y})"


class Dataset(NamedTuple):
    """Examples to learn from, to choose by, and to be judged on."""

    train: Examples
    validation: Examples
    test: Examples

    def __repr__(self) -> str:
        sets = (f"  {k}: {v}" for k, v in self._asdict().items())
        return "\n".join(["Dataset(", *sets, ")"])


class Graph(NamedTuple):
    """Nodes with features and classes, and the undirected edges among them.

    Each edge stands once, its smaller node first, no node joined to itself;
    train, validation and test name nodes.
    """

    x: Float[Array, "N D"]
    y: Int[Array, " N"]
    edges: Int[Array, "E 2"]
    train: Int[Array, " A"]
    validation: Int[Array, " B"]
    test: Int[Array, " C"]

    def __repr__(self) -> str:
        arrays = (f"{a.dtype} {a.shape}" for a in self[:3])
        parts = zip(self._fields, (*arrays, *map(len, self[3:])), strict=True)
        return f"Graph({', '.join(f'{k}: {v}' for k, v in parts)})"


def split(
    x: Float[Array, "N ..."],
    y: Shaped[Array, "N ..."],
    sizes: tuple[int, int, int],
    rng: np.random.Generator,
) -> Dataset:
    """Shuffle the examples and split them into sets of the given sizes.

    Args:
        x: N examples.
        y: their labels or targets.
        sizes: of training, validation and test set.
        rng: shuffles.

    Raises:
        ValueError: a size is negative, or there are not enough examples.

    >>> x, rng = np.eye(5), np.random.default_rng(0)
    >>> split(x, np.arange(5), (2, 2, 1), rng).train
    Examples(x: float64 (2, 5), y: int64 (2,))
    """
    if min(sizes) < 0 or sum(sizes) > len(x):
        raise ValueError(
            f"split: `sizes` must be counts that sum to at most {len(x)}, "
            f"because there are so many examples; got {sizes}"
        )
    order = rng.permutation(len(x))
    ends = np.cumsum(sizes)
    parts = np.split(order[: ends[-1]], ends[:-1])
    return Dataset(*(Examples(x[rows], y[rows]) for rows in parts))
