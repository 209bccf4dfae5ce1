"""Hessian-vector products in PyTorch, forwards and backwards.

    H v = d/dr g(w + r v) at r = 0 = gradient of g^T v       (second_order.3)

Both cost about two gradients. Backwards needs a backward of the backward of
every operation of the loss; forwards needs a forward rule of both. A fused
attention kernel may have neither. For minimizers there is `torch.optim.LBFGS`,
with ``line_search_fn="strong_wolfe"``; AdaHessian, K-FAC and Shampoo are in
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
    with torch.enable_grad():
        leaves = {k: w.detach().requires_grad_() for k, w in params.items()}
        grads = _gradients(loss(leaves), leaves, create_graph=True)
        dot = sum(
            ((g * v[k].to(g)).sum() for k, g in grads.items()),
            start=torch.zeros(()),
        )
        return _gradients(dot, leaves)


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
    way = {k: v[k].to(w) for k, w in at.items()}
    _, hv = torch.func.jvp(torch.func.grad(loss), (at,), (way,))
    return hv


def _gradients(
    value: Tensor, leaves: dict[str, Tensor], create_graph: bool = False
) -> dict[str, Tensor]:
    """Differentiate; 0 where the value does not depend on a tensor."""
    if not value.requires_grad:
        return {k: torch.zeros_like(w) for k, w in leaves.items()}
    found = torch.autograd.grad(
        value,
        list(leaves.values()),
        create_graph=create_graph,
        materialize_grads=True,
    )
    return dict(zip(leaves, found, strict=True))


def _alike(operation: str, params: Tensors, v: Tensors) -> None:
    """Refuse a direction that is not shaped like the parameters."""
    if more := set(v) - set(params):
        raise ValueError(
            f"{operation}: `v` must hold the names of the parameters alone, "
            f"because it is a direction for them; got {sorted(more)} too"
        )
    for k, w in params.items():
        if k not in v or v[k].shape != w.shape:
            got = tuple(v[k].shape) if k in v else "nothing"
            raise ValueError(
                f"{operation}: `v` must hold {k} of shape {tuple(w.shape)}, "
                f"because the parameters have it; got {got}"
            )
