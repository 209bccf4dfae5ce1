"""Attention and transformers in NumPy, value and pullback."""
