"""Activation functions that torch lacks, and some as torch has them.

    swish(x)         = x sigmoid(beta x)                       (activations.13)
    mish(x)          = x tanh(softplus(x))                     (activations.16)
    glu(value, gate) = value f(gate)                           (activations.21)

For the rest use torch.nn.functional: tanh, relu, prelu, elu, selu, gelu, silu.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dlf.nn.shapes import sizes

Values = Float[Tensor, "*B"]


def softplus(x: Values) -> Values:
    """Apply softplus, log(1 + e^x), accurate to the last digit.

    `F.softplus` returns x itself above its threshold of 20, where the error
    is 2e-9: within float32's rounding, but not within float64's.

    Args:
        x: any numbers.
    """
    return torch.logaddexp(x, torch.zeros_like(x))


def squared_relu(x: Values) -> Values:
    """Apply squared ReLU, max(x, 0)².

    Args:
        x: any numbers.
    """
    return F.relu(x).square()


def swish(x: Values, beta: float | Tensor = 1.0) -> Values:
    """Apply Swish: x times sigmoid(beta x) (activations.13); `F.silu` at 1.

    Args:
        x: any numbers.
        beta: steepness of the sigmoid.
    """
    return x * torch.sigmoid(beta * x)


class Swish(nn.Module):
    """Apply Swish with a learned beta, one for the layer.

    Args:
        beta: where it starts; 0 is linear, a large one is ReLU.
    """

    def __init__(self, beta: float = 1.0) -> None:
        super().__init__()
        self.beta = nn.Parameter(torch.tensor(beta))

    def forward(self, x: Values) -> Values:
        """Apply Swish with the beta learned so far.

        Args:
            x: pre-activations, of any shape.
        """
        return swish(x, self.beta)


def mish(x: Values) -> Values:
    """Apply Mish: x times the tanh of its softplus (activations.16).

    Args:
        x: any numbers.
    """
    return x * torch.tanh(softplus(x))


def glu(
    value: Values,
    gate: Values,
    f: Callable[[Tensor], Tensor] = torch.sigmoid,
) -> Values:
    """Apply a gated linear unit: value times activated gate (activations.21).

    `F.glu` is this with both halves in one tensor, the gate second.

    Args:
        value: what is let through.
        gate: what decides how much.
        f: activation of the gate.
    """
    sizes(glu, value, gate)
    return value * f(gate)


def geglu(value: Values, gate: Values) -> Values:
    """Gate by GELU.

    Args:
        value: what is let through.
        gate: what decides how much.
    """
    return glu(value, gate, F.gelu)


def swiglu(value: Values, gate: Values) -> Values:
    """Gate by Swish.

    Args:
        value: what is let through.
        gate: what decides how much.
    """
    return glu(value, gate, F.silu)


class GatedMLP(nn.Module):
    """The feed-forward block of a present-day transformer.

    Three matrices instead of two: at ``hidden = 8 dim / 3`` it has as many
    weights as the plain block with its customary 4 dim.

    Args:
        dim: features in and out.
        hidden: gated features between.
        f: activation of the gate; `F.silu` makes it SwiGLU.

    Source: Shazeer (2020), equation 6.
    """

    def __init__(
        self, dim: int, hidden: int, f: Callable[[Tensor], Tensor] = F.silu
    ) -> None:
        super().__init__()
        self.gate = nn.Linear(dim, hidden, bias=False)
        self.value = nn.Linear(dim, hidden, bias=False)
        self.out = nn.Linear(hidden, dim, bias=False)
        self.f = f

    def forward(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B D"]:
        """Map to the hidden width, gate, and map back.

        Args:
            x: D features of each example.
        """
        return self.out(glu(self.value(x), self.gate(x), self.f))


def maxout(x: Float[Tensor, "*B F"], pieces: int) -> Float[Tensor, "*B C"]:
    """Keep the largest of each group of neighboring features.

    Args:
        x: features last.
        pieces: features a group, which must divide their number.
    """
    return x.unflatten(-1, (-1, pieces)).max(dim=-1).values


def sparsemax(x: Float[Tensor, "*B C"]) -> Float[Tensor, "*B C"]:
    """Apply sparsemax: project rows onto the simplex, some entries to 0.

    Args:
        x: scores, features last.
    """
    x = x - x.detach().amax(dim=-1, keepdim=True)
    falling = x.sort(dim=-1, descending=True).values
    k = torch.arange(1, x.shape[-1] + 1, dtype=x.dtype, device=x.device)
    excess = falling.cumsum(dim=-1) - 1
    K = (k * falling > excess).sum(dim=-1, keepdim=True)
    K = K.clamp(min=1)  # only NaN leaves none; it propagates
    return torch.relu(x - excess.gather(-1, K - 1) / K)
