"""Many nets side by side: all seeds and rates of an arm as one computation.

    h_k = f(h_k W_k + b_k)   for nets k = 1..K in one baddbmm        (stacked.1)

Net k = s R + r has setting s and seed r. What a seed draws (weights, batches)
is the same for all settings and arms, so that differences are paired.
Inputs to nets are K B D for an `Mlp` and K B 1 H W for a `Cnn`, which stands in
`dlf.stacked.convolutional_nets`.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

Activation = Callable[[Tensor], Tensor]
GAINS = {"tanh": 5 / 3, "sigmoid": 1.0, "hardsigmoid": 1.0, "selu": 1.0}
ACTIVATIONS: dict[str, Activation] = {
    "swish": F.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky_relu_0.2": lambda x: F.leaky_relu(x, 0.2),
}


def activation_function(name: str) -> Activation:
    """Give an activation by name: torch's, or one of `ACTIVATIONS`.

    Args:
        name: a key of `ACTIVATIONS`, or a function of `torch.nn.functional`.
    """
    return ACTIVATIONS.get(name) or getattr(F, name)


def gain(name: str) -> float:
    """Give an activation's usual gain: He's √2 unless `GAINS` has another.

    Args:
        name: of an activation.
    """
    return GAINS.get(name, math.sqrt(2))


def normal(
    seeds: Sequence[int], copies: int, shape: Sequence[int], salt: int
) -> Float[Tensor, "K ..."]:
    """Draw standard normals, per seed alike for every copy and every arm.

    Args:
        seeds: one draw each.
        copies: how often the draws are repeated, one a setting.
        shape: of one net's draw.
        salt: 0..999, another for each tensor of a net.
    """
    draws = [
        torch.randn(
            *shape,
            generator=torch.Generator().manual_seed(1_000 * seed + salt),
            dtype=torch.float64,
        )
        for seed in seeds
    ]
    return torch.stack(draws).repeat(copies, *(1 for _ in shape))


class Norm(nn.Module):
    """Batch normalization of K nets' features over the batch, axis 1."""

    def __init__(self, K: int, width: int, dtype: torch.dtype) -> None:
        super().__init__()
        ones = torch.ones(K, 1, width, dtype=dtype)
        self.weight = nn.Parameter(ones.clone())
        self.bias = nn.Parameter(0 * ones)
        self.register_buffer("mean", 0 * ones)
        self.register_buffer("var", ones.clone())

    def forward(self, x: Float[Tensor, "K B D"]) -> Float[Tensor, "K B D"]:
        """Normalize; in training, by the batch's mean and variance.

        Args:
            x: features of B examples for each net.
        """
        mean, var = self.mean, self.var
        if self.training:
            var, mean = torch.var_mean(x, 1, correction=0, keepdim=True)
            B = x.shape[1]
            with torch.no_grad():
                self.mean.lerp_(mean, 0.1)  # pyright: ignore[reportCallIssue]
                self.var.lerp_(var * (B / (B - 1)), 0.1)  # pyright: ignore[reportCallIssue]
        scale = self.weight * torch.rsqrt(var + 1e-5)  # pyright: ignore[reportOperatorIssue]
        return x * scale + (self.bias - mean * scale)  # pyright: ignore[reportOperatorIssue]


class Stack(nn.Module):
    """What an `Mlp` and a `Cnn` have: activations, gain, norm, skips.

    Args:
        seeds: one net a seed …
        copies: … and a copy of it for every setting.
        activation: a name for `activation_function`, ``prelu`` (a slope a
            feature, learned, from 0.25), or a function.
        norm: batch normalization before each activation.
        residual: add each equally wide layer's input to its output; those
            layers start smaller by the root of their number.
        gain: of the initial weights; the activation's usual one if None.
        bias: initial bias.
    """

    def __init__(
        self,
        seeds: Sequence[int],
        copies: int,
        activation: str | Activation,
        *,
        norm: bool = False,
        residual: bool = False,
        gain: float | None = None,
        bias: float = 0.0,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.seeds, self.copies, self.dtype = tuple(seeds), copies, dtype
        self.K = len(self.seeds) * copies
        self.residual, self.bias = residual, bias
        self.gain = gain if gain is not None else gain_of(activation)
        self.learned = activation == "prelu"
        self.f = (
            activation_function(activation)
            if isinstance(activation, str)
            else activation
        )
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        self.slopes, self.norms = nn.ParameterList(), nn.ModuleList()
        self.normed = norm

    def layer(
        self, shape: Sequence[int], fan_in: int, gain: float, bias: float
    ) -> None:
        """Add weights of this shape a net, and a bias a feature (last axis).

        Args:
            shape: of one net's weights, the new features last.
            fan_in: inputs of each new feature.
            gain: the weights' standard deviation times √fan_in.
            bias: its initial value.
        """
        w = normal(self.seeds, self.copies, shape, len(self.weights))
        w *= gain / math.sqrt(fan_in)
        b = torch.full((self.K, 1, shape[-1]), bias, dtype=self.dtype)
        self.weights.append(nn.Parameter(w.to(self.dtype)))
        self.biases.append(nn.Parameter(b))

    def activated(self, width: int) -> None:
        """Add what an activation of this width learns, and its norm.

        Args:
            width: features that the activation acts on.
        """
        if self.learned:
            a = torch.full((self.K, 1, width), 0.25, dtype=self.dtype)
            self.slopes.append(nn.Parameter(a))
        if self.normed:
            self.norms.append(Norm(self.K, width, self.dtype))

    def activate(self, i: int, h: Tensor) -> Tensor:
        """Apply norm and activation number i.

        Args:
            i: counts the hidden layers, from 0.
            h: pre-activations, K B D.
        """
        if self.normed:
            h = self.norms[i](h)
        if self.learned:
            return F.relu(h) - self.slopes[i] * F.relu(-h)
        return self.f(h)


def gain_of(activation: str | Activation) -> float:
    """Give the usual gain of a name; a function's must be stated.

    Args:
        activation: a name, or a function, which is refused.
    """
    if not isinstance(activation, str):
        raise ValueError("Stack: `gain` must be given for a function")
    return gain(activation)


class Mlp(Stack):
    """K multilayer perceptrons (stacked.1).

    Args:
        widths: inputs, hidden layers, outputs.
        seeds, copies, activation, options: see `Stack`.
    """

    def __init__(
        self,
        widths: Sequence[int],
        seeds: Sequence[int],
        copies: int,
        activation: str | Activation,
        **options: Any,
    ) -> None:
        super().__init__(seeds, copies, activation, **options)
        hidden = len(widths) - 2
        for i, (n, m) in enumerate(pairwise(widths)):
            last = i == hidden
            skips = self.residual and n == m and not last
            shrink = math.sqrt(hidden - 1) if skips else 1.0
            g = 1.0 if last else self.gain / shrink
            self.layer((n, m), n, g, 0.0 if last else self.bias)
            if not last:
                self.activated(m)

    def forward(
        self,
        x: Float[Tensor, "K B ..."],
        before: list[Tensor] | None = None,
        after: list[Tensor] | None = None,
    ) -> Float[Tensor, "K B C"]:
        """Give logits; keep pre-activations and activations where asked.

        Args:
            x: inputs of each net, flattened after the batch.
            before: filled with the pre-activations of each hidden layer, K B D.
            after: filled with its activations.
        """
        h = x.flatten(2)
        for i, w in enumerate(self.weights[:-1]):
            z = torch.baddbmm(self.biases[i], h, w)
            a = self.activate(i, z)
            if before is not None:
                before.append(z)
            if after is not None:
                after.append(a)
            h = h + a if self.residual and h.shape == a.shape else a
        return torch.baddbmm(self.biases[-1], h, self.weights[-1])
