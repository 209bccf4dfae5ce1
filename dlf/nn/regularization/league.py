"""A league of regularizers on few digits, of which some labels are wrong.

K nets 64-64-10 are trained side by side as one batched product, each with its
own examples, initial weights and strength. In each step every regularizer does
its part at its own place: inputs, activations, targets, weights, or the end.

Source: the papers that `dlf.scratch.regularization` names; here for stacked
nets.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

EXAMPLES, STEPS, BATCH, RATE, HIDDEN = 200, 250, 32, 5e-3, 64
INK = 0.3  # what is subtracted from the pixels, about their mean
#: three strengths for each regularizer
ARMS: dict[str, tuple[float, float, float]] = {
    "none": (0.0, 0.0, 0.0),
    "weight decay": (0.5, 1.0, 2.0),
    "L1, proximal": (0.03, 0.1, 0.3),
    "max-norm": (0.5, 1.0, 1.5),
    "early stopping": (30.0, 60.0, 120.0),
    "dropout": (0.2, 0.5, 0.8),
    "input noise": (0.2, 0.4, 0.8),
    "shifts": (0.3, 0.6, 0.9),
    "label smoothing": (0.1, 0.3, 0.6),
    "mixup": (0.3, 1.0, 3.0),
}


def mislabel(data: Any, wrong: float = 0.2) -> dict[str, tuple[Tensor, Tensor]]:
    """Give the digits' parts, with wrong labels in all but the test set.

    Args:
        data: from `dlf.data.digits.load`.
        wrong: the part of the labels that is drawn anew.
    """
    parts = {}
    for number, part in enumerate(("train", "validation", "test")):
        given = getattr(data, part)
        y, rng = given.y.copy(), np.random.default_rng(number)
        if part != "test":
            chosen = rng.random(len(y)) < wrong
            y[chosen] = rng.integers(0, 10, chosen.sum())
        parts[part] = torch.tensor(given.x[:, 0] - INK), torch.tensor(y)
    return parts


def start(seeds: Sequence[int]) -> list[Tensor]:
    """Draw He's weights for each net.

    Args:
        seeds: one a net.
    """
    params = []
    for inputs, outputs in ((64, HIDDEN), (HIDDEN, 10)):
        drawn = [
            np.random.default_rng([s, inputs + outputs]).normal(
                scale=(2 / inputs) ** 0.5, size=(outputs, inputs)
            )
            for s in seeds
        ]
        bias = torch.zeros(len(seeds), 1, outputs, dtype=torch.float64)
        params += [torch.tensor(np.stack(drawn)), bias]
    return [p.requires_grad_() for p in params]


def logits(
    params: list[Tensor], x: Tensor, factors: Tensor | None = None
) -> Tensor:
    """Run the nets.

    Args:
        params: of K nets.
        x: inputs, K × B × 64.
        factors: of dropout, on the hidden units.
    """
    w, b, v, c = params
    h = torch.relu(torch.baddbmm(b, x, w.mT))
    return torch.baddbmm(c, h if factors is None else h * factors, v.mT)


def shift(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Shift images by up to one pixel.

    Args:
        x: images, their last two axes rows and columns.
        down: by how much, -1, 0 or 1, one an image.
        right: likewise.
    """
    wide = F.pad(x, (1, 1, 1, 1), value=-INK)
    moved = x.clone()
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            here = (down == i) & (right == j)
            cut = wide[here][..., 1 - i : 9 - i, 1 - j : 9 - j]
            moved[here] = cut
    return moved


def inputs(
    arm: str, x: Tensor, y: Tensor, s: Tensor, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Do a regularizer's part on inputs, targets and activations.

    Args:
        arm: its name.
        x: images, K × B × 8 × 8.
        y: their labels.
        s: strengths, K × 1 × 1.
        rng: source of the draws.
    """
    K, B = y.shape
    target, factors = F.one_hot(y, 10).double(), None
    if arm == "shifts":
        chosen = rng.random((K, B)) < s[:, 0].numpy()
        ways = rng.integers(-1, 2, (2, K, B)) * chosen
        x = shift(x, *torch.tensor(ways))
    x = x.flatten(2)
    if arm == "input noise":
        x = x + s * torch.tensor(rng.normal(size=x.shape))
    if arm == "mixup":
        a = s[:, 0, 0].numpy()
        part = torch.tensor(rng.beta(a, a)).reshape(K, 1, 1)
        order = torch.tensor(rng.permutation(B))
        x = part * x + (1 - part) * x[:, order]
        target = part * target + (1 - part) * target[:, order]
    if arm == "label smoothing":
        target = (1 - s) * target + s / 10
    if arm == "dropout":
        kept = torch.tensor(rng.random((K, B, HIDDEN))) >= s
        factors = kept / (1 - s)
    return x, target, factors


def weights(arm: str, w: Tensor, before: Tensor, s: Tensor) -> Tensor:
    """Do a regularizer's part on a matrix of weights, after the step.

    Args:
        arm: its name.
        w: the new weights.
        before: the weights before the step.
        s: strengths.
    """
    if arm == "weight decay":
        return w - RATE * s * before
    if arm == "L1, proximal":
        return torch.sign(w) * torch.relu(w.abs() - RATE * s)
    if arm == "max-norm":
        return w * torch.clamp(s / w.norm(dim=2, keepdim=True), max=1)
    return w


def train(
    arm: str,
    strengths: Sequence[float],
    seeds: Sequence[int],
    parts: dict[str, tuple[Tensor, Tensor]],
) -> list[Tensor]:
    """Train a net for each strength and seed with Adam.

    Args:
        arm: one of `ARMS`.
        strengths: one a net.
        seeds: one a net, of its examples and weights.
        parts: from `mislabel`.
    """
    rng, (X, Y) = np.random.default_rng(0), parts["train"]
    s = torch.tensor(strengths, dtype=torch.float64).reshape(-1, 1, 1)
    own = np.stack(
        [np.random.default_rng(k).permutation(len(Y))[:EXAMPLES] for k in seeds]
    )
    params = start(seeds)
    optimizer, stopped = torch.optim.Adam(params, lr=RATE), None
    for t in range(STEPS):
        drawn = rng.integers(0, EXAMPLES, (len(seeds), BATCH))
        rows = np.take_along_axis(own, drawn, 1)
        x, target, factors = inputs(arm, X[rows], Y[rows], s, rng)
        z = logits(params, x, factors)
        loss = -(target * F.log_softmax(z, -1)).sum(-1).mean(1).sum()
        optimizer.zero_grad()
        loss.backward()
        before = [p.detach().clone() for p in params]
        optimizer.step()
        with torch.no_grad():
            for n in (0, 2):
                params[n].copy_(weights(arm, params[n], before[n], s))
            if arm == "early stopping":
                stopped = stopped or before
                stopped = [
                    torch.where(s > t, p, q)
                    for p, q in zip(params, stopped, strict=True)
                ]
    return [p.detach() for p in stopped or params]


def predict(params: list[Tensor], x: Tensor) -> Tensor:
    """Give each net's logits on the same images.

    Args:
        params: of K nets.
        x: images.
    """
    K = len(params[0])
    return logits(params, x.flatten(1).expand(K, -1, -1))


def accuracy(params: list[Tensor], part: tuple[Tensor, Tensor]) -> np.ndarray:
    """Give each net's accuracy.

    Args:
        params: of K nets.
        part: images and labels.
    """
    x, y = part
    return (predict(params, x).argmax(-1) == y).double().mean(1).numpy()


def play(
    arm: str, parts: dict[str, tuple[Tensor, Tensor]], seeds: int = 10
) -> tuple[float, list[Tensor]]:
    """Tune a regularizer on three seeds, and train it on fresh ones.

    Args:
        arm: one of `ARMS`.
        parts: from `mislabel`.
        seeds: how many fresh ones.

    Returns:
        The strength that was best on validation, and the nets trained with it.
    """
    tried = ARMS[arm]
    tuned = train(arm, np.repeat(tried, 3).tolist(), [0, 1, 2] * 3, parts)
    scores = accuracy(tuned, parts["validation"]).reshape(3, 3).mean(1)
    best = tried[int(scores.argmax())]
    fresh = range(100, 100 + seeds)
    return best, train(arm, [best] * seeds, fresh, parts)
