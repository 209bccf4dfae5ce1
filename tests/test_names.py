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
FILES = [
    *(
        f
        for f in sorted((ROOT / "dlf").rglob("*.py"))
        if "templates" not in f.parts
    ),
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
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
            for argument in ast.walk(node.args):
                if isinstance(argument, ast.arg):
                    yield argument.arg, argument.lineno
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            for node in ast.walk(ast.Tuple(statement.targets)):
                if isinstance(node, ast.Name):
                    yield node.id, node.lineno


def first_lines(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """First line of every docstring, which is what a search shows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            line = (ast.get_docstring(node) or "").partition("\n")[0]
            yield line, getattr(node, "lineno", 1)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_names_are_the_fields(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = {
        f"line {number}: {name} says {word}; the field says {WORDS[word]}"
        for name, number in defined(tree)
        for word in dialect(name)
    }
    if file.is_relative_to(ROOT / "dlf"):
        found |= {
            f"line {number}: {line!r} says {word}; say {WORDS[word]}"
            for line, number in first_lines(tree)
            for word in dialect(line)
        }
    assert found == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_headings_and_code_of_pages_are_the_fields(page):
    text = page.read_text(encoding="utf-8")
    cells = re.findall(r"^```\{code-cell\}.*?^```$", text, re.M | re.S)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)$", prose, re.M)
    names = re.findall(r"^ *(?:def|class) (\w+)", "\n".join(cells), re.M)
    assert [x for x in headings + names if dialect(x)] == []


def test_the_search_finds_what_it_should():
    assert len(FILES) > 300
    assert len(PAGES) > 12
    for name in ("swish_bends", "SlopeOfRelu", "share", "Deal the batches"):
        assert dialect(name)
    for name in ("negative_slope", "shared", "dealer", "blended", "reshape"):
        assert not dialect(name)
