"""A deep residual net of dense pre-activation blocks, with branches to cut.

    x_0 = Ws x,  x_k = x_{k-1} + F_k(x_{k-1}),  logits = Wo relu(x_K)

By (residual.2) the logits read the sum of the stem and of all branches, and by
(residual.5) K branches make 2^K paths; a branch that is cut takes half of them
away. Parameters have the names of `dlf.nn.residual`'s ``state_dict``.

Source: He et al. (2016b), equations 3 and 4; Veit, Wilber & Belongie (2016),
section 3.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from dlf.scratch.activations.elementwise import relu
from dlf.scratch.mlp import linear
from dlf.scratch.residual.blocks import preactivation_block
from dlf.scratch.shapes import check_cotangent

Array = np.ndarray
Params = dict[str, Array]
PARTS = "first.weight", "first.bias", "second.weight", "second.bias"


def init(
    inputs: int,
    width: int,
    blocks: int,
    classes: int,
    rng: np.random.Generator,
    dtype: np.dtype | type = np.float64,
) -> Params:
    """Draw He's weights; second layers are smaller by the root of the blocks.

    Args:
        inputs: features of an example.
        width: of the stream.
        blocks: residual blocks.
        classes: outputs.
        rng: source of the draws.
        dtype: of the parameters.

    Raises:
        ValueError: a size is no whole number from 1, or the type would round
            the weights.
    """
    counts = inputs, width, blocks, classes
    if not all(isinstance(n, int | np.integer) and n > 0 for n in counts):
        raise ValueError(
            "init: `inputs`, `width`, `blocks` and `classes` must be whole "
            f"numbers from 1, because they count; got {counts}"
        )
    if np.dtype(dtype).kind != "f":
        raise ValueError(
            "init: `dtype` must be one of floating-point numbers, because "
            f"weights would be rounded to it; got {np.dtype(dtype)}"
        )

    def layer(name: str, fan_out: int, fan_in: int, gain: float) -> Params:
        w = rng.normal(size=(fan_out, fan_in)) * gain / math.sqrt(fan_in)
        return {
            f"{name}.weight": w.astype(dtype),
            f"{name}.bias": np.zeros(fan_out, dtype),
        }

    he = math.sqrt(2)
    params = layer("stem", width, inputs, 1.0)
    for k in range(blocks):
        params |= layer(f"blocks.{k}.first", width, width, he)
        gain = he / math.sqrt(blocks)
        params |= layer(f"blocks.{k}.second", width, width, gain)
    return params | layer("head", classes, width, 1.0)


def _check(params: Params, cut: Sequence[int]) -> int:
    """Count the blocks; check that all names are there, and cuts are of blocks.

    Args:
        params: of a net.
        cut: numbers of blocks, from 0.

    Raises:
        ValueError: a name lacks or is one too many, or there is no such block.
    """
    blocks = len({name.split(".")[1] for name in params if "blocks." in name})
    wanted = {f"{p}.{q}" for p in ("stem", "head") for q in ("weight", "bias")}
    wanted |= {f"blocks.{k}.{part}" for k in range(blocks) for part in PARTS}
    if wrong := wanted ^ set(params):
        raise ValueError(
            "residual_net: `params` must have the names that `init` gives, "
            f"because each is looked up; lacking or unknown: {sorted(wrong)}"
        )
    whole = all(isinstance(k, int | np.integer) for k in cut)
    if not whole or any(not 0 <= k < blocks for k in cut):
        raise ValueError(
            "residual_net: `cut` must name blocks by whole numbers from 0 to "
            f"{blocks - 1}; got {tuple(cut)}"
        )
    return blocks


def residual_net(
    params: Params, x: Float[Array, "N I"], cut: Sequence[int] = ()
) -> tuple[Float[Array, "N C"], Callable]:
    """Apply a residual net, without the branches that are cut.

    Args:
        params: as `init` makes them.
        x: examples, one a row.
        cut: numbers of blocks, from 0, that only pass their input on.

    Returns:
        Logits, and ``vjp(dlogits) -> (dparams, dx)``, zeros for what is cut.

    Raises:
        ValueError: shapes or names do not fit, or there is no such block.
    """
    blocks = _check(params, cut)
    h, pull_stem = linear(x, params["stem.weight"], params["stem.bias"])
    pulls = []
    for k in range(blocks):
        names = [f"blocks.{k}.{part}" for part in PARTS]
        pull = None
        if k not in cut:
            h, pull = preactivation_block(h, *(params[n] for n in names))
        pulls.append((names, pull))
    a, back = relu(h)
    y, pull_head = linear(a, params["head.weight"], params["head.bias"])

    def vjp(dy: Float[Array, "N C"]) -> tuple[Params, Array]:
        check_cotangent(residual_net, dy, y)
        grads: Params = {}
        da, grads["head.weight"], grads["head.bias"] = pull_head(dy)
        dh = back(da)
        for names, pull in pulls[::-1]:
            if pull is None:
                grads |= {n: np.zeros_like(params[n]) for n in names}
            else:
                dh, *each = pull(dh)
                grads |= zip(names, each, strict=True)
        dx, grads["stem.weight"], grads["stem.bias"] = pull_stem(dh)
        return grads, dx

    return y, vjp
