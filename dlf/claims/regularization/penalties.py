"""What L2, L1 and max-norm do to weights: C80, C81 and C89."""

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND, PRINTED
from dlf.scratch.regularization.penalties import max_norm, soft_threshold

Array = np.ndarray
STRENGTHS = (0.0, 0.1, 1.0, 10.0, 100.0)


def problem(seed: int = 100) -> tuple[Array, Array]:
    """Give 60 examples of ten features of unequal scale, and noisy targets.

    Args:
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(60, 10)) * np.linspace(0.3, 3, 10)
    return x, x @ rng.normal(size=10) + rng.normal(size=60)


def ridge(x: Array, y: Array, strength: float) -> Array:
    """Solve (XᵀX + λ) w = Xᵀy.

    Args:
        x: features, a row an example.
        y: targets.
        strength: λ.
    """
    gram = x.T @ x + strength * np.eye(x.shape[1])
    return np.linalg.solve(gram, x.T @ y)


def participation(w: Array) -> float:
    """Count the weights that take part: (Σw²)²/Σw⁴.

    Args:
        w: weights.
    """
    return float((w**2).sum() ** 2 / (w**4).sum())


def shrinks() -> tuple[bool, str]:
    """Follow the norm of ridge regression's solution as λ grows."""
    norms = [np.linalg.norm(ridge(*problem(), s)) for s in STRENGTHS]
    return bool(np.all(np.diff(norms) < 0)), (
        f"the norm falls from {norms[0]:.2f} to {norms[-1]:.2f} as λ grows "
        "from 0 to 100"
    )


def not_sparse() -> tuple[bool, str]:
    """Count exact zeros at every strength."""
    zeros = sum(int((ridge(*problem(), s) == 0).sum()) for s in STRENGTHS)
    return zeros == 0, f"{zeros} of 50 weights are exactly 0"


def equal_features() -> tuple[bool, str]:
    """Give one feature twice: does L2 split its weight equally?"""
    x, y = problem()
    w = ridge(np.hstack([x, x]), y, 1.0)
    apart = np.abs(w[:10] - w[10:]).max()
    return bool(apart < 1e-9), "both copies of each feature get equal weights"


def all_weights() -> tuple[bool, str]:
    """Ask whether L2 spreads weight over features that do not overlap."""
    x, y = problem()
    x = np.linalg.qr(x)[0] * np.linspace(0.3, 3, 10)
    w = x.T @ y / (x * x).sum(0)
    counts = [participation(w), participation(ridge(x, y, 1.0))]
    return counts[1] > counts[0], (
        "of uncorrelated features of unequal scale "
        f"{counts[0]:.1f} of ten take part without a penalty, {counts[1]:.1f} "
        "with λ = 1"
    )


def conditioned() -> tuple[bool, str]:
    """Follow the condition number of XᵀX + λ."""
    x, _ = problem()
    squares = np.linalg.svd(x, compute_uv=False) ** 2
    kappa = [(squares[0] + s) / (squares[-1] + s) for s in STRENGTHS]
    return bool(np.all(np.diff(kappa) < 0)), (
        f"the condition number falls from {kappa[0]:.0f} to {kappa[-1]:.1f}"
    )


def some_strength_helps() -> tuple[bool, str]:
    """Compare the expected squared error of the weights, λ = 0 and others."""
    x, _ = problem()
    squares = np.linalg.svd(x, compute_uv=False) ** 2
    strengths = np.geomspace(1e-3, 1e5, 81)
    risk = np.array(
        [((s * s + squares) / (squares + s) ** 2).sum() for s in strengths]
    )
    plain = (1 / squares).sum()
    good = strengths[risk < plain]
    return bool(len(good)), (
        f"for weights and noise of variance 1 every λ up to {good[-1]:.0f} "
        f"has a smaller error than none ({risk.min():.2f} at best, "
        f"{plain:.2f} at 0), and every λ above that a larger one"
    )


def trained(how: str, strength: float = 2e-3) -> tuple[float, float]:
    """Train a 64-32-10 net on 1,000 digits with L1; zeros and accuracy.

    Args:
        how: ``sgd`` or ``adam``, which follow the subgradient, or
            ``proximal``.
        strength: λ, for each weight of the two matrices.
    """
    import torch
    import torch.nn.functional as F

    from dlf.data import digits

    d = digits.load(seed=101).train
    x, y = torch.tensor(d.flat()).double(), torch.tensor(d.y)
    torch.manual_seed(101)
    layers = torch.nn.Linear(64, 32), torch.nn.Linear(32, 10)
    net = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1]).double()
    make = torch.optim.Adam if how == "adam" else torch.optim.SGD
    rate = 0.01 if how == "adam" else 0.3
    optimizer = make(net.parameters(), lr=rate)
    weights = [layer.weight for layer in layers]
    for _ in range(600):
        loss = F.cross_entropy(net(x), y)
        if how != "proximal":
            loss = loss + strength * sum(w.abs().sum() for w in weights)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if how == "proximal":
            for w in weights:
                shrunk, _ = soft_threshold(w.detach().numpy(), rate * strength)
                w.data = torch.tensor(shrunk)
    zeros = sum(int((w == 0).sum()) for w in weights)
    right = (net(x).argmax(1) == y).double().mean()
    return zeros / sum(w.numel() for w in weights), float(right)


def _zeros(how: str) -> tuple[bool, str]:
    zeros, right = trained(how)
    return zeros >= 0.3, (
        f"{100 * zeros:.0f} % of the weights are exactly 0; "
        f"{100 * right:.0f} % of the training set is right"
    )


def zeros_sgd() -> tuple[bool, str]:
    """Add the penalty to the loss, and train with SGD."""
    return _zeros("sgd")


def zeros_adam() -> tuple[bool, str]:
    """Add the penalty to the loss, and train with Adam."""
    return _zeros("adam")


def zeros_proximal() -> tuple[bool, str]:
    """Apply the soft threshold after each step of SGD."""
    return _zeros("proximal")


def rows_within() -> tuple[bool, str]:
    """Ask whether every row is within the limit, and short ones untouched."""
    w = np.random.default_rng(100).normal(size=(200, 12))
    kept, before = max_norm(w, 3.0), np.linalg.norm(w, axis=1)
    after = np.linalg.norm(kept, axis=1)
    same = bool((kept[before <= 3] == w[before <= 3]).all())
    return bool(after.max() <= 3 + 1e-12) and same, (
        f"of 200 rows {int((before > 3).sum())} were longer than 3, and none is"
    )


def not_farther() -> tuple[bool, str]:
    """Compare how far a step leads with and without the constraint."""
    rng = np.random.default_rng(100)
    w = max_norm(rng.normal(size=(2000, 6)) * 2, 2.0)
    step = rng.normal(size=w.shape) * rng.exponential(size=(2000, 1))
    moved = np.linalg.norm(max_norm(w + step, 2.0) - w, axis=1)
    return bool((moved <= np.linalg.norm(step, axis=1) + 1e-12).all()), (
        "of 2,000 steps none leads farther than it would without"
    )


def settles() -> tuple[bool, str]:
    """Descend on a parabola at a rate that is too high, within the limit."""
    w = np.array([[0.1]])
    for _ in range(200):
        w = max_norm(w - 2.5 * w, 1.0)
    return bool(abs(w[0, 0]) < 0.1), (
        "at 1.25 times the highest stable rate the weight does not blow up, "
        f"but after 200 steps it still jumps between ±{abs(w[0, 0]):.0f}"
    )


C80 = Exact(
    number="C80",
    title="L2 shrinks, spreads, does not sparsify, and conditions",
    sources=(
        Source("S0", "§10.1", "spread learning across all weights"),
        Source(
            "S0",
            "§10.1",
            "Shrinks weights toward zero but doesn't enforce sparsity",
        ),
        Source("S0", "§10.1", "improves numerical stability"),
    ),
    hypothesis=(
        "In linear regression a larger penalty makes (a) the norm of the "
        "weights smaller, (b) no weight exactly 0, (c) more weights take part, "
        "whether their features overlap or not, (d) the condition number "
        "smaller; and (e) some λ > 0 has a smaller expected error than none."
    ),
    rule=(
        "Exact, part by part, for ridge regression on 60 examples of ten "
        "features: (c) by the participation ratio (Σw²)²/Σw⁴, (e) by the "
        "expected squared error of the weights."
    ),
    literature=(
        "Hoerl & Kennard (1970) prove (e). Krogh & Hertz (1992); Zhang et al. "
        "(2019) find other mechanisms in networks with normalization."
    ),
    expects=("false as printed", "mixed"),
    cuts="Networks are not trained here: strengths are tuned on the page.",
    parts=(
        Part("(a) shrinks", "Shrinks weights toward zero", shrinks, PRINTED),
        Part("(b) zeros", "doesn't enforce sparsity", not_sparse, PRINTED),
        Part("(c) copies", "spread learning", equal_features, PRINTED),
        Part("(c) no overlap", "across all weights", all_weights, PRINTED),
        Part("(d) condition", "numerical stability", conditioned, PRINTED),
        Part("(e) error", "generalization", some_strength_helps, BACKGROUND),
    ),
)

C81 = Exact(
    number="C81",
    title="L1 makes many weights exactly zero",
    sources=(
        Source("S0", "§10.2", "many parameters become exactly zero"),
        Source("S1", "l.63", "L1 creates sparse models"),
    ),
    hypothesis=(
        "With the penalty added to the loss, as it is printed, at least 30 % "
        "of a net's weights end at exactly 0, with SGD and with Adam."
    ),
    rule=(
        "Exact count of zeros in a 64-32-10 net on 1,000 digits after 600 "
        "full-batch steps with λ = 0.002: a part holds from 30 % on."
    ),
    literature=(
        "Tibshirani (1996) on minimizers; Langford et al. (2009) and Xiao "
        "(2010): subgradient steps do not give zeros, truncation does."
    ),
    expects=("false as printed", "not supported"),
    cuts="No other λ: zeros are missing for every λ, see the errata.",
    parts=(
        Part("SGD", "exactly zero", zeros_sgd, PRINTED),
        Part("Adam", "exactly zero", zeros_adam, PRINTED),
        Part("proximal step", "sparse models", zeros_proximal, BACKGROUND),
    ),
)

C89 = Exact(
    number="C89",
    title="Max-norm stabilizes",
    sources=(
        Source("S0", "§10.7", "Stabilizes weight updates"),
        Source("S0", "§10.7", "Prevents weights from growing too large"),
    ),
    hypothesis=(
        "(a) No row of weights is longer than the limit. (b) No update leads "
        "farther than it would without. (c) A rate that is too high for "
        "gradient descent becomes usable."
    ),
    rule=(
        "Exact: (a) and (b) on random rows and steps, to 1e-12; (c) on a "
        "parabola at 1.25 times the highest stable rate, from 0.1: holds if "
        "the weight is nearer to the minimum after 200 steps."
    ),
    literature=(
        "Srivastava et al. (2014): dropout with max-norm was best on MNIST, "
        "at high rates that decay."
    ),
    expects=("false as printed", "mixed"),
    cuts="Accuracy, alone and with dropout, is not measured here.",
    parts=(
        Part("(a) bounded", "growing too large", rows_within, PRINTED),
        Part("(b) no farther", "weight updates", not_farther, PRINTED),
        Part("(c) settles", "Stabilizes", settles, PRINTED),
    ),
)
