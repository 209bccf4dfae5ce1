"""The nets whose steps are timed, one at a time: torch's own layers."""

from torch import nn


def mlp() -> nn.Sequential:
    """Make the MLP 784-128-128-10."""
    return nn.Sequential(
        nn.Linear(784, 128),
        nn.ReLU(),
        nn.Linear(128, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )


def cnn() -> nn.Sequential:
    """Make the CNN-4 of 28 x 28 images: a stem, pooling, four convolutions.

    Its layers are those of `convolutional_nets.Cnn`.
    """
    body = [
        layer
        for _ in range(4)
        for layer in (nn.Conv2d(16, 16, 3, padding=1), nn.ReLU())
    ]
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        *body,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(16, 10),
    )
