"""Cards on pages: alt text, links, lists of evidence, gates that complain."""

from dataclasses import replace

import nbformat
import pytest
from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from nbformat.v4 import new_code_cell, new_notebook, new_output

from dlf.book import card_figures, card_gates, evidence
from dlf.book.page import address
from dlf.derive.erratum import KINDS, Erratum
from dlf.experiments import cards, store
from tests.book.conftest import HEAD

BOOK = address("Book")


def test_an_image_takes_its_alt_text_from_its_output():
    render = card_figures.described(lambda renderer, data: [nodes.image()])

    renderer = object.__new__(NbElementRenderer)

    def image(own):
        data = MimeData("image/png", "", output_metadata={"image/png": own})
        return render(renderer, data)[0]

    assert image({"alt": "Twelve cells."})["alt"] == "Twelve cells."
    assert image({"alt": "Twelve cells."})["classes"] == ["forest"]
    assert "alt" not in image({})


def test_links_to_the_published_book_stay_within_the_page_tree():
    context = {"body": f'<a href="{BOOK}/chapters/a/b.html#x">x</a>'}
    card_figures.stay_within(
        None, "chapters/evidence/claims", "", context, None
    )
    assert context["body"] == '<a href="../../chapters/a/b.html#x">x</a>'


def test_the_list_has_each_claim_with_its_record_and_card():
    text = evidence.claims_list().markdown
    for record in evidence.records():
        name, fixed = record["claim"], record["rule"]
        start = text.index(f'#{cards.anchor(name)}"><strong>{name}</strong>')
        entry = text[start:].partition("</li>")[0]
        count = f" · {record['k']} of {record['n']}" * (record["n"] is not None)
        assert f">{record['verdict']}{count}</span>" in entry
        assert f"Rule of {fixed['fixed_on']}" in entry
        assert record["code"]["entry"] in entry
        counted = sum(c["counted"] for c in record["cells"])
        assert entry.count("<i ") == counted
    assert text.count("<li ") == len(evidence.records())


def test_a_record_is_listed_once_its_chapter_stands(monkeypatch):
    rest = set(evidence.coverage.read()["standing"]) - {"foundations/losses"}
    monkeypatch.setattr(
        evidence.coverage, "read", lambda: {"standing": list(rest)}
    )
    listed = {r["claim"] for r in evidence.records()}
    assert {"C23", "C33"} <= listed
    assert "C24" not in listed


def test_every_claim_has_a_chip_in_its_chapters_row():
    text = evidence.tallies().markdown
    for record in evidence.records():
        assert text.count(f">{record['claim']}</a>") == 1


def test_errata_are_indexed_with_their_kind_and_those_withdrawn_explained():
    text, shown = evidence.errata_index().markdown, evidence.errata_cards()
    kinds = {e.key: e.kind for e in evidence.all_errata()}
    assert set(kinds.values()) == set(KINDS)
    assert kinds["E7"] == "misprint"
    assert {kinds[e] for e in ("E11", "E14", "E16")} == {"wording"}
    for key in kinds:
        mark = f"erratum-{key.lower()}"
        assert text.count(f'href="#{mark}"') == 1
        assert shown.markdown.count(f'id="{mark}"') == 1
    gone = evidence.withdrawn().markdown
    for key in ("E10", "E17", "E22", "E26"):
        assert key not in kinds
        assert f"**{key}** is withdrawn: " in gone


def test_an_erratums_table_has_a_row_a_form_and_a_name_a_number():
    def witness():
        return [0.0, 1.0], [1 / 3, 0.0], [1 / 3, 0.0]

    erratum = Erratum(
        "E0", "S0", "x.", "y.", witness, columns=("value", "reached?")
    )
    assert erratum.table().splitlines()[2:] == [
        "| source prints | 0 | yes |",
        "| correct | 0.333 | no |",
        "| measured another way | 0.333 | no |",
    ]
    assert "def witness" in erratum._repr_markdown_()
    words = replace(erratum, implied=True).table()
    assert words == erratum.table().replace(
        "source prints", "what that would mean"
    )
    short = Erratum("E0", "S0", "x.", "y.", witness)
    with pytest.raises(ValueError, match="must name each of the witness's 2"):
        short.table()


def test_matrices_are_written_as_matrices():
    known = {e.key: e for e in evidence.all_errata()}
    for key in ("E1", "E27"):
        assert known[key].table().count(r"\begin{pmatrix}") >= 2


@pytest.fixture
def page(small):
    """Write a chapter with three claims, and a pair with the outputs given."""
    file = small.root / "chapters/foundations/backpropagation.md"
    file.parent.mkdir()
    cell = "```{code-cell} ipython3\n1\n```\n"
    file.write_text(f"{HEAD}# T\n\n{cell}", encoding="utf-8")
    toc = "format: jb-book\nroot: chapters/foundations/backpropagation\n"
    (small.root / "_toc.yml").write_text(toc, encoding="utf-8")

    def shows(text: str) -> None:
        output = new_output("display_data", {"text/markdown": text})
        cells = [new_code_cell("1", outputs=[output])]
        nbformat.write(new_notebook(cells=cells), file.with_suffix(".ipynb"))

    shows.root = small.root
    return shows


def first_line(number: str) -> str:
    """Write the first line of a card."""
    record = store.load(number)
    return f'<span id="{cards.anchor(number)}"></span> {cards.badge(record)}\n'


ERRATA = "".join(f'<span id="erratum-e{n}"></span>' for n in (24, 25, 27))


def test_a_page_that_shows_each_card_once_passes(page):
    page(first_line("C33") + first_line("C34") + ERRATA)
    assert card_gates.cards_shown(page.root) == []


def test_a_missing_a_doubled_and_an_altered_card_are_seen(page):
    verdict = store.load("C34")["verdict"]
    altered = first_line("C34").replace(verdict, "supported")
    assert altered != first_line("C34")
    page(2 * first_line("C33") + altered + ERRATA.replace("e25", "e2x"))
    assert card_gates.cards_shown(page.root) == [
        "foundations/backpropagation: the card of C33 is shown 2 times",
        "foundations/backpropagation: C34 has not its record's verdict",
        "foundations/backpropagation: the card of E25 is shown 0 times",
    ]


def test_a_link_to_a_card_that_is_not_there_is_seen(page):
    here = "chapters/foundations/backpropagation"
    good = f'<a href="{BOOK}/{here}.html#claim-c33">x</a>'
    page(first_line("C33") + good)
    assert card_gates.card_links(page.root) == []
    page(first_line("C33") + good.replace("c33", "c34"))
    (complaint,) = card_gates.card_links(page.root)
    assert "links to claim-c34" in complaint
