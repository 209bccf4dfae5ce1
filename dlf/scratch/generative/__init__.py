"""Autoencoders, adversarial losses, diffusion, flows, and a distance."""
