"""An exercise on attention: find out whether a layer sees the future."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise, call

Array = np.ndarray


def leaks(layer: Callable[[Array], Array], width: int) -> bool:
    """Tell whether an output depends on a later input: change it and look."""
    rng = np.random.default_rng()
    x = rng.normal(size=(8, width))
    before = layer(x)
    for t in range(1, 8):
        changed = x.copy()
        changed[t:] = rng.normal(size=(8 - t, width))
        if not np.allclose(layer(changed)[:t], before[:t]):
            return True
    return False


def _attend(x: Array, seen: Array) -> Array:
    s = np.where(seen, x @ x.T / np.sqrt(x.shape[1]), -np.inf)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e @ x / e.sum(axis=1, keepdims=True)


def causal(x: Array) -> Array:
    """Attention with the right mask."""
    return _attend(x, np.tri(len(x), dtype=bool))


def without_mask(x: Array) -> Array:
    """Attention that sees all."""
    return _attend(x, np.ones((len(x), len(x)), bool))


def off_by_one(x: Array) -> Array:
    """Attention that sees the next place too."""
    return _attend(x, np.tri(len(x), k=1, dtype=bool))


def normalized(x: Array) -> Array:
    """Causal attention behind a norm over the places."""
    return causal((x - x.mean(0)) / x.std(0))


def last_of_all(x: Array) -> Array:
    """Causal, but for one late place that the first one sees."""
    seen = np.tri(len(x), dtype=bool)
    seen[0, -1] = True
    return _attend(x, seen)


def one_open(query: int, key: int) -> Callable[[Array], Array]:
    """Make a causal layer in which one query sees one key too many.

    Args:
        query: its place.
        key: the key's place, later than it.
    """

    def layer(x: Array) -> Array:
        seen = np.tri(len(x), dtype=bool)
        if max(query, key) < len(x):
            seen[query, key] = True
        return _attend(x, seen)

    layer.__name__ = f"the layer whose place {query} sees place {key}"
    return layer


def scaled_rows(x: Array) -> Array:
    """Causal attention behind a norm of each row."""
    return causal(x / np.linalg.norm(x, axis=1, keepdims=True))


SOUND = causal, scaled_rows
OPEN = one_open(0, 2), one_open(3, 4), one_open(2, 5), one_open(0, 1)
LAYERS = *SOUND, without_mask, off_by_one, normalized, last_of_all, *OPEN


def _judge_leak(answer: Callable, layer: Callable, width: int) -> str | None:
    """Compare with what is known of the layer."""
    got = call(answer, layer, width)
    if got is None or got is ...:
        return None
    want = layer not in SOUND
    if not isinstance(got, bool | np.bool_) and got not in (0, 1):
        return f"expected True or False; got {got!r}"
    if bool(got) != want:
        return f"for {layer.__name__} it is {want}; got {bool(got)}"
    return ""


def first_alone(layer: Callable, width: int) -> bool:
    """Look at the change of the first output only, by the second input."""
    x = np.random.default_rng(0).normal(size=(8, width))
    changed = x.copy()
    changed[1] += 1
    return not np.allclose(layer(changed)[0], layer(x)[0])


def last_alone(layer: Callable, width: int) -> bool:
    """Change the last input only."""
    x = np.random.default_rng(0).normal(size=(8, width))
    changed = x.copy()
    changed[-1] += 1
    return not np.allclose(layer(changed)[:-1], layer(x)[:-1])


def two_places(layer: Callable, width: int) -> bool:
    """Try two places in all."""
    x = np.random.default_rng(0).normal(size=(2, width))
    changed = x + np.array([[0.0], [1.0]])
    return not np.allclose(layer(changed)[0], layer(x)[0])


LEAK = Exercise(
    "attention-12",
    leaks,
    lambda rng: (LAYERS[int(rng.integers(len(LAYERS)))], 4),
    edges=tuple((layer, 3) for layer in LAYERS),
    judge=_judge_leak,
    wrong=(
        lambda layer, width: True,
        lambda layer, width: False,
        first_alone,
        last_alone,
        two_places,
        lambda layer, width: not leaks(layer, width),
        lambda layer, width: bool(np.isnan(layer(np.ones((4, width)))).any()),
    ),
    right=(
        lambda layer, width: int(leaks(layer, width)),
        lambda layer, width: any(
            not np.allclose(layer(x)[:t], layer(np.r_[x[:t], x[t:] + 1])[:t])
            for x in [np.random.default_rng(1).normal(size=(9, width))]
            for t in range(1, 9)
        ),
    ),
)
