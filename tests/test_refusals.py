"""Every public function refuses bad input clearly, or needs not to.

Functions with a `Concept` are covered there: wrong shapes are derived for each,
the rest stands in its row. All others of `dlf.scratch`, `dlf.data` and
`dlf.nn.training` have a row here.
"""

import importlib
import inspect
import pkgutil
import re

import numpy as np
import pytest
import torch

import dlf.data
import dlf.scratch
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
from dlf.nn.training import evaluate, fit
from dlf.scratch import (
    attribution,
    backpropagation,
    conjugate,
    convergence,
    decompositions,
    dictionary,
    graphs,
    influence,
    information,
    layer_attribution,
    messages,
    mlp,
    neighbours,
    optimizers,
    perceptron,
    perturbation,
    shapes,
    shapley,
    stability,
    surrogates,
    tape,
    tiling,
    training,
)

from .concepts import all_concepts

RNG = np.random.default_rng(0)
X, Y = np.ones((2, 3)), np.array([0, 1])
EDGES = np.array([[0, 1], [1, 5]])
NET = mlp.init((3, 2), RNG)
MODEL = torch.nn.Linear(3, 2).double()


def linear(v):
    return v @ np.ones((3, 2)), lambda dy: dy @ np.ones((2, 3))


def sgd(weights):
    return torch.optim.SGD(weights, lr=0.1)


#: function: (a bad call, what the error says)
REFUSES = {
    attribution.ask: (
        lambda: attribution.ask("m", linear, X, 2),
        r"m: `target` must lie in 0\.\.1",
    ),
    attribution.saliency: (
        lambda: attribution.saliency(linear, X, -1),
        "saliency: `target` .* got -1",
    ),
    attribution.input_x_gradient: (
        lambda: attribution.input_x_gradient(linear, X, 0, np.ones(2)),
        "input_x_gradient: `baseline` must",
    ),
    attribution.smoothgrad: (
        lambda: attribution.smoothgrad(linear, X, 0, RNG, draws=0),
        "smoothgrad: `draws` must be positive",
    ),
    attribution.integrated_gradients: (
        lambda: attribution.integrated_gradients(linear, X, 0, steps=0),
        "`steps` must be at least 1",
    ),
    attribution.to_completeness: (
        lambda: attribution.to_completeness(linear, X, 0, tol=-1.0),
        "`tol` must be positive",
    ),
    backpropagation.gradients: (
        lambda: backpropagation.gradients(NET, X, Y + 1),
        r"`labels` must lie in 0\.\.1, .* got 2 at position 1",
    ),
    backpropagation.difference: (
        lambda: backpropagation.difference(np.sum, X, 0.0),
        "difference: `h` must be positive",
    ),
    backpropagation.pushforward: (
        lambda: backpropagation.pushforward(NET, X, X[:1]),
        r"pushforward: `dx` must have shape \(2, 3\)",
    ),
    backpropagation.checkpointed: (
        lambda: backpropagation.checkpointed([], 0),
        "checkpointed: `every` must be at least 1",
    ),
    conjugate.coin: (
        lambda: conjugate.coin((0.0, 1.0), Y > 0),
        "coin: `prior` must be positive",
    ),
    conjugate.mean: (
        lambda: conjugate.mean((0.0, 1.0), X[0], -1.0),
        "mean: `noise` must be positive",
    ),
    conjugate.ridge: (
        lambda: conjugate.ridge(X, X[0], 1.0, 1.0),
        r"ridge: `y` must have shape \(2,\)",
    ),
    convergence.stationary: (
        lambda: convergence.stationary(X[0], 0.0),
        "stationary: `eps` must be positive",
    ),
    convergence.settled: (
        lambda: convergence.settled(-X[0], 1),
        "settled: `losses` must not be negative",
    ),
    convergence.stalled: (
        lambda: convergence.stalled(X[0], 0),
        "stalled: `patience` must be at least 1",
    ),
    decompositions.eigh: (
        lambda: decompositions.eigh(np.triu(np.ones((2, 2)))),
        "eigh: `a` must be symmetric",
    ),
    decompositions.svd: (
        lambda: decompositions.svd(X[0]),
        r"svd: `a` must have shape \(M, N\)",
    ),
    decompositions.truncate: (
        lambda: decompositions.truncate(X, 3),
        r"truncate: `rank` must lie in 1\.\.2",
    ),
    dictionary.maximize_activation: (
        lambda: dictionary.maximize_activation(linear, X, 0, lr=-1.0),
        "`lr` and `decay` must not be negative",
    ),
    graphs.directed: (
        lambda: graphs.directed(np.array([[0, 3]]), 3),
        r"directed: `pairs` must lie in 0\.\.2",
    ),
    graphs.degrees: (
        lambda: graphs.degrees(EDGES, 2),
        r"degrees: `edges` must lie in 0\.\.1",
    ),
    graphs.laplacian: (
        lambda: graphs.laplacian(EDGES, 2),
        r"laplacian: `edges` must lie in 0\.\.1",
    ),
    graphs.dirichlet: (
        lambda: graphs.dirichlet(X, EDGES),
        r"`edges` must lie in 0\.\.1",
    ),
    graphs.refine: (
        lambda: graphs.refine(Y, EDGES),
        r"refine: `edges` must lie in 0\.\.1",
    ),
    graphs.hops: (
        lambda: graphs.hops([0], EDGES, 2),
        r"hops: `edges` must lie in 0\.\.1",
    ),
    influence.fit: (
        lambda: influence.fit(X, np.array([0.0, 0.5]), 0.1),
        "fit: `y` must be 0 or 1",
    ),
    influence.losses: (
        lambda: influence.losses(X, np.ones(3), np.ones(3)),
        r"losses: `y` must have shape \(2,\)",
    ),
    influence.objective: (
        lambda: influence.objective(X, np.ones(2), np.ones(2), 0.1),
        r"`w` must have shape \(3,\)",
    ),
    influence.hessian: (
        lambda: influence.hessian(X, np.ones(2), 0.1),
        r"hessian: `w` must have shape \(3,\)",
    ),
    influence.influence: (
        lambda: influence.influence(
            X, np.ones(2), np.ones(2), 1.0, X, np.ones(2)
        ),
        "influence: `w` must have a weight for each",
    ),
    information.huffman: (
        lambda: information.huffman({"a": 1, "b": 0}),
        "huffman: `weights` must name a symbol and be positive",
    ),
    information.encode: (
        lambda: information.encode("ab", {"a": "0"}),
        "encode: `code` must have a word .* none for 'b'",
    ),
    information.decode: (
        lambda: information.decode("1", {"a": "0", "b": "10"}),
        "decode: `bits` must end where a word ends",
    ),
    layer_attribution.grad_cam: (
        lambda: layer_attribution.grad_cam(linear, linear, X, 0),
        "grad_cam: `body` must return maps",
    ),
    layer_attribution.conductance: (
        lambda: layer_attribution.conductance(linear, linear, X, 0, steps=0),
        "conductance: `steps` must be at least 1",
    ),
    layer_attribution.concept_vector: (
        lambda: layer_attribution.concept_vector(X, X[:0]),
        "must have examples; got 2 and 0",
    ),
    layer_attribution.tcav: (
        lambda: layer_attribution.tcav(linear, X, 0, np.ones(2)),
        "tcav: `v` must have the shape",
    ),
    messages.within: (
        lambda: messages.within("f", "index", np.array([0.5]), 3),
        "f: `index` must hold integers",
    ),
    mlp.init: (lambda: mlp.init((3,), RNG), "init: `widths` must name two"),
    mlp.mlp: (
        lambda: mlp.mlp({"layers.0.weight": np.ones((2, 3)), "b": Y}, X),
        r"mlp: `params` must hold layers\.0\.bias",
    ),
    neighbours.compress: (
        lambda: neighbours.compress(EDGES, 2),
        r"compress: `edges` must lie in 0\.\.1",
    ),
    neighbours.draw: (
        lambda: neighbours.draw(np.zeros(3, int), Y[:0], Y, -2, RNG),
        "draw: `fanout` must be -1",
    ),
    neighbours.blocks: (
        lambda: neighbours.blocks(np.zeros(3, int), Y[:0], Y * 0, [1], RNG),
        "blocks: `batch` must hold distinct nodes",
    ),
    optimizers.sgd: (lambda: optimizers.sgd(-0.1), "sgd: `lr` must be posit"),
    optimizers.adam: (
        lambda: optimizers.adam(b2=1.0),
        r"adam: `b2` must lie in \[0, 1\)",
    ),
    perceptron.fires: (
        lambda: perceptron.fires(X, np.full(3, np.nan), 0.0),
        "fires: `x`, `w` and `b` must not make a sum NaN",
    ),
    perceptron.learn: (
        lambda: perceptron.learn(X, Y, lr=-1.0),
        "learn: `lr` must be positive",
    ),
    perceptron.learn_from_products: (
        lambda: perceptron.learn_from_products(np.eye(2), Y + 1),
        "learn_from_products: `y` must hold labels 0 or 1",
    ),
    perturbation.occlusion: (
        lambda: perturbation.occlusion(
            lambda v: (v[:, 0, 0], None), X[None, None], 0, 0.0, 3
        ),
        r"occlusion: `window` must lie in 1\.\.2",
    ),
    perturbation.infidelity: (
        lambda: perturbation.infidelity(linear, X, 0, X[:1], X[None]),
        "infidelity: `phi` must have the shape",
    ),
    perturbation.sensitivity: (
        lambda: perturbation.sensitivity(abs, X, RNG, radius=0.0),
        "sensitivity: `radius` and `draws` must be positive",
    ),
    shapes.sizes: (
        lambda: shapes.sizes(mlp.linear, X, np.ones((2, 4)), np.ones(2)),
        r"linear: `w` must have shape \(2, 3\), because of x",
    ),
    shapley.game: (
        lambda: shapley.game(linear, X, 0, np.array([0, 2, 2])),
        "game: `groups` must use every number",
    ),
    shapley.coalitions: (
        lambda: shapley.coalitions(21),
        r"coalitions: `players` must lie in 1\.\.20",
    ),
    shapley.exact: (
        lambda: shapley.exact(None, 0),
        r"`players` must lie in 1\.\.20",
    ),
    shapley.sampled: (
        lambda: shapley.sampled(None, 3, 0, RNG),
        "sampled: `orders` must be at least 1",
    ),
    shapley.kernel: (
        lambda: shapley.kernel(None, 1),
        "kernel: `players` must be two or more",
    ),
    stability.begin: (
        lambda: stability.begin(0),
        "begin: `D` must be positive",
    ),
    stability.update: (
        lambda: stability.update(stability.begin(2), X),
        "update: `x` must have 2 columns, .* got 3",
    ),
    surrogates.lime: (
        lambda: surrogates.lime(None, 3, 3, RNG),
        "lime: `samples` must exceed the players",
    ),
    tape.backward: (
        lambda: tape.backward(tape.lift(tape.total)(tape.Node(X)), X),
        r"backward: `dy` must have shape \(\)",
    ),
    tape.add: (lambda: tape.add(X, np.ones(2)), r"\(2,3\) \(2,\)"),
    tape.multiply: (lambda: tape.multiply(X, np.ones(2)), r"\(2,3\) \(2,\)"),
    tiling.tiles: (
        lambda: list(tiling.tiles((2, 2, 2), 0)),
        "`side` must be 1 or more",
    ),
    tiling.traffic: (
        lambda: tiling.traffic((2, 2, 2), 0),
        "`side` must be 1 or more",
    ),
    tiling.addresses: (
        lambda: tiling.addresses(2, 0),
        "`side` must be 1 or more",
    ),
    tiling.misses: (
        lambda: tiling.misses(np.arange(4), 1, 2),
        "misses: `words` must hold one `line`",
    ),
    training.deal: (
        lambda: training.deal(3, 0, RNG),
        "deal: `batch` must be positive",
    ),
    training.train: (
        lambda: training.train(
            NET, X, Y[:1], optimizers.sgd(0.1), epochs=1, batch=2, rng=RNG
        ),
        r"train: `y` must have shape \(2,\)",
    ),
    training.accumulate: (
        lambda: training.accumulate([]),
        "accumulate: `parts` must hold an example",
    ),
    training.average: (
        lambda: training.average(NET, NET, 1.0),
        r"average: `decay` must lie in \[0, 1\)",
    ),
    catalogue.where: (lambda: catalogue.where("x"), "where: `name` must be on"),
    split: (
        lambda: split(X, Y, (2, 1, 0), RNG),
        "split: `sizes` must be counts that sum to at most 2",
    ),
    corpus.load: (lambda: corpus.load(9), r"corpus: `version` must be in 1\."),
    digits.load: (lambda: digits.load(seed=-1), "non-negative"),
    glyphs.load: (lambda: glyphs.load(symbols="00"), "load: `symbols` must be"),
    graph_toys.motif: (lambda: graph_toys.motif(2, RNG), "motif: `kind` must"),
    graph_toys.motifs: (
        lambda: graph_toys.motifs(-1, RNG),
        "motifs: `count` must not be negative",
    ),
    graph_toys.communities: (
        lambda: graph_toys.communities(4, 2, 1.5, 0.0, RNG),
        "communities: `inside` and `across` must lie",
    ),
    graph_toys.noise: (
        lambda: graph_toys.noise(0, 1, RNG),
        "noise: `nodes` must be 1 or more",
    ),
    graph_toys.load: (
        lambda: graph_toys.load(train=-1),
        "motifs: `count` must not be negative",
    ),
    imdb.vocabulary: (
        lambda: imdb.vocabulary([["a"]], -1),
        "vocabulary: `size` must not be negative",
    ),
    imdb.encode: (
        lambda: imdb.encode([["a"]], {}, -1),
        "encode: `length` must not be negative",
    ),
    imdb.load: (
        lambda: imdb.load(train=25_001),
        "load: `train` and `validation`, and `test`, must be counts",
    ),
    mnist1d.load: (
        lambda: mnist1d.load(train=-1),
        "must be counts, one of them",
    ),
    mnist1d.draw: (
        lambda: mnist1d.draw(np.array([0, 10]), RNG),
        r"draw: `labels` must lie in 0\.\.9, .* got 10",
    ),
    signs.draw: (lambda: signs.draw(-1, RNG), "draw: `count` must not be"),
    signs.load: (lambda: signs.load(test=-1), "`count` must not be negative"),
    toys.moons: (lambda: toys.moons(-1, RNG), "moons: `n` and `noise` must"),
    toys.circles: (
        lambda: toys.circles(4, RNG, -0.1),
        "circles: .* got 4 and -0.1",
    ),
    toys.spirals: (
        lambda: toys.spirals(4, RNG, np.nan),
        "spirals: .* got 4 and nan",
    ),
    toys.xor: (lambda: toys.xor(-2, RNG), "xor: .* got -2"),
    toys.blobs: (lambda: toys.blobs(-2, RNG), "blobs: .* got -2"),
    toys.load: (lambda: toys.load(noise=-1.0), "`noise` must not be negative"),
    fit: (
        lambda: fit(MODEL, (X, Y + 1), optimizer=sgd, steps=1),
        r"fit: `train` must have labels in 0\.\.1",
    ),
    evaluate: (
        lambda: evaluate(MODEL, (X[:0], Y[:0])),
        "evaluate: `examples` must have rows",
    ),
}
#: tests of their own, with files: tests/data
FILES = {"files", "idx", "planetoid", "mnist", "fashion_mnist", "cora"}
FILES |= {"citeseer", "pubmed"}
#: function: why there is nothing to refuse
TAKES_ALL = {
    "attribution.picked": "asked by methods, which check the question",
    "attribution.value_and_gradient": "likewise",
    "attribution.gradient": "likewise",
    "catalogue.about": "a module",
    "catalogue.table": "no argument",
    "corpus.encode": "any text",
    "glyphs.distance": "a step of `load`, which checks",
    "glyphs.image": "likewise",
    "glyphs.sample": "likewise",
    "graph_toys.molecules": "no argument",
    "graphs.with_loops": "adds edges and reads none",
    "graphs.without_loops": "drops edges and reads none",
    "imdb.decode": "tested with files",
    "imdb.reviews": "no argument",
    "imdb.words": "any text",
    "influence.sigmoid": "any numbers",
    "karate.load": "no argument but a type",
    "messages.sort": "called with indices that `within` has checked",
    "messages.total": "likewise",
    "mnist1d.templates": "no argument",
    "shapley.kernel_weights": "a coalition of none has no weight",
    "shapley.spread": "called with groups that `game` has checked",
    "signs.kinds": "no argument",
    "tape.lift": "any function",
    "tape.total": "any numbers; an empty sum is 0",
}


def public(package):
    for found in pkgutil.iter_modules(package.__path__):
        if found.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for name, f in vars(module).items():
            mine = getattr(f, "__module__", "") == module.__name__
            ours = not name.startswith("_") and "__mutmut" not in name
            if mine and inspect.isfunction(f) and ours:
                yield f"{found.name}.{name}", f


def test_every_public_function_has_its_row():
    concepts = {c.scratch for c in all_concepts()}
    names = {
        name: f
        for package in (dlf.scratch, dlf.data)
        for name, f in public(package)
        if f not in concepts and name.split(".")[0] not in FILES
    }
    without = {n for n, f in names.items() if f not in REFUSES}
    assert without == set(TAKES_ALL)
    assert set(REFUSES) - set(names.values()) == {fit, evaluate}


@pytest.mark.parametrize(
    ("call", "says"),
    REFUSES.values(),
    ids=[f"{f.__module__}.{f.__name__}" for f in REFUSES],
)
def test_refuses(call, says, as_shipped):
    with pytest.raises(ValueError, match=says) as error:
        call()
    if "must" in str(error.value):  # ours: it names the operation first
        assert re.match(r"[a-z_0-9]+: `?[a-zA-Z_]", str(error.value))
