"""Cards: the sentence, the plot and its words are made from the record."""

import base64
import re

import pytest

from dlf.experiments import (
    cards,
    findings,
    forest,
    forest_drawing,
    outcomes,
    registry,
    store,
)
from dlf.experiments.display import PLOT
from dlf.experiments.statistics import Estimate

RECORDED = [n for n in registry.addresses() if store.path(n).exists()]
DRAWN = [n for n in RECORDED if forest.panels(store.load(n))]
each = pytest.mark.parametrize("number", RECORDED)


def counted(record: dict, effect: bool) -> list[dict]:
    """Counted cells with an interval, or those without."""
    return [
        c
        for c in record["cells"]
        if c["counted"] and bool(c["effect"]) == effect
    ]


@each
def test_each_claim_says_what_was_found_in_a_sentence(number):
    record = store.load(number)
    said = findings.sentence(record)
    assert findings.finding(number).text
    assert 40 < len(said) < 200
    assert said.endswith(".")
    assert not re.search(r"[{}]|nan|inf\b", said)
    assert said in registry.find(number).card().text.partition(PLOT)[0]


@each
def test_the_plots_words_are_those_of_the_cells(number):
    record = store.load(number)
    shown = forest.panels(record)
    words = forest.alt_text(record, shown)
    cells, said = counted(record, effect=True), findings.finding(number)
    assert sum(len(p.rows) for p in shown) == len(cells)
    for c in cells:
        e = c["effect"]
        known = Estimate(e["mean"], *e["ci95"], e["n"], e["method"])
        value = outcomes.shown(known, e["unit"]).replace("-", "−")
        if e["unit"] == "points" and forest.asked(c, said)[0] == "at least":
            value = value.replace(" points", " %")
        word = forest.SPELLED.get(c["cell_verdict"], c["cell_verdict"])
        start = f"{forest.named(c['id'])}: {value}, {word}"
        assert start in words
        if c["fragile"]:
            after = words.partition(start)[2].partition(").")[0]
            assert "one seed changes it" in after
        if "failed runs" in c["note"]:
            after = words.partition(start)[2].partition(").")[0]
            assert "failed runs" in after


def test_a_fraction_is_in_per_cent_and_a_difference_in_points():
    fractions = cards.table(store.load("C36"))
    assert "| 0 % [0, 42.2] of runs learn nothing; 0% end above" in fractions
    assert " points" not in fractions
    assert "| 0.645 points [0.597, 0.693] |" in cards.table(store.load("C10"))


@each
def test_what_is_too_small_to_count_is_shaded_and_said(number):
    record = store.load(number)
    said = findings.finding(number)
    for cell in counted(record, effect=True):
        kind, delta = forest.asked(cell, said)
        assert kind, f"{cell['id']} has neither a rule nor a bar"
        if kind == "larger" and delta:
            unit = cell["effect"]["unit"]
            size = forest.amount(forest.scaled(delta, unit), unit)
            words = forest.alt_text(record, forest.panels(record))
            assert f"shaded: too small to count, below {size}" in words


def test_the_band_is_where_the_rule_says():
    def band(kind, delta):
        row = forest.Row("a", 0.0, -1.0, 1.0, "0", "unclear", ())
        panel = forest.Panel("points", kind, delta, ("l", "r"), (row,))
        return forest.shaded(panel)

    assert band("larger", 1.0) == (-1.0, 1.0)
    assert band("larger", 0.0) is None
    assert band("equivalent", 2.0) == (-2.0, 2.0)
    assert band("not worse", 2.0) == (-2.0, 0.0)
    assert band("at least", 95.0) == (-float("inf"), 95.0)
    assert band("", 0.0) is None


@each
def test_a_bar_agrees_with_the_verdicts_it_explains(number):
    record, bars = store.load(number), findings.finding(number).bars
    for cell in counted(record, effect=True) if bars else ():
        e = cell["effect"]
        if e["rule"]:
            continue
        kind, bar = forest.asked(cell, findings.finding(number))
        low, high = e["ci95"]
        holds = {
            "at least": low >= bar,
            "at most": e["mean"] <= bar,
            "within": -bar <= e["mean"] <= bar,
            "beyond": abs(e["mean"]) >= bar and (low > 0 or high < 0),
        }[kind]
        if cell["cell_verdict"] == "supported":
            assert holds
        elif number != "C122":  # whose cells are held to a second bar as well
            assert not holds or cell["cell_verdict"] == "unclear"


def test_an_arm_at_the_edge_of_its_grid_is_flagged_where_it_counts():
    record = store.load("C24")
    words = forest.alt_text(record, forest.panels(record))
    flagged = re.findall(
        r"(\w[\w -]*), 20 %, one-sided: [^()]*\((.*?)\)", words
    )
    assert flagged == [
        (arm, "edge of the grid: mse") for arm in ("mae", "huber 1", "log-cosh")
    ]
    assert words.count("edge of the grid") == 3


@each
def test_parts_without_an_interval_stand_in_a_strip(number):
    record = store.load(number)
    strip = cards.strip(record["cells"])
    signs = re.findall(r"<li class=\"[a-z-]+\">(.) ", strip)
    cells = counted(record, effect=False)
    assert signs == [forest.SIGNS[c["cell_verdict"]] for c in cells]
    text = registry.find(number).card().text
    assert strip in text.partition("<details>")[0]


def test_a_false_part_has_a_cross():
    cells = [
        {
            "id": name,
            "counted": n < 2,
            "effect": None,
            "cell_verdict": ("supported", "false", "false")[n],
        }
        for n, name in enumerate(("a < b", "c", "not counted"))
    ]
    assert cards.strip(cells) == (
        '<ul class="parts"><li class="supported">✓ a &lt; b</li>'
        '<li class="false">✗ c</li></ul>'
    )


@pytest.mark.parametrize("number", DRAWN)
def test_the_plot_is_a_picture_as_wide_as_a_phone_shows(number):
    drawn = forest_drawing.png(forest.panels(store.load(number)))
    head = base64.b64decode(drawn)[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(head[16:20], "big")
    assert abs(width - 2 * forest_drawing.WIDTH) <= 1


def test_a_card_comes_in_three_outputs_and_the_plot_describes_itself(
    monkeypatch,
):
    shown = []
    monkeypatch.setattr(
        "IPython.display.display",
        lambda data, metadata=None, raw=False: shown.append((data, metadata)),
    )
    card = registry.find("C24").card()
    card._ipython_display_()
    (head, _), (plot, said), (fold, _) = shown
    assert head["text/markdown"].startswith('<span id="claim-c24"></span>**C24')
    assert "supported · 12 of 12" in head["text/markdown"]
    assert said["image/png"]["alt"] == plot["text/plain"]
    assert plot["text/plain"].startswith("Forest plot of C24, 12 counted cells")
    assert fold["text/markdown"].startswith("<details><summary>")
    assert fold["text/markdown"].endswith("</details>")


def test_an_exact_claim_has_no_plot():
    card = registry.find("C3").card()
    assert card.plot is None
    assert card.text.count("<li") == 5


def test_a_live_run_stands_on_the_card_below_the_plot():
    card = registry.find("C3").replicate()
    assert card.text.count('id="claim-c3"') == 1
    after = card.text.partition(PLOT)[2]
    assert after.strip().startswith(
        "Run here, small, it **agrees with the record"
    )
    assert "<summary>The small run, cell by cell</summary>" in after
    assert (card.k, card.n, card.verdict) == (5, 5, "supported")
