"""Counts, labels and names of which there are no data."""

import numpy as np

from dlf.data import (
    catalogue,
    corpus,
    digits,
    glyphs,
    graph_toys,
    imdb,
    mnist1d,
    signs,
    toys,
)
from dlf.data.core import split

from . import RNG, X, Y

REFUSES = [
    (
        catalogue.where,
        lambda: catalogue.where("x"),
        "where: `name` must be on",
    ),
    (
        catalogue.missing,
        lambda: catalogue.missing("x"),
        "missing: `name` must be on",
    ),
    (
        split,
        lambda: split(X, Y, (2, 1, 0), RNG),
        "split: `sizes` must be counts that sum to at most 2",
    ),
    (
        corpus.load,
        lambda: corpus.load(9),
        r"corpus: `version` must be in 1\.",
    ),
    (
        digits.load,
        lambda: digits.load(seed=-1),
        "non-negative",
    ),
    (
        glyphs.load,
        lambda: glyphs.load(symbols="00"),
        "load: `symbols` must be",
    ),
    (
        graph_toys.motif,
        lambda: graph_toys.motif(2, RNG),
        "motif: `kind` must",
    ),
    (
        graph_toys.motifs,
        lambda: graph_toys.motifs(-1, RNG),
        "motifs: `count` must not be negative",
    ),
    (
        graph_toys.communities,
        lambda: graph_toys.communities(4, 2, 1.5, 0.0, RNG),
        "communities: `inside` and `across` must lie",
    ),
    (
        graph_toys.noise,
        lambda: graph_toys.noise(0, 1, RNG),
        "noise: `nodes` must be 1 or more",
    ),
    (
        graph_toys.load,
        lambda: graph_toys.load(train=-1),
        "motifs: `count` must not be negative",
    ),
    (
        imdb.vocabulary,
        lambda: imdb.vocabulary([["a"]], -1),
        "vocabulary: `size` must not be negative",
    ),
    (
        imdb.encode,
        lambda: imdb.encode([["a"]], {}, -1),
        "encode: `length` must not be negative",
    ),
    (
        imdb.load,
        lambda: imdb.load(train=25_001),
        "load: `train` and `validation`, and `test`, must be counts",
    ),
    (
        mnist1d.load,
        lambda: mnist1d.load(train=-1),
        "must be counts, one of them",
    ),
    (
        mnist1d.draw,
        lambda: mnist1d.draw(np.array([0, 10]), RNG),
        r"draw: `labels` must lie in 0\.\.9, .* got 10",
    ),
    (
        signs.draw,
        lambda: signs.draw(-1, RNG),
        "draw: `count` must not be",
    ),
    (
        signs.load,
        lambda: signs.load(test=-1),
        "`count` must not be negative",
    ),
    (
        toys.moons,
        lambda: toys.moons(-1, RNG),
        "moons: `n` and `noise` must",
    ),
    (
        toys.circles,
        lambda: toys.circles(4, RNG, -0.1),
        "circles: .* got 4 and -0.1",
    ),
    (
        toys.spirals,
        lambda: toys.spirals(4, RNG, np.nan),
        "spirals: .* got 4 and nan",
    ),
    (
        toys.xor,
        lambda: toys.xor(-2, RNG),
        "xor: .* got -2",
    ),
    (
        toys.blobs,
        lambda: toys.blobs(-2, RNG),
        "blobs: .* got -2",
    ),
    (
        toys.load,
        lambda: toys.load(noise=-1.0),
        "`noise` must not be negative",
    ),
]
