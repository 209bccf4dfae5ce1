"""Convolution, its transpose, pooling and receptive fields."""
