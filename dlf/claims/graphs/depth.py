"""Depth one to eight on Cora: a GCN, and the same layers without messages.

Accuracy on random splits, and the Dirichlet energy of the outputs as a share of
their size, before and after training, at the common default rate and decay.
"""

from typing import Any

import numpy as np
import torch

from dlf.claims.graphs import networks, training
from dlf.claims.graphs.cells import Network

DEPTHS = tuple(range(1, 9))
RATE, DECAY = 0.01, 5e-4


def measure(cell: Network, seeds: list[int]) -> dict[str, Any]:
    """Train every depth; arrays with axes seed, depth."""
    name = cell.network
    graph = networks.load(name)
    scored: dict[str, list] = {
        k: [] for k in ("gcn", "mlp", "untrained", "trained")
    }
    for seed in seeds:
        train, _, test = networks.split(name, seed)
        row: dict[str, list] = {k: [] for k in scored}
        for depth in DEPTHS:
            for arm in ("gcn", "mlp"):
                net = training.Net(name, arm, seed, "float32", depth)
                before = outputs(net)
                training.fit(net, graph.y, train, RATE, DECAY)
                after = outputs(net)
                right = after.argmax(axis=1) == graph.y
                row[arm].append(right[test].mean())
                if arm == "gcn":
                    energies = (
                        networks.energy(h, graph.edges) for h in (before, after)
                    )
                    for key, e in zip(
                        ("untrained", "trained"), energies, strict=True
                    ):
                        row[key].append(e)
        for k, values in row.items():
            scored[k].append(values)
    return {k: np.array(v) for k, v in scored.items()} | {
        "data": networks.describe(name)
    }


def outputs(net: training.Net) -> np.ndarray:
    """Give the outputs at all nodes."""
    with torch.no_grad():
        return net.logits(net.field()).numpy()
