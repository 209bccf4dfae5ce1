"""The square as a PyTorch user writes it. (Replace this.)"""

from jaxtyping import Float
from torch import Tensor


def square(x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B D"]:
    """Multiply each element by itself (SLUG.1)."""
    return x * x
