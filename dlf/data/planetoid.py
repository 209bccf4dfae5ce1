"""Planetoid: citation networks with the split that papers report on.

Nodes are papers, edges citations, features the words of a paper. Training
nodes are the first, 20 a class; the next 500 are for validation; 1,000 more,
at the end, are the test. The files are pickles of Python 2, which could run any
code: `dlf.data.pickles` reads them and runs none. Every shape and number in
them is checked before memory is taken for what they describe.
Source: Yang, Cohen & Salakhutdinov (2016), Revisiting Semi-Supervised Learning
with Graph Embeddings, section 5.2; github.com/kimiyoung/planetoid, MIT license.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int, Shaped

from dlf.data import files, pickles
from dlf.data.core import Array, Graph, Real
from dlf.data.pickles import Csr

MIRRORS = (
    "https://github.com/kimiyoung/planetoid/raw/master/data",
    "https://raw.githubusercontent.com/kimiyoung/planetoid/master/data",
)
VALIDATION = 500
THINNEST = 1000  # places an entry of a matrix; CiteSeer's has 117


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
        found = pickles.read(raw)
    except ValueError as error:
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
    """Name the files of a network from the size and SHA-256 of each.

    Args:
        name: of the network, as in its files' names.
        parts: such as ``x`` and ``graph``, to size in bytes and SHA-256.
    """
    return tuple(
        files.File(f"planetoid/ind.{name}.{part}", sha256, size, MIRRORS)
        for part, (size, sha256) in parts.items()
    )


def load(kit: tuple[files.File, ...], dtype: Real) -> Graph:
    """Load a network from its seven files.

    Numbers that no file describes are nodes all the same, with features zero,
    label 0, and a place in no set: 15 of them in CiteSeer. The validation nodes
    are the first 500 that are left after the training ones.

    Args:
        kit: the seven files, as `files_of` names them.
        dtype: of the features.

    Raises:
        ValueError: a file is not what it must be.
        OSError: a file could not be had.
    """
    kinds = {"graph": defaultdict, "allx": Csr, "tx": Csr}
    stem = kit[0].path.rsplit(".", 1)[0]
    found = {}
    for file in kit:
        part, raw = file.path.split(".", 2)[2], files.read(file)
        if part == "test.index":
            found[part] = _numbers(raw, file.path)
        else:
            kind = kinds.get(part, np.ndarray)
            found[part] = unpickle(raw, file.path, kind)
    test, known = found["test.index"], len(found["ally"])
    _agree(found, stem)

    def place(rest: Array, tested: Array) -> Array:
        whole = np.zeros((test.max() + 1, rest.shape[1]), dtype)
        whole[:known], whole[test] = rest, tested
        return whole

    x = place(*(dense(found[p], f"{stem}.{p}") for p in ("allx", "tx")))
    if not np.isfinite(x).all():
        raise ValueError(
            f"planetoid: the features in {stem}.allx and {stem}.tx must be "
            "finite; got NaN or inf. Delete them and fetch them again"
        )
    edges = _edges(found["graph"], len(x), f"{stem}.graph")
    train = len(found["y"])
    return Graph(
        x=x,
        y=place(found["ally"], found["ty"]).argmax(axis=1),
        edges=edges[edges[:, 0] < edges[:, 1]],
        train=np.arange(train),
        validation=np.arange(train, train + VALIDATION),
        test=np.sort(test),
    )


def dense(matrix: Csr, name: str) -> Shaped[Array, "N D"]:
    """Give the whole of a matrix.

    Args:
        matrix: as its file describes it.
        name: what errors call it.

    Raises:
        ValueError: its parts do not agree, or nearly all of it is empty.
    """
    data, columns, starts, (N, D) = matrix
    E = len(data)
    whole = (
        [a.ndim for a in matrix[:3]] == [1, 1, 1]
        and {columns.dtype.kind, starts.dtype.kind} == {"i"}
        and (len(columns), len(starts)) == (E, N + 1)
        and min(E, N) > 0
        and (starts[0], starts[-1]) == (0, E)
        and (np.diff(starts) >= 0).all()
        and 0 <= columns.min() <= columns.max() < D
    )
    if not whole or N * D > THINNEST * E:
        raise ValueError(
            f"planetoid: {name} must be a matrix in compressed rows with an "
            f"entry in {THINNEST} places or fewer; got {E} entries of {N} x "
            f"{D} places that do not fit. Delete it and fetch it again"
        )
    x = np.zeros((N, D), data.dtype)
    x[np.repeat(np.arange(N), np.diff(starts)), columns] = data
    return x


def _numbers(raw: bytes, name: str) -> Int[Array, " C"]:
    """Read the numbers of the test nodes, a line each."""
    try:
        return np.array([int(n) for n in raw.split()], np.int64)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"planetoid: {name} must hold whole numbers; {error}. Delete it "
            "and fetch it again"
        ) from error


def _agree(found: Mapping[str, Any], stem: str) -> None:
    """Check that the files are of one network, and the test where it must be.

    A few nodes between those known and the last of the test may be in no file.
    """
    test, known = found["test.index"], len(found["ally"])
    labels = [found[p] for p in ("y", "ally", "ty")]
    if {a.ndim for a in labels} != {2} or len({a.shape[1] for a in labels}) > 1:
        raise ValueError(
            f"planetoid: {stem}.y, .ally and .ty must have a column a class; "
            f"got {[a.shape for a in labels]}. Delete them and fetch them again"
        )
    (rows, columns), (tested, others) = (found[p].shape for p in ("allx", "tx"))
    counts = (rows, tested, columns) == (known, len(found["ty"]), others)
    if not counts or len(test) != tested or tested == 0:
        raise ValueError(
            f"planetoid: the files {stem}.* must have as many rows of features "
            f"as of labels, and a number for each of the test; got {rows} and "
            f"{known}, {tested} and {len(found['ty'])}, {len(test)} numbers. "
            "Delete them and fetch them again"
        )
    if not known <= test.min() <= test.max() < known + 2 * tested or (
        len(np.unique(test)) < tested
    ):
        raise ValueError(
            f"planetoid: {stem}.test.index must hold different numbers in "
            f"{known}..{known + 2 * tested - 1}, because the test comes last; "
            f"got {test.min()}..{test.max()}. Delete it and fetch it again"
        )


def _edges(graph: Mapping[Any, Any], N: int, name: str) -> Int[Array, "E 2"]:
    """Give each edge once, its smaller node first."""
    lists = all(isinstance(near, list) for near in graph.values())
    nodes = graph.items() if lists else ()
    pairs = [(i, j) for i, near in nodes for j in near]
    plain = all(type(n) is int and 0 <= n < N for pair in pairs for n in pair)
    if not pairs or not plain:
        raise ValueError(
            f"planetoid: {name} must map nodes to lists of nodes, all in "
            f"0..{N - 1}; it holds something else. Delete it and fetch it again"
        )
    return np.unique(np.sort(pairs, axis=1), axis=0)
