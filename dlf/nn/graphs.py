"""Graph layers as functions of tensors: gather, combine, scatter.

The layers of `dlf.scratch.graphs`, convolutions and attention, in PyTorch,
whose engine finds the pullbacks. They are here to be read; in practice
one takes `torch_geometric.nn`, and tests hold the two equal.

Source: Fey & Lenssen (2019), Fast graph representation learning with PyTorch
Geometric, section 2.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F

from dlf.nn.shapes import sizes

Edges = Int[Tensor, "2 E"]


def gather(
    x: Float[Tensor, "N D"], index: Int[Tensor, " E"]
) -> Float[Tensor, "E D"]:
    """Copy the row of a node to each of its edges.

    Unlike ``x[index]`` it refuses -1, which counts from the end there.

    Args:
        x: a row a node.
        index: the node of each edge.
    """
    sizes(gather, x, index)
    return x.index_select(0, index)


def segment_sum(
    m: Float[Tensor, "E D"], index: Int[Tensor, " E"], nodes: int
) -> Float[Tensor, "N D"]:
    """Sum the rows of each segment (scatter-add).

    Args:
        m: a row an edge.
        index: the segment of each row.
        nodes: how many segments there are.
    """
    sizes(segment_sum, m, index)
    return m.new_zeros(nodes, m.shape[1]).index_add(0, index, m)


def segment_softmax(
    s: Float[Tensor, "E H"], index: Int[Tensor, " E"], nodes: int
) -> Float[Tensor, "E H"]:
    """Apply softmax over each node's edges, head by head.

    Args:
        s: scores of edges, by head.
        index: the node of each edge.
        nodes: how many there are.
    """
    sizes(segment_softmax, s, index)
    where = index[:, None].expand_as(s)
    top = s.new_zeros(nodes, s.shape[1])
    top = top.scatter_reduce(0, where, s, "amax", include_self=False)
    e = torch.exp(s - gather(top.detach(), index))
    return e / gather(segment_sum(e, index, nodes), index)


def add_self_loops(edges: Edges, nodes: int) -> Int[Tensor, "2 F"]:
    """Give every node one loop, whether it had none, one or many.

    Args:
        edges: source and target of each edge.
        nodes: how many there are.
    """
    loops = torch.arange(nodes, device=edges.device).expand(2, -1)
    return torch.cat([edges[:, edges[0] != edges[1]], loops], dim=1)


def gcn(
    x: Float[Tensor, "N I"],
    w: Float[Tensor, "O I"],
    b: Float[Tensor, " O"],
    edges: Edges,
) -> Float[Tensor, "N O"]:
    """Apply graph convolution (GCN): averages weighed by degrees.

    Args:
        x: node features.
        w: weights.
        b: biases.
        edges: source and target of each edge.
    """
    sizes(gcn, x, w, b, edges)
    source, target = add_self_loops(edges, len(x))
    scale = (
        torch.bincount(target, minlength=len(x)).to(x.dtype).rsqrt()[:, None]
    )
    z = scale * F.linear(x, w)
    return scale * segment_sum(gather(z, source), target, len(x)) + b


def sage(
    x: Float[Tensor, "N I"],
    w: Float[Tensor, "O I"],
    v: Float[Tensor, "O I"],
    b: Float[Tensor, " O"],
    edges: Edges,
) -> Float[Tensor, "N O"]:
    """Apply GraphSAGE: map a node and the mean of its neighbors apart.

    Args:
        x: node features.
        w: weights of the neighbors' mean.
        v: weights of the node itself.
        b: biases.
        edges: source and target of each edge.
    """
    sizes(sage, x, w, v, b, edges)
    source, target = edges
    degree = torch.bincount(target, minlength=len(x)).clamp(min=1)[:, None]
    near = gather(F.linear(x, w), source)
    near = segment_sum(near, target, len(x)) / degree
    return near + F.linear(x, v, b)


def gin(
    x: Float[Tensor, "N I"],
    eps: Float[Tensor, "1"],
    w1: Float[Tensor, "H I"],
    b1: Float[Tensor, " H"],
    w2: Float[Tensor, "O H"],
    b2: Float[Tensor, " O"],
    edges: Edges,
) -> Float[Tensor, "N O"]:
    """Apply GIN: an MLP of the node, weighed, and the sum of its neighbors.

    Args:
        x: node features.
        eps: what is added to 1 as the node's own weight.
        w1: weights of the hidden layer.
        b1: its biases.
        w2: weights of the output layer.
        b2: its biases.
        edges: source and target of each edge.
    """
    sizes(gin, x, eps, w1, b1, w2, b2, edges)
    source, target = edges
    a = (1 + eps) * x + segment_sum(gather(x, source), target, len(x))
    return F.linear(torch.relu(F.linear(a, w1, b1)), w2, b2)


def mpnn(
    x: Float[Tensor, "N I"],
    f: Float[Tensor, "E K"],
    u: Float[Tensor, "K O I"],
    w: Float[Tensor, "O I"],
    b: Float[Tensor, " O"],
    edges: Edges,
) -> Float[Tensor, "N O"]:
    """Apply an edge-conditioned MPNN: edge features give the matrices.

    Args:
        x: node features.
        f: edge features.
        u: one matrix for each edge feature.
        w: weights of the node itself.
        b: biases.
        edges: source and target of each edge.
    """
    sizes(mpnn, x, f, u, w, b, edges)
    source, target = edges
    m = torch.einsum("ek,koi,ei->eo", f, u, gather(x, source))
    return segment_sum(m, target, len(x)) + F.linear(x, w, b)


def gat(
    x: Float[Tensor, "N I"],
    w: Float[Tensor, "O I"],
    a_from: Float[Tensor, "H F"],
    a_to: Float[Tensor, "H F"],
    b: Float[Tensor, " O"],
    edges: Edges,
    negative_slope: float = 0.2,
) -> Float[Tensor, "N O"]:
    """Apply graph attention (GAT): scores are sums of two.

    Args:
        x: node features.
        w: weights, by head.
        a_from: scores of sources.
        a_to: scores of targets.
        b: biases.
        edges: source and target of each edge.
        negative_slope: of the leaky ReLU on scores.
    """
    sizes(gat, x, w, a_from, a_to, b, edges)
    source, target = add_self_loops(edges, len(x))
    z = F.linear(x, w).view(len(x), *a_to.shape)
    sent, received = (z * a_from).sum(-1), (z * a_to).sum(-1)
    s = gather(sent, source) + gather(received, target)
    s = F.leaky_relu(s, negative_slope)
    p = segment_softmax(s, target, len(x))[..., None]
    near = (p * z.index_select(0, source)).flatten(1)
    return segment_sum(near, target, len(x)) + b


def gatv2(
    x: Float[Tensor, "N I"],
    w_from: Float[Tensor, "O I"],
    w_to: Float[Tensor, "O I"],
    a: Float[Tensor, "H F"],
    b: Float[Tensor, " O"],
    edges: Edges,
    negative_slope: float = 0.2,
) -> Float[Tensor, "N O"]:
    """Apply GATv2: the nonlinearity comes before the score's dot product.

    Args:
        x: node features.
        w_from: weights of sources, by head.
        w_to: weights of targets.
        a: scores.
        b: biases.
        edges: source and target of each edge.
        negative_slope: of the leaky ReLU before the scores.
    """
    sizes(gatv2, x, w_from, w_to, a, b, edges)
    source, target = add_self_loops(edges, len(x))
    near = gather(F.linear(x, w_from), source)
    bent = near + gather(F.linear(x, w_to), target)
    bent = F.leaky_relu(bent, negative_slope)
    s = (bent.view(-1, *a.shape) * a).sum(-1)
    p = segment_softmax(s, target, len(x))[..., None]
    y = (p * near.view(-1, *a.shape)).flatten(1)
    return segment_sum(y, target, len(x)) + b
