"""Integrating until gradients add up: it ends, and says when they do not."""

import numpy as np
import pytest

from dlf.scratch import mlp
from dlf.scratch.interpretability import gradients

F4 = np.dtype("f4")


def counted(f):
    seen = []

    def model(x):
        seen.append(len(x))
        return f(x)

    return model, seen


@pytest.mark.parametrize("scale", [1, 100])
@pytest.mark.parametrize("seed", range(5))
def test_completeness_ends_in_float32(seed, scale):
    rng = np.random.default_rng(seed)
    net = mlp.init((8, 32, 32, 3), rng, np.float32)
    x, base = scale * rng.normal(size=(2, 5, 8)).astype("f4")
    model, seen = counted(lambda x: mlp.mlp(net, x))
    got = gradients.adaptive_integrated_gradients(model, x, 1, base)
    rise = (mlp.mlp(net, x)[0] - mlp.mlp(net, base)[0])[:, 1]
    assert got.dtype == F4
    np.testing.assert_allclose(got.sum(axis=1), rise, rtol=0, atol=1e-4 * scale)
    assert 5 * 100 < sum(seen) < 5 * 2000  # there are kinks, and it ends
    wide = {k: v.astype(float) for k, v in net.items()}
    want = gradients.adaptive_integrated_gradients(
        lambda x: mlp.mlp(wide, x), x.astype(float), 1, base.astype(float)
    )
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-3 * scale)


def test_what_is_not_a_number_is_not_searched():
    model, seen = counted(lambda x: (np.nan * x, lambda dy: dy))
    with pytest.raises(ValueError, match=r"misses the rise .* by nan"):
        gradients.adaptive_integrated_gradients(model, np.ones((2, 3)), 0)
    assert sum(seen) == 1 + 2 + 2 + 2  # asked, both ends, once between


def test_completeness_has_a_budget(monkeypatch):
    """A slope that is noise never adds up: the search stops and says so."""
    monkeypatch.setattr(gradients, "MOST", 300)
    rng = np.random.default_rng(0)
    model, seen = counted(
        lambda x: (x[:, :1], lambda dy: rng.normal(size=x.shape))
    )
    with pytest.raises(ValueError, match=r"`tol` must be larger.* for example"):
        gradients.adaptive_integrated_gradients(model, np.ones((4, 2)), 0)
    assert 300 < sum(seen) <= 4 * 300 + 9  # and those at both ends


def test_completeness_asks_in_pieces(monkeypatch):
    rng = np.random.default_rng(0)
    net, x = mlp.init((4, 16, 2), rng), rng.normal(size=(7, 4))
    whole = gradients.adaptive_integrated_gradients(
        lambda x: mlp.mlp(net, x), x, 0
    )
    monkeypatch.setattr(gradients, "ROWS", 3)
    model, seen = counted(lambda x: mlp.mlp(net, x))
    pieces = gradients.adaptive_integrated_gradients(model, x, 0)
    np.testing.assert_allclose(pieces, whole, 1e-12, 1e-14)
    assert max(seen[3:]) == 3
