"""Regularization as a PyTorch user writes it."""
