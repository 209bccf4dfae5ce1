"""What a chapter says: a check fails the page, a measurement does not."""

import pytest

from dlf.book import check, measured


def test_a_check_prints_its_statement_or_fails_the_page(capsys):
    check("two is two", 2 == 2)
    assert capsys.readouterr().out == "✓ two is two\n"
    with pytest.raises(AssertionError, match="two is three"):
        check("two is three", False)


def test_a_measurement_says_which_it_was_and_fails_nothing(capsys):
    measured("it was fast", True)
    measured("it was slow", False)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "✓ it was fast"
    assert second.startswith("–")
    assert second.endswith("it was slow")
