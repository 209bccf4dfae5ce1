"""Explain PyTorch models: as functions for `dlf.scratch`, and by Captum.

A model in training mode with dropout gives another answer at every call, and
with batch normalization one that depends on its neighbors: these and their
like, by `dlf.nn.train_modes`, are refused.
"""

import warnings
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from dlf.nn.shapes import sizes
from dlf.nn.train_modes import unsteady

Array = np.ndarray


def check_eval_mode(name: str, model: nn.Module) -> None:
    """Refuse a model whose answers change from call to call.

    Args:
        name: operation and argument, for errors.
        model: what to check.

    Raises:
        ValueError: a module is in training mode that then does otherwise, such
            as dropout, or one draws at random in either mode.
    """
    for path, module in model.named_modules():
        if unsteady(module) and not module.training:
            raise ValueError(
                f"{name}: `model` must answer the same twice, because answers "
                f"are compared; {type(module).__name__} at "
                f"{path or 'the top'!r} draws at random in evaluation too. "
                "Replace it"
            )
        if unsteady(module):
            raise ValueError(
                f"{name}: `model` must be in evaluation mode, because "
                f"{type(module).__name__} at {path or 'the top'!r} makes its "
                "outputs depend on chance or on the batch. Call model.eval()"
            )


def function(model: nn.Module) -> Callable:
    """Make a model a function ``x -> (y, vjp)`` of NumPy arrays.

    Parameters stay as they are and collect no gradient.

    Args:
        model: in eval mode.

    Raises:
        ValueError: the model is not steady, when made and at each call.

    >>> y, vjp = function(nn.Linear(3, 2))(np.ones((5, 3), np.float32))
    >>> y.shape, vjp(np.ones((5, 2), np.float32)).shape
    ((5, 2), (5, 3))
    """
    check_eval_mode("function", model)

    def f(x: Float[Array, "N ..."]) -> tuple[Float[Array, "N ..."], Callable]:
        check_eval_mode("function", model)
        leaf = torch.tensor(x, requires_grad=True)
        with torch.enable_grad():
            y = model(leaf)

        def vjp(dy: Float[Array, "N ..."]) -> Float[Array, "N ..."]:
            back = torch.tensor(dy, dtype=y.dtype)
            (dx,) = torch.autograd.grad(y, leaf, back, retain_graph=True)
            return dx.numpy()

        return y.detach().numpy(), vjp

    return f


def split(model: nn.Sequential, at: int) -> tuple[Callable, Callable]:
    """Cut a model before layer ``at``: body and head, as functions.

    Args:
        model: a sequence of layers.
        at: the first layer of the head.

    Raises:
        ValueError: a part would be empty, or the model is not steady.
    """
    if not 0 < at < len(model):
        raise ValueError(
            f"split: `at` must lie in 1..{len(model) - 1}, because both parts "
            f"need a layer; got {at}"
        )
    return function(model[:at]), function(model[at:])


def attribute(
    method: type,
    model: nn.Module,
    x: Float[Array, "N ..."],
    target: Any,
    *,
    layer: nn.Module | None = None,
    baselines: Any = None,
    **settings: Any,
) -> Float[Array, "..."]:
    """Explain by a class of `captum.attr`, after checks in our words.

    Args:
        method: such as ``captum.attr.DeepLift``.
        model: in evaluation mode.
        x: inputs.
        target: a column for all, or one an example.
        layer: for methods that explain one.
        baselines: a number, or inputs of the shape of x or of one example.
        settings: passed on to ``attribute``.

    Raises:
        ValueError: the model is not steady or gives no rows, the layer is not
            of it, the target names no output, or the baseline has another
            shape than the inputs.
    """
    check_eval_mode("attribute", model)
    inputs, columns = torch.tensor(x), torch.as_tensor(target)
    with torch.no_grad():
        output = model(inputs[:1])
    if output.ndim != 2:
        raise ValueError(
            "attribute: `model` must give a row of outputs for each input, "
            "because `target` names a column; got the shape "
            f"{tuple(output.shape)} for one"
        )
    if layer is not None and not any(layer is m for m in model.modules()):
        raise ValueError(
            "attribute: `layer` must be a module of `model`, because what "
            "passes through it is explained; got another "
            f"{type(layer).__name__}"
        )
    N, C = len(inputs), output.shape[1]
    whole = not columns.is_floating_point() and columns.dtype != torch.bool
    if columns.shape not in ((), (N,)) or not whole:
        raise ValueError(
            "attribute: `target` must be an integer or one an example, because "
            f"x has {N}; got {columns.dtype} of shape {tuple(columns.shape)}"
        )
    if ((columns < 0) | (columns >= C)).any():
        raise ValueError(
            f"attribute: `target` must lie in 0..{C - 1}, because the model "
            f"has {C} outputs; got {columns.tolist()}"
        )
    if baselines is not None:
        start = torch.as_tensor(baselines, dtype=inputs.dtype)
        if start.shape not in ((), inputs.shape[1:], inputs.shape):
            raise ValueError(
                "attribute: `baselines` must be a number, or have the shape "
                f"{x.shape[1:]} of one input or {x.shape} of all; got "
                f"{tuple(start.shape)}"
            )
        settings["baselines"] = start.expand_as(inputs).contiguous()
    made = method(model) if layer is None else method(model, layer)
    with warnings.catch_warnings():  # of its own hooks, which it removes
        warnings.simplefilter("ignore", UserWarning)
        found = made.attribute(inputs, target=columns.long(), **settings)
    return found.detach().numpy()


class SparseAutoencoder(nn.Module):
    """A sparse autoencoder: more features than units, few at a time active.

    Args:
        width: units of the layer that is looked at.
        features: directions to be found.
    """

    def __init__(self, width: int, features: int) -> None:
        super().__init__()
        self.decoder = nn.Linear(features, width)
        self.encoder = nn.Linear(width, features)
        with torch.no_grad():
            directions = self.decoder.weight
            directions /= directions.norm(dim=0)
            self.encoder.weight.copy_(directions.T)
            self.encoder.bias.zero_()
            self.decoder.bias.zero_()

    def forward(self, h: Float[Tensor, "N D"]) -> Float[Tensor, "N K"]:
        """Give the features of activations.

        Args:
            h: activations of the layer's D units.
        """
        return torch.relu(self.encoder(h - self.decoder.bias))

    def loss(
        self, h: Float[Tensor, "N D"], penalty: float = 0.1
    ) -> Float[Tensor, ""]:
        """Count errors and activity.

        Args:
            h: activations of the layer's D units.
            penalty: of the features' sum, as in `autoencoder_loss`.
        """
        return autoencoder_loss(
            h,
            self.encoder.weight,
            self.encoder.bias,
            self.decoder.weight,
            self.decoder.bias,
            penalty,
        )


def autoencoder_loss(
    h: Float[Tensor, "N D"],
    w: Float[Tensor, "K D"],
    b: Float[Tensor, " K"],
    d: Float[Tensor, "D K"],
    c: Float[Tensor, " D"],
    penalty: float = 0.1,
) -> Float[Tensor, ""]:
    """Compute a sparse autoencoder's loss: squared error and L1 of features.

    Args:
        h: activations.
        w: weights of the encoder.
        b: its biases.
        d: weights of the decoder.
        c: its biases.
        penalty: of the features' sum.
    """
    sizes(autoencoder_loss, h, w, b, d, c)
    a = torch.relu((h - c) @ w.T + b)
    error = a @ d.T + c - h
    activity = a @ d.norm(dim=0)
    return (error.square().sum(1) + penalty * activity).mean()


def randomized(model: nn.Sequential, layers: int, seed: int) -> nn.Sequential:
    """Draw the last so many layers with parameters anew, in a copy.

    Args:
        model: stays as it is.
        layers: how many layers, from the last, to draw anew.
        seed: of the new weights.

    Raises:
        ValueError: there are not so many, or one cannot be drawn anew.
    """
    copy = deepcopy(model)
    learned = [m for m in copy if any(True for _ in m.parameters())]
    if not 0 <= layers <= len(learned):
        raise ValueError(
            f"randomized: `layers` must lie in 0..{len(learned)}, because so "
            f"many have parameters; got {layers}"
        )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for module in learned[len(learned) - layers :]:
            if not hasattr(module, "reset_parameters"):
                raise ValueError(
                    "randomized: `model` must have layers in one row that can "
                    "draw their parameters, by `reset_parameters`; got a "
                    f"{type(module).__name__}"
                )
            module.reset_parameters()
    return copy
