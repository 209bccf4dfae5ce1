"""Five ways to label the nodes of a network, tuned alike on random splits.

    gcn      softmax(S relu(S X W1) W2), two layers, width 16
    rewired  the same on a network whose edges were swapped, degrees kept
    mlp      the same with I in place of S: features alone
    sgc      softmax(S S X W): logistic regression on propagated features
    lp       F <- (1 - r) S' F + r Y: label propagation, without features

The first three have dropout 0.5 before both layers and decay on the first
layer, as Kipf and Welling (2017); all four that learn take 200 full-batch steps
of Adam. A setting is a rate (for lp the restart r) and a decay (for lp a number
of steps); each arm tries five rates times three decays.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from dlf.claims.graphs import networks
from dlf.claims.graphs.cells import Network
from dlf.experiments import tuning
from dlf.experiments.seeds import SCORED

Array = np.ndarray
ARMS = ("gcn", "rewired", "mlp", "sgc", "lp")
RATES = (0.00316, 0.01, 0.0316, 0.1, 0.316)
DECAYS = (5e-5, 5e-4, 5e-3)
WALKS = dict(zip(DECAYS, (10, 30, 100), strict=True))
WIDTH, EPOCHS, DROP = 16, 200, 0.5


def measure(cell: Network, seeds: list[int]) -> dict[str, Any]:
    """Tune every arm on seeds 10 to 12, then score it on these seeds."""
    name = cell.network
    found = cell.found or choose(cell)
    scored = {}
    for arm in ARMS:
        rate, decay = found["chosen"][arm]
        out = train(replace(cell, decay=decay), arm, [rate], seeds)
        right = out["test"][0]
        right[tuning.failed(out)[0]] = 1 / len(np.unique(networks.load(name).y))
        scored[arm] = right if right.shape[1] < 1000 else right.mean(axis=1)
    return scored | {"found": found, "data": networks.describe(name)}


def choose(cell: Network) -> dict[str, Any]:
    """Try every rate with every decay; name each arm's best by validation."""
    tried: dict[str, dict] = {arm: {} for arm in ARMS}
    for decay in DECAYS:
        trials = tuning.choose(
            train, replace(cell, decay=decay), ARMS, RATES, cell.tuning or 3
        )
        for arm in ARMS:
            for rate, score in trials[arm].items():
                tried[arm][rate, decay] = score
    best = {arm: max(t, key=t.get) for arm, t in tried.items()}
    tuned = {arm: tried[arm][best[arm]] for arm in ARMS}
    return {
        "chosen": {arm: list(b) for arm, b in best.items()},
        "tuned": tuned,
        "trials": {
            arm: [[*setting, score] for setting, score in t.items()]
            for arm, t in tried.items()
        },
        "rival": max(("sgc", "lp"), key=tuned.get),
    }


def train(
    cell: Network, arm: str, settings: Sequence[float], seeds: Sequence[int]
) -> dict[str, Any]:
    """Train an arm at every rate on every seed's split; see `Contrast`."""
    runs = [[run(cell, arm, rate, seed) for seed in seeds] for rate in settings]
    names = ["val", "loss", "initial"]
    names += ["test"] if min(seeds) >= SCORED else []
    return {k: np.array([[r[k] for r in row] for row in runs]) for k in names}


def run(cell: Network, arm: str, rate: float, seed: int) -> dict[str, Any]:
    """Train once; validation accuracy, losses, and which tests were right."""
    name = cell.network
    graph = networks.load(name)
    parts = networks.split(name, seed)
    if arm == "lp":
        logits = propagate(name, parts[0], rate, WALKS[cell.decay])
        losses = 0.0, 0.0
    else:
        net = Net(name, arm, seed, cell.dtype)
        losses = fit(net, graph.y, parts[0], rate, cell.decay)
        with torch.no_grad():
            logits = net.logits(net.field()).numpy()
    right = logits.argmax(axis=1) == graph.y
    return {
        "val": right[parts[1]].mean(),
        "test": right[parts[2]].astype(float),
        "initial": losses[0],
        "loss": losses[1],
    }


class Net:
    """Two layers (one for sgc) between which a network may pass messages."""

    def __init__(
        self, name: str, arm: str, seed: int, dtype: str, depth: int = 2
    ) -> None:
        self.rng, self.dtype = np.random.default_rng([seed, 1]), dtype
        nodes, inputs = networks.load(name).x.shape
        classes = int(networks.load(name).y.max()) + 1
        self.x = features(name, arm == "sgc")
        if arm in ("mlp", "sgc"):
            self.s = sp.identity(nodes, format="csr")
        else:
            self.s = smoother(name, seed if arm == "rewired" else None)
        hidden = () if arm == "sgc" else (WIDTH,) * (depth - 1)
        self.weights, self.biases = [], []
        for i, o in pairwise((inputs, *hidden, classes)):
            limit = (6 / (i + o)) ** 0.5  # Glorot's
            w = self.rng.uniform(-limit, limit, size=(i, o)).astype(dtype)
            self.weights.append(torch.tensor(w, requires_grad=True))
            b = np.zeros(o, dtype)
            self.biases.append(torch.tensor(b, requires_grad=True))

    def field(self, rows: Array | None = None) -> list[networks.Sparse]:
        """Give what the outputs at these nodes are made of, or at all nodes.

        The features of those nodes that two layers reach, and the rows of S
        through which each layer reaches them.
        """
        steps = []
        for _ in self.weights:
            s = self.s if rows is None else self.s[rows]
            if rows is not None:
                rows = np.unique(s.indices)
                s = s[:, rows]
            steps.insert(0, networks.Sparse(s, self.dtype))
        x = self.x if rows is None else self.x[rows]
        return [networks.Sparse(x, self.dtype), *steps]

    def logits(
        self, field: list[networks.Sparse], drop: bool = False
    ) -> Tensor:
        """Label the nodes of a field; with dropout while learning."""
        x, *steps = field
        scale = kept(x.m.nnz, self.rng, self.dtype) if drop else None
        h = x.times(self.weights[0], scale)
        h = steps[0].times(h) + self.biases[0]
        for s, w, b in zip(
            steps[1:], self.weights[1:], self.biases[1:], strict=True
        ):
            h = torch.relu(h)
            if drop:
                scale = kept(h.numel(), self.rng, self.dtype)
                h = h * torch.from_numpy(scale).view(h.shape)
            h = s.times(h @ w) + b
        return h


def fit(
    net: Net, labels: Array, rows: Array, rate: float, decay: float
) -> tuple[float, float]:
    """Take the steps; cross-entropy before and after, without dropout."""
    first, *rest = net.weights
    groups = [{"params": [first], "weight_decay": decay}]
    groups.append({"params": rest + net.biases})
    optimizer = torch.optim.Adam(groups, lr=rate)
    field, y, drop = net.field(rows), torch.tensor(labels[rows]), bool(rest)
    with torch.no_grad():
        initial = float(F.cross_entropy(net.logits(field), y))
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        F.cross_entropy(net.logits(field, drop), y).backward()
        optimizer.step()
    with torch.no_grad():
        return initial, float(F.cross_entropy(net.logits(field), y))


def kept(
    count: int, rng: np.random.Generator, dtype: str, p: float = DROP
) -> Array:
    """Draw dropout's mask from random bytes: 0, or 1 over what is kept."""
    level = round(256 * (1 - p))
    drawn = np.frombuffer(rng.bytes(count), np.uint8) < level
    return drawn.astype(dtype) * (256 / level)


@cache
def features(name: str, smoothed: bool) -> Any:
    """Give the features, or the features smoothed twice."""
    graph = networks.load(name)
    x = sp.csr_matrix(graph.x)
    if smoothed:
        s = networks.adjacency(graph.edges, len(graph.x), loops=True)
        x = s @ (s @ x)
    return x


@cache
def smoother(name: str, swapped: int | None) -> Any:
    """Give S of the network, or of a rewired one."""
    graph = networks.load(name)
    edges = graph.edges
    if swapped is not None:
        edges = networks.rewire(edges, np.random.default_rng([swapped, 2]))
    return networks.adjacency(edges, len(graph.x), loops=True)


def propagate(
    name: str, train: Array, restart: float, steps: int
) -> Float[Array, "N C"]:
    """Let the training labels flow along the edges, with restarts.

    Source: Zhou et al. (2004), Learning with local and global consistency.
    """
    graph = networks.load(name)
    s = networks.adjacency(graph.edges, len(graph.x), loops=False)
    start = np.zeros((len(graph.x), int(graph.y.max()) + 1))
    start[train, graph.y[train]] = 1
    f = start
    for _ in range(steps):
        f = (1 - restart) * (s @ f) + restart * start
    return f
