"""Variational autoencoders, adversarial nets, diffusion and flows."""
