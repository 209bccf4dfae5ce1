"""Many nets side by side: all seeds and rates of an arm as one computation.

    h_k = f(h_k W_k + b_k)   for nets k = 1..K in one baddbmm        (stacked.1)

Net k = s R + r has setting s and seed r. What a seed draws (weights, batches)
is the same for all settings and arms, so that differences are paired.
Inputs to nets are K B D for an `Mlp` and K B 1 H W for a `Cnn`.
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
    """Give an activation by name: torch's, or one of `ACTIVATIONS`."""
    return ACTIVATIONS.get(name) or getattr(F, name)


def gain(name: str) -> float:
    """Give an activation's usual gain: He's √2 unless `GAINS` has another."""
    return GAINS.get(name, math.sqrt(2))


def normal(
    seeds: Sequence[int], copies: int, shape: Sequence[int], salt: int
) -> Float[Tensor, "K ..."]:
    """Draw standard normals, per seed alike for every copy and every arm."""
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
        """Add weights of this shape a net, and a bias a feature (last axis)."""
        w = normal(self.seeds, self.copies, shape, len(self.weights))
        w *= gain / math.sqrt(fan_in)
        b = torch.full((self.K, 1, shape[-1]), bias, dtype=self.dtype)
        self.weights.append(nn.Parameter(w.to(self.dtype)))
        self.biases.append(nn.Parameter(b))

    def activated(self, width: int) -> None:
        """Add what an activation of this width learns, and its norm."""
        if self.learned:
            a = torch.full((self.K, 1, width), 0.25, dtype=self.dtype)
            self.slopes.append(nn.Parameter(a))
        if self.normed:
            self.norms.append(Norm(self.K, width, self.dtype))

    def activate(self, i: int, h: Tensor) -> Tensor:
        """Apply norm and activation number i."""
        if self.normed:
            h = self.norms[i](h)
        if self.learned:
            return F.relu(h) - self.slopes[i] * F.relu(-h)
        return self.f(h)


def gain_of(activation: str | Activation) -> float:
    """Give the usual gain of a name; a function's must be stated."""
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
        """Give logits; keep pre-activations and activations where asked."""
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


class Cnn(Stack):
    """K small convolutional nets, as one grouped convolution a layer.

    A 3x3 stem of stride 2, 2x2 max pooling, ``depth`` 3x3 convolutions on the
    small maps, mean over positions, linear.

    Args:
        depth: convolutions after the stem.
        seeds, copies, activation, options: see `Stack`.
        channels: of every convolution.
        classes: outputs.
        pool: take the maximum after the stem (leave it out on 8x8 images).
    """

    def __init__(
        self,
        depth: int,
        seeds: Sequence[int],
        copies: int,
        activation: str | Activation,
        *,
        channels: int = 16,
        classes: int = 10,
        pool: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(seeds, copies, activation, **options)
        self.pool = pool
        C, shrink = channels, math.sqrt(depth) if self.residual else 1.0
        self.layer((1, 3, 3, C), 9, self.gain, self.bias)
        self.activated(C)
        for _ in range(depth):
            self.layer((C, 3, 3, C), 9 * C, self.gain / shrink, self.bias)
            self.activated(C)
        self.layer((C, classes), C, 1.0, 0.0)

    def forward(
        self,
        x: Float[Tensor, "K B 1 H W"],
        before: list[Tensor] | None = None,
        after: list[Tensor] | None = None,
    ) -> Float[Tensor, "K B C"]:
        """Give logits; keep maps, as B KC H W, where asked."""
        K, B = x.shape[:2]
        h = x.transpose(0, 1).flatten(1, 2)
        for i, w in enumerate(self.weights[:-1]):
            kernel = w.permute(0, 4, 1, 2, 3).flatten(0, 1)
            stride = 1 if i else 2
            b = self.biases[i].flatten()
            z = F.conv2d(h, kernel, b, stride, padding=1, groups=K)
            a = self.maps(i, z)
            if before is not None:
                before.append(z)
            if after is not None:
                after.append(a)
            if self.residual and i:
                a = h + a
            h = F.max_pool2d(a, 2) if self.pool and not i else a
        h = h.mean((2, 3)).view(B, K, -1).transpose(0, 1)
        return torch.baddbmm(self.biases[-1], h, self.weights[-1])

    def maps(self, i: int, z: Float[Tensor, "B KC H W"]) -> Tensor:
        """Apply norm and activation to maps; both act on each channel."""
        if self.normed:
            n = self.norms[i]
            z = F.batch_norm(
                z,
                n.mean.flatten(),  # pyright: ignore[reportCallIssue]
                n.var.flatten(),  # pyright: ignore[reportCallIssue]
                n.weight.flatten(),  # pyright: ignore[reportCallIssue]
                n.bias.flatten(),  # pyright: ignore[reportCallIssue]
                self.training,
            )
        if self.learned:
            return F.prelu(z, self.slopes[i].flatten())
        return self.f(z)
