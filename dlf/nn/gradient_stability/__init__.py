"""Clipping in place, and deep and recurrent nets whose gradients fail."""
