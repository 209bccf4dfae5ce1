"""A variational autoencoder in PyTorch, and a plain or denoising one.

`gaussian_kl` is (generative.6) and `negative_elbo` (generative.5), summed over
features and averaged over examples, as in `dlf.scratch.generative.variational`.
Source: Kingma & Welling (2014), appendix B; Vincent et al. (2008), section 2.3.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dlf.nn.shapes import sizes

Codes = Float[Tensor, "N K"]
Examples = Float[Tensor, "N D"]


def perceptron(inputs: int, width: int, outputs: int) -> nn.Sequential:
    """Make a perceptron of two hidden layers, the net of all models here.

    Args:
        inputs: features.
        width: of the hidden layers.
        outputs: numbers that come out.
    """
    return nn.Sequential(
        nn.Linear(inputs, width),
        nn.ReLU(),
        nn.Linear(width, width),
        nn.ReLU(),
        nn.Linear(width, outputs),
    )


def gaussian_kl(mean: Codes, log_var: Codes) -> Float[Tensor, ""]:
    """Kullback-Leibler divergence of Gaussians from N(0, 1) (generative.6).

    Args:
        mean: of each code, one row an example.
        log_var: logarithm of its variance.
    """
    sizes(gaussian_kl, mean, log_var)
    return (mean**2 + log_var.exp() - 1 - log_var).sum(1).mean() / 2


def reparametrize(mean: Codes, log_var: Codes, noise: Codes) -> Codes:
    """Draw from a Gaussian so that gradients reach it (generative.7).

    Args:
        mean: of each code.
        log_var: logarithm of its variance.
        noise: standard normal numbers.
    """
    sizes(reparametrize, mean, log_var, noise)
    return mean + (log_var / 2).exp() * noise


def negative_elbo(
    decoded: Examples,
    mean: Codes,
    log_var: Codes,
    x: Examples,
    scale: float = 1.0,
) -> Float[Tensor, ""]:
    """Negative evidence lower bound, Gaussian decoder (generative.5).

    Args:
        decoded: mean of the decoder for a drawn code.
        mean: of each code.
        log_var: logarithm of its variance.
        x: the examples.
        scale: standard deviation of the decoder.
    """
    sizes(negative_elbo, decoded, mean, log_var, x)
    rest = ((decoded - x) / scale).square().sum(1).mean() / 2
    constant = math.log(scale) + math.log(2 * math.pi) / 2
    return rest + x.shape[1] * constant + gaussian_kl(mean, log_var)


class VAE(nn.Module):
    """Variational autoencoder of vectors, both nets perceptrons.

    Args:
        inputs: features of an example.
        width: of the hidden layers.
        codes: numbers that an example is encoded by.
        scale: standard deviation of the decoder.
    """

    def __init__(
        self, inputs: int, width: int, codes: int, scale: float = 1.0
    ) -> None:
        super().__init__()
        self.encoder = perceptron(inputs, width, 2 * codes)
        self.decoder = perceptron(codes, width, inputs)
        self.codes, self.scale = codes, scale

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode, draw, decode; return what was decoded, mean and log_var.

        Args:
            x: examples, one a row.
        """
        mean, log_var = self.encoder(x).chunk(2, dim=1)
        z = reparametrize(mean, log_var, torch.randn_like(mean))
        return self.decoder(z), mean, log_var

    def loss(self, x: Tensor) -> Tensor:
        """Give the negative ELBO of a batch, one draw an example.

        Args:
            x: examples.
        """
        return negative_elbo(*self(x), x, self.scale)

    @torch.no_grad()
    def sample(self, count: int) -> Tensor:
        """Draw codes from the prior, decode them, add the decoder's noise.

        Args:
            count: how many.
        """
        like = next(self.parameters())
        x = self.decoder(torch.randn(count, self.codes, dtype=like.dtype))
        return x + self.scale * torch.randn_like(x)


class Autoencoder(nn.Module):
    """Autoencoder; with noise on its input a denoising one.

    Args:
        inputs: features of an example.
        width: of the hidden layers.
        codes: numbers that an example is encoded by.
        noise: standard deviation of what is added to the input in training.
    """

    def __init__(
        self, inputs: int, width: int, codes: int, noise: float = 0.0
    ) -> None:
        super().__init__()
        self.encoder = perceptron(inputs, width, codes)
        self.decoder = perceptron(codes, width, inputs)
        self.noise = noise

    def forward(self, x: Tensor) -> Tensor:
        """Reconstruct.

        Args:
            x: examples, one a row.
        """
        return self.decoder(self.encoder(x))

    def loss(self, x: Tensor) -> Tensor:
        """Give the squared error to the clean examples.

        Args:
            x: examples.
        """
        noisy = x + self.noise * torch.randn_like(x)
        return (self(noisy) - x).square().sum(1).mean()
