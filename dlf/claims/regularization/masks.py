"""What dropout's masks average to, counted over all masks: C84 and C85."""

from itertools import product

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, PRINTED

Array = np.ndarray
P = 0.2


def masks(n: int, p: float) -> tuple[Array, Array]:
    """List all masks of n units, and the probability of each.

    Args:
        n: units.
        p: the probability that one is dropped.
    """
    kept = np.array(list(product((0.0, 1.0), repeat=n)))
    odds = np.where(kept == 1, 1 - p, p).prod(1)
    return kept, odds


def softmax(z: Array) -> Array:
    """Turn logits into probabilities.

    Args:
        z: a row an example.
    """
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def draw(seed: int, *shape: int) -> Array:
    """Draw normal numbers.

    Args:
        seed: of the draws.
        shape: of the array.
    """
    return np.random.default_rng(seed).normal(size=shape)


def softmax_layer() -> tuple[bool, str]:
    """Average 256 subnetworks of one softmax layer geometrically."""
    x, w = draw(100, 8), draw(101, 4, 8)
    kept, odds = masks(8, P)
    logs = np.log(softmax((kept * x) @ w.T))
    mean = softmax(odds @ logs)
    scaled = softmax(w @ ((1 - P) * x))
    return bool(np.allclose(mean, scaled, atol=1e-12)), (
        "the normalized geometric mean of 256 subnetworks is one pass with "
        "the inputs times 1 − p"
    )


def linear_net() -> tuple[bool, str]:
    """Average the subnetworks of two linear layers."""
    x, w, v = draw(100, 6), draw(101, 8, 6), draw(102, 8)
    kept, odds = masks(6, P)
    every = odds @ ((kept * x) @ w.T @ v)
    once = v @ w @ ((1 - P) * x)
    return bool(np.isclose(every, once)), (
        "the mean of 64 linear subnetworks is one pass"
    )


def relu_net() -> tuple[bool, str]:
    """Average the subnetworks of a net with a hidden layer of ReLUs."""
    x, w, v = draw(100, 6), draw(101, 8, 6), draw(102, 8)
    kept, odds = masks(6, P)
    every = float(odds @ (np.maximum((kept * x) @ w.T, 0) @ v))
    once = float(np.maximum(w @ ((1 - P) * x), 0) @ v)
    return bool(np.isclose(every, once)), (
        f"the mean of 64 subnetworks is {every:.3f}, one pass gives {once:.3f}"
    )


def independent() -> tuple[bool, str]:
    """Ask whether dropout splits the weight of a feature given twice."""
    x = draw(100, 50)
    y = 2 * x + draw(101, 50)
    pair = np.stack([x, x], axis=1)
    w, alone = with_dropout(pair, y), with_dropout(pair[:, :1], y)
    return bool(np.isclose(w[0], w[1])), (
        f"both copies get equal weights, {w[0] / alone[0]:.2f} of what one "
        "would get alone under the same dropout"
    )


def with_dropout(x: Array, y: Array) -> Array:
    """Solve linear regression with dropout on its inputs, over all masks.

    Args:
        x: features, a row an example.
        y: targets.
    """
    penalty = P / (1 - P) * np.diag((x**2).sum(0))
    return np.linalg.solve(x.T @ x + penalty, x.T @ y)


def mean_after(kept: float, factor: float, use: float) -> float:
    """Give the mean in training over what is used, per unit of activation.

    Args:
        kept: the probability that the mask is 1.
        factor: on what is kept, in training.
        use: factor at test time.
    """
    return kept * factor / use


def _scaling(rule: str) -> tuple[bool, str]:
    found = []
    for p in (0.1, 0.2, 0.5):
        forms = {"S1": (1 - p, 1.0, p), "S4": (p, 1 / (1 - p), 1.0)}
        forms["S0"] = (p, 1.0, p)
        found.append(mean_after(*forms[rule]))
    return bool(np.allclose(found, 1)), (
        "for p = 0.1, 0.2 and 0.5 the mean in training is "
        + ", ".join(f"{v:.3g}" for v in found)
        + " times what is used"
    )


def scaled_by_rate() -> tuple[bool, str]:
    """Drop with p, and multiply by p at test time."""
    return _scaling("S1")


def inverted_bernoulli() -> tuple[bool, str]:
    """Keep with p, and divide by 1 − p in training."""
    return _scaling("S4")


def keep_probability() -> tuple[bool, str]:
    """Keep with p, and multiply by p at test time."""
    return _scaling("S0")


C84 = Exact(
    number="C84",
    title="Dropout breaks co-adaptation and is an ensemble",
    sources=(
        Source("S0", "§10.3", "Acts like an ensemble of subnetworks"),
        Source("S0", "§10.3", "Reduces interdependent learning"),
        Source("S1", "l.287", "forces redundancy"),
    ),
    hypothesis=(
        "(a) One pass with scaled activations is the mean of all subnetworks. "
        "(b) Of two copies of a feature dropout relies on both equally."
    ),
    rule=(
        "Exact, over all masks with p = 0.2, to 1e-12: (a) for a softmax layer "
        "(geometric mean), two linear layers and a net with ReLUs (arithmetic "
        "means); (b) for linear regression, where dropout is a penalty."
    ),
    literature=(
        "Baldi & Sadowski (2013) on the means; Srivastava et al. (2014); "
        "Lakshminarayanan et al. (2017): ensembles of separately trained nets "
        "are better calibrated than masks of one."
    ),
    expects=("false as printed", "mixed"),
    cuts="No measurement of how trained units depend on each other.",
    parts=(
        Part("(a) softmax", "an ensemble", softmax_layer, BACKGROUND),
        Part("(a) linear", "an ensemble", linear_net, BACKGROUND),
        Part("(a) ReLU", "an ensemble of subnetworks", relu_net, PRINTED),
        Part("(b) copies", "forces redundancy", independent, PRINTED),
    ),
)

C85 = Exact(
    number="C85",
    title="The printed dropout scalings",
    sources=(
        Source("S1", "l.287", "outputs are scaled by the dropout rate"),
        Source("S4", "§1.4.2", "d ~ Bernoulli(p), divided by 1 − p"),
        Source("S0", "§10.3", "r ~ Bernoulli(p), p the probability to keep"),
    ),
    hypothesis=(
        "With each printed scaling the expected activation in training is what "
        "is used at test time."
    ),
    rule="Exact, for p = 0.1, 0.2 and 0.5: the quotient of the two is 1.",
    literature=(
        "Srivastava et al. (2014) keep with p and multiply by p in use; "
        "frameworks drop with p and divide by 1 − p in training."
    ),
    expects=("false as printed", "mixed"),
    parts=(
        Part("S1", "scaled by the dropout rate", scaled_by_rate, PRINTED),
        Part("S4", "d ~ Bernoulli(p)", inverted_bernoulli, PRINTED),
        Part("S0", "p the probability to keep", keep_probability, PRINTED),
    ),
)
