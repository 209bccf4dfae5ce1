"""The list of claims: filters choose among its entries, links reach cards."""

from .test_pages import Visit, visit  # noqa: F401


def test_filters_choose_among_the_claims(visit: Visit):  # noqa: F811
    visit.open("chapters/evidence/claims.html")
    page = visit.page
    entries = page.locator("ol.claims > li")
    every = entries.count()
    assert page.locator("ol.claims > li:visible").count() == every
    page.locator("select[name=verdict]").select_option("supported")
    shown = page.locator("ol.claims > li:visible")
    assert 0 < shown.count() < every
    assert page.locator(
        "ol.claims > li:visible .verdict.supported"
    ).count() == (shown.count())
    assert page.locator(".claims-filter output").inner_text() == (
        f"{shown.count()} of {every} claims"
    )


def test_a_title_leads_to_the_card(visit: Visit):  # noqa: F811
    visit.open("chapters/evidence/claims.html")
    visit.page.locator("ol.claims a[href$='#claim-c24']").click()
    card = visit.page.locator("#claim-c24")
    assert card.count() == 1
    assert visit.page.url.startswith(visit.site)
