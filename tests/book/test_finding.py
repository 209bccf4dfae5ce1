"""What leads a reader to a page: map, index, glossary, "What is where"."""

import re

import pytest
import yaml
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from dlf.book import book_map, contents, equations, paths, search, where
from dlf.book.paths import chapters

from .conftest import ROOT
from .test_in_short import found

each = pytest.mark.parametrize("page", chapters(ROOT), ids=lambda p: p.stem)
CODE = re.compile(r"^```\{code-cell\}.*?^```$", re.M | re.S)
SOLUTION = re.compile(r"\{solution-start\}.*?\{solution-end\}", re.S)
#: what a reader may want to have defined, if a page uses it
TERMS = """
Adam; activation function; attention; attribution; automatic differentiation;
backpropagation; batch; bfloat16; bias; binary cross-entropy; calibration;
checkpoint; classification; condition number; convolution; cross-entropy;
dense layer; Dice loss; dropout; early stopping; eigenvector; ELU; entropy;
epoch; focal loss; GAT; GCN; GELU; generalization; GIN; Grad-CAM; gradient;
gradient descent; GraphSAGE; hidden layer; hinge loss; Huber loss;
inductive bias; influence function; InfoNCE; integrated gradients; kernel;
Kullback–Leibler divergence; leaky ReLU; learning rate; likelihood; LIME;
logistic regression; logit; loss; margin; maximum likelihood;
mean squared error; message passing; Mish; momentum; Monte Carlo method;
negative log-likelihood; normalization; occlusion; optimizer; outlier;
over-smoothing; over-squashing; overfitting; overflow; parameter; perceptron;
perplexity; posterior; prior; pullback; quantile loss; residual; roofline;
SELU; Shapley value; sigmoid; softmax; softplus; spectral norm; SwiGLU; Swish;
tanh; temperature; test set; transformer; triplet loss; universal approximation;
validation set; vanishing gradient; weight; weight decay; XOR
"""


def terms() -> list[str]:
    """Terms of the glossary, in its order."""
    text = (ROOT / "glossary.md").read_text(encoding="utf-8")
    block = re.search(r"^```\{glossary\}\n(.*?)^```$", text, re.M | re.S)
    assert block
    return re.findall(r"^(\S.*)$", block[1], re.M)


def prose(page) -> str:
    text = page.read_text(encoding="utf-8")
    return SOLUTION.sub("", CODE.sub("", text)).split("\n## Exercises\n")[0]


def test_the_glossary_has_the_terms_that_the_pages_use():
    text = " ".join(prose(page) for page in chapters(ROOT)).casefold()
    text = re.sub(r"\s+", " ", text)
    asked = [t.strip() for t in TERMS.replace("\n", " ").split(";")]
    assert len(asked) > 80
    known = {t.casefold() for t in terms()}
    missing = [
        t for t in asked if t.casefold() in text and t.casefold() not in known
    ]
    assert missing == []


@each
def test_what_is_in_bold_is_in_the_glossary(page):
    known = {t.casefold() for t in terms()}
    bold = re.findall(r"\*\*([^*\n]+)\*\*", prose(page))
    plain = {re.sub(r"\{term\}`(?:.*<)?([^`>]+)>?`", r"\1", b) for b in bold}
    labels = {"Forward", "Backward", *"ABCDE"}  # of steps and of runs
    assert {b for b in plain - labels if b.casefold() not in known} == set()


def test_the_glossary_is_in_order_and_defines_nothing_twice():
    text = (ROOT / "glossary.md").read_text(encoding="utf-8")
    heads = re.findall(r"(?:\n\n|\{glossary\}\n)(\S.*)\n", text)
    heads = [h.casefold() for h in heads if not h.startswith("`")]
    assert heads[1:] == sorted(heads[1:])
    assert len(set(terms())) == len(terms())


def index_entries(page) -> list[str]:
    text = page.read_text(encoding="utf-8")
    lines = re.findall(r"^```\{index\} (.+)$", text, re.M)
    return [entry for line in lines for entry in line.split(", ")]


@each
def test_headings_and_index_entries_are_distinct(page):
    heads = re.findall(r"^### (.+)$", prose(page), re.M)
    assert len(set(heads)) == len(heads)
    entries = index_entries(page)
    assert len(set(entries)) == len(entries)
    assert all(e == e.strip() and e.strip("!") for e in entries)


def test_each_chapter_is_in_the_index():
    counts = {page.stem: len(index_entries(page)) for page in chapters(ROOT)}
    assert {s: n for s, n in counts.items() if n < 15} == {}


@each
def test_index_entries_of_libraries_exist(page):
    for name, module in re.findall(
        r"!?([\w.]+) \(((?:torch|captum|torch_geometric)[\w.]*)\)",
        ", ".join(index_entries(page)),
    ):
        assert found(f"{module}.{name}") is not None


def test_the_map_has_every_chapter_of_its_parts():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    standing = set(paths.names(toc))
    shown = [c for part in book_map.outline(ROOT).values() for c in part]
    assert {page for page, _, stands in shown if stands} == {
        page
        for page in standing
        if page.startswith("chapters/") and "/evidence/" not in page
    }
    assert len(shown) == sum(
        not name.startswith("evidence/") for name in contents.CHAPTERS
    )
    text = book_map.markdown(ROOT, "https://book.example")
    assert "[Loss functions](https://book.example/chapters/foundations/" in text
    assert "- Distributed training (planned)" in text


def test_what_is_where_names_what_pytorch_has():
    for concept in equations.concepts(ROOT):
        for twin in concept.twins:
            if twin.__module__.startswith("dlf."):
                continue
            if name := where.pytorch_name(twin):
                assert found(name) is not None
    table = where.table(ROOT)
    for row in ("`F.gelu`", "`F.silu`", "`torch_geometric.nn.GATv2Conv`"):
        assert row in table
    cells = {row.replace(r"\|", "").count("|") for row in table.splitlines()}
    assert cells == {6}, "a bar in a name must be escaped"


def test_search_reads_no_code_and_no_cards():
    page = new_document("page")
    section = nodes.section()
    target = addnodes.index(entries=[("single", "GELU", "i", "main", None)])
    section += [target, nodes.paragraph("", "kept")]
    section += nodes.literal_block("", "code")
    section += nodes.container(
        "",
        nodes.paragraph("", "card"),
        classes=[
            "cell",
            "tag_claim",
        ],
    )
    page += section
    read = search.prose(page).astext()
    assert "kept" in read
    assert "GELU" in read
    assert "code" not in read
    assert "card" not in read
    assert "code" in page.astext()


def test_index_entries_outlive_a_second_build():
    written = {
        "docnames": ["a", "b"],
        "indexentries": {
            "gelu": [[1, "index-0", True]],
            "x": [[0, "i", False]],
        },
    }
    assert search.entries_by_page(written) == {
        "b": [("gelu", "index-0", "main")],
        "a": [("x", "i", "")],
    }
