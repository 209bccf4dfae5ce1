import numpy as np
import torch
import torch.nn.functional as F

from dlf.nn.attention import functional
from dlf.scratch.attention import (
    blocks,
    dot_product,
    heads,
    online,
    positions,
)

from . import Concept


def drawn(*shapes):
    return lambda rng: tuple(rng.normal(size=shape) for shape in shapes)


def sdpa(q, k, v, mask=None, scale=None):
    return F.scaled_dot_product_attention(q, k, v, mask, scale=scale)


def blockwise(q, k, v, mask=None, block=64):
    return sdpa(q, k, v, mask)


def split(x, w, count):
    return F.linear(x, w).unflatten(-1, (count, -1)).transpose(1, 2)


def many(x, z, wq, wk, wv, wo, mask=None, heads=1, groups=None, rotary=False):
    groups = groups or heads
    q, k, v = split(x, wq, heads), split(z, wk, groups), split(z, wv, groups)
    if rotary:
        T, S = q.shape[2], k.shape[2]
        places = torch.arange(S, dtype=torch.float64)
        q = functional.rope(q, places[S - T :])
        k = functional.rope(k, places)
    k, v = (a.repeat_interleave(heads // groups, 1) for a in (k, v))
    return F.linear(sdpa(q, k, v, mask).transpose(1, 2).flatten(2), wo)


def perceptron(x, w1, b1, w2, b2):
    return F.linear(F.gelu(F.linear(x, w1, b1)), w2, b2)


def block(
    x, g1, c1, wq, wk, wv, wo, g2, c2, *mlp, heads=1, causal=True,
    rotary=False, pre=True,
):  # fmt: skip
    T, D = x.shape[1:]
    mask = functional.causal_mask(T) if causal else None

    def attend(h):
        return many(h, h, wq, wk, wv, wo, mask, heads, rotary=rotary)

    def norm(h, weight, bias):
        return F.layer_norm(h, (D,), weight, bias)

    if pre:
        h = x + attend(norm(x, g1, c1))
        return h + perceptron(norm(h, g2, c2), *mlp)
    h = norm(x + attend(x), g1, c1)
    return norm(h + perceptron(h, *mlp), g2, c2)


ONE = (np.full((1, 1), 1e4), np.full((1, 1), 1e4), np.ones((1, 1)))
HUGE = (
    np.array([[1e4, -1e4], [0.0, 5e-324]]),
    np.array([[1e4, 1e4 + 1], [-1e4, 1e4], [0.0, 0.0]]),
    np.arange(6.0).reshape(3, 2),
)
NOWHERE = np.zeros((2, 3), bool)
ADDED = np.array([[0.0, -np.inf, -1.0], [-np.inf] * 3])
HOSTILE = (
    ONE,
    HUGE,
    (*HUGE, NOWHERE),
    (*HUGE, ~NOWHERE),
    (*HUGE, ADDED),
    (np.ones((0, 2)), np.ones((3, 2)), np.ones((3, 1))),
    (np.ones((2, 0, 2, 3)), np.ones((2, 0, 4, 3)), np.ones((2, 0, 4, 1))),
    tuple(np.random.default_rng(0).normal(size=(3, 2, 2, 5, 5))),
)
BAD_MASK = ((*HUGE, np.ones((3, 2), bool)), "`mask` must have shape (2, 3)")
MANY = drawn((2, 3, 4), (2, 5, 6), (6, 4), (6, 6), (8, 6), (3, 8))
GROUPED = tuple(
    np.ones(s) for s in ((2, 3, 4), (2, 3, 4), (6, 4), (3, 4), (3, 4), (4, 6))
)
PARTS = (2, 5, 4), (4,), (4,), (8, 4), (8, 4), (8, 4), (4, 8)
PARTS += (4,), (4,), (6, 4), (6,), (4, 6), (4,)
SEQUENCES = {"rows": "a row is a place, and places are compared with all"}
ROUNDED = {
    "large float16": "scores of thousands are rounded to whole numbers, whose "
    "exponentials are taken"
}
LARGE = {"large float16": "products of many factors leave its range"}
CONCEPTS = [
    Concept(
        "attention/attention",
        dot_product.attention,
        drawn((2, 3, 4, 5), (2, 3, 6, 5), (2, 3, 6, 3)),
        (functional.attention, sdpa),
        wrt=3,
        hostile=HOSTILE,
        refuses=(BAD_MASK,),
        settings=({}, {"scale": 0.3}),
        excused=SEQUENCES | ROUNDED,
    ),
    Concept(
        "attention/attention_online",
        online.attention_online,
        drawn((2, 4, 5), (2, 7, 5), (2, 7, 3)),
        (blockwise,),
        wrt=3,
        hostile=HOSTILE,
        refuses=(BAD_MASK, ((*HUGE, {"block": 0}), "`block` must be at")),
        settings=({}, {"block": 3}, {"block": 1}),
        excused=SEQUENCES | ROUNDED,
    ),
    Concept(
        "attention/multi_head_attention",
        heads.multi_head_attention,
        MANY,
        (many,),
        wrt=6,
        refuses=(
            ((*GROUPED, {"heads": 2, "groups": 3}), "`heads` must be a mult"),
            ((*GROUPED, {"heads": 4, "groups": 1}), "`wq` must have rows"),
            ((*GROUPED, {"heads": 3, "groups": 3}), "`wk` must make keys"),
        ),
        settings=({}, {"heads": 2}),
        excused=LARGE | SEQUENCES,
    ),
    Concept(
        "attention/feed_forward",
        blocks.feed_forward,
        drawn((5, 3), (4, 3), (4,), (2, 4), (2,)),
        (perceptron,),
        wrt=5,
        hostile=(
            (np.ones((0, 1)), *(np.ones(s) for s in ((2, 1), 2, (1, 2), 1))),
        ),
    ),
    Concept(
        "attention/transformer_block",
        blocks.transformer_block,
        lambda rng: tuple(rng.normal(size=s) / 2 for s in PARTS),
        (block,),
        wrt=13,
        rtol=(1e-11, 1e-9),  # two norms and a softmax in a row
        settings=(
            {"heads": 2},
            {"heads": 4, "pre": False},
            {"heads": 2, "rotary": True},
            {"causal": False},
        ),
        excused=LARGE | SEQUENCES,
    ),
    Concept(
        "attention/sinusoidal",
        positions.sinusoidal,
        lambda rng: (rng.uniform(0, 50, size=7),),
        (functional.sinusoidal,),
        hostile=((np.zeros(0),), (np.array([0.0, 1e4, -3.5]),)),
        refuses=(
            ((np.ones(2), {"width": 3}), "`width` must have an even"),
            ((np.ones(2), {"width": 0}), "`width` must have an even"),
            ((np.ones(2), {"base": 0.0}), "`base` must be positive"),
        ),
        settings=({}, {"width": 8}, {"width": 4, "base": 100.0}),
        rtol=(1e-11, 1e-9),  # of angles, whose rounding grows with them
        excused={"rows": "an angle of 1,000 has lost its digits in float32"},
    ),
    Concept(
        "attention/rope",
        positions.rope,
        lambda rng: (
            rng.normal(size=(2, 3, 5, 6)),
            rng.permutation(20)[:5].astype(float),
        ),
        (functional.rope,),
        hostile=((np.ones((0, 2)), np.zeros(0)),),
        refuses=(
            ((np.ones((2, 3)), np.ones(2)), "`x` must have an even"),
            (
                (np.ones((2, 4)), np.ones(2), {"base": -1.0}),
                "`base` must be positive",
            ),
        ),
        settings=({}, {"base": 100.0}),
        excused={"rows": "an angle of 1,000 has lost its digits in float32"},
    ),
]
