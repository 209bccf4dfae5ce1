"""The parts of C61, C62 and C64 come out as the mathematics says."""

import numpy as np
import pytest

from dlf.claims.gradient_stability import C61, C62, C64, exact, unbounded


@pytest.mark.parametrize(
    ("part", "holds", "found"),
    [
        ("(a) the powers", True, "57.67"),
        ("(b) S1's", False, "gives 6, the derivative is 12"),
        ("(b) S0's", False, "gives 3"),
        ("(c) numbers", True, "100 of 100"),
        ("(c) matrices", False, "1e-07"),
    ],
)
def test_the_printed_products(part, holds, found):
    got = C61.run(part)
    assert got["holds"] == holds
    assert found in got["found"]


@pytest.mark.parametrize(
    ("part", "holds", "found"),
    [
        ("(a) norm", False, "of norm 2.9"),
        ("(b) eigenvalue", False, "1e-07"),
        ("(c) without", False, "1e+20"),
        ("norm at most 1", True, "30 of 30"),
        ("one matrix repeated", True, "0.90 and 1.10"),
    ],
)
def test_norms_and_eigenvalues(part, holds, found):
    got = C62.run(part)
    assert got["holds"] == holds
    assert found in got["found"]


def test_orthogonal_linear_layers_keep_a_gradient():
    def turn(rng):
        return np.linalg.qr(rng.normal(size=(exact.WIDTH, exact.WIDTH)))[0]

    grown, norm = exact.backward("linear", turn, 0)
    assert grown == pytest.approx(1)
    assert norm == pytest.approx(1)


@pytest.mark.parametrize(
    ("part", "holds"),
    [
        ("(a) He's start", False),
        ("(b) gain 2", True),
        ("(c) skips", True),
        ("(d) bounded", False),
        ("(e) batch norm", False),
    ],
)
def test_what_grows(part, holds):
    assert C64.run(part)["holds"] == holds


def test_factors_are_written_plainly_where_they_are_small():
    assert unbounded.power(0.83) == "0.8"
    assert unbounded.power(3e7) == "10^7"
