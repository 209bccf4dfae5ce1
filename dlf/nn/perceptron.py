"""The perceptron rule as PyTorch users would write it: a loss for SGD."""

from jaxtyping import Float, Int
from torch import Tensor


def perceptron_loss(
    z: Float[Tensor, " N"], y: Int[Tensor, " N"]
) -> Float[Tensor, ""]:
    """Compute the perceptron loss, mean (y^ - y) z (perceptron.8).

    Args:
        z: weighted sums; a sum of 0 fires.
        y: labels 0 or 1.
    """
    return (((z >= 0).long() - y) * z).mean()
