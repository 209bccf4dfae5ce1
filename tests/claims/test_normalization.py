"""The parts of C70, C77 and C78 come out as the mathematics says."""

import numpy as np
import pytest

from dlf.claims.normalization import C70, C77, C78, gradients, reparametrized
from dlf.claims.normalization import standard_inputs as inputs


@pytest.mark.parametrize(
    ("claim", "part", "holds", "found"),
    [
        (C70, "(a) sigmoid", True, "with batch norm"),
        (C70, "(a) tanh", False, "with batch norm"),
        (C77, "(a) ‖w‖ = |g|", True, "to 1e-12"),
        (C77, "(b) g = 1", False, "3e-05"),
        (C77, "g learns", False, "norm 5.00"),
        (C77, "g = ‖v‖", True, "in every layer"),
        (C77, "right angles", True, "never falls"),
        (C78, "(a) condition", True, "wine"),
        (C78, "(b) steps", True, "thousandth"),
        (C78, "(c) float32", True, "121 years"),
        (C78, "(d) any table", False, "of 2,000"),
        (C78, "the solution", True, "the same either way"),
    ],
)
def test_parts(claim, part, holds, found):
    got = claim.run(part)
    assert got["holds"] is holds
    assert found in got["found"]


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("name", list(gradients.NETS))
def test_gradients_are_those_of_central_differences(name, norm):
    f = gradients.NETS[name][0]
    weights, x, dy = gradients.draw(name, 1, 100)
    one, _ = gradients.forward(weights, x, f, norm)
    dw, dx = gradients.back(weights[0], one, dy)
    rng, h = np.random.default_rng(0), 1e-6

    def loss(w, x):
        return (gradients.forward([w], x, f, norm)[-1] * dy).sum()

    way = rng.normal(size=dw.shape)
    up, down = (loss(weights[0] + s * h * way, x) for s in (1, -1))
    assert (dw * way).sum() == pytest.approx((up - down) / (2 * h), rel=1e-4)
    way = rng.normal(size=x.shape)
    up, down = (loss(weights[0], x + s * h * way) for s in (1, -1))
    assert (dx * way).sum() == pytest.approx((up - down) / (2 * h), rel=1e-4)


def test_the_measure_sees_a_relu_net_vanish_as_a_whole():
    low, suits, high = (
        gradients.of_one("ReLU", 30, 0, False, f) for f in (0.25, 1.0, 4.0)
    )
    assert low == pytest.approx(suits / 2**30, rel=1e-6)
    assert high == pytest.approx(suits * 2**30, rel=1e-6)
    assert 0.2 < suits < 5


def test_the_gradient_of_weight_norm_is_that_of_central_differences():
    rng = np.random.default_rng(0)
    v, dw, way = rng.normal(size=(3, 4, 3))
    g, turn, h = rng.normal(size=4), rng.normal(size=4), 1e-6

    def loss(step):
        moved = v + step * way
        unit = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return ((g + step * turn)[:, None] * unit * dw).sum()

    dv, dg = reparametrized.pull(v, g, dw)
    want = (loss(h) - loss(-h)) / (2 * h)
    assert (dv * way).sum() + dg @ turn == pytest.approx(want, rel=1e-6)


def test_steps_are_those_of_the_worst_start():
    x = np.array([[3.0], [-3.0], [3.0], [-3.0]])  # Gram matrix diag(36, 4)
    assert inputs.condition(x) == pytest.approx(9)
    assert inputs.steps(x) == pytest.approx(np.log(1e3) / np.log(10 / 8))
