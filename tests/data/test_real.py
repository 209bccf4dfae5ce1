"""The real data, where they are: counts, hashes, first labels, means."""

import numpy as np
import pytest

from dlf.data import (
    catalogue,
    citeseer,
    cora,
    corpus,
    fashion_mnist,
    mnist,
    pubmed,
    tinyshakespeare,
)
from dlf.data.__main__ import main

IMAGES = {
    mnist: (
        [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
        [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
        [5, 0, 4, 1, 9, 2, 1, 3, 1, 4],
        [7, 2, 1, 0, 4, 1, 4, 9, 5, 9],
        (0.1307, 0.3081, 0.1325, 0.3105),
    ),
    fashion_mnist: (
        [6000] * 10,
        [1000] * 10,
        [9, 0, 0, 3, 0, 2, 7, 2, 5, 5],
        [9, 2, 1, 1, 6, 1, 4, 6, 5, 7],
        (0.2860, 0.3530, 0.2868, 0.3524),
    ),
}
GRAPHS = {
    cora: dict(
        x=(2708, 1433),
        entries=49216,
        edges=5278,
        alone=0,
        classes=[351, 217, 418, 818, 426, 298, 180],
        test=[130, 91, 144, 319, 149, 103, 64],
    ),
    citeseer: dict(
        x=(3327, 3703),
        entries=105165,
        edges=4552,
        alone=48,
        classes=[249 + 15, 590, 668, 701, 596, 508],
        test=[77, 182, 181, 231, 169, 160],
    ),
    pubmed: dict(
        x=(19717, 500),
        entries=988031,
        edges=44324,
        alone=0,
        classes=[4103, 7739, 7875],
        test=[180, 413, 407],
    ),
}


@pytest.mark.parametrize("name", [m.__name__[9:] for m in catalogue.REAL])
def test_every_file_is_as_published(real, name, capsys):
    assert main(["verify", name]) == 0
    files = catalogue.SETS[name].FILES
    assert capsys.readouterr().out.count("is as published") == len(files)


@pytest.mark.parametrize("module", IMAGES, ids=lambda m: m.__name__)
def test_images(real, module):
    counts, test_counts, first, test_first, moments = IMAGES[module]
    d = module.load(train=60_000, validation=0, dtype=np.float32)
    assert d.train.x.shape == (60_000, 1, 28, 28)
    assert d.test.x.shape == (10_000, 1, 28, 28)
    assert np.bincount(d.train.y).tolist() == counts
    assert np.bincount(d.test.y).tolist() == test_counts
    assert d.train.y[:10].tolist() == first
    assert d.test.y[:10].tolist() == test_first
    found = [
        f(x, dtype=np.float64)
        for x in (d.train.x, d.test.x)
        for f in (np.mean, np.std)
    ]
    np.testing.assert_allclose(found, moments, atol=5e-5)
    assert (d.train.x.min(), d.train.x.max()) == (0, 1)
    part = module.load(train=100, validation=50, seed=0)
    assert [len(s.y) for s in part] == [100, 50, 10_000]
    with pytest.raises(ValueError, match="at most 60000"):
        module.load(train=60_000, validation=1)


@pytest.mark.parametrize("module", GRAPHS, ids=lambda m: m.__name__)
def test_graphs(real, module):
    g, known = module.load(), GRAPHS[module]
    N, C = g.x.shape[0], len(known["classes"])
    assert g.x.shape == known["x"]
    assert np.count_nonzero(g.x) == known["entries"]
    assert g.edges.shape == (known["edges"], 2)
    assert (g.edges[:, 0] < g.edges[:, 1]).all()
    assert N - len(np.unique(g.edges)) == known["alone"]
    assert np.bincount(g.y).tolist() == known["classes"]
    assert np.bincount(g.y[g.train]).tolist() == [20] * C
    assert np.bincount(g.y[g.test]).tolist() == known["test"]
    assert (len(g.validation), len(g.test)) == (500, 1000)
    sets = np.concatenate([g.train, g.validation, g.test])
    assert len(np.unique(sets)) == len(sets)


def test_citeseers_placeholders(real):
    g = citeseer.load()
    empty = np.flatnonzero(~g.x.any(axis=1))
    assert len(empty) == 15
    assert (empty >= 2312).all()
    assert not g.y[empty].any()
    assert not np.isin(
        empty, np.concatenate([g.train, g.validation, g.test])
    ).any()


def test_tiny_shakespeare(real):
    text = tinyshakespeare.load()
    codes, alphabet = corpus.encode(text)
    assert (len(codes), len(alphabet)) == (1_115_394, 65)
    assert text.startswith("First Citizen:\nBefore we proceed")
