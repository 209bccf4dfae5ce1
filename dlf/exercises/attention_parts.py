"""Exercises on attention: blocks joined, merges applied, tokens kept."""

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray
Part = tuple[float, float, Array]


def join(first: Part, second: Part) -> Array:
    """Attention over two parts of the keys, from each part's (m, l, o)."""
    (m1, l1, o1), (m2, l2, o2) = first, second
    m = max(m1, m2)
    a, b = np.exp(m1 - m), np.exp(m2 - m)
    return (a * o1 + b * o2) / (a * l1 + b * l2)


def apply_merges(tokens: list[int], merges: list[tuple]) -> list[int]:
    """Merge pairs in the order learned; merge n makes token 256 + n."""
    for n, pair in enumerate(merges):
        out: list[int] = []
        for token in tokens:
            if out and (out[-1], token) == tuple(pair) and out[-1] >= 0:
                out[-1] = -1 - (256 + n)  # made now: not to be merged again
            else:
                out.append(token)
        tokens = [t if t >= 0 else -1 - t for t in out]
    return tokens


def nucleus(p: Array, top: float) -> Array:
    """Keep the fewest tokens whose probabilities reach `top`; sum to 1."""
    order = np.argsort(-p, kind="stable")
    count = int(np.searchsorted(np.cumsum(p[order]), top - 1e-12)) + 1
    out = np.zeros_like(p)
    out[order[:count]] = p[order[:count]]
    return out / out.sum()


def some_parts(rng: np.random.Generator) -> tuple:
    """Draw scores in two parts, far apart at times, and their values."""
    parts = []
    for _ in range(2):
        n, shift = int(rng.integers(1, 5)), float(rng.choice([0.0, 800.0]))
        s, v = rng.normal(size=n) + shift, rng.normal(size=(n, 3))
        e = np.exp(s - s.max())
        parts.append((float(s.max()), float(e.sum()), e @ v))
    return tuple(parts)


def some_tokens(rng: np.random.Generator) -> tuple:
    """Draw tokens of few kinds, and merges that build on each other."""
    tokens = [int(t) for t in rng.integers(97, 100, size=rng.integers(2, 30))]
    merges: list[tuple] = []
    for n in range(int(rng.integers(1, 5))):
        known = [97, 98, 99, *range(256, 256 + n)]
        merges.append(tuple(int(t) for t in rng.choice(known, 2)))
    return tokens, list(dict.fromkeys(merges))


def some_probabilities(rng: np.random.Generator) -> tuple:
    """Draw probabilities and how much of them to keep."""
    return (
        rng.dirichlet(np.ones(rng.integers(1, 8))),
        float(rng.uniform(0.05, 0.95)),
    )


def backward_merges(tokens: list[int], merges: list[tuple]) -> list[int]:
    """Apply the last merge first, under its own number."""
    for n in range(len(merges))[::-1]:
        renamed = [(0, 0)] * n + [merges[n]]
        tokens = apply_merges(tokens, renamed)
    return tokens


def plain_join(first: Part, second: Part) -> Array:
    """Do without the shift, and overflow."""
    (m1, l1, o1), (m2, l2, o2) = first, second
    a, b = np.exp(m1), np.exp(m2)
    return (a * o1 + b * o2) / (a * l1 + b * l2)


def middle_join(first: Part, second: Part) -> Array:
    """Shift by the mean of both, which overflows if they are far apart."""
    (m1, l1, o1), (m2, l2, o2) = first, second
    m = (m1 + m2) / 2
    a, b = np.exp(m1 - m), np.exp(m2 - m)
    return (a * o1 + b * o2) / (a * l1 + b * l2)


JOIN = Exercise(
    "attention-9",
    join,
    some_parts,
    edges=(
        ((0.0, 1.0, np.ones(1)), (900.0, 1.0, np.zeros(1))),
        ((2000.0, 1.0, np.ones(1)), (0.0, 1.0, np.zeros(1))),
        ((-np.inf, 0.0, np.zeros(1)), (3.0, 2.0, np.ones(1))),
    ),
    wrong=(
        plain_join,
        lambda a, b: (a[2] + b[2]) / (a[1] + b[1]),
        lambda a, b: (a[2] / a[1] + b[2] / b[1]) / 2,
        lambda a, b: join(a, b) * 2,
        lambda a, b: a[2] / a[1],
        middle_join,
        lambda a, b: join((a[0], 1.0, a[2]), (b[0], 1.0, b[2])),
    ),
    right=(
        lambda a, b: join(b, a).tolist(),
        lambda a, b: (
            a[2] / (a[1] + b[1] * np.exp(min(b[0] - a[0], 700)))
            + b[2] / (b[1] + a[1] * np.exp(min(a[0] - b[0], 700)))
        ),
    ),
)
MERGES = Exercise(
    "attention-10",
    apply_merges,
    some_tokens,
    edges=(
        ([97, 97, 97, 98], [(97, 97)]),
        ([97, 98, 99], [(98, 99), (97, 98), (97, 256)]),
        ([97], [(97, 97)]),
    ),
    wrong=(
        lambda tokens, merges: tokens,
        lambda tokens, merges: apply_merges(tokens, merges[:1]),
        backward_merges,
        lambda tokens, merges: apply_merges(tokens[::-1], merges)[::-1],
        lambda tokens, merges: [t + 1 for t in apply_merges(tokens, merges)],
    ),
    right=(lambda tokens, merges: np.array(apply_merges(tokens, merges)),),
)


def one_too_many(p: Array, top: float) -> Array:
    """Go on where the sum is reached exactly."""
    order = np.argsort(-p, kind="stable")
    before = np.cumsum(p[order]) - p[order]
    out = np.zeros_like(p)
    stays = order[before <= top + 1e-12]
    out[stays] = p[stays]
    return out / out.sum()


def with_ties(p: Array, top: float) -> Array:
    """Keep all that are as likely as the last one kept."""
    out = np.where(p >= p[nucleus(p, top) > 0].min(), p, 0)
    return out / out.sum()


NUCLEUS = Exercise(
    "attention-11",
    nucleus,
    some_probabilities,
    edges=(
        (np.array([0.5, 0.3, 0.2]), 0.6),
        (np.array([0.2, 0.3, 0.5]), 0.1),
        (np.array([0.5, 0.3, 0.2]), 0.5),
        (np.full(4, 0.25), 0.5),
    ),
    wrong=(
        lambda p, top: p,
        lambda p, top: np.where(p >= top, p, 0),
        lambda p, top: nucleus(p, 1e-9),
        lambda p, top: nucleus(p, top) * top,
        lambda p, top: np.where(nucleus(p, top) > 0, p, 0),
        lambda p, top: np.sort(nucleus(p, top)),
        one_too_many,
        with_ties,
        lambda p, top: nucleus(p[::-1], top),
    ),
    right=(lambda p, top: nucleus(p, top).tolist(),),
)
