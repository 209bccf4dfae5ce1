"""What moves an output: against Captum, and against its own definition."""

import itertools

import captum.attr as ca
import captum.metrics as cm
import numpy as np
import pytest
import torch
from torch import nn

from dlf.nn import interpretability as ours
from dlf.scratch import mlp
from dlf.scratch.interpretability import (
    gradients,
    layers,
    lime,
    perturbation,
    shapley,
)

from .cnn import TARGETS, net

METHODS = {
    "saliency": gradients.saliency,
    "input_x_gradient": gradients.input_x_gradient,
    "smoothgrad": lambda f, x, t: gradients.smoothgrad(
        f, x, t, np.random.default_rng(0), draws=2
    ),
    "integrated_gradients": gradients.integrated_gradients,
    "adaptive_integrated_gradients": gradients.adaptive_integrated_gradients,
    "occlusion": perturbation.occlusion,
}
BASED = {
    "input_x_gradient": gradients.input_x_gradient,
    "integrated_gradients": gradients.integrated_gradients,
    "adaptive_integrated_gradients": gradients.adaptive_integrated_gradients,
    "occlusion": perturbation.occlusion,
    "value_function": lambda f, x, t, b: shapley.value_function(
        f, x, t, np.zeros(x.shape[1:], int), b
    ),
    "conductance": lambda f, x, t, b: layers.conductance(
        f, lambda h: (h, lambda dy: dy), x, t, b
    ),
}


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
        (gradients.saliency(f, x, target), ca.Saliency, {}),
        (
            gradients.integrated_gradients(f, x, target, based, steps=9),
            ca.IntegratedGradients,
            {"n_steps": 9, "baselines": based},
        ),
        (gradients.input_x_gradient(f, x, target), ca.InputXGradient, {}),
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
    want = np.mean([gradients.gradient(f, x + n, TARGETS) for n in noise], 0)
    rng = np.random.default_rng(3)
    got = gradients.smoothgrad(f, x, TARGETS, rng, sigma=0.2, draws=5)
    np.testing.assert_allclose(got, want, 1e-12)


def test_layer_methods_are_captums(x):
    model = net()
    body, head = ours.split(model, 5)
    cam = layers.grad_cam(body, head, x, TARGETS)
    theirs = ours.attribute(
        ca.LayerGradCam, model, x, TARGETS, layer=model[4],
        relu_attributions=True,
    )  # fmt: skip
    np.testing.assert_allclose(cam, theirs[:, 0], 1e-10, 1e-14)
    got = layers.conductance(body, head, x, TARGETS, 0.1, steps=11)
    theirs = ours.attribute(
        ca.LayerConductance, model, x, TARGETS, layer=model[4],
        baselines=0.1, n_steps=11,
    )  # fmt: skip
    np.testing.assert_allclose(got, theirs, 1e-10, 1e-14)


@pytest.mark.parametrize(
    ("activation", "tol"), [(nn.ReLU, 1e-6), (nn.Tanh, 1e-7)]
)
def test_integrated_gradients_add_up(x, activation, tol):
    model = net(activation)
    f = ours.function(model)
    rise = gradients.selected_output(f, x, TARGETS) - gradients.selected_output(
        f, 0 * x + 0.2, TARGETS
    )
    got = gradients.adaptive_integrated_gradients(f, x, TARGETS, 0.2, tol=tol)
    np.testing.assert_allclose(got.sum((1, 2, 3)), rise, rtol=0, atol=tol)
    assert np.abs(got.sum((1, 2, 3)) - rise).max() > 0  # it was computed
    near = gradients.integrated_gradients(f, x, TARGETS, 0.2, steps=300)
    np.testing.assert_allclose(got, near, atol=0.02 * np.abs(got).max())
    if activation is nn.Tanh:
        np.testing.assert_allclose(near.sum((1, 2, 3)), rise, atol=1e-12)


def test_conductance_adds_up(x):
    body, head = ours.split(net(nn.Tanh), 3)
    got = layers.conductance(body, head, x, TARGETS, steps=2000)
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
    v = shapley.value_function(f, x, 1, groups, base)
    for got in (
        gradients.input_x_gradient(f, x, 1, base),
        gradients.integrated_gradients(f, x, 1, base, steps=1),
        gradients.adaptive_integrated_gradients(f, x, 1, base),
        shapley.exact_shapley(v, 5),
        shapley.kernel_shap(v, 5),
        shapley.permutation_shapley(v, 5, 1, rng),
        lime.lime(v, 5, 200, rng, alpha=0.0),
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

    got = gradients.adaptive_integrated_gradients(f, x, 2)
    y, none = f(x)[0][:, 2], f(0 * x)[0][:, 2]
    np.testing.assert_allclose(got.sum(1), y - none, rtol=0, atol=1e-6)
    phi = shapley.exact_shapley(
        shapley.value_function(f, x, 2, np.arange(6)), 6
    )
    np.testing.assert_allclose(phi.sum(1), y - none, 1e-12)


def test_infidelity_and_sensitivity_are_captums(x):
    model = net()
    f, rng = ours.function(model), np.random.default_rng(0)
    phi = gradients.input_x_gradient(f, x, TARGETS)
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
        return gradients.saliency(f, v, np.repeat(TARGETS, len(v) // 4))

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


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (3, r"must lie in 0\.\.2, because the model has 3 outputs; got 3"),
        (-1, r"got -1"),
        (np.array([0, 1, 2, 7]), "got 7"),
        (np.array([0, 1]), r"one an example, because x has 4.*\(2,\)"),
        (np.array([[0, 1, 2, 0]]), r"got int64 of shape \(1, 4\)"),
        (np.zeros(4), "must be an integer.*float64"),
        (np.zeros(4, bool), "must be an integer.*bool"),
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
    kept = gradients.saliency(f, x, 1)
    model.train()
    says = (
        rf"evaluation mode, because {type(layer).__name__} at '0'.*\.eval\(\)"
    )
    for call in (
        lambda: ours.function(model),
        lambda: ours.split(model, 2),
        lambda: ours.attribute(ca.Saliency, model, x, 1),
        lambda: gradients.saliency(f, x, 1),  # made before
    ):
        with pytest.raises(ValueError, match=says):
            call()
    model.eval()
    np.testing.assert_array_equal(gradients.saliency(f, x, 1), kept)
    plain = net().train()  # without such layers the mode changes nothing
    ours.function(plain)
