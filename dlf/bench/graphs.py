"""Six graph layers, ours and PyTorch Geometric's, after both agree.

The input has Cora's size and sparsity: 2,708 nodes, 10,556 directed edges with
degrees as uneven, 1,433 features of which 1.27 % are not zero. Forward, and
backward to the parameters, in float32; the MPNN reads 16 features, as a second
layer would, since PyTorch Geometric makes a matrix for every edge.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch_geometric import nn as pyg

from dlf.bench.timing import Timing, compare
from dlf.scratch.graphs import attention, convolutions
from dlf.scratch.graphs.edges import to_undirected

Array = np.ndarray
NODES, PAIRS, WORDS, DENSITY = 2708, 5278, 1433, 0.0127
WIDTH, HEADS, EACH, KINDS = 16, 8, 8, 4
Call = Callable[[], tuple[Array, tuple]]


def citations(rng: np.random.Generator) -> Array:
    """Draw edges whose ends prefer some nodes, as citations do.

    Args:
        rng: draws them.
    """
    liking = rng.pareto(2.0, NODES) + 0.5
    ends = rng.choice(NODES, size=(2 * PAIRS, 2), p=liking / liking.sum())
    ends = np.unique(np.sort(ends, axis=1), axis=0)
    ends = ends[ends[:, 0] != ends[:, 1]]
    return to_undirected(ends[rng.permutation(len(ends))[:PAIRS]], NODES)


def contenders(name: str) -> dict[str, Call]:
    """Give calls that return a layer's output and its parameters' gradients.

    Args:
        name: of the layer, among `LAYERS`.
    """
    rng = np.random.default_rng(0)
    edges = citations(rng)
    inputs = WIDTH if name == "mpnn" else WORDS
    x = rng.random((NODES, inputs)) < DENSITY
    x = rng.normal(size=x.shape) if name == "mpnn" else x
    x, scale = x.astype(np.float32), inputs**-0.5

    def some(*shape: int) -> Array:
        return rng.normal(scale=scale, size=shape).astype(np.float32)

    side, pair = (WIDTH, inputs), (HEADS, EACH)
    shapes: dict[str, Sequence[tuple[int, ...]]] = {
        "gcn": (side, (WIDTH,)),
        "sage": (side, side, (WIDTH,)),
        "gin": ((1,), side, (WIDTH,), (WIDTH, WIDTH), (WIDTH,)),
        "mpnn": ((KINDS, *side), side, (WIDTH,)),
        "gat": ((HEADS * EACH, inputs), pair, pair, (HEADS * EACH,)),
        "gatv2": (
            (HEADS * EACH, inputs),
            (HEADS * EACH, inputs),
            pair,
            (HEADS * EACH,),
        ),
    }
    params = [some(*shape) for shape in shapes[name]]
    f = some(edges.shape[1], KINDS) if name == "mpnn" else None
    dy = some(NODES, params[-1].shape[0])
    return {
        "PyTorch Geometric": _theirs(name, x, f, params, edges, dy),
        "scratch": _ours(name, x, f, params, edges, dy),
    }


def _ours(
    name: str,
    x: Array,
    f: Array | None,
    params: list[Array],
    edges: Array,
    dy: Array,
) -> Call:
    where = attention if name.startswith("gat") else convolutions
    layer, extra = getattr(where, name), [] if f is None else [f]

    def call() -> tuple[Array, tuple]:
        y, vjp = layer(x, *extra, *params, edges)
        return y, vjp(dy, dx=False)[1 + len(extra) :]

    return call


def _theirs(
    name: str,
    x: Array,
    f: Array | None,
    params: list[Array],
    edges: Array,
    dy: Array,
) -> Call:
    torch.set_num_threads(1)
    layer, leaves, back = {
        "gcn": _gcn,
        "sage": _sage,
        "gin": _gin,
        "mpnn": _mpnn,
        "gat": _gat,
        "gatv2": _gatv2,
    }[name](*map(torch.tensor, params))
    features, index, cotangent = map(torch.tensor, (x, edges, dy))
    extra = [] if f is None else [torch.tensor(f)]

    def call() -> tuple[Array, tuple]:
        layer.zero_grad()
        y = layer(features, index, *extra)
        y.backward(cotangent)
        return y.detach().numpy(), tuple(back(p.grad) for p in leaves)

    return call


Made = tuple[torch.nn.Module, list[torch.nn.Parameter], Callable]


def _fill(layer: torch.nn.Module, given: dict, names: list[str]) -> Made:
    """Load values; ask for the gradients in the order of ours."""
    layer.load_state_dict(given, strict=False)
    named = dict(layer.named_parameters())

    def back(grad: torch.Tensor) -> Array:
        return grad.numpy()

    return layer, [named[n] for n in names], back


def _gcn(w: torch.Tensor, b: torch.Tensor) -> Made:
    layer = pyg.GCNConv(w.shape[1], len(b))
    names = ["lin.weight", "bias"]
    return _fill(layer, dict(zip(names, (w, b), strict=True)), names)


def _sage(w: torch.Tensor, v: torch.Tensor, b: torch.Tensor) -> Made:
    layer = pyg.SAGEConv(w.shape[1], len(b))
    names = ["lin_l.weight", "lin_r.weight", "lin_l.bias"]
    return _fill(layer, dict(zip(names, (w, v, b), strict=True)), names)


def _gin(eps: torch.Tensor, *params: torch.Tensor) -> Made:
    w1, _, w2, _ = params
    mlp = torch.nn.Sequential(
        torch.nn.Linear(w1.shape[1], w1.shape[0]),
        torch.nn.ReLU(),
        torch.nn.Linear(w2.shape[1], w2.shape[0]),
    )
    layer = pyg.GINConv(mlp, train_eps=True)
    names = ["eps", "nn.0.weight", "nn.0.bias", "nn.2.weight", "nn.2.bias"]
    return _fill(layer, dict(zip(names, (eps, *params), strict=True)), names)


def _mpnn(u: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> Made:
    K, O, I = u.shape
    mixture = torch.nn.Linear(K, I * O, bias=False)
    layer = pyg.NNConv(I, O, mixture)
    given = {"nn.weight": u.permute(2, 1, 0).reshape(I * O, K)}
    given |= {"lin.weight": w, "bias": b}
    layer, leaves, _ = _fill(layer, given, ["nn.weight", "lin.weight", "bias"])

    def back(grad: torch.Tensor) -> Array:
        if grad.shape == (I * O, K):
            grad = grad.view(I, O, K).permute(2, 1, 0)
        return grad.numpy()

    return layer, leaves, back


def _gat(
    w: torch.Tensor, sent: torch.Tensor, to: torch.Tensor, b: torch.Tensor
) -> Made:
    layer = pyg.GATConv(w.shape[1], EACH, HEADS)
    names = ["lin.weight", "att_src", "att_dst", "bias"]
    values = (w, sent[None], to[None], b)
    layer, leaves, _ = _fill(
        layer, dict(zip(names, values, strict=True)), names
    )
    return layer, leaves, _headless


def _gatv2(
    w_from: torch.Tensor, w_to: torch.Tensor, a: torch.Tensor, b: torch.Tensor
) -> Made:
    layer = pyg.GATv2Conv(w_from.shape[1], EACH, HEADS)
    for lin in (layer.lin_l, layer.lin_r):
        torch.nn.init.zeros_(lin.bias).requires_grad_(False)
    names = ["lin_l.weight", "lin_r.weight", "att", "bias"]
    values = (w_from, w_to, a[None], b)
    layer, leaves, _ = _fill(
        layer, dict(zip(names, values, strict=True)), names
    )
    return layer, leaves, _headless


def _headless(grad: torch.Tensor) -> Array:
    return grad.numpy()[0] if grad.ndim == 3 else grad.numpy()


LAYERS = ("gcn", "sage", "gin", "mpnn", "gat", "gatv2")


def check(name: str) -> None:
    """Refuse to time layers that differ in output or gradients.

    Args:
        name: of the layer, among `LAYERS`.

    Raises:
        AssertionError: naming the layer.
    """
    (wanted, grads), (got, ours) = (c() for c in contenders(name).values())
    for a, b in zip((got, *ours), (wanted, *grads), strict=True):
        np.testing.assert_allclose(
            a, b, rtol=1e-3, atol=1e-4 * np.abs(b).max(), err_msg=name
        )


def layers(rounds: int = 25) -> dict[str, list[Timing]]:
    """Time every layer, forward and backward; ratios to PyTorch Geometric.

    Args:
        rounds: timings a contender.
    """
    found = {}
    for name in LAYERS:
        check(name)
        found[name] = compare(contenders(name), rounds=rounds, calls=5)
    return found
