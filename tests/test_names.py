"""Names and headings are the field's: none of a dialect of our own.

A word of `WORDS` in a name, in the first line of a docstring or in a heading
hides what a reader would search for: an activation function that is called a
bend, a derivative that is called a slope.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = Path(__file__).parent
#: word: what the field says
WORDS = {
    "bend": "activation",
    "bends": "activations",
    "bent": "activated",
    "bending": "nonlinear",
    "surprise": "negative log-likelihood, cross-entropy",
    "surprises": "negative log-likelihoods",
    "deal": "split, minibatches",
    "deals": "splits",
    "dealt": "split, permuted",
    "blame": "attribution, gradient",
    "blames": "attributes",
    "blamed": "attributed",
    "wiggle": "perturb, finite difference",
    "share": "probability, fraction",
    "shares": "probabilities, fractions, Shapley values",
    "slope": "derivative, gradient",
    "slopes": "derivatives, gradients",
}
#: name or phrase: why it stays
STAYS = {
    "negative_slope": "PyTorch's name",
    "learned slope": "of PReLU's negative side: a line",
    "intercept over its slope": "of a fitted line",
    "share_no_cotangent": "have none in common",
    "share_what_a_seed_draws": "have in common",
    "mirror_share_one": "have in common",
    "share_the_level": "have in common",
    "positive_inputs_share_sign": "have in common",
    "shares memory": "has it in common",
    "What shape should a neuron bend?": "a question, not a term",
    "its share of the blame?": "a question, not a term",
    "what they share cancels": "have in common",
    "which shares its memory": "has it in common",
}
#: floors whose recorded rules name cells and arms in older words: there only
#: modules, classes and functions that another floor calls must have a term
RECORDED = ("claims", "derive", "experiments", "stacked")
FILES = [
    *(f for f in sorted((ROOT / "dlf").rglob("*.py")) if "templates" not in f.parts),
    *sorted(TESTS.rglob("*.py")),
]
PAGES = sorted(
    page
    for pattern in ("*.md", "chapters/**/*.md")
    for page in ROOT.glob(pattern)
)


def dialect(text: str) -> list[str]:
    """Words of the dialect in a name or a line, what stays aside."""
    for kept in STAYS:
        text = text.replace(kept, "")
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ")
    return [w for w in re.findall(r"[a-z]+", spread.lower()) if w in WORDS]


def defined(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names that a module offers: definitions, parameters, constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(statement, ast.Assign) and isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Store):
                    yield node.id, node.lineno


def first_lines(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """First line of every docstring, which is what a search shows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            line = (ast.get_docstring(node) or "").partition("\n")[0]
            yield line, getattr(node, "lineno", 1)
