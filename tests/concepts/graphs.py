import numpy as np
import torch
from torch.func import functional_call
from torch_geometric import nn as pyg
from torch_geometric.utils import softmax

from dlf.nn import graphs as nn
from dlf.scratch.graphs import attention, convolutions, segments

from . import Concept

NODES = 6
RING = np.array(
    [[0, 1, 2, 3, 4, 1, 2, 3, 4, 0], [1, 2, 3, 4, 0, 0, 1, 2, 3, 4]]
)
NONE = np.zeros((2, 0), int)
# Loops, duplicates, a node that hears nothing (5), one that says nothing (4).
ODD = np.array([[0, 1, 1, 2, 3, 3, 3, 5, 5], [1, 1, 1, 2, 3, 4, 4, 0, 2]])


def edges(rng):
    return rng.integers(NODES, size=(2, 15))


def some(*shapes):
    """Numbers for a layer between 3 and 4 features, then random edges."""
    return lambda rng: (*(rng.normal(size=s) for s in shapes), edges(rng))


def hostile(*shapes):
    """No node, one node, no edge, odd edges, and large features."""

    def on(nodes, e, scale=1.0, seed=0):
        rng = np.random.default_rng(seed)
        sizes = [{"N": nodes, "E": e.shape[1]}.get(s[0], s[0]) for s in shapes]
        made = [
            rng.normal(size=(n, *s[1:]))
            for n, s in zip(sizes, shapes, strict=True)
        ]
        return (scale * made[0], *made[1:], e)

    return (
        on(0, NONE),
        on(1, NONE),
        on(1, np.zeros((2, 2), int)),
        on(NODES, NONE),
        on(NODES, ODD),
        on(5, RING, scale=1e4),
        on(NODES, ODD, scale=1e-308),
    )


def pyg_sage(x, w, v, b, e):
    made = pyg.SAGEConv(x.shape[1], len(b)).double()
    given = {"lin_l.weight": w, "lin_l.bias": b, "lin_r.weight": v}
    return functional_call(made, given, (x, e))


def pyg_gin(x, eps, w1, b1, w2, b2, e):
    mlp = torch.nn.Sequential(
        torch.nn.Linear(*w1.shape[::-1]),
        torch.nn.ReLU(),
        torch.nn.Linear(*w2.shape[::-1]),
    )
    made = pyg.GINConv(mlp, train_eps=True).double()
    given = {"eps": eps, "nn.0.weight": w1, "nn.0.bias": b1}
    given |= {"nn.2.weight": w2, "nn.2.bias": b2}
    return functional_call(made, given, (x, e))


def pyg_mpnn(x, f, u, w, b, e):
    K, O, I = u.shape
    made = pyg.NNConv(I, O, torch.nn.Linear(K, I * O, bias=False)).double()
    mixture = u.permute(2, 1, 0).reshape(I * O, K)
    given = {"nn.weight": mixture, "lin.weight": w, "bias": b}
    return functional_call(made, given, (x, e, f))


def pyg_gcn(x, w, b, e):
    made = pyg.GCNConv(x.shape[1], len(b)).double()
    return functional_call(made, {"lin.weight": w, "bias": b}, (x, e))


def pyg_gat(x, w, a_from, a_to, b, e, negative_slope=0.2):
    H, F = a_to.shape
    made = pyg.GATConv(x.shape[1], F, H, negative_slope=negative_slope).double()
    given = {"lin.weight": w, "bias": b}
    given |= {"att_src": a_from[None], "att_dst": a_to[None]}
    return functional_call(made, given, (x, e))


def pyg_gatv2(x, w_from, w_to, a, b, e, negative_slope=0.2):
    H, F = a.shape
    made = pyg.GATv2Conv(
        x.shape[1], F, H, negative_slope=negative_slope
    ).double()
    zero = torch.zeros_like(b)
    given = {"lin_l.weight": w_from, "lin_l.bias": zero, "bias": b}
    given |= {"lin_r.weight": w_to, "lin_r.bias": zero, "att": a[None]}
    return functional_call(made, given, (x, e))


def refused(*shapes):
    """Edges that are too large, negative, or no integers."""
    rng = np.random.default_rng(0)
    E = {"E": 2, "N": NODES}
    good = [rng.normal(size=(E.get(s[0], s[0]), *s[1:])) for s in shapes]
    return (
        ((*good, np.array([[0, 6], [1, 0]])), "must lie in 0..5, because there "
         "are 6 nodes; got 6 at (0, 1)"),
        ((*good, np.array([[0, 1], [-1, 0]])), "got -1 at (1, 0)"),
        ((*good, np.array([[0, 1], [1.0, 0.5]])), "must hold integers"),
    )  # fmt: skip


LAYERS = {
    "gcn": (convolutions.gcn, pyg_gcn, [("N", 3), (4, 3), (4,)]),
    "sage": (convolutions.sage, pyg_sage, [("N", 3), (4, 3), (4, 3), (4,)]),
    "gin": (
        convolutions.gin,
        pyg_gin,
        [("N", 3), (1,), (5, 3), (5,), (4, 5), (4,)],
    ),
    "mpnn": (
        convolutions.mpnn,
        pyg_mpnn,
        [("N", 3), ("E", 2), (2, 4, 3), (4, 3), (4,)],
    ),
    "gat": (
        attention.gat,
        pyg_gat,
        [("N", 3), (4, 3), (2, 2), (2, 2), (4,)],
    ),
    "gatv2": (
        attention.gatv2,
        pyg_gatv2,
        [("N", 3), (4, 3), (4, 3), (2, 2), (4,)],
    ),
}
LARGE = {"large float16": "products of three factors leave its range"}
LEVEL = {"rows": "scores far from zero leave slopes that all but cancel"}
EXCUSED = {"mpnn": LARGE, "gat": LARGE | LEVEL, "gatv2": LARGE | LEVEL}
ATTENTION = {
    "gat": (((5, 3), (2, 2), (2, 2), (5,)), "`w` must have 4 rows"),
    "gatv2": (((5, 3), (5, 3), (2, 2), (5,)), "`w_from` must have 4 rows"),
}


def drawn(shapes):
    size = {"N": NODES, "E": 15}
    return some(*((size.get(s[0], s[0]), *s[1:]) for s in shapes))


def misfit(name):
    if name not in ATTENTION:
        return ()
    shapes, says = ATTENTION[name]
    args = (np.zeros((NODES, 3)), *map(np.zeros, shapes), RING)
    return ((args, says),)


def index(*i):
    return np.array(i, dtype=int)


CONCEPTS = [
    Concept(
        "graphs/gather",
        segments.gather,
        draw=lambda rng: (rng.normal(size=(4, 3)), rng.integers(4, size=7)),
        twins=(nn.gather,),
        rows="E",
        hostile=(
            (np.zeros((0, 3)), index()),
            (np.ones((2, 3)), index()),
            (np.array([[1e4], [5e-324]]), index(1, 1, 0)),
        ),
        refuses=(
            ((np.ones((2, 1)), index(0, 2)), "must lie in 0..1"),
            ((np.ones((2, 1)), index(-1)), "got -1 at 0"),
            ((np.ones((2, 1)), np.array([0.0])), "must hold integers"),
            ((np.ones((0, 1)), index(0)), "because there are 0 nodes"),
        ),
    ),
    *(
        Concept(
            f"graphs/{name}",
            f,
            draw=lambda rng: (rng.normal(size=(7, 3)), rng.integers(4, size=7)),
            twins=twins,
            hostile=(
                (np.zeros((0, 3)), index()),
                (np.array([[1e4], [-1e4], [1e4 + 1]]), index(3, 3, 3)),
                (np.full((2, 1), 5e-324), index(3, 0)),
                (np.array([[1.0], [2.0], [3.0]]), index(0, 2, 0)),
            ),
            refuses=(
                ((np.ones((1, 1)), index(4), {"nodes": 4}), "in 0..3"),
                ((np.ones((1, 1)), index(-1), {"nodes": 4}), "got -1 at 0"),
                (
                    (np.ones((1, 1)), np.array([0.5]), {"nodes": 4}),
                    "must hold integers",
                ),
            ),
            settings=({"nodes": 4},),
            rows="E",
        )
        for name, f, twins in (
            ("segment_sum", segments.segment_sum, (nn.segment_sum,)),
            (
                "segment_softmax",
                segments.segment_softmax,
                (
                    nn.segment_softmax,
                    lambda s, i, nodes: softmax(s, i, num_nodes=nodes),
                ),
            ),
        )
    ),
    *(
        Concept(
            f"graphs/{name}",
            f,
            draw=drawn(shapes),
            twins=(getattr(nn, name), twin),
            wrt=len(shapes),
            excused=EXCUSED.get(name, {}),
            hostile=hostile(*shapes),
            refuses=(*refused(*shapes), *misfit(name)),
            settings=(
                ({}, {"negative_slope": 0.5}) if name in ATTENTION else ({},)
            ),
        )
        for name, (f, twin, shapes) in LAYERS.items()
    ),
]
