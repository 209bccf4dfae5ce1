"""Finding: a term of the field leads first to the chapter that explains it."""

import pytest
from playwright.sync_api import Browser

from .conftest import PATIENCE
from .terms import TERMS

ASKED = [(term, page) for page, terms in TERMS.items() for term in terms]


@pytest.fixture(scope="module")
def searched(browser: Browser, site: str):
    """Open the search once; ask it as its page would."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/search.html?q=warm")
    page.wait_for_function("Search.hasIndex()")
    yield page
    page.close()


def first(page, term: str) -> str:
    """Address of the first result, without its anchor."""
    return page.evaluate(
        """term => {
            history.replaceState(null, "", "?q=" + encodeURIComponent(term));
            const found = Search._performSearch(...Search._parseQuery(term));
            return found.length ? found.at(-1)[0] : "nothing";
        }""",
        term,
    )


@pytest.mark.parametrize(("term", "page"), ASKED, ids=[t for t, _ in ASKED])
def test_a_term_leads_to_its_chapter(searched, term: str, page: str):
    assert first(searched, term) == f"chapters/{page}"


def test_enough_is_asked():
    assert len(ASKED) >= 50


def test_the_page_shows_what_the_search_finds(browser: Browser, site: str):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/search.html?q=torch.nn.GELU")
    link = page.locator("#search-results li a").first
    link.wait_for(timeout=PATIENCE)
    assert "activations.html" in (link.get_attribute("href") or "")
    page.close()


def test_a_wrong_address_offers_the_search(browser: Browser, site: str):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/404.html")
    page.get_by_label("Search this book").last.fill("focal loss")
    page.locator("form.dlf-search button").click()
    link = page.locator("#search-results li a").first
    link.wait_for(timeout=PATIENCE)
    assert "losses.html" in (link.get_attribute("href") or "")
    page.close()


def test_the_map_links_to_what_stands(browser: Browser, site: str):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/index.html")
    links = page.locator(".dlf-map a")
    assert links.count() >= 10
    assert page.locator(".dlf-map .to-come").count() >= 1
    for box in page.locator(".dlf-map > li").all():
        place = box.bounding_box()
        assert place
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 390
    links.first.click()
    assert page.url.endswith("/mathematics.html")
    page.close()


def test_what_is_where_sorts_by_its_columns(browser: Browser, site: str):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/where.html")
    head = page.locator(".tag-sortable th", has_text="chapter")
    cells = page.locator(".tag-sortable td:nth-child(2)")
    head.click()
    assert cells.first.inner_text() == "Activation functions"
    head.click()
    assert cells.first.inner_text() == max(cells.all_inner_texts())
    head.get_by_role("button").focus()
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "ascending"
    assert cells.first.inner_text() == "Activation functions"
    page.close()


def test_the_index_is_on_the_side(browser: Browser, site: str):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/chapters/foundations/losses.html")
    page.locator("nav.bd-docs-nav a", has_text="Index").first.click()
    assert page.url.endswith("/genindex.html")
    entry = page.locator("a", has_text="focal loss")
    assert entry.count() >= 1
    page.close()
