"""Matrices, distributions and settings out of range, in mathematics."""

import numpy as np

from dlf.scratch.mathematics import bayes, decompositions, information, numerics

from . import X, Y

REFUSES = [
    (
        bayes.beta_bernoulli,
        lambda: bayes.beta_bernoulli((0.0, 1.0), Y > 0),
        "beta_bernoulli: `prior` must be positive",
    ),
    (
        bayes.normal_mean,
        lambda: bayes.normal_mean((0.0, 1.0), X[0], -1.0),
        "normal_mean: `noise` must be positive",
    ),
    (
        bayes.bayesian_ridge,
        lambda: bayes.bayesian_ridge(X, X[0], 1.0, 1.0),
        r"bayesian_ridge: `y` must have shape \(2,\)",
    ),
    (
        decompositions.eigh,
        lambda: decompositions.eigh(np.triu(np.ones((2, 2)))),
        "eigh: `a` must be symmetric",
    ),
    (
        decompositions.svd,
        lambda: decompositions.svd(X[0]),
        r"svd: `a` must have shape \(M, N\)",
    ),
    (
        decompositions.truncate,
        lambda: decompositions.truncate(X, 3),
        r"truncate: `rank` must lie in 1\.\.2",
    ),
    (
        information.huffman,
        lambda: information.huffman({"a": 1, "b": 0}),
        "huffman: `weights` must name a symbol and be positive",
    ),
    (
        information.encode,
        lambda: information.encode("ab", {"a": "0"}),
        "encode: `code` must have a word .* none for 'b'",
    ),
    (
        information.decode,
        lambda: information.decode("1", {"a": "0", "b": "10"}),
        "decode: `bits` must end where a word ends",
    ),
    (
        numerics.welford_init,
        lambda: numerics.welford_init(0),
        "welford_init: `D` must be positive",
    ),
    (
        numerics.welford_update,
        lambda: numerics.welford_update(numerics.welford_init(2), X),
        "welford_update: `x` must have 2 columns, .* got 3",
    ),
]
