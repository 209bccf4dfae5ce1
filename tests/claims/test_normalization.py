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
        (C77, "(a) as printed", False, "no scale is left"),
        (C77, "(b) ‖w‖ = |g|", True, "to 1e-12"),
        (C77, "(b) stays bounded", False, "norm 5.00"),
        (C77, "g = 1", False, "10^-5"),
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
    weights, x, dy = gradients.draw(name, 3, 100)
    *kept, _ = gradients.forward(weights, x, f, norm)
    found = gradients.backward(weights, kept, dy)
    rng = np.random.default_rng(0)
    way, h = rng.normal(size=weights[0].shape), 1e-6

    def loss(step):
        moved = [weights[0] + step * way, *weights[1:]]
        return (gradients.forward(moved, x, f, norm)[-1] * dy).sum()

    want = (loss(h) - loss(-h)) / (2 * h)
    assert (found[0] * way).sum() == pytest.approx(want, rel=1e-4)


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
