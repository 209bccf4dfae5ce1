"""Residual blocks, their relatives, and nets built from them."""
