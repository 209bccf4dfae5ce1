"""Attention and transformers as one would write them in PyTorch."""
