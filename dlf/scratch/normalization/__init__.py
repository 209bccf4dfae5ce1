"""Normalization: layers that give every next layer inputs of one size."""
