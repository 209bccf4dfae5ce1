"""Letters are found in formulas, and one that no table explains is reported."""

import pytest

from dlf.book.symbols import formulas, letters, symbols_explained

TINY = "[tiny](chapters/part/tiny.md)"
CELL = "\n\n```{code-cell} ipython3\n1\n```\n"
TABLES = f"""\
| symbol | code | shape | meaning |
| --- | --- | --- | --- |
| $x$, $\\hat y$ | `x`, `y_hat` | | an input, a prediction |
| $W^{{(l)}}$ | `w` | | weights |

| symbol | chapter | meaning there |
| --- | --- | --- |
| $s$ | {TINY} | a score |
"""
EXPLAINED = "# T\n\n$s = Wx$ and $\\bar y$" + CELL


@pytest.fixture
def book(small):
    """A book whose page and tables agree."""
    (small.root / "notation.md").write_text(TABLES, encoding="utf-8")
    small.write(EXPLAINED)
    return small


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        (r"\bar W^{(l)}\hat x'_{n,i}", ["W", "l", "x"]),
        (r"2NIO", ["N", "I", "O"]),
        (r"\log\sum_{c=1}^{C}e^{z_c-m}", ["C", "e", "z", "m"]),
        (r"\partial\mathcal L/\partial\theta_\max", ["\\mathcal L", "\\theta"]),
        (r"\mathcal{N}(\mu,s^2)", ["\\mathcal N", "\\mu", "s"]),
        (r"g_{\mathcal B}\,\mathbb E_{\hat p_{\rm data}}", ["g", "\\mathbb E"]),
        (r"\mathrm{softmax}(z)_{\text{top}}\cdot\mathbf 1[x]", ["z", "x"]),
        (r"\begin{pmatrix}a\\b\end{pmatrix}a_{\rm to}", ["a", "b", "a"]),
        (r"\mathop{\mathrm{argmin}}_{w}\|\mathbf w\|", ["w"]),
        (r"\tanh{\left(\log{\left(e^{x} + 1 \right)} \right)}", ["e", "x"]),
        (r"(A^k)_{vv}\,W_{\mathrm{a}_{b_{c}}}", ["A", "k", "W"]),
        (r"\operatorname*{argmax}_\pi\tfrac12\,\pi", ["\\pi"]),
    ],
)
def test_the_letters_of_a_formula(formula, found):
    assert letters(formula) == found


def test_formulas_of_prose_and_captions_and_none_of_code(small):
    small.write(
        "# T\n\nIt costs \\$5, or $a$.\n\n| $b$ | `$c$` |\n\n$$\nd\n$$ (tiny.1)"
        "\n\n```{code-cell} ipython3\n---\nmystnb:\n  figure:\n"
        '    caption: Of $e$.\n---\nlabel = "$f$"\n```\n\n'
        "```python\n'$g$'\n```\n"
    )
    assert [f.strip() for f in formulas(small.page)] == ["a", "b", "d", "e"]


def test_formulas_of_a_derivation_that_is_shown(small):
    page = small.page.with_name("training.md")
    small.page.rename(page)
    assert formulas(page) == []
    text = page.read_text(encoding="utf-8")
    page.write_text(
        text.replace("print(x / 3)", "derive.moving_average()"),
        encoding="utf-8",
    )
    found = formulas(page)
    assert found[0] == "a_T"
    assert "a_0=w_0" in found
    assert "d" in {letter for f in found for letter in letters(f)}


def test_a_page_whose_letters_are_explained(book):
    assert symbols_explained(book.root) == []


@pytest.mark.parametrize("symbol", ["\\psi", "k", "\\mathcal F"])
def test_an_unknown_letter_is_reported(book, symbol):
    book.write(f"# T\n\n$s = Wx$ and $x + {symbol}_1$" + CELL)
    (complaint,) = symbols_explained(book.root)
    assert complaint.startswith("chapters/part/tiny.md: ")
    assert f"what ${symbol}$ means in $x + {symbol}_1$" in complaint
    assert f"| ${symbol}$ | {TINY} | meaning |" in complaint


def test_a_row_of_another_chapter_does_not_help(book):
    other = book.page.with_name("other.md")
    book.page.rename(other)
    toc = "format: jb-book\nroot: chapters/part/other\n"
    (book.root / "_toc.yml").write_text(toc, encoding="utf-8")
    unknown, gone = symbols_explained(book.root)
    assert "does not say what $s$ means" in unknown
    assert "$s$ on chapters/part/tiny.md: there is no such chapter" in gone


def test_a_row_that_no_formula_needs_is_reported(book):
    book.write("# T\n\n$Wx$" + CELL)
    (complaint,) = symbols_explained(book.root)
    assert "has a row for $s$, which no formula of the page has" in complaint


@pytest.mark.parametrize(
    ("row", "complaints"),
    [
        (f"| $W$ | {TINY} | a distance |", ["$W$"]),
        (f"| $W$ | {TINY} | not as above: a distance |", []),
        (f"| $W$ | {TINY} | besides the above: a distance |", []),
        (f"| $s$ | {TINY} | a slope |", ["two rows"] * 2),
    ],
)
def test_a_letter_in_both_tables_says_so(book, row, complaints):
    with (book.root / "notation.md").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    found = symbols_explained(book.root)
    assert len(found) == len(complaints)
    assert all(c in f for c, f in zip(complaints, found, strict=True))
