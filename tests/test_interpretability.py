"""Explanations: against Captum, against definitions, and what is refused."""

import itertools
import math

import captum.attr as ca
import captum.metrics as cm
import numpy as np
import pytest
import torch
from torch import nn

from dlf.nn import interpretability as ours
from dlf.scratch import (
    attribution,
    dictionary,
    influence,
    layer_attribution,
    mlp,
    perturbation,
    shapley,
    surrogates,
)

METHODS = {
    "saliency": attribution.saliency,
    "input_x_gradient": attribution.input_x_gradient,
    "smoothgrad": lambda f, x, t: attribution.smoothgrad(
        f, x, t, np.random.default_rng(0), draws=2
    ),
    "integrated_gradients": attribution.integrated_gradients,
    "to_completeness": attribution.to_completeness,
    "occlusion": perturbation.occlusion,
}
BASED = {
    "input_x_gradient": attribution.input_x_gradient,
    "integrated_gradients": attribution.integrated_gradients,
    "to_completeness": attribution.to_completeness,
    "occlusion": perturbation.occlusion,
    "game": lambda f, x, t, b: shapley.game(
        f, x, t, np.zeros(x.shape[1:], int), b
    ),
    "conductance": lambda f, x, t, b: layer_attribution.conductance(
        f, lambda h: (h, lambda dy: dy), x, t, b
    ),
}


def net(bend=nn.ReLU, seed=0):
    """A small CNN with random biases, so that nothing is zero by luck."""
    torch.manual_seed(seed)
    pool = nn.MaxPool2d if bend is nn.ReLU else nn.AvgPool2d  # no kinks
    model = nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1), bend(), pool(2),
        nn.Conv2d(3, 4, 3), bend(), nn.Flatten(), nn.Linear(4 * 1 * 2, 3),
    ).double()  # fmt: skip
    return model.eval()


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(4, 2, 6, 8))


TARGETS = np.array([0, 2, 1, 2])


def test_a_torch_model_becomes_a_function(x):
    model = net()
    y, vjp = ours.function(model)(x)
    leaf = torch.tensor(x, requires_grad=True)
    out = model(leaf)
    dy = np.random.default_rng(1).normal(size=y.shape)
    out.backward(torch.tensor(dy))
    np.testing.assert_array_equal(y, out.detach())
    np.testing.assert_array_equal(vjp(dy), leaf.grad)
    np.testing.assert_array_equal(vjp(dy), vjp(dy))
    body, head = ours.split(model, 3)
    np.testing.assert_array_equal(head(body(x)[0])[0], y)


@pytest.mark.parametrize("target", [1, TARGETS])
def test_gradient_methods_are_captums(x, target):
    model, based = net(), np.full(x.shape[1:], 0.3)
    f = ours.function(model)
    float32 = 1e-6  # to which Captum rounds weights and sums, even here
    for mine, theirs, settings in (
        (attribution.saliency(f, x, target), ca.Saliency, {}),
        (
            attribution.integrated_gradients(f, x, target, based, steps=9),
            ca.IntegratedGradients,
            {"n_steps": 9, "baselines": based},
        ),
        (attribution.input_x_gradient(f, x, target), ca.InputXGradient, {}),
        (
            perturbation.occlusion(f, x, target, based, 3),
            ca.Occlusion,
            {"sliding_window_shapes": (2, 3, 3), "baselines": based},
        ),
    ):
        got = ours.attribute(theirs, model, x, target, **settings)
        rtol = float32 if settings else 1e-12
        np.testing.assert_allclose(mine, got, rtol, 1e-9 * bool(settings))


def test_smoothgrad_is_the_mean_over_its_noise(x):
    f = ours.function(net())
    rng = np.random.default_rng(3)
    noise = 0.2 * rng.standard_normal((5, *x.shape))
    want = np.mean([attribution.gradient(f, x + n, TARGETS) for n in noise], 0)
    rng = np.random.default_rng(3)
    got = attribution.smoothgrad(f, x, TARGETS, rng, sigma=0.2, draws=5)
    np.testing.assert_allclose(got, want, 1e-12)


def test_layer_methods_are_captums(x):
    model = net()
    body, head = ours.split(model, 5)
    cam = layer_attribution.grad_cam(body, head, x, TARGETS)
    theirs = ours.attribute(
        ca.LayerGradCam, model, x, TARGETS, layer=model[4],
        relu_attributions=True,
    )  # fmt: skip
    np.testing.assert_allclose(cam, theirs[:, 0], 1e-10, 1e-14)
    got = layer_attribution.conductance(body, head, x, TARGETS, 0.1, steps=11)
    theirs = ours.attribute(
        ca.LayerConductance, model, x, TARGETS, layer=model[4],
        baselines=0.1, n_steps=11,
    )  # fmt: skip
    np.testing.assert_allclose(got, theirs, 1e-10, 1e-14)


def test_shapley_values_are_captums(x):
    model = net()
    f = ours.function(model)
    groups = np.arange(96).reshape(2, 6, 8) * 5 // 96
    v = shapley.game(f, x, TARGETS, groups, 0.2)
    phi = shapley.exact(v, 5)
    theirs = ours.attribute(
        ca.ShapleyValues, model, x, TARGETS, baselines=0.2,
        feature_mask=torch.tensor(groups)[None],
    )  # fmt: skip
    np.testing.assert_allclose(
        shapley.spread(phi, groups),
        theirs,
        atol=1e-6,  # it adds in float32
    )
    np.testing.assert_allclose(shapley.kernel(v, 5), phi, 1e-9, 1e-12)
    rng = np.random.default_rng(0)
    near = shapley.sampled(v, 5, 400, rng)
    np.testing.assert_allclose(near, phi, atol=0.1 * np.abs(phi).max())
    near = shapley.kernel(v, 5, 2000, rng)
    np.testing.assert_allclose(near, phi, atol=0.1 * np.abs(phi).max())


def test_shares_are_averages_over_all_orders():
    rng = np.random.default_rng(0)
    table = rng.normal(size=(16, 2))
    bits = 2 ** np.arange(4)

    def v(s):
        return table[s @ bits]

    want = np.zeros((2, 4))
    for order in itertools.permutations(range(4)):
        there = np.zeros(4, bool)
        for p in order:
            before = v(there[None])[0]
            there[p] = True
            want[:, p] += v(there[None])[0] - before
    phi = shapley.exact(v, 4)
    np.testing.assert_allclose(phi, want / 24, 1e-12)
    np.testing.assert_allclose(phi.sum(1), table[15] - table[0], 1e-12)
    np.testing.assert_allclose(shapley.kernel(v, 4), phi, 1e-9)
    one = shapley.sampled(v, 4, 1, np.random.default_rng(1))
    np.testing.assert_allclose(one.sum(1), table[15] - table[0], 1e-12)


def test_the_error_of_sampling_falls_with_the_root():
    table = np.random.default_rng(0).normal(size=(64, 1))

    def v(s):
        return table[s @ (2 ** np.arange(6))]

    phi = shapley.exact(v, 6)

    def error(orders):
        return np.sqrt(
            np.mean(
                [
                    np.square(
                        shapley.sampled(v, 6, orders, np.random.default_rng(k))
                        - phi
                    ).mean()
                    for k in range(40)
                ]
            )
        )

    assert error(10) / error(160) == pytest.approx(4, rel=0.25)


def test_lime_is_captums_regression():
    """The same coalitions, weights and penalty give the same line."""
    from sklearn.linear_model import Ridge

    table = np.random.default_rng(0).normal(size=(32, 3))

    def v(s):
        return table[s @ (2 ** np.arange(5))]

    got = surrogates.lime(v, 5, 60, np.random.default_rng(1), 0.4, 0.3)
    s = np.random.default_rng(1).random((60, 5)) < 0.5
    s[0] = True
    cosine = s.sum(1) / np.sqrt(s.sum(1) * 5).clip(1e-12)
    pi = np.exp(-np.square(1 - cosine) / 0.4**2)
    want = Ridge(alpha=0.3).fit(s.astype(float), v(s), sample_weight=pi).coef_
    np.testing.assert_allclose(got, want, 1e-9)


def test_lime_and_captums_lime_agree_on_a_net(x):
    model = net()
    groups = np.arange(96).reshape(2, 6, 8) * 4 // 96
    v = shapley.game(ours.function(model), x[:1], 1, groups)
    mine = surrogates.lime(v, 4, 4000, np.random.default_rng(0), alpha=0.0)
    torch.manual_seed(0)
    from captum._utils.models.linear_model import SkLearnLinearRegression
    from captum.attr._core.lime import get_exp_kernel_similarity_function

    method = ca.Lime(
        model,
        interpretable_model=SkLearnLinearRegression(),
        similarity_func=lambda a, b, c, **k: torch.exp(
            -((1 - c.double().mean().sqrt()) ** 2) / 0.25**2
        ),
    )
    assert get_exp_kernel_similarity_function  # its default looks at pixels
    theirs = method.attribute(
        torch.tensor(x[:1]), target=1, n_samples=4000,
        feature_mask=torch.tensor(groups)[None], return_input_shape=False,
        perturbations_per_eval=500,
    )  # fmt: skip
    scale = np.abs(mine).max()
    np.testing.assert_allclose(mine, theirs, atol=0.1 * scale)


def test_kernel_shap_is_captums(x):
    model = net()
    groups = np.arange(96).reshape(2, 6, 8) * 4 // 96
    phi = shapley.exact(shapley.game(ours.function(model), x, 1, groups), 4)
    torch.manual_seed(0)
    theirs = np.concatenate([
        ours.attribute(
            ca.KernelShap, model, x[n : n + 1], 1, n_samples=2000,
            feature_mask=torch.tensor(groups)[None],
            return_input_shape=False, perturbations_per_eval=500,
        )
        for n in range(2)
    ])  # fmt: skip
    np.testing.assert_allclose(phi[:2], theirs, atol=0.05 * np.abs(phi).max())


@pytest.mark.parametrize(("bend", "tol"), [(nn.ReLU, 1e-6), (nn.Tanh, 1e-7)])
def test_integrated_gradients_add_up(x, bend, tol):
    model = net(bend)
    f = ours.function(model)
    rise = attribution.picked(f, x, TARGETS) - attribution.picked(
        f, 0 * x + 0.2, TARGETS
    )
    got = attribution.to_completeness(f, x, TARGETS, 0.2, tol=tol)
    np.testing.assert_allclose(got.sum((1, 2, 3)), rise, rtol=0, atol=tol)
    assert np.abs(got.sum((1, 2, 3)) - rise).max() > 0  # it was computed
    near = attribution.integrated_gradients(f, x, TARGETS, 0.2, steps=300)
    np.testing.assert_allclose(got, near, atol=0.02 * np.abs(got).max())
    if bend is nn.Tanh:
        np.testing.assert_allclose(near.sum((1, 2, 3)), rise, atol=1e-12)


def test_conductance_adds_up(x):
    body, head = ours.split(net(nn.Tanh), 3)
    got = layer_attribution.conductance(body, head, x, TARGETS, steps=2000)
    y, _ = head(body(x)[0])
    none, _ = head(body(0 * x)[0])
    rise = (y - none)[np.arange(4), TARGETS]
    np.testing.assert_allclose(got.sum((1, 2, 3)), rise, rtol=2e-3)


def test_on_a_straight_line_all_agree():
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=(3, 5)), rng.normal(size=3)
    x, base = rng.normal(size=(2, 4, 5))

    def f(v):
        return mlp.linear(v, w, b)[0], lambda dy: dy @ w

    want = w[1] * (x - base)
    groups = np.arange(5)
    v = shapley.game(f, x, 1, groups, base)
    for got in (
        attribution.input_x_gradient(f, x, 1, base),
        attribution.integrated_gradients(f, x, 1, base, steps=1),
        attribution.to_completeness(f, x, 1, base),
        shapley.exact(v, 5),
        shapley.kernel(v, 5),
        shapley.sampled(v, 5, 1, rng),
        surrogates.lime(v, 5, 200, rng, alpha=0.0),
    ):
        np.testing.assert_allclose(got, want, 1e-9, 1e-12)
    infidelity = perturbation.infidelity(
        f, x, 1, np.tile(w[1], (4, 1)), rng.normal(size=(6, 4, 5))
    )
    np.testing.assert_allclose(infidelity, 0, atol=1e-20)


def test_a_scratch_model_is_explained_as_it_is():
    rng = np.random.default_rng(0)
    params = mlp.init((6, 5, 3), rng)
    x = rng.normal(size=(4, 6))

    def f(v):
        return mlp.mlp(params, v)

    got = attribution.to_completeness(f, x, 2)
    y, none = f(x)[0][:, 2], f(0 * x)[0][:, 2]
    np.testing.assert_allclose(got.sum(1), y - none, rtol=0, atol=1e-6)
    phi = shapley.exact(shapley.game(f, x, 2, np.arange(6)), 6)
    np.testing.assert_allclose(phi.sum(1), y - none, 1e-12)


def test_a_game_asks_in_pieces_and_gets_the_same(x, monkeypatch):
    f, groups = ours.function(net()), np.arange(96).reshape(2, 6, 8) // 24
    every = shapley.coalitions(4)
    whole = shapley.game(f, x, 1, groups)(every)
    assert whole.shape == (16, 4)
    monkeypatch.setattr(shapley, "ROWS", 5)
    np.testing.assert_allclose(shapley.game(f, x, 1, groups)(every), whole)
    y, _ = f(np.where(every[6][groups], x, 0))
    np.testing.assert_allclose(whole[6], y[:, 1], 1e-12)


def test_infidelity_and_sensitivity_are_captums(x):
    model = net()
    f, rng = ours.function(model), np.random.default_rng(0)
    phi = attribution.input_x_gradient(f, x, TARGETS)
    changes = 0.1 * rng.standard_normal((7, *x.shape))
    queue = itertools.cycle(changes)

    def change(inputs, baselines=None):
        d = torch.tensor(next(queue))
        return d, inputs - d

    theirs = cm.infidelity(
        model, change, torch.tensor(x), torch.tensor(phi),
        target=torch.tensor(TARGETS), n_perturb_samples=7,
        max_examples_per_batch=4,
    )  # fmt: skip
    mine = perturbation.infidelity(f, x, TARGETS, phi, changes)
    np.testing.assert_allclose(mine, theirs.numpy(), 1e-9)

    def explain(v):
        return attribution.saliency(f, v, np.repeat(TARGETS, len(v) // 4))

    drawn = np.random.default_rng(5).uniform(-0.1, 0.1, (3, *x.shape))
    each = torch.tensor(drawn.swapaxes(0, 1).reshape(12, *x.shape[1:]))
    theirs = cm.sensitivity_max(
        lambda v, **_: (
            torch.tensor(explain((v[0] if type(v) is tuple else v).numpy())),
        ),
        torch.tensor(x),
        perturb_func=lambda v, r: v + each,
        n_perturb_samples=3,
    )
    mine = perturbation.sensitivity(
        explain, x, np.random.default_rng(5), radius=0.1, draws=3
    )
    np.testing.assert_allclose(mine, theirs.numpy(), 1e-9)


def test_tcav_finds_the_direction():
    rng = np.random.default_rng(0)
    h = rng.normal(size=(400, 6))
    concept = h[:200] + 2 * np.eye(6)[2]
    v = layer_attribution.concept_vector(concept, h[200:])
    assert v @ np.eye(6)[2] > 0.95
    assert np.linalg.norm(v) == pytest.approx(1)
    w = np.stack([v, -v, rng.normal(size=6)])

    def head(a):
        return a @ w.T, lambda dy: dy @ w

    assert layer_attribution.tcav(head, h, 0, v) == 1
    assert layer_attribution.tcav(head, h, 1, v) == 0

    def bent(a):  # rises along v where a_0 is positive
        y, slope = np.zeros((len(a), 1)), (a[:, :1] > 0) * v
        return y, lambda dy: dy * (slope - 0.5 * v)

    share = layer_attribution.tcav(bent, h, 0, v)
    assert share == pytest.approx((h[:, 0] > 0).mean())


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
    up = dictionary.maximize_activation(f, x, 0, steps=200, lr=0.05, decay=0.0)
    np.testing.assert_allclose(up, [[1, 0, 1, 0.5]] * 2)
    shrunk = dictionary.maximize_activation(f, x, 0, steps=200, lr=0.05)
    assert shrunk[0, 3] < 0.2
    assert (x == 0.5).all()


def test_random_layers_are_the_last_ones():
    model = net()
    cut = ours.randomised(model, 2, seed=1)
    assert torch.equal(cut[0].weight, model[0].weight)
    for n in (3, 6):
        assert not torch.equal(cut[n].weight, model[n].weight)
    again = ours.randomised(model, 2, seed=1)
    assert torch.equal(again[3].weight, cut[3].weight)
    assert torch.equal(ours.randomised(model, 0, 1)[6].weight, model[6].weight)
    with pytest.raises(ValueError, match=r"`layers` must lie in 0\.\.3.*got 4"):
        ours.randomised(model, 4, seed=1)


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


# what is refused


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (3, r"must lie in 0\.\.2, because the model has 3 outputs; got 3"),
        (-1, r"got -1"),
        (np.array([0, 1, 2, 7]), "got 7"),
        (np.array([0, 1]), r"one an example, because x has 4.*\(2,\)"),
        (np.array([[0, 1, 2, 0]]), r"got int64 of shape \(1, 4\)"),
        (np.zeros(4), "must be an integer.*float64"),
    ],
)
@pytest.mark.parametrize("name", METHODS)
def test_a_wrong_target_is_refused(x, name, target, says, as_shipped):
    f = ours.function(net())
    with pytest.raises(ValueError, match=f"^{name}: `target` .*{says}"):
        METHODS[name](f, x, target)
    with pytest.raises(ValueError, match=r"^attribute: `target` must"):
        ours.attribute(ca.Saliency, net(), x, target)


@pytest.mark.parametrize("shape", [(6, 8), (2, 6, 7), (4, 2, 8, 6), (1,)])
@pytest.mark.parametrize("name", BASED)
def test_a_wrong_baseline_is_refused(x, name, shape, as_shipped):
    f = ours.function(net())
    says = r"`baseline` must be a number, or have the shape \(2, 6, 8\)"
    with pytest.raises(ValueError, match=f"^{name}: {says}"):
        BASED[name](f, x, 1, np.zeros(shape))
    with pytest.raises(ValueError, match=r"^attribute: `baselines` must be a"):
        ours.attribute(ca.DeepLift, net(), x, 1, baselines=np.zeros(shape))


@pytest.mark.parametrize(
    "layer", [nn.Dropout(0.5), nn.Dropout2d(0.1), nn.BatchNorm2d(2)]
)
def test_a_model_in_training_mode_is_refused(x, layer):
    model = nn.Sequential(layer, *net()).double()
    model.eval()
    f = ours.function(model)
    kept = attribution.saliency(f, x, 1)
    model.train()
    says = (
        rf"evaluation mode, because {type(layer).__name__} at '0'.*\.eval\(\)"
    )
    for call in (
        lambda: ours.function(model),
        lambda: ours.split(model, 2),
        lambda: ours.attribute(ca.Saliency, model, x, 1),
        lambda: attribution.saliency(f, x, 1),  # made before
    ):
        with pytest.raises(ValueError, match=says):
            call()
    model.eval()
    np.testing.assert_array_equal(attribution.saliency(f, x, 1), kept)
    plain = net().train()  # without such layers the mode changes nothing
    ours.function(plain)


def linear(v):
    return v @ np.ones((3, 2)), lambda dy: dy @ np.ones((2, 3))


X = np.ones((2, 3))
ZEROS = np.zeros((2, 3))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: attribution.saliency(linear, X[:0], 0), "one at least; got"),
        (lambda: attribution.saliency(linear, X[0], 0), "must have a row an"),
        (
            lambda: attribution.saliency(lambda v: (v[:, 0], None), X, 0),
            "`f` must return outputs N C",
        ),
        (
            lambda: attribution.integrated_gradients(linear, X, 0, steps=0),
            "`steps` must be at least 1; got 0",
        ),
        (
            lambda: attribution.to_completeness(linear, X, 0, tol=0.0),
            "`tol` must be positive",
        ),
        (
            lambda: attribution.smoothgrad(
                linear, X, 0, np.random.default_rng(0), draws=0
            ),
            "`draws` must be positive",
        ),
        (
            lambda: attribution.smoothgrad(
                linear, X, 0, np.random.default_rng(0), sigma=-1.0
            ),
            "not negative; got 25 and -1.0",
        ),
        (
            lambda: shapley.game(linear, X, 0, np.arange(2)),
            r"`groups` must have the shape \(3,\)",
        ),
        (
            lambda: shapley.game(linear, X, 0, np.array([0, 2, 2])),
            r"use every number from 0.*\[0, 2\]",
        ),
        (lambda: shapley.coalitions(21), r"1\.\.20.*got 21\. Sample"),
        (lambda: shapley.coalitions(0), "got 0"),
        (
            lambda: shapley.sampled(None, 3, 0, np.random.default_rng(0)),
            "`orders` must be at least 1",
        ),
        (lambda: shapley.kernel(None, 1), "`players` must be two or more"),
        (lambda: shapley.kernel(None, 3, 10), "`rng` be given"),
        (
            lambda: surrogates.lime(None, 3, 3, np.random.default_rng(0)),
            "`samples` must exceed the players",
        ),
        (
            lambda: surrogates.lime(None, 3, 9, np.random.default_rng(0), 0.0),
            "`width` be positive",
        ),
        (
            lambda: perturbation.occlusion(
                lambda v: (v[0, 0], None), X[None, None], 0, 0.0, 3
            ),
            r"`window` must lie in 1\.\.2.*got 3",
        ),
        (
            lambda: perturbation.infidelity(linear, X, 0, X[:1], ZEROS[None]),
            r"`phi` must have the shape \(2, 3\)",
        ),
        (
            lambda: perturbation.infidelity(linear, X, 0, X, ZEROS),
            "`changes` must have .* for each change",
        ),
        (
            lambda: perturbation.sensitivity(
                abs, X, np.random.default_rng(0), radius=0.0
            ),
            "`radius` and `draws` must be positive",
        ),
        (
            lambda: layer_attribution.grad_cam(linear, linear, X, 0),
            r"`body` must return maps N K H W.*\(2, 2\)",
        ),
        (
            lambda: layer_attribution.conductance(
                linear, linear, X, 0, steps=0
            ),
            "`steps` must be at least 1",
        ),
        (
            lambda: layer_attribution.concept_vector(X[:0], X),
            "must have examples; got 0 and 2",
        ),
        (
            lambda: layer_attribution.tcav(linear, X, 0, np.ones(2)),
            r"`v` must have the shape \(3,\)",
        ),
        (lambda: influence.fit(X, np.ones(3), 0.1), "got 3 values for 2 rows"),
        (lambda: influence.fit(X, np.array([0.0, 2.0]), 0.1), "0 or 1"),
        (lambda: influence.fit(X, np.ones(2), 0.0), "`decay` must be positive"),
        (
            lambda: influence.influence(
                X, np.ones(2), np.ones(2), 1.0, X, X[0]
            ),
            "`w` must have a weight for each of the 3",
        ),
        (
            lambda: dictionary.maximize_activation(linear, X, 0, steps=-1),
            "must not be negative; got -1",
        ),
        (lambda: ours.split(net(), 0), r"`at` must lie in 1\.\.6.*got 0"),
        (lambda: ours.split(net(), 7), "got 7"),
    ],
)  # fmt: skip
def test_refuses(call, says, as_shipped):
    with pytest.raises(ValueError, match=says) as error:
        call()
    assert ": `" in str(error.value)


def test_weights_of_the_kernel_are_the_papers():
    np.testing.assert_allclose(
        shapley.kernel_weights(4),
        [1 / (math.comb(4, s) * s * (4 - s)) for s in (1, 2, 3)],
    )
