"""Hessian-vector products in PyTorch, forwards and backwards.

    H v = d/dr g(w + r v) at r = 0 = gradient of g^T v       (second_order.3)

Both cost about two gradients. Backwards needs the graph of the first gradient
kept; forwards needs a forward rule for every operation of the loss, and less
memory. For minimizers there is `torch.optim.LBFGS`, with
``line_search_fn="strong_wolfe"``; AdaHessian, K-FAC and Shampoo are in
libraries of their own.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

Tensors = Mapping[str, Tensor]


def hvp_backward(
    loss: Callable[[Tensors], Tensor], params: Tensors, v: Tensors
) -> dict[str, Tensor]:
    """Multiply the Hessian by v: the gradient of gradient times v.

    Args:
        loss: maps parameters by name to a number.
        params: where.
        v: direction, under the same names.

    Raises:
        ValueError: the direction has other names or shapes.
    """
    _alike("hvp_backward", params, v)
    leaves = {k: w.detach().requires_grad_() for k, w in params.items()}
    grads = torch.autograd.grad(
        loss(leaves), list(leaves.values()), create_graph=True
    )
    dot = sum((g * v[k]).sum() for k, g in zip(leaves, grads, strict=True))
    hv = torch.autograd.grad(dot, list(leaves.values()))  # pyright: ignore[reportArgumentType]
    return dict(zip(leaves, hv, strict=True))


def hvp_forward(
    loss: Callable[[Tensors], Tensor], params: Tensors, v: Tensors
) -> dict[str, Tensor]:
    """Multiply the Hessian by v: the gradient's derivative along v.

    Args:
        loss: maps parameters by name to a number.
        params: where.
        v: direction, under the same names.

    Raises:
        ValueError: the direction has other names or shapes.
    """
    _alike("hvp_forward", params, v)
    at = {k: w.detach() for k, w in params.items()}
    way = {k: v[k] for k in at}
    _, hv = torch.func.jvp(torch.func.grad(loss), (at,), (way,))
    return hv


def _alike(operation: str, params: Tensors, v: Tensors) -> None:
    """Refuse a direction that is not shaped like the parameters."""
    for k, w in params.items():
        if k not in v or v[k].shape != w.shape:
            got = tuple(v[k].shape) if k in v else "nothing"
            raise ValueError(
                f"{operation}: `v` must hold {k} of shape {tuple(w.shape)}, "
                f"because the parameters have it; got {got}"
            )
