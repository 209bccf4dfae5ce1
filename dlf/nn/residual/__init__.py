"""Residual blocks and deep nets as a PyTorch user writes them."""
