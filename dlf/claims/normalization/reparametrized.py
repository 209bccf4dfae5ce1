"""What weight norm controls, and what it leaves as it was: C77."""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND

Array = np.ndarray
WIDTH, BATCH, DEPTH, SEEDS = 128, 256, 30, range(100, 105)


def pull(v: Array, g: Array, dw: Array) -> tuple[Array, Array]:
    """Carry a gradient of w = g v/‖v‖, row by row, to v and g."""
    length = np.linalg.norm(v, axis=1, keepdims=True)
    unit = v / length
    dg = (dw * unit).sum(1)
    return g[:, None] / length * (dw - dg[:, None] * unit), dg


def printed_formula() -> tuple[bool, str]:
    """Read “w = g v, g = ‖v‖, v = w/‖w‖” as it stands."""
    v = np.array([3.0, 4.0])
    unit = v / np.linalg.norm(v)
    w = np.linalg.norm(unit) * unit
    return not np.isclose(np.linalg.norm(w), 1), (
        f"with v = w/‖w‖ and g = ‖v‖ every w has the norm "
        f"{np.linalg.norm(w):.0f}, and no scale is left to learn"
    )


def length_is_g() -> tuple[bool, str]:
    """Ask whether ‖w‖ is |g| whatever v is."""
    rng = np.random.default_rng(100)
    v, g = rng.normal(size=(50, 20)) * 100, rng.normal(size=50)
    w = g[:, None] * v / np.linalg.norm(v, axis=1, keepdims=True)
    off = np.abs(np.linalg.norm(w, axis=1) - np.abs(g)).max()
    return bool(off < 1e-12), "the norm of each row of w is |g|, to 1e-12"


def bounded() -> tuple[bool, str]:
    """Descend on a loss whose best w is long: does g keep w short?"""
    target, v, g = np.array([[3.0, 4.0]]), np.array([[1.0, 0.0]]), np.ones(1)
    for _ in range(500):
        w = g[:, None] * v / np.linalg.norm(v)
        dv, dg = pull(v, g, w - target)
        v, g = v - 0.1 * dv, g - 0.1 * dg
    length = float(np.linalg.norm(g[:, None] * v / np.linalg.norm(v)))
    return length < 1.5, (
        f"from norm 1, descent takes w to norm {length:.2f}, where its loss is "
        "least: g is learned, and nothing bounds it"
    )


def gradient_ratio(kind: str, seed: int) -> float:
    """Give the first layer's gradient over the last's in a ReLU net.

    Args:
        kind: ``He``, the plain net; ``same``, weight norm that starts from
            the same weights; ``unit``, weight norm with g = 1.
        seed: of weights and data.
    """
    rng = np.random.default_rng(seed)
    layers, kept = [], []
    x = rng.normal(size=(BATCH, WIDTH))
    for _ in range(DEPTH):
        v = rng.normal(size=(WIDTH, WIDTH)) * (2 / WIDTH) ** 0.5
        g = np.linalg.norm(v, axis=1)
        g = np.ones_like(g) if kind == "unit" else g
        w = g[:, None] * v / np.linalg.norm(v, axis=1, keepdims=True)
        z = x @ w.T
        layers.append((v, g, w))
        kept.append((x, z > 0))
        x = np.maximum(z, 0)
    dy, sizes = rng.normal(size=x.shape), []
    for (v, g, w), (x, on) in zip(layers[::-1], kept[::-1], strict=True):
        dy = dy * on
        dw = dy.T @ x
        plain = np.linalg.norm(dw)
        dv, dg = pull(v, g, dw)
        both = np.sqrt((dv**2).sum() + (dg**2).sum())
        sizes.append(float(plain if kind == "He" else both))
        dy = dy @ w
    return sizes[-1] / sizes[0]


def median(kind: str) -> float:
    """Give the median ratio of five nets, in the logarithm."""
    logs = [np.log(gradient_ratio(kind, seed)) for seed in SEEDS]
    return float(np.exp(np.median(logs)))


def helps_flow() -> tuple[bool, str]:
    """Compare a deep net with the same net under weight norm."""
    plain, same = median("He"), median("same")
    nearer = abs(np.log(same)) < abs(np.log(plain)) - np.log(1.25)
    return bool(nearer), (
        f"first over last gradient in {DEPTH} ReLU layers: {plain:.2f} with "
        f"He's weights, {same:.2f} with weight norm from the same weights"
    )


def signal_of_unit_rows() -> tuple[bool, str]:
    """Set all g to 1: ReLU then halves the mean square in every layer."""
    rng = np.random.default_rng(100)
    x = rng.normal(size=(BATCH, WIDTH))
    for _ in range(DEPTH):
        v = rng.normal(size=(WIDTH, WIDTH))
        w = v / np.linalg.norm(v, axis=1, keepdims=True)
        x = np.maximum(x @ w.T, 0)
    size = float(np.sqrt((x**2).mean()))
    return size > 0.1, (
        f"with all g = 1 the signal behind {DEPTH} ReLU layers has the size "
        f"10^{np.log10(size):.0f}: g needs an initialization as w did"
    )


def right_angles() -> tuple[bool, str]:
    """Ask whether the gradient of v is at right angles to v."""
    rng = np.random.default_rng(100)
    v, dw = rng.normal(size=(2, 50, 20))
    dv, _ = pull(v, rng.normal(size=50), dw)
    off = float(np.abs((dv * v).sum(1)).max())
    longer = np.linalg.norm(v - 0.1 * dv, axis=1) >= np.linalg.norm(v, axis=1)
    return off < 1e-12 and bool(longer.all()), (
        "the gradient of v is at right angles to v to 1e-12, so that ‖v‖ never "
        "falls in gradient descent"
    )


C77 = Exact(
    number="C77",
    title="Weight norm controls the norm and keeps gradients flowing",
    sources=(
        Source("S0", "§9 C", "controlling the norm of weights directly"),
        Source("S0", "§9 C", "Helps maintain gradient flow in deep networks"),
    ),
    hypothesis=(
        "(a) The printed formula leaves a scale to learn. (b) “Controlling the "
        "norm”: the norm of w is |g|, and stays bounded while g learns. (c) "
        "“Helps maintain gradient flow”: in 30 layers the ratio of the first "
        "layer's gradient to the last's is nearer 1 than without, by a factor "
        "of 1.25."
    ),
    rule=(
        "Exact, case by case: (a) algebra; (b) to 1e-12, and below 1.5 after "
        "500 steps of descent from 1 on a loss whose minimum has norm 5; (c) "
        "ReLU nets of width 128, batch 256, before training, He's weights and "
        "weight norm that starts from the same; the median of five nets in "
        "the logarithm. That the gradient of v is at right angles to v, and "
        "what a start of g = 1 does, is shown as background."
    ),
    literature=(
        "Salimans & Kingma (2016): normalize v, and choose g from a batch at "
        "the start. Gitman & Ginsburg (2017): on ImageNet weight norm trains "
        "well and tests clearly below batch norm."
    ),
    expects=("false as printed", "mixed", "mostly not"),
    cuts="No training at tuned rates.",
    parts=(
        Part("(a) as printed", "w = g v", printed_formula),
        Part("(b) ‖w‖ = |g|", "controlling the norm", length_is_g),
        Part("(b) stays bounded", "controlling the norm", bounded),
        Part("(c) same weights", "maintain gradient flow", helps_flow),
        Part("g = 1", "in deep networks", signal_of_unit_rows, BACKGROUND),
        Part("right angles", "gradient flow", right_angles, BACKGROUND),
    ),
)
