"""What lies within a net: directions, examples, dictionaries."""

import numpy as np
import pytest
import torch

from dlf.nn import interpretability as ours
from dlf.scratch.interpretability import influence, layers, sparse_autoencoder

from .cnn import net


def test_tcav_finds_the_direction():
    rng = np.random.default_rng(0)
    h = rng.normal(size=(400, 6))
    concept = h[:200] + 2 * np.eye(6)[2]
    v = layers.concept_vector(concept, h[200:])
    assert v @ np.eye(6)[2] > 0.95
    assert np.linalg.norm(v) == pytest.approx(1)
    w = np.stack([v, -v, rng.normal(size=6)])

    def head(a):
        return a @ w.T, lambda dy: dy @ w

    assert layers.tcav(head, h, 0, v) == 1
    assert layers.tcav(head, h, 1, v) == 0

    def activation(a):  # rises along v where a_0 is positive
        y, gradient = np.zeros((len(a), 1)), (a[:, :1] > 0) * v
        return y, lambda dy: dy * (gradient - 0.5 * v)

    fraction = layers.tcav(activation, h, 0, v)
    assert fraction == pytest.approx((h[:, 0] > 0).mean())


def test_the_regression_is_sklearns_and_leaving_out_is_foreseen():
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 4))
    y = (x @ [1, -2, 0.5, 0] + rng.normal(size=60) > 0).astype(float)
    w = influence.fit(x, y, 0.05)
    theirs = LogisticRegression(
        C=1 / (0.05 * 60), fit_intercept=False, tol=1e-12, max_iter=1000
    ).fit(x, y)
    np.testing.assert_allclose(w, theirs.coef_[0], 1e-6)
    asked, labels = rng.normal(size=(3, 4)), np.array([1.0, 0.0, 1.0])
    foreseen = influence.influence(x, y, w, 0.05, asked, labels)
    before = influence.losses(asked, labels, w)
    keep = ~np.eye(60, dtype=bool)
    # the penalty keeps its weight beside the sum of the others' losses
    rise = np.stack([
        influence.losses(
            asked, labels, influence.fit(x[k], y[k], 0.05 * 60 / 59)
        ) - before
        for k in keep
    ], axis=1)  # fmt: skip
    assert np.corrcoef(foreseen.ravel(), rise.ravel())[0, 1] > 0.98
    np.testing.assert_allclose(foreseen, rise, atol=0.4 * np.abs(rise).max())
    z = torch.tensor(x @ w)
    mean = torch.nn.functional.binary_cross_entropy_with_logits(
        z, torch.tensor(y)
    )
    objective = influence.objective(x, y, w, 0.05)
    assert objective == pytest.approx(mean.item() + 0.05 * (w @ w) / 2)
    far = influence.fit(1e3 * x, y, 1e-3)
    assert np.isfinite(far).all()


def test_an_input_that_excites_is_climbed_to():
    w = np.array([[1.0, -1.0, 0.5, 0.0]])

    def f(v):
        return v @ w.T, lambda dy: dy @ w

    x = np.full((2, 4), 0.5)
    up = sparse_autoencoder.maximize_activation(
        f, x, 0, steps=200, lr=0.05, decay=0.0
    )
    np.testing.assert_allclose(up, [[1, 0, 1, 0.5]] * 2)
    shrunk = sparse_autoencoder.maximize_activation(f, x, 0, steps=200, lr=0.05)
    assert shrunk[0, 3] < 0.2
    assert (x == 0.5).all()


def test_random_layers_are_the_last_ones():
    model = net()
    cut = ours.randomized(model, 2, seed=1)
    assert torch.equal(cut[0].weight, model[0].weight)
    for n in (3, 6):
        assert not torch.equal(cut[n].weight, model[n].weight)
    again = ours.randomized(model, 2, seed=1)
    assert torch.equal(again[3].weight, cut[3].weight)
    assert torch.equal(ours.randomized(model, 0, 1)[6].weight, model[6].weight)
    with pytest.raises(ValueError, match=r"`layers` must lie in 0\.\.3.*got 4"):
        ours.randomized(model, 4, seed=1)


def test_the_dictionary_finds_planted_directions():
    rng = np.random.default_rng(0)
    truth = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    a = rng.random((2000, 6)) * (rng.random((2000, 6)) < 0.15)
    h = torch.tensor(a @ truth)
    torch.manual_seed(0)
    model = ours.SparseAutoencoder(6, 12).double()
    adam = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(800):
        adam.zero_grad()
        model.loss(h, 0.05).backward()
        adam.step()
    d = model.decoder.weight.detach().numpy()
    alike = np.abs(truth @ (d / np.linalg.norm(d, axis=0)))
    assert alike.max(axis=1).min() > 0.95
    assert model(h).shape == (2000, 12)


def test_a_concept_vector_has_the_shape_of_an_examples_maps():
    rng = np.random.default_rng(0)
    inside, outside = rng.normal(size=(2, 5, 2, 3, 4))
    v = layers.concept_vector(inside + 1, outside)
    assert v.shape == (2, 3, 4)
    assert np.linalg.norm(v) == pytest.approx(1)
