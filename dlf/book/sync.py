"""The pair of a page: the `.ipynb` that Colab, Binder and nbval open.

A pair holds the page's code, tags and text outputs as executed. It is in step
when writing it again would give the same bytes. Left out: images (nbval skips
them; the caption and a description stand below the cell), outputs of cells
that cannot repeat to the digit (`nbval-ignore-output`) and solutions, for which
a link to the page stands.
"""

import json
import re
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from dlf.book import book_map
from dlf.book.colab_markdown import Book, plain
from dlf.book.dependencies import files
from dlf.book.execute import executed
from dlf.book.labels import terms, titles, works
from dlf.book.page import RECORD, address
from dlf.book.paths import pages

COLAB = """\
from importlib.util import find_spec

if not all(map(find_spec, {modules})):
    %pip install -q "dlf{extras} @ git+{repository}"
"""
#: what some pages need and others do not: module, extra of `pyproject.toml`
EXTRAS = {
    "torch": "torch",
    "captum": "interpretability",
    "torch_geometric": "graphs",
}
HEADER = """\
*The notebook of [{title}]({url}), {kind} of Deep Learning Foundations.* \
Run its cells from the top, all of them, and you will see the figures; only \
text is stored here. Change what you like and run again.{solutions}"""
SOLUTIONS = " Answers to exercises are graded; solutions are on the page."
LOOSE = "nbval-ignore-output"
SOLUTION = re.compile(r"^`{3,}\{solution-start\} (\S+)\n(?::.*\n)*`{3,}$", re.M)
SOLVED = re.compile(r"^`{3,}\{solution-end\}\n`{3,}$", re.M)


def sync(root: Path) -> list[Path]:
    """Write the pairs that are out of step; return those written.

    Args:
        root: folder of the checkout.
    """
    written = []
    for page in pages(root):
        pair, text = page.with_suffix(".ipynb"), pair_of(page, root)
        if not pair.exists() or pair.read_text(encoding="utf-8") != text:
            part = pair.with_suffix(".part")
            part.write_text(text, encoding="utf-8")
            part.replace(pair)
            written.append(pair)
    return written


def out_of_step(root: Path) -> list[Path]:
    """Return the pages whose pair `sync` would change.

    Args:
        root: folder of the checkout.
    """
    return [
        page
        for page in pages(root)
        if not (pair := page.with_suffix(".ipynb")).exists()
        or pair.read_text(encoding="utf-8") != pair_of(page, root)
    ]


def pair_of(page: Path, root: Path) -> str:
    """Return the text that the page's `.ipynb` should have.

    Outputs come from the last execution of this code; where the page has not
    been executed here, from the pair as it stands.

    Args:
        page: a Markdown page with code.
        root: folder of the checkout.

    Raises:
        LookupError: the page's code has been executed nowhere.
    """
    notebook = executed(page, root) or _with_stored_outputs(page)
    loose = _glued(notebook, loose=True) | _kept(page, notebook)
    book = Book(
        address("Book"),
        titles(root),
        _glued(notebook) | loose,
        works(root),
        page.relative_to(root).with_suffix("").as_posix(),
        book_map.markdown(root, address("Book")),
        terms(root),
    )
    cells = [
        new_markdown_cell(_header(page, book)),
        new_code_cell(
            _installing(_modules(page, root)),
            metadata={"tags": ["remove-cell"]},
        ),
    ]
    for cell in _without_solutions(notebook, book):
        cells.append(_rewritten(cell, book))
        if figure := cell.metadata.get("mystnb", {}).get("figure"):
            alt = cell.metadata["mystnb"].get("image", {}).get("alt", "")
            cells.append(new_markdown_cell(_caption(figure, alt, book)))
    count = 0
    for n, cell in enumerate(cells):
        cell["id"] = f"cell-{n}"
        if cell.cell_type == "code":
            count += 1
            cell["execution_count"] = count
            for output in cell.outputs:
                if "execution_count" in output:
                    output["execution_count"] = count
    metadata = {"kernelspec": notebook.metadata.kernelspec}
    if loose:
        metadata["glued"] = loose
    pair = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(pair)
    return nbformat.writes(pair) + "\n"


def _header(page: Path, book: Book) -> str:
    """Say what this notebook is and how it is used.

    Args:
        page: the page that it is the pair of.
        book: what references resolve to.
    """
    text = page.read_text(encoding="utf-8")
    title = re.search(r"^# (.+)$", text, re.M)
    return HEADER.format(
        title=title[1] if title else page.stem,
        url=f"{book.site}/{book.here}.html",
        kind="a chapter" if "/" in book.here else "a page",
        solutions=SOLUTIONS if SOLUTION.search(text) else "",
    )


def _caption(figure: dict, alt: str, book: Book) -> str:
    """Write what stands below a figure, and in its place before it is drawn.

    Args:
        figure: its name and caption.
        alt: what it shows, for who does not see it.
        book: what references resolve to.
    """
    number, _ = book.titles[figure["name"]]
    text = f"**{number}.** {plain(figure['caption'], book)}"
    return f"{text}\n\n*In words:* {plain(alt, book)}" if alt else text


def _installing(modules: list[str]) -> str:
    """Write the first cell: install what the page needs and lacks.

    Args:
        modules: that the page needs besides `dlf` and what that brings.
    """
    extras = ",".join(EXTRAS[m] for m in modules)
    return COLAB.format(
        modules=json.dumps(["dlf", *modules]),
        extras=f"[{extras}]" if extras else "",
        repository=address("Repository"),
    ).strip()


def _modules(page: Path, root: Path) -> list[str]:
    """Modules of `EXTRAS` that a page needs, or the code behind it."""
    code = [
        f.read_text(encoding="utf-8")
        for f in files(page, root)
        if f.suffix == ".py"
    ]
    text = "\n".join([page.read_text(encoding="utf-8"), *code])
    return [
        module
        for module in EXTRAS
        if re.search(rf"^\s*(?:from|import) {module}\b", text, re.M)
    ]


def _rewritten(cell: NotebookNode, book: Book) -> NotebookNode:
    if cell.cell_type != "code":
        return new_markdown_cell(plain(cell.source, book))
    cell = new_code_cell(
        cell.source, metadata=cell.metadata, outputs=cell.outputs
    )
    cell.metadata.pop("execution", None)
    if LOOSE in cell.metadata.get("tags", []):
        cell.outputs = []
    for output in cell.outputs:
        data = output.get("data", {})
        for kind in [k for k in data if k.startswith("image/")]:
            del data[kind]
            output.get("metadata", {}).pop(kind, None)
    return cell


def _without_solutions(
    notebook: NotebookNode, book: Book
) -> list[NotebookNode]:
    """Cells with everything between the marks of a solution replaced."""
    kept, inside = [], False
    for cell in notebook.cells:
        if cell.cell_type == "code":
            if not inside:
                kept.append(cell)
            continue
        text, out = cell.source, ""
        while text:
            if inside:
                end = SOLVED.search(text)
                text = text[end.end() :] if end else ""
                inside = end is None
            elif start := SOLUTION.search(text):
                link = f"{book.site}/{book.here}.html#{start[1]}"
                out += f"{text[: start.start()]}[Solution on the page]({link})"
                text, inside = text[start.end() :], True
            else:
                out, text = out + text, ""
        if out.strip():
            kept.append(new_markdown_cell(out.strip()))
    return kept


def _glued(notebook: NotebookNode, loose: bool = False) -> dict[str, str]:
    """Names and values glued by all cells, or by those that cannot repeat."""
    found = {}
    for cell in notebook.cells:
        if loose and LOOSE not in cell.metadata.get("tags", []):
            continue
        for output in cell.get("outputs", []):
            if mark := output.get("metadata", {}).get("scrapbook"):
                value = output["data"][RECORD + "text/plain"]
                found[mark["name"]] = value[1:-1]
    return found


def _kept(page: Path, notebook: NotebookNode) -> dict[str, str]:
    """Give what cells that cannot repeat glued when the pair was last written.

    A timing in the pair's prose stays that of the machine that wrote it until
    the page's code changes; else the pair would be in step on one machine only.
    """
    pair = page.with_suffix(".ipynb")
    if not pair.exists():
        return {}
    stored = nbformat.read(pair, as_version=4)
    theirs = [c.source for c in stored.cells if c.cell_type == "code"][1:]
    ours = _without_solutions(notebook, Book(""))
    same = theirs == [c.source for c in ours if c.cell_type == "code"]
    return dict(stored.metadata.get("glued", {})) if same else {}


def _with_stored_outputs(page: Path) -> NotebookNode:
    """Join the page with the outputs of its pair, found by their code."""
    pair = page.with_suffix(".ipynb")
    stored = {}
    if pair.exists():
        for cell in nbformat.read(pair, as_version=4).cells:
            if cell.cell_type == "code":
                stored[cell.source] = cell.outputs
    notebook = jupytext.read(page)
    for cell in _without_solutions(notebook, Book("")):
        if cell.cell_type != "code":
            continue
        if cell.source not in stored:
            raise LookupError(
                f"{page}: no outputs for a cell that begins "
                f"{cell.source.splitlines()[0]!r}; run `make notebooks`"
            )
        cell.outputs = stored[cell.source]
    return notebook
