"""Drawings under a slider show the frames that they should."""

import pytest


@pytest.mark.parametrize(
    ("path", "keeps"),
    [
        ("chapters/foundations/perceptron.html", False),
        ("chapters/optimization/optimizers.html", True),
    ],
)
def test_the_slider_shows_one_frame_or_all_up_to_it(browser, site, path, keeps):
    page = browser.new_page()
    page.goto(f"{site}/{path}")
    box = page.locator(".dlf-frames").first
    slider = box.locator("input")
    last = int(slider.get_attribute("max"))
    assert last >= 3

    def seen() -> list[int]:
        shown = box.locator("g").evaluate_all(
            "all => all.map(g => g.getAttribute('visibility'))"
        )
        assert len(shown) == last + 1
        return [n for n, v in enumerate(shown) if v == "visible"]

    for at in (0, 2, last):
        slider.evaluate(
            "(s, at) => { s.value = at; s.dispatchEvent(new Event('input')) }",
            at,
        )
        assert seen() == (list(range(at + 1)) if keeps else [at])
    box.locator("button").click()
    assert seen()[-1] < last
    page.wait_for_function(
        "o => +o.textContent >= 1", arg=box.locator("output").element_handle()
    )
    page.close()
