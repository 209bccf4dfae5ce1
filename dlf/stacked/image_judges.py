"""How images that nets generate are told from real ones, and how far apart.

A classifier is trained to tell them, and is scored on others; the distance is
the mean of Wasserstein distances along random directions. Source: Lopez-Paz &
Oquab (2017), section 3, for the test; Rabin et al. (2012), section 3, for the
distance.
"""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from dlf.stacked import training
from dlf.stacked.adversarial_nets import BETAS
from dlf.stacked.nets import Mlp

PIXELS, TRAIN, HELD, FRESH = 14 * 14, 5_000, 3_000, 1_000
DIRECTIONS = 256  # of the sliced distance


def told_apart(
    real: Float[Tensor, "K N D"],
    made: Float[Tensor, "K N D"],
    seeds: Sequence[int],
    copies: int,
    steps: int = 400,
) -> np.ndarray:
    """Train a classifier to tell images apart; give its accuracy on others.

    Args:
        real: images that no generator was trained on.
        made: as many others.
        seeds: of the classifiers, one for each of ``copies`` rates.
        copies: how many rates there are.
        steps: of Adam at 0.001, batches of 128 of each kind.
    """
    cut = real.shape[1] - FRESH
    net = Mlp([PIXELS, 128, 1], seeds, copies, "relu", dtype=real.dtype)
    params = list(net.parameters())
    rates = torch.full((len(real),), 0.001, dtype=real.dtype)
    update = training.adam(params, rates, *BETAS)
    draw = torch.Generator().manual_seed(5)
    for _ in range(steps):
        rows = torch.randint(cut, (2, 128), generator=draw)
        x = torch.cat([real[:, rows[0]], made[:, rows[1]]], 1)
        z = net(x)[..., 0]
        loss = F.softplus(-z[:, :128]) + F.softplus(z[:, 128:])
        update(torch.autograd.grad(loss.mean(1).sum(), params))
    with torch.no_grad():
        right = (net(real[:, cut:]) > 0).double() + (net(made[:, cut:]) <= 0)
    return right.mean((1, 2)).numpy() / 2


def sliced(
    real: Float[Tensor, "K N D"], made: Float[Tensor, "K N D"]
) -> Float[np.ndarray, " K"]:
    """Average the Wasserstein distances of projections to random directions.

    Args:
        real: images that no generator was trained on.
        made: as many others.
    """
    draw = torch.Generator().manual_seed(3)
    u = torch.randn(PIXELS, DIRECTIONS, generator=draw, dtype=torch.float64)
    u = (u / u.norm(dim=0)).to(real.dtype)
    gaps = [
        ((a @ u).sort(0).values - (b @ u).sort(0).values).abs().mean()
        for a, b in zip(real, made, strict=True)
    ]
    return torch.stack(gaps).double().numpy()


def judged(
    real: Float[Tensor, "K N D"],
    made: Float[Tensor, "K N D"],
    known: Float[Tensor, "K M D"],
    seeds: Sequence[int],
) -> dict[str, np.ndarray]:
    """Have images told from real ones, and look whether they are copies.

    Args:
        real: images that no generator was trained on.
        made: as many that were generated.
        known: training images, more than of the others.
        seeds: of the classifiers, for each rate the same.

    Returns:
        ``told``, the classifier's accuracy; ``floor``, its accuracy on training
        images in place of generated ones; ``copied``, the median distance to
        the nearest training image over that of real images.
    """
    copies = len(real) // len(seeds)
    near = [
        torch.cdist(a[:FRESH], b).amin(1).median()
        / torch.cdist(c[:FRESH], b).amin(1).median()
        for a, b, c in zip(made, known, real, strict=True)
    ]
    return {
        "told": told_apart(real, made, seeds, copies),
        "floor": told_apart(real, known[:, : made.shape[1]], seeds, copies),
        "copied": torch.stack(near).double().numpy(),
    }
