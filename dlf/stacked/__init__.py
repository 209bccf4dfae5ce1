"""Nets trained side by side as one batched product, for many claims."""
