"""Modules that answer otherwise in training: all of torch's, and one's own."""

import inspect

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations, spectral_norm

from dlf.nn import train_modes
from dlf.nn.interpretability import attribute, check_eval_mode, function

ENCODER = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
DIFFER = {
    nn.Dropout: nn.Dropout(),
    nn.Dropout1d: nn.Dropout1d(),
    nn.Dropout2d: nn.Dropout2d(),
    nn.Dropout3d: nn.Dropout3d(),
    nn.AlphaDropout: nn.AlphaDropout(),
    nn.FeatureAlphaDropout: nn.FeatureAlphaDropout(),
    nn.modules.batchnorm._BatchNorm: nn.BatchNorm1d(4),
    nn.SyncBatchNorm: nn.SyncBatchNorm(4),
    nn.modules.instancenorm._InstanceNorm: nn.InstanceNorm1d(
        4, track_running_stats=True
    ),
    nn.RReLU: nn.RReLU(),
    nn.MultiheadAttention: nn.MultiheadAttention(4, 2, dropout=0.1),
    nn.RNN: nn.RNN(4, 4, 2, dropout=0.1),
    nn.LSTM: nn.LSTM(4, 4, 2, dropout=0.1),
    nn.GRU: nn.GRU(4, 4, 2, dropout=0.1),
    nn.TransformerEncoderLayer: ENCODER,
    nn.TransformerEncoder: nn.TransformerEncoder(
        ENCODER, 1, enable_nested_tensor=False
    ),
    parametrizations._SpectralNorm: parametrizations.spectral_norm(
        nn.Linear(4, 4)
    ),
}


class Own(nn.Module):
    """Drops as many write it."""

    def forward(self, x):
        return self.inner(x)

    def inner(self, x):
        return F.dropout(x, 0.5, self.training)


class Careless(nn.Linear):
    """Asks where one would not look."""

    def forward(self, x):
        rows = [
            F.dropout(row, 0.5, self.training) for row in super().forward(x)
        ]
        return torch.stack(rows)


OTHERS = {
    "own": Own(),
    "careless": Careless(4, 4),
    "old spectral norm": spectral_norm(nn.Linear(4, 4)),
    "lazy batch norm": nn.LazyBatchNorm1d(),
}


def below(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from below(sub)


def test_the_search_finds_the_modules_of_torch_that_ask():
    asking = {
        kind
        for kind in below(nn.Module)
        if kind.__module__.startswith(("torch.nn.modules", "torch.nn.utils"))
        and any(
            map(
                train_modes._asks,
                filter(inspect.isfunction, vars(kind).values()),
            )
        )
    }
    assert set(DIFFER) <= asking


@pytest.mark.parametrize("layer", [*DIFFER.values(), *OTHERS.values()])
def test_refused_in_training_and_taken_in_evaluation(layer, as_shipped):
    model = nn.Sequential(nn.Linear(4, 4), layer).train()
    for call in (
        lambda: check_eval_mode("f", model),
        lambda: function(model),
        lambda: attribute(None, model, np.zeros((2, 4)), 0),
    ):
        with pytest.raises(
            ValueError, match=r"must be in evaluation mode.*at '1"
        ):
            call()
    check_eval_mode("f", model.eval())


@pytest.mark.parametrize(
    "layer",
    [
        nn.MultiheadAttention(4, 2),
        nn.LSTM(4, 4, 2),
        nn.InstanceNorm1d(4),
        nn.TransformerEncoderLayer(4, 2, 8, 0.0).apply(
            lambda m: m.eval() if isinstance(m, nn.Dropout) else m
        ),
        nn.LayerNorm(4),
        nn.GELU(),
    ],
)
def test_taken_in_either_mode(layer):
    assert layer.training
    check_eval_mode("f", nn.Sequential(layer))


def test_what_draws_in_either_mode_is_refused_in_both():
    model = nn.Sequential(nn.FractionalMaxPool2d(2, output_size=2))
    with pytest.raises(ValueError, match="must be in evaluation mode"):
        check_eval_mode("f", model)
    with pytest.raises(ValueError, match=r"at '0' draws at random in eval"):
        check_eval_mode("f", model.eval())


def test_a_model_or_layer_that_cannot_be_explained(as_shipped):
    x, flat = (
        np.zeros((2, 4), "f4"),
        nn.Sequential(nn.Linear(4, 1), nn.Flatten(0)),
    )
    with pytest.raises(ValueError, match=r"row of outputs .* shape \(1,\)"):
        attribute(None, flat, x, 0)
    with pytest.raises(ValueError, match="`layer` must be a module of `model`"):
        attribute(None, nn.Linear(4, 3), x, 0, layer=nn.Linear(4, 3))
