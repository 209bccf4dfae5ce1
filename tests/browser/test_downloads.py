"""The notebooks that the site serves, and where their links lead."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from dlf.book import dist
from dlf.book.page import address
from dlf.book.paths import pages

from .conftest import HTML

ROOT = Path(__file__).parents[2]
PAGES = [p.relative_to(ROOT).with_suffix("") for p in pages(ROOT)]
each = pytest.mark.parametrize("page", PAGES, ids=str)
#: which the published site has, and `make dist pdf epub` makes
ARCHIVES = [
    f"downloads/{name}"
    for name in (dist.PAGES, dist.NOTEBOOKS, "dlf.pdf", "dlf.epub")
]
LINK = re.compile(rf"\]\({re.escape(address('Book'))}/([^)#]*)#?([^)]*)\)")


@cache
def html(path: str) -> str:
    return (HTML / path).read_text(encoding="utf-8")


def words(page: Path) -> list[str]:
    text = (ROOT / page).with_suffix(".ipynb").read_text(encoding="utf-8")
    return [
        "".join(cell["source"])
        for cell in json.loads(text)["cells"]
        if cell["cell_type"] == "markdown"
    ]


@each
def test_the_download_is_the_notebook_without_solutions(page):
    served = re.findall(
        r'href="([^"]*_sources/[^"]*\.ipynb)"', html(f"{page}.html")
    )
    assert served, "no button to download the notebook"
    file = (HTML / page).parent / served[0]
    assert file.read_bytes() == (ROOT / page).with_suffix(".ipynb").read_bytes()


@each
def test_a_figure_has_one_number_on_the_page_and_in_its_notebook(page):
    there = re.findall(
        r'class="caption-number">(Fig\. [\d.]+) ', html(f"{page}.html")
    )
    here = re.findall(
        r"^\*\*(Fig\. [\d.]+)\.\*\*", "\n".join(words(page)), re.M
    )
    assert here == there


@each
def test_every_link_to_the_book_leads_to_its_place(page):
    lost = []
    for path, anchor in LINK.findall("\n".join(words(page))):
        path = path or "index.html"
        if path in ARCHIVES:
            continue
        if not (HTML / path).exists():
            lost.append(path)
        elif anchor and f'id="{anchor}"' not in html(path):
            lost.append(f"{path}#{anchor}")
    assert lost == []
