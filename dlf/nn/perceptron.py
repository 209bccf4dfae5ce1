"""The perceptron rule as PyTorch users would write it: a loss for SGD."""

from jaxtyping import Float, Int
from torch import Tensor


def perceptron_loss(
    z: Float[Tensor, " N"], y: Int[Tensor, " N"]
) -> Float[Tensor, ""]:
    """Average (y^ - y) z, whose slope in z is y^ - y (perceptron.8).

    Args:
        z: weighted sums; a sum of 0 fires.
        y: labels 0 or 1.
    """
    return (((z >= 0).long() - y) * z).mean()
