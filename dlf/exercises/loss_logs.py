"""Exercises on losses: what a log says about the loss that was minimized.

Six small nets are trained on ten classes of points, or on a curve. Five of
them have a fault in how the loss is called; one has none, though it looks so.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch
import torch.nn.functional as F

from dlf.exercises.core import Exercise
from dlf.exercises.matching import match

Tensor = torch.Tensor
SHOWN = (0, 10, 40, 160)


def first_losses(classes: int) -> tuple[float, float, float]:
    """Return the loss of a net that does not yet tell one input from another.

    Softmax, a sigmoid for each class at logit 0, and the same at the prior,
    which says "yes" with probability 1/C; the sigmoids are summed.
    """
    no = (classes - 1) * np.log(classes / (classes - 1))
    return (
        float(np.log(classes)),
        float(classes * np.log(2)),
        float(np.log(classes) + no),
    )


def softmax_twice(classes: int) -> float:
    """Cross-entropy of a sure, right answer that is taken for logits."""
    return float(np.log(np.exp(1.0) + classes - 1) - 1)


def logs() -> dict[str, list[float]]:
    """Train the six; return the loss of each at the steps of `SHOWN`."""
    return {
        name: list(run(np.random.default_rng(0)))
        for name, run in zip("ABCDEF", RUNS, strict=True)
    }


def print_logs() -> None:
    """Print a line for each of the six runs."""
    print("step " + "".join(f"{step:9}" for step in SHOWN))
    for name, losses in logs().items():
        print(f"{name}    " + "".join(f"{loss:9.3f}" for loss in losses))


def train(
    net: torch.nn.Module, loss: Callable[[], Tensor], rate: float
) -> Iterator[float]:
    """Step by Adam; give the loss at the steps of `SHOWN`."""
    optimizer = torch.optim.Adam(net.parameters(), rate)
    for step in range(SHOWN[-1] + 1):
        value = loss()
        if step in SHOWN:
            yield value.item()
        optimizer.zero_grad()
        value.backward()
        optimizer.step()


def dense(inputs: int, outputs: int) -> torch.nn.Sequential:
    """Build a net of one hidden layer, from a seed of its own."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return torch.nn.Sequential(
            torch.nn.Linear(inputs, 32),
            torch.nn.Tanh(),
            torch.nn.Linear(32, outputs),
        ).double()


def clusters(rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Draw 200 points around ten centers, far apart."""
    y = np.arange(200) % 10
    x = 2 * rng.normal(size=(10, 5))[y] + 0.3 * rng.normal(size=(200, 5))
    return torch.tensor(x), torch.tensor(y)


def curve(rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Draw 200 points of a wave, standardized, with little noise."""
    x = rng.uniform(-2, 2, (200, 1))
    y = np.sin(2 * x) + 0.05 * rng.normal(size=x.shape)
    return torch.tensor(x), torch.tensor((y - y.mean()) / y.std())


def of_shuffled_labels(rng: np.random.Generator) -> Iterator[float]:
    """Shuffle the labels and not the inputs, anew in every step."""
    x, y = clusters(rng)
    net = dense(5, 10)

    def loss() -> Tensor:
        return F.cross_entropy(net(x), y[rng.permutation(200)])

    return train(net, loss, 0.02)


def of_probabilities(rng: np.random.Generator) -> Iterator[float]:
    """Give cross-entropy a softmax, which it takes for logits."""
    x, y = clusters(rng)
    net = dense(5, 10)
    return train(
        net, lambda: F.cross_entropy(torch.softmax(net(x), -1), y), 0.05
    )


def of_rounded_probabilities(rng: np.random.Generator) -> Iterator[float]:
    """Take the logarithm of a sigmoid, at inputs that nobody scaled."""
    x, _ = clusters(rng)
    net, t = torch.nn.Linear(5, 1).double(), (x[:, :1] > 0).double()
    torch.nn.init.zeros_(net.weight)
    torch.nn.init.zeros_(net.bias)

    def loss() -> Tensor:
        p = torch.sigmoid(net(100 * x))
        return -(t * p.log() + (1 - t) * (1 - p).log()).mean()

    return train(net, loss, 0.03)


def of_all_pairs(rng: np.random.Generator) -> Iterator[float]:
    """Compare a column of predictions with a flat array of targets."""
    x, y = curve(rng)
    net = dense(1, 1)
    flat = y[:, 0]
    return train(net, lambda: ((net(x) - flat) ** 2).mean(), 0.02)


def of_density(rng: np.random.Generator) -> Iterator[float]:
    """Predict mean and log-variance: nothing is wrong with it."""
    x, y = curve(rng)
    net = dense(1, 2)

    def loss() -> Tensor:
        mean, log_v = net(x).split(1, dim=1)
        return F.gaussian_nll_loss(mean, y, log_v.exp(), full=True)

    return train(net, loss, 0.01)


def of_sums(rng: np.random.Generator) -> Iterator[float]:
    """Add over the examples where one would average."""
    x, y = clusters(rng)
    net = dense(5, 10)
    return train(net, lambda: F.cross_entropy(net(x), y, reduction="sum"), 0.02)


RUNS = (
    of_all_pairs,
    of_probabilities,
    of_density,
    of_shuffled_labels,
    of_sums,
    of_rounded_probabilities,
)
FAULTS = "253416"


FIRST = Exercise(
    "losses-3",
    first_losses(36),
    rtol=3e-3,  # three digits by hand
    wrong=(
        (np.log(36), 36 * np.log(2), 36 * np.log(2)),
        (np.log(36), np.log(2), np.log(36)),
        (np.log(36), 36 * np.log(2), np.log(36)),  # the 35 that are no
        (np.log(36), np.log(2), first_losses(36)[2] / 36),  # averaged
        (1 / 36, 18, 1),
        (np.log2(36), 36, first_losses(36)[2] / np.log(2)),  # in bits
        (0, 0, 0),
        (np.log(36), 36 * np.log(2), np.nan),
        np.log(36),
    ),
    right=(
        (3.58, 24.95, 4.57),
        list(first_losses(36)),
        np.array(first_losses(36), np.float32),
        torch.tensor(first_losses(36)),
    ),
)
TWICE = Exercise(
    "losses-10",
    softmax_twice(10),
    rtol=3e-3,
    wrong=(
        0.0,
        np.log(10),
        1.0,
        -softmax_twice(10),
        np.log(np.exp(1.0) + 9),
        np.exp(-1.0),
        softmax_twice(9),
        softmax_twice(10) / np.log(2),
        np.nan,
        "1.461",
    ),
    right=(1.46, np.log1p(9 / np.e), torch.tensor(1.4612)),
)
MATCH = Exercise(
    "losses-11",
    FAULTS,
    wrong=(
        "123456",
        "253461",
        "252416",
        "2534",
        "",
        "ABCDEF",
        253416.5,
        (2, 5, 3),
        {"A": 2},
        np.nan,
    ),
    right=("2,5,3,4,1,6", [*FAULTS], 253416, (2, 5, 3, 4, 1, 6)),
    judge=match(FAULTS),
)
