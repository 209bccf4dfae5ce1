"""Planetoid: citation networks with the split that papers report on.

Nodes are papers, edges citations, features the words of a paper. Training
nodes are the first, 20 a class; the next 500 are for validation; 1,000 more,
at the end, are the test. The files are pickles of Python 2, which could run any
code: the unpickler here knows the six names they use, and no other.
Source: Yang, Cohen & Salakhutdinov (2016), Revisiting Semi-Supervised Learning
with Graph Embeddings, section 5.2; github.com/kimiyoung/planetoid, MIT licence.
"""

import io
import pickle
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float

from dlf.data import files
from dlf.data.core import Array, Graph, Real

MIRRORS = (
    "https://github.com/kimiyoung/planetoid/raw/master/data",
    "https://raw.githubusercontent.com/kimiyoung/planetoid/master/data",
)
VALIDATION = 500


class Csr:
    """What a pickled `scipy.sparse.csr_matrix` holds, without SciPy."""

    data: Array
    indices: Array
    indptr: Array
    _shape: tuple[int, int]

    def dense(self) -> Float[Array, "N D"]:
        """Give the whole matrix."""
        x = np.zeros(self._shape, self.data.dtype)
        rows = np.repeat(np.arange(len(x)), np.diff(self.indptr))
        x[rows, self.indices] = self.data
        return x


KNOWN = {
    "scipy.sparse.csr.csr_matrix": Csr,
    "numpy.core.multiarray._reconstruct": np.ndarray.__new__,
    "numpy.ndarray": np.ndarray,
    "numpy.dtype": np.dtype,
    "collections.defaultdict": defaultdict,
    "__builtin__.list": list,
}


class Unpickler(pickle.Unpickler):
    """An unpickler that knows six names, none of which does anything."""

    def find_class(self, module: str, name: str) -> Any:
        """Look a name up among the six.

        Raises:
            pickle.UnpicklingError: it is another.
        """
        if f"{module}.{name}" not in KNOWN:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return KNOWN[f"{module}.{name}"]


def unpickle(raw: bytes, name: str, kind: type) -> Any:
    """Read a pickle of NumPy arrays, lists and numbers; run nothing.

    Args:
        raw: the bytes.
        name: what errors call them.
        kind: the type to be found.

    Raises:
        ValueError: they are something else.
    """
    try:
        found = Unpickler(io.BytesIO(raw), encoding="latin1").load()
    except Exception as error:  # whatever a broken or hostile file provokes
        raise ValueError(
            f"planetoid: {name} must be a pickle of arrays and lists alone; "
            f"refused, because {error}. Delete it and fetch it again"
        ) from error
    if not isinstance(found, kind):
        raise ValueError(
            f"planetoid: {name} must hold a {kind.__name__}; got a "
            f"{type(found).__name__}. Delete it and fetch it again"
        )
    return found


def files_of(
    name: str, parts: Mapping[str, tuple[int, str]]
) -> tuple[files.File, ...]:
    """Name the files of a network from the size and SHA-256 of each."""
    return tuple(
        files.File(f"planetoid/ind.{name}.{part}", sha256, size, MIRRORS)
        for part, (size, sha256) in parts.items()
    )


def load(kit: tuple[files.File, ...], dtype: Real) -> Graph:
    """Load a network from its seven files.

    Numbers that no file describes are nodes all the same, with features zero,
    label 0, and a place in no set: 15 of them in CiteSeer. The validation nodes
    are the first 500 that are left after the training ones.

    Raises:
        ValueError: a file is not what it must be.
        OSError: a file could not be had.
    """
    kinds = {"graph": defaultdict, "allx": Csr, "tx": Csr}
    found = {}
    for file in kit:
        part, raw = file.path.split(".", 2)[2], files.read(file)
        if part == "test.index":
            found[part] = np.array(raw.split(), np.int64)
        else:
            kind = kinds.get(part, np.ndarray)
            found[part] = unpickle(raw, file.path, kind)
    test, known = found["test.index"], len(found["ally"])

    def place(rest: Array, tested: Array) -> Array:
        whole = np.zeros((test.max() + 1, rest.shape[1]), dtype)
        whole[:known], whole[test] = rest, tested
        return whole

    x = place(found["allx"].dense(), found["tx"].dense())
    if not np.isfinite(x).all():
        stem = kit[0].path.rsplit(".", 1)[0]
        raise ValueError(
            f"planetoid: the features in {stem}.allx and {stem}.tx must be "
            "finite; got NaN or inf. Delete them and fetch them again"
        )
    pairs = [(i, j) for i, near in found["graph"].items() for j in near]
    edges = np.unique(np.sort(pairs, axis=1), axis=0)
    train = len(found["y"])
    return Graph(
        x=x,
        y=place(found["ally"], found["ty"]).argmax(axis=1),
        edges=edges[edges[:, 0] < edges[:, 1]],
        train=np.arange(train),
        validation=np.arange(train, train + VALIDATION),
        test=np.sort(test),
    )
