"""Each net of a stack is the net that torch would have trained alone."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlf.stacked import convolutional_nets, datasets, nets, training

SEEDS, RATES, STEPS = (3, 5), (0.01, 0.05), 12


class Residual(nn.Sequential):
    """Add the input to the output."""

    def forward(self, x):
        return x + super().forward(x)


def data(shape: tuple[int, ...]) -> datasets.Sets:
    """Draw 60 examples for two seeds: 30, 10 and 20 of them each."""
    g = torch.Generator().manual_seed(0)
    x = torch.randn(120, *shape, generator=g, dtype=torch.float64)
    y = torch.randint(0, 10, (120,), generator=g)
    rows = torch.arange(120).view(2, 60).split([30, 10, 20], dim=1)
    return datasets.Sets("drawn", x, y, *rows)


def activation(name: str, k: int, i: int, net: nets.Stack) -> nn.Module:
    """Give torch's module for the activation of layer i of net k."""
    if name == "prelu":
        module = nn.PReLU(net.slopes[i].shape[-1], dtype=torch.float64)
        module.weight.data = net.slopes[i][k, 0].detach().clone()
        return module
    return {"relu": nn.ReLU(), "swish": nn.SiLU(), "tanh": nn.Tanh()}[name]


def alone(net: nets.Stack, k: int, name: str) -> nn.Sequential:
    """Build net k of the stack in torch's words."""
    layers, last = [], len(net.weights) - 1
    conv = isinstance(net, convolutional_nets.Cnn)
    for i, (w, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        w, b = w[k].detach().clone(), b[k, 0].detach().clone()
        if conv and i < last:
            C, _, _, D = w.shape
            layer = nn.Conv2d(C, D, 3, 1 if i else 2, 1, dtype=w.dtype)
            layer.weight.data = w.permute(3, 0, 1, 2).contiguous()
            norm = nn.BatchNorm2d(D, dtype=w.dtype)
        else:
            layer = nn.Linear(*w.shape, dtype=w.dtype)
            layer.weight.data = w.T.contiguous()
            norm = nn.BatchNorm1d(w.shape[1], dtype=w.dtype)
        layer.bias.data = b
        if i == last:
            pooled = [nn.AdaptiveAvgPool2d(1), nn.Flatten()] if conv else []
            return nn.Sequential(*layers, *pooled, layer)
        block = [
            layer,
            *([norm] if net.normed else []),
            activation(name, k, i, net),
        ]
        layers.append(
            (Residual if net.residual and i else nn.Sequential)(*block)
        )
        if conv and not i:
            layers.append(nn.MaxPool2d(2))
    raise AssertionError


def train_alone(model, sets, r: int, rate: float, optimizer: str) -> None:
    """Train one net on the rows of its seed."""
    make = {
        "sgd": lambda p: torch.optim.SGD(p, rate, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, rate),
    }[optimizer]
    step = make(model.parameters())
    for rows in training.batches(sets.train, SEEDS, STEPS, 10):
        step.zero_grad()
        loss = F.cross_entropy(model(sets.x[rows[r]]), sets.y[rows[r]])
        loss.backward()
        step.step()


NETS = [
    ("mlp", "relu", {}, "sgd"),
    ("mlp", "tanh", {"norm": True}, "adam"),
    ("mlp", "swish", {"residual": True, "bias": -0.1}, "sgd"),
    ("mlp", "prelu", {}, "sgd"),
    ("cnn", "relu", {"norm": True}, "sgd"),
    ("cnn", "prelu", {"residual": True}, "sgd"),
]


@pytest.mark.parametrize(("kind", "name", "options", "optimizer"), NETS)
def test_a_stacked_net_is_trained_as_alone(kind, name, options, optimizer):
    sets = data((7,) if kind == "mlp" else (1, 12, 12))
    options = options | {"dtype": torch.float64}
    if kind == "mlp":
        net = nets.Mlp((7, 8, 8, 10), SEEDS, 2, name, **options)
    else:
        net = convolutional_nets.Cnn(2, SEEDS, 2, name, channels=4, **options)
    models = [alone(net, k, name) for k in range(net.K)]
    out = training.fit(
        net, sets, RATES, steps=STEPS, batch=10, optimizer=optimizer
    )
    for k, model in enumerate(models):
        s, r = divmod(k, len(SEEDS))
        train_alone(model, sets, r, RATES[s], optimizer)
        model.eval()
        with torch.no_grad():
            logits = model(sets.x[sets.train[r]])
        loss = F.cross_entropy(logits, sets.y[sets.train[r]])
        assert out["loss"][s, r] == pytest.approx(float(loss), rel=1e-9)


def test_arms_and_settings_share_what_a_seed_draws():
    one = nets.Mlp((4, 5, 3), (7, 8), 3, "relu", dtype=torch.float64)
    two = nets.Mlp((4, 5, 3), (8,), 1, "tanh", dtype=torch.float64)
    w = one.weights[0].view(3, 2, 4, 5)
    assert torch.equal(w[0], w[2])
    ratio = w[0, 1] / two.weights[0][0]
    assert torch.allclose(ratio, torch.full_like(ratio, np.sqrt(2) / (5 / 3)))


def test_a_diverged_net_spoils_no_other():
    sets = data((7,))
    both, single = (
        training.fit(
            nets.Mlp((7, 8, 10), SEEDS, len(rates), "relu"),
            sets_as_float(sets),
            rates,
            steps=30,
            batch=10,
        )
        for rates in ((0.01, 1e6), (0.01,))
    )
    assert np.isnan(both["loss"][1]).all()
    assert both["loss"][0] == pytest.approx(single["loss"][0], rel=1e-5)


def sets_as_float(sets: datasets.Sets) -> datasets.Sets:
    """Give the same data in float32."""
    x = sets.x.float()
    rows = sets.train, sets.validation, sets.test
    return datasets.Sets(sets.name, x, sets.y, *rows)


def test_a_net_that_reached_the_target_is_left_alone():
    sets, looks = data((7,)), []

    def watch(step: int, net: nets.Stack) -> None:
        looks.append(net.weights[0].detach().clone())

    net = nets.Mlp((7, 16, 10), SEEDS, 2, "relu", dtype=torch.float64)
    out = training.fit(
        net,
        sets,
        (0.3, 1e-6),
        steps=200,
        batch=10,
        every=10,
        stop=1.0,
        watch=watch,
    )
    curve = out["curve"]
    reached = (curve <= 1.0).any(-1)
    assert reached[0].all()
    assert not reached[1].any()
    first = int((curve[0, 0] <= 1.0).argmax())
    assert torch.equal(looks[first][0], looks[-1][0])
    assert not torch.equal(looks[first][2], looks[-1][2])


def test_test_data_are_read_for_scored_seeds_only():
    sets = data((7,))
    for seeds, read in (((10, 11), False), ((100, 101), True)):
        net = nets.Mlp((7, 8, 10), seeds, 1, "relu", dtype=torch.float64)
        out = training.fit(net, sets, (0.1,), steps=2, batch=10)
        assert ("test" in out) == read
    assert out["test"].shape == (1, 2, 20)


@pytest.mark.parametrize("name", ["D8", "D8-200", "M1"])
def test_each_seed_has_its_own_split(name):
    sets = datasets.load(name, (1, 2))
    alone = datasets.load(name, (2,))
    assert torch.equal(sets.x[sets.train[1]], alone.x[alone.train[0]])
    assert not torch.equal(sets.x[sets.test[0]], sets.x[sets.test[1]])
    facts = sets.describe()
    assert facts["n_train"] == {"D8": 1000, "D8-200": 200, "M1": 4000}[name]
    assert facts["sha256"] != alone.describe()["sha256"]
