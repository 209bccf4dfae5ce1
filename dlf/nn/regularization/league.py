"""A league of regularizers on few digits, of which some labels are wrong.

K nets 64-64-10 are trained side by side as one batched product. In each step
every regularizer does its part at its own place: inputs, activations, targets,
weights, or the end.

The rules, written before the fresh seeds were run:

    a seed    shuffles all 1,797 digits into training, validation and test,
              draws 200 of the training part, the wrong labels of training and
              validation, and the initial weights; all methods share it
    tuning    five strengths a method; the best by mean accuracy on validation
              data over `TUNING`. A grid whose best is at an edge goes on past
              it, on these seeds alone, unless the edge is natural: all
              images shifted, or mixed nearly half and half
    scoring   the best strength on `FRESH`, by test data with right labels
    compared  all pairs, seed by seed, intervals widened for 45 (Bonferroni)

Not covered: seeds share the 1,797 digits, and the tuning might vary.
Source: the papers that `dlf.scratch.regularization` names.
"""

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

EXAMPLES, STEPS, BATCH, RATE, HIDDEN = 200, 250, 32, 5e-3, 64
INK = 0.3  # subtracted from the pixels: about their mean
TUNING, FRESH = range(5), range(500, 530)
#: strengths for each regularizer
ARMS: dict[str, tuple[float, ...]] = {
    "none": (0.0,),
    "weight decay": (0.5, 1.0, 2.0, 4.0, 8.0),
    "L1, decoupled": (0.03, 0.1, 0.3, 1.0, 3.0),
    "max-norm": (0.25, 0.5, 1.0, 2.0, 4.0),
    "fewer steps": (15.0, 30.0, 60.0, 120.0, 240.0),
    "dropout": (0.1, 0.3, 0.5, 0.7, 0.9),
    "input noise": (0.1, 0.2, 0.4, 0.8, 1.6),
    "shifts": (0.2, 0.4, 0.6, 0.8, 1.0),
    "label smoothing": (0.1, 0.3, 0.5, 0.7, 0.9),
    "mixup": (0.3, 1.0, 3.0, 10.0, 30.0),
}
Task = dict[str, tuple[Tensor, Tensor]]


def mislabel(data: Any, seed: int = 0, wrong: float = 0.2) -> Task:
    """Give the digits' parts, with wrong labels in all but the test set.

    Args:
        data: from `dlf.data.digits.load`.
        seed: of the labels that are drawn anew.
        wrong: the part drawn anew; a tenth of these comes out right.
    """
    parts = {}
    for number, part in enumerate(("train", "validation", "test")):
        given = getattr(data, part)
        y, rng = given.y.copy(), np.random.default_rng([seed, number])
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
    wide, moved = F.pad(x, (1, 1, 1, 1), value=-INK), x.clone()
    for i, j in product((-1, 0, 1), repeat=2):
        here = (down == i) & (right == j)
        moved[here] = wide[here][..., 1 - i : 9 - i, 1 - j : 9 - j]
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
    if arm == "L1, decoupled":
        return torch.sign(w) * torch.relu(w.abs() - RATE * s)
    if arm == "max-norm":
        return w * torch.clamp(s / w.norm(dim=2, keepdim=True), max=1)
    return w


def train(
    arm: str,
    strengths: Sequence[float],
    seeds: Sequence[int],
    tasks: dict[int, Task],
) -> list[Tensor]:
    """Train a net for each strength and seed with Adam.

    Args:
        arm: one of `ARMS`.
        strengths: one a net.
        seeds: one a net, of its task, examples and weights.
        tasks: from `mislabel`, one a seed.
    """
    rng, K = np.random.default_rng(0), len(seeds)
    s = torch.tensor(strengths, dtype=torch.float64).reshape(-1, 1, 1)
    (X, Y), params = _pool(seeds, tasks), start(seeds)
    optimizer, stopped = torch.optim.Adam(params, lr=RATE), None
    for t in range(STEPS):
        rows = torch.tensor(rng.integers(0, EXAMPLES, (K, BATCH)))
        nets = torch.arange(K)[:, None]
        x, target, factors = inputs(arm, X[nets, rows], Y[nets, rows], s, rng)
        z = logits(params, x, factors)
        loss = -(target * F.log_softmax(z, -1)).sum(-1).mean(1).sum()
        optimizer.zero_grad()
        loss.backward()
        before = [p.detach().clone() for p in params]
        optimizer.step()
        with torch.no_grad():
            for n in (0, 2):
                params[n].copy_(weights(arm, params[n], before[n], s))
            if arm == "fewer steps":
                stopped = stopped or before
                stopped = [
                    torch.where(s > t, p, q)
                    for p, q in zip(params, stopped, strict=True)
                ]
    return [p.detach() for p in stopped or params]


def _pool(
    seeds: Sequence[int], tasks: dict[int, Task]
) -> tuple[Tensor, Tensor]:
    """Draw each seed's examples from the training part of its task."""
    pairs = []
    for k in seeds:
        x, y = tasks[k]["train"]
        chosen = np.random.default_rng(k).permutation(len(y))[:EXAMPLES]
        pairs.append((x[chosen], y[chosen]))
    xs, ys = zip(*pairs, strict=True)
    return torch.stack(xs), torch.stack(ys)


def predict(
    params: list[Tensor],
    seeds: Sequence[int],
    tasks: dict[int, Task],
    part: str = "test",
) -> tuple[Tensor, Tensor]:
    """Give each net's logits on a part of its own task, and the labels.

    Args:
        params: of K nets.
        seeds: one a net.
        tasks: from `mislabel`, one a seed.
        part: ``validation`` or ``test``.
    """
    x, y = (torch.stack([tasks[k][part][n] for k in seeds]) for n in (0, 1))
    return logits(params, x.flatten(2)), y


def accuracy(
    params: list[Tensor],
    seeds: Sequence[int],
    tasks: dict[int, Task],
    part: str = "test",
) -> np.ndarray:
    """Give each net's accuracy, in percent.

    Args:
        params: of K nets.
        seeds: one a net.
        tasks: from `mislabel`, one a seed.
        part: ``validation`` or ``test``.
    """
    z, y = predict(params, seeds, tasks, part)
    return 100 * (z.argmax(-1) == y).double().mean(1).numpy()


def play(arm: str, tasks: dict[int, Task]) -> tuple[float, list[Tensor]]:
    """Tune a regularizer on some seeds, and train it on fresh ones.

    Args:
        arm: one of `ARMS`.
        tasks: from `mislabel`, one for each seed of `TUNING` and `FRESH`.

    Returns:
        The strength that was best on validation, and the nets trained with it.
    """
    tried, best = ARMS[arm], ARMS[arm][0]
    if len(tried) > 1:
        seeds = [*TUNING] * len(tried)
        tuned = train(arm, np.repeat(tried, len(TUNING)).tolist(), seeds, tasks)
        scores = accuracy(tuned, seeds, tasks, "validation")
        best = tried[int(scores.reshape(len(tried), -1).mean(1).argmax())]
    return best, train(arm, [best] * len(FRESH), FRESH, tasks)


def differences(
    scores: dict[str, np.ndarray],
) -> dict[tuple[str, str], tuple[float, float]]:
    """Compare all pairs of methods, seed by seed.

    Args:
        scores: each method's accuracy, one a seed.

    Returns:
        For each pair the mean of first less second, and half the width of its
        95 % interval (Student's, widened for so many pairs).
    """
    from scipy.special import stdtrit  # 0.15 s to import

    pairs, n = [*combinations(scores, 2)], len(next(iter(scores.values())))
    t = stdtrit(n - 1, 1 - 0.025 / len(pairs))
    apart = {(a, b): scores[a] - scores[b] for a, b in pairs}
    return {
        pair: (float(d.mean()), float(t * d.std(ddof=1) / n**0.5))
        for pair, d in apart.items()
    }
