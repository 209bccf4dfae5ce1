"""The parts of each claim come out as the mathematics says."""

from dlf.claims.SLUG import CLAIM


def test_a_square_is_never_negative_and_does_not_always_grow():
    found = {unit: CLAIM.run(unit) for unit in CLAIM.units()}
    assert found["(a) never negative"]["holds"]
    assert not found["(b) grows"]["holds"]
    assert "falls 1000 times" in found["(b) grows"]["found"]
