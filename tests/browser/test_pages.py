"""Every page as a reader meets it: light, dark, on a phone, offline."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from dlf.book.page import address

from .conftest import HTML, PATIENCE, pages

each = pytest.mark.parametrize("path", pages())


@dataclass
class Visit:
    """A page and what it said and asked for since it was opened."""

    page: Page
    site: str
    said: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site}/{path}", wait_until="load")
        if self.page.locator(".math").count():
            self.page.wait_for_function(
                "window.MathJax && MathJax.startup && MathJax.startup.promise"
            )
            self.page.evaluate("MathJax.startup.promise")


@pytest.fixture
def visit(browser: Browser, site: str, request) -> Iterator[Visit]:
    options = {"viewport": {"width": 1280, "height": 900}}
    options |= getattr(request, "param", {})
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    made = Visit(context.new_page(), site)
    made.page.on(
        "console",
        lambda m: m.type in ("error", "warning") and made.said.append(m.text),
    )
    made.page.on("pageerror", lambda e: made.said.append(str(e)))
    made.page.on(
        "request",
        lambda r: (
            r.url.startswith((site, "data:", "blob:"))
            or made.elsewhere.append(r.url)
        ),
    )
    yield made
    context.close()


@each
def test_it_reads_well(visit: Visit, path: str):
    visit.open(path)
    page = visit.page
    formulas = page.locator(".math").count()
    assert page.locator("mjx-container").count() >= formulas
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    assert page.locator("text=/\\{(eq|ref|glue|cite|term)/").count() == 0
    assert visit.said == []
    assert visit.elsewhere == []
    assert page.locator("main h1").count() >= 1
    _axe(page)


@each
@pytest.mark.parametrize(
    "visit", [{"color_scheme": "dark"}], indirect=True, ids=["dark"]
)
def test_it_reads_well_in_the_dark(visit: Visit, path: str):
    visit.open(path)
    assert visit.page.evaluate("document.documentElement.dataset.theme") == (
        "dark"
    )
    for image in visit.page.locator(".cell_output img").all():
        style = image.evaluate(
            "e => [getComputedStyle(e).filter, "
            "getComputedStyle(e).backgroundColor]"
        )
        assert style == ["none", "rgba(0, 0, 0, 0)"]
    _axe(visit.page)


@each
@pytest.mark.parametrize(
    "visit",
    [{"viewport": {"width": 390, "height": 800}}],
    indirect=True,
    ids=["phone"],
)
def test_it_fits_a_phone(visit: Visit, path: str):
    visit.open(path)
    wide = visit.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


@each
def test_code_and_equations_need_no_scrolling(visit: Visit, path: str):
    visit.open(path)
    visit.page.locator("details").evaluate_all(
        "all => all.forEach(d => d.open = true)"
    )
    cut = visit.page.locator(".cell_input pre, mjx-container[display]")
    found = cut.evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1)"
        ".map(e => e.textContent.slice(0, 200))"
    )
    assert found == []


@each
def test_solutions_open(visit: Visit, path: str):
    visit.open(path)
    for box in visit.page.locator(".solution.dropdown").all():
        body = box.locator("section, .solution-content").first
        assert not body.is_visible()
        box.locator("button.toggle-button").first.click()
        assert body.is_visible()


def test_the_line_moves_under_its_slider(visit: Visit):
    visit.open("chapters/foundations/perceptron.html")
    box = visit.page.locator(".dlf-frames")
    seen = (
        "gs => gs.map(g => getComputedStyle(g).visibility).indexOf('visible')"
    )
    last = int(box.locator("input").get_attribute("max"))
    assert box.locator("g").evaluate_all(seen) == last
    box.locator("input").fill("2")
    assert box.locator("g").evaluate_all(seen) == 2
    assert box.locator("output").inner_text() == "2"
    box.locator("button").click()
    assert box.locator("g").evaluate_all(seen) == 0
    visit.page.wait_for_function(
        "document.querySelector('.dlf-frames output').textContent == '1'"
    )


def test_search_finds_a_word(visit: Visit):
    visit.open("index.html")
    assert visit.page.locator(".search-button-field:visible").count() == 1
    visit.open("search.html?q=pullback")
    found = visit.page.locator("#search-results li a").first
    found.wait_for(timeout=PATIENCE)
    assert visit.elsewhere == []


def test_buttons_open_the_committed_notebook(visit: Visit):
    notebooks = [p for p in pages() if p.startswith("chapters/foundations")]
    visit.open(notebooks[0])
    links = visit.page.locator("a").evaluate_all("all => all.map(a => a.href)")
    name = notebooks[0].removesuffix(".html")
    for start in ("https://mybinder.org/v2/gh/", "https://colab.research."):
        (link,) = [x for x in links if x.startswith(start)]
        assert name in link.replace("%2F", "/")
        assert link.endswith(".ipynb")
    assert any("/edit/main/" in x for x in links)
    (issue,) = [unquote(x) for x in links if "/issues/new" in x]
    assert re.search(
        rf"Page: {name}\.html, of (version |[0-9a-f]{{12}})", issue
    )


def test_the_site_map_lists_every_page():
    text = (HTML / "sitemap.xml").read_text(encoding="utf-8")
    listed = re.findall(rf"<loc>{re.escape(address('Book'))}/(.*?)</loc>", text)
    others = {"404.html", "search.html"}
    assert sorted(listed) == sorted(set(pages()) - others)


@each
def test_internal_links_are_whole(path: str):
    text = (HTML / path).read_text(encoding="utf-8")
    here = (HTML / path).parent
    for link in re.findall(r'(?:href|src)="([^"]+)"', text):
        if re.match(r"[a-z]+:|//|#|/", link):
            continue
        file, _, mark = link.partition("#")
        target = (here / file.split("?")[0]).resolve()
        assert target.exists(), link
        if mark and target.suffix == ".html":
            assert f'id="{mark}"' in target.read_text(encoding="utf-8"), link


def test_pages_are_light():
    texts = [(HTML / p).read_bytes() for p in pages()]
    assert max(map(len, texts)) <= 500_000
    sent = sorted(len(gzip.compress(text)) for text in texts)
    assert sent[len(sent) // 2] <= 60_000, "a page as a server sends it"
    whole = sum(f.stat().st_size for f in HTML.rglob("*") if f.is_file())
    assert whole <= 60_000_000


def _axe(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    grave = [
        f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert grave == []
