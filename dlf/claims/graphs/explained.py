"""Classifiers of planted motifs, two ways to explain them, and the mark.

An explanation gives every edge a number. Its mark is the chance that an edge
of the motif ranks above another edge of the same graph: 0.5 by guessing.
Source: Sundararajan, Taly & Yan (2017); Ying et al. (2019), GNNExplainer.
"""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F
from torch_geometric import nn as pyg

from dlf.data.graph_toys import Graphs

Array = np.ndarray
STEPS = 100  # of integration, and of GNNExplainer's search (its default)


class Classifier(torch.nn.Module):
    """Three layers of weighted sums, a mean over nodes, two classes."""

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(
            pyg.GraphConv(i, width) for i in (1, width, width)
        )
        self.out = torch.nn.Linear(width, 2)

    def forward(
        self,
        x: Float[Tensor, "N 1"],
        edge_index: Int[Tensor, "2 E"],
        graph: Int[Tensor, " N"],
        weight: Float[Tensor, " E"] | None = None,
    ) -> Float[Tensor, "G 2"]:
        for layer in self.layers:
            x = torch.relu(layer(x, edge_index, weight))
        return self.out(pyg.global_mean_pool(x, graph))


def tensors(graphs: Graphs) -> list[Tensor]:
    """Give features, edges, the graph of each node, and labels."""
    parts = graphs.x, graphs.edges, graphs.graph, graphs.y
    return [torch.tensor(part) for part in parts]


def fit(graphs: Graphs, seed: int, steps: int = 300) -> Classifier:
    """Train a classifier on all graphs at once, in float64."""
    torch.manual_seed(seed)
    model = Classifier().double()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    *inputs, y = tensors(graphs)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(*inputs), y).backward()
        optimizer.step()
    return model


def right(model: Any, graphs: Graphs, weight: Array | None = None) -> float:
    """Give the fraction of graphs labelled rightly, edges weighted if asked."""
    *inputs, y = tensors(graphs)
    given = None if weight is None else torch.tensor(weight)
    with torch.no_grad():
        return float((model(*inputs, given).argmax(dim=1) == y).double().mean())


def integrated(model: Any, graphs: Graphs) -> tuple[Array, float]:
    """Let all edges fade in together; add up how fast the output moves.

    Returns:
        What each edge adds to the lead of the true classes, all graphs
        together, and the whole, to which the parts should sum.
    """
    from captum.attr import IntegratedGradients

    x, edges, graph, y = tensors(graphs)

    def lead(weight: Tensor) -> Tensor:
        """Give the lead for each row of edge weights."""
        z = [model(x, edges, graph, w) for w in weight]
        return (torch.stack(z) * (2 * F.one_hot(y, 2) - 1)).sum(dim=(1, 2))

    full = torch.ones(1, edges.shape[1], dtype=torch.float64)
    parts = IntegratedGradients(lead).attribute(
        full, n_steps=STEPS, internal_batch_size=1
    )
    whole = lead(full) - lead(0 * full)
    return parts[0].detach().numpy(), float(whole.detach())


def masked(
    model: Any, graphs: Graphs, rate: float, seed: int = 0
) -> Float[Array, " E"]:
    """Learn a small mask over the edges that keeps the prediction.

    All graphs are explained as one that falls apart, with the penalty on size
    divided among them.
    """
    from torch_geometric.explain import Explainer, GNNExplainer

    x, edges, graph, y = tensors(graphs)
    torch.manual_seed(seed)
    size = 0.005 / len(y)
    explainer = Explainer(
        model,
        GNNExplainer(epochs=STEPS, lr=rate, edge_size=size),
        explanation_type="phenomenon",
        edge_mask_type="object",
        model_config={
            "mode": "multiclass_classification",
            "task_level": "graph",
            "return_type": "raw",
        },
    )
    return explainer(x, edges, target=y, graph=graph).edge_mask.numpy()


def mark(value: Float[Array, " E"], graphs: Graphs) -> float:
    """Give the chance that a planted edge ranks above another."""
    from sklearn.metrics import roc_auc_score

    owner = graphs.graph[graphs.edges[0]]
    return float(
        np.mean(
            [
                roc_auc_score(graphs.planted[owner == g], value[owner == g])
                for g in range(len(graphs.y))
            ]
        )
    )


def strongest(
    value: Float[Array, " E"], graphs: Graphs, g: int, count: int = 6
) -> dict[tuple[int, int], bool]:
    """Say of each undirected edge of one graph if it is among the strongest."""
    both: dict[tuple[int, int], float] = {}
    for (i, j), v in zip(graphs.edges.T.tolist(), value, strict=True):
        if graphs.graph[i] == g:
            pair = (min(i, j), max(i, j))
            both[pair] = both.get(pair, 0.0) + float(v)
    least = sorted(both.values())[-count]
    return {pair: v >= least for pair, v in both.items()}
