"""A diagonal state-space layer that is trained as a convolution.

Source: Gu, Goel & Ré (2022); Gu, Goel, Gupta & Ré (2022), the diagonal with
real rates, and zero-order hold.
"""

import torch
from torch import Tensor, nn


def kernel(a: Tensor, b: Tensor, c: Tensor, steps: int) -> Tensor:
    """Give the response to a single 1, step by step: T D.

    Args:
        a: how much of each state is kept, D N.
        b: weights from a feature to its states.
        c: weights from the states to the output.
        steps: T.
    """
    counts = torch.arange(steps, dtype=a.dtype)[:, None, None]
    return (a**counts * (b * c)).sum(-1)


def state_space(x: Tensor, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """Apply a diagonal state-space model as a causal convolution.

    Args:
        x: sequences, B T D.
        a: how much of each state is kept, D N.
        b: weights from a feature to its states.
        c: weights from the states to the output.
    """
    T = x.shape[1]
    k = kernel(a, b, c, T)
    size = 2 * T
    product = torch.fft.rfft(k, size, 0) * torch.fft.rfft(x, size, 1)
    return torch.fft.irfft(product, size, 1)[:, :T]


class StateSpace(nn.Module):
    """Features with N decaying states each, mixed by a linear layer and GELU.

    Args:
        width: features.
        states: of each feature.
        steps: longest time that a state starts out to remember.
    """

    def __init__(self, width: int, states: int = 8, steps: int = 100) -> None:
        super().__init__()
        spread = torch.logspace(0, -torch.tensor(float(steps)).log10(), states)
        self.log_rate = nn.Parameter(spread.log().repeat(width, 1))
        self.b = nn.Parameter(torch.ones(width, states))
        self.c = nn.Parameter(torch.randn(width, states) / states**0.5)
        self.skip = nn.Parameter(torch.ones(width))
        self.mix = nn.Linear(width, width)

    def discrete(self) -> tuple[Tensor, Tensor]:
        """Give a and b of steps of length 1, by zero-order hold."""
        rate = -self.log_rate.exp()
        return rate.exp(), torch.expm1(rate) / rate * self.b

    def forward(self, x: Tensor) -> Tensor:
        """Filter over time, then mix the features of each step.

        Args:
            x: sequences, B T D.
        """
        y = state_space(x, *self.discrete(), self.c) + self.skip * x
        return x + self.mix(nn.functional.gelu(y))


class StateSpaceNet(nn.Module):
    """Features of each step, two state-space layers, one number at the end.

    Args:
        inputs: features of a step.
        width: of the layers.
        seed: of the weights.
    """

    def __init__(self, inputs: int, width: int, seed: int = 0) -> None:
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.first = nn.Linear(inputs, width)
            self.layers = nn.ModuleList(StateSpace(width) for _ in range(2))
            self.output = nn.Linear(width, 1)
        self.double()

    def forward(self, x: Tensor) -> Tensor:
        """Give one number a sequence.

        Args:
            x: sequences, B T D.
        """
        h = nn.functional.gelu(self.first(x))
        for layer in self.layers:
            h = layer(h)
        return self.output(h[:, -1])[:, 0]

    @torch.no_grad()
    def kernels(self, steps: int) -> Tensor:
        """Give the taps of the first layer's filters, a column a feature.

        Args:
            steps: how many taps.
        """
        layer = self.layers[0]
        return kernel(*layer.discrete(), layer.c, steps)
