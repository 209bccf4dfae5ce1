"""The derivations and errata of the chapter on generative models."""

from dlf.derive.generative.adversarial import (
    dirac_eigenvalues,
    generator_gradients,
    optimal_discriminator,
    unit_gradient,
)
from dlf.derive.generative.autoencoders import denoiser, principal_components
from dlf.derive.generative.diffusion import (
    diffusion_loss,
    forward_jump,
    posterior,
    step_with_noise,
)
from dlf.derive.generative.errata import E75, E76
from dlf.derive.generative.flows import change_of_variables, conditional_flow
from dlf.derive.generative.variational import (
    collapse,
    evidence_bound,
    gaussian_kl,
)

__all__ = [
    "E75",
    "E76",
    "change_of_variables",
    "collapse",
    "conditional_flow",
    "denoiser",
    "diffusion_loss",
    "dirac_eigenvalues",
    "evidence_bound",
    "forward_jump",
    "gaussian_kl",
    "generator_gradients",
    "optimal_discriminator",
    "posterior",
    "principal_components",
    "step_with_noise",
    "unit_gradient",
]
