"""Every public function refuses bad input clearly, or needs not to.

Functions with a `Concept` are covered there: wrong shapes are derived for each,
the rest stands in its row. All others of `dlf.scratch`, `dlf.data` and
`dlf.nn.training` have rows in `refusals`.
"""

import importlib
import inspect
import pkgutil
import re

import pytest

import dlf.data
import dlf.scratch
from dlf.nn.interpretability import split
from dlf.nn.training import evaluate, fit

from .concepts import all_concepts
from .refusals import all_refusals

REFUSES = all_refusals()
#: tests of their own, with files: tests/data
FILES = {"files", "idx", "planetoid", "mnist", "fashion_mnist", "cora"}
FILES |= {"citeseer", "pubmed", "pickles", "unpacking"}
#: function: why there is nothing to refuse
TAKES_ALL = {
    "interpretability.outputs.selected_output": (
        "asked by methods, which check the question"
    ),
    "catalogue.about": "a module",
    "catalogue.table": "no argument",
    "checks.floats": "any numbers",
    "corpus.encode": "any text",
    "glyphs.distance": "a step of `load`, which checks",
    "glyphs.image": "likewise",
    "outlines.drawn": "likewise",
    "outlines.freeze": "likewise",
    "outlines.outline": "likewise",
    "glyphs.sample": "likewise",
    "graph_toys.molecules": "no argument",
    "convolution.transposed.transposed_size": "arithmetic",
    "convolution.windows.add_windows": "a step of layers, which check",
    "convolution.windows.output_size": "arithmetic",
    "convolution.windows.padded": "a step of layers, which check",
    "convolution.windows.sum_first": "any arrays",
    "convolution.windows.windows": "a step of layers, which check",
    "gradient_stability.first_nonfinite": "any arrays",
    "gradient_stability.global_norm": "any arrays; of none it is 0",
    "graphs.edges.add_self_loops": "adds edges and reads none",
    "graphs.edges.remove_self_loops": "drops edges and reads none",
    "imdb.decode": "tested with files",
    "imdb.reviews": "no argument",
    "imdb.words": "any text",
    "recurrence.checks.gates": "called by layers, which are tested",
    "recurrence.checks.lengths_of": "likewise",
    "recurrence.checks.starts_chunk": "arithmetic",
    "recurrence.checks.truncation": "called by layers, which are tested",
    "recurrence.state_space.shifted": "a step of scans, which check",
    "tinyshakespeare.load": "no argument",
    "interpretability.influence.sigmoid": "any numbers",
    "karate.load": "no argument but a type",
    "graphs.segments.sort_by_segment": (
        "called with indices that `check_indices` has checked"
    ),
    "graphs.segments.combine_segments": "likewise",
    "mnist1d.templates": "no argument",
    "normalization.moments.like": "any arrays",
    "normalization.moments.widened": "any array",
    "optimizers.averaging.copied": "any arrays",
    "optimizers.averaging.averaged": "a state that `update` made",
    "optimizers.large_batch.trust_ratio": "any arrays; of zeros it is 1",
    "optimizers.pairs.ascend": "any optimizer, which checks",
    "optimizers.pairs.for_each_array": "likewise",
    "normalization.moments.mean": "called with entries that are checked",
    "normalization.moments.normalize": "likewise",
    "reductions.sum_examples": "any numbers; an empty sum is 0",
    "reductions.sum_rows": "likewise",
    "second_order.objectives.is_singular": "any square matrix",
    "second_order.objectives.widened": "any array",
    "interpretability.shapley.kernel_weights": (
        "a coalition of none has no weight"
    ),
    "interpretability.shapley.to_inputs": (
        "called with groups that `value_function` has checked"
    ),
    "signs.kinds": "no argument",
    "backpropagation.tape.lift": "any function",
    "backpropagation.tape.total": "any numbers; an empty sum is 0",
}


def public(package):
    inside = f"{package.__name__}."
    for found in pkgutil.walk_packages(package.__path__, inside):
        if found.name.rpartition(".")[2].startswith("_"):
            continue
        module = importlib.import_module(found.name)
        for name, f in vars(module).items():
            mine = getattr(f, "__module__", "") == module.__name__
            ours = not name.startswith("_") and "__mutmut" not in name
            if mine and inspect.isfunction(f) and ours:
                yield f"{found.name.removeprefix(inside)}.{name}", f


def test_every_public_function_has_its_row():
    concepts = {c.scratch for c in all_concepts()}
    names = {
        name: f
        for package in (dlf.scratch, dlf.data)
        for name, f in public(package)
        if f not in concepts and name.split(".")[0] not in FILES
    }
    refusing = {f for f, _, _ in REFUSES}
    without = {n for n, f in names.items() if f not in refusing}
    assert without == set(TAKES_ALL)
    assert refusing - set(names.values()) == {fit, evaluate, split}


@pytest.mark.parametrize(
    ("call", "says"),
    [
        pytest.param(call, says, id=f"{f.__module__}.{f.__name__}")
        for f, call, says in REFUSES
    ],
)
def test_refuses(call, says, as_shipped):
    with pytest.raises(ValueError, match=says) as error:
        call()
    if "must" in str(error.value):  # ours: it names the operation first
        assert re.match(r"[a-z_0-9]+: `?[a-zA-Z_]", str(error.value))
