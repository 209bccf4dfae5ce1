"""An exercise on attention: what a table of facts says about a layer.

Five untrained layers of one head on random rows; each but one has a fault.
"""

import numpy as np

from dlf.exercises.matching import match_exercise

PLACES, WIDTH, SEEDS = 12, 16, 20
#: what each layer is: 1 as it should be; 2 the mask is missing; 3 positions are
#: missing; 4 scores are multiplied by the root in place of divided; 5 softmax
#: runs over the queries
LAYERS = {"A": 3, "B": 5, "C": 1, "D": 4, "E": 2}
CAUSES = "".join(str(cause) for cause in LAYERS.values())
Array = np.ndarray


def weights(x: Array, cause: int, rng: np.random.Generator) -> Array:
    """Give the weights of such a layer.

    Args:
        x: rows.
        cause: which fault.
        rng: of the projections.
    """
    t = np.arange(len(x))[:, None]
    w = 100.0 ** -(np.arange(0, WIDTH, 2) / WIDTH)
    place = np.stack([np.sin(t * w), np.cos(t * w)], -1).reshape(-1, WIDTH)
    wq, wk = rng.normal(size=(2, WIDTH, WIDTH)) / np.sqrt(WIDTH)
    rows = x if cause == 3 else x + place
    scale = np.sqrt(WIDTH) if cause == 4 else 1 / np.sqrt(WIDTH)
    s = scale * (rows @ wq) @ (rows @ wk).T
    if cause != 2:
        s = np.where(np.tri(len(x), dtype=bool), s, -np.inf)
    axis = 0 if cause == 5 else 1
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def facts(cause: int) -> tuple[float, ...]:
    """Measure a layer, averaged over draws.

    Returns:
        Sum of the last query's weights; entropy of its weights, made to sum to
        1; change of the first output by the last row; change of the last
        output when the rows before it are reversed.
    """
    found = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(PLACES, WIDTH))

        def layer(rows: Array, seed: int = seed) -> Array:
            draws = np.random.default_rng([1, seed])
            return weights(rows, cause, draws) @ rows

        p = weights(x, cause, np.random.default_rng([1, seed]))[-1]
        y, q = layer(x), p / p.sum()
        later, turned = x.copy(), x.copy()
        later[-1] += 1
        turned[:-1] = x[-2::-1]
        found.append(
            (
                p.sum(),
                -(q * np.log(q + 1e-300)).sum(),
                np.abs(layer(later)[0] - y[0]).mean(),
                np.abs(layer(turned)[-1] - y[-1]).mean(),
            )
        )
    return tuple(np.mean(found, axis=0))


def print_layers() -> None:
    """Print a line for each of the five layers."""
    print("   sum of weights   entropy   first by last row   last by order")
    for name, cause in LAYERS.items():
        total, entropy, later, order = facts(cause)
        print(f"{name}{total:16.2f}{entropy:10.2f}{later:20.2f}{order:16.2f}")


MATCH = match_exercise(
    "attention-13", CAUSES, ("12345", "54321", "35124", 35124, 351)
)
