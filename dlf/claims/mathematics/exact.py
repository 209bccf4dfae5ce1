"""What is true of every matrix and every probability: parts of C1, C2, C3."""

import math

import numpy as np

from dlf.experiments.claim import Exact, Part, Source
from dlf.experiments.outcomes import BACKGROUND

SHAPES_AND_RANKS = ((5, 8, 2), (12, 12, 4), (20, 7, 1), (30, 30, 10))

EXACT = 1e-10


def within(error: float) -> str:
    """Say how far off, alike on every machine while it is nothing."""
    return "within 1e-10" if error < EXACT else f"off by {error:.1e}"


def errors(d: np.ndarray) -> np.ndarray:
    """Frobenius, spectral and nuclear norm of a matrix."""
    s = np.linalg.svd(d, compute_uv=False)
    return np.array([math.sqrt(s @ s), s[0], s.sum()])


def nearest(competitors: int = 200) -> tuple[bool, str]:
    """Let matrices of rank r compete with the truncation, part (a).

    Half are the best with a random row space, half are the truncation with
    its factors disturbed a little or much.
    """
    rng, violated, tails = np.random.default_rng(0), 0, 0.0
    for m, n, r in SHAPES_AND_RANKS:
        a = rng.normal(size=(m, n))
        u, s, vt = np.linalg.svd(a, full_matrices=False)
        best = errors(a - (u[:, :r] * s[:r]) @ vt[:r])
        tail = s[r:]
        want = np.array([math.sqrt(tail @ tail), tail[0], tail.sum()])
        tails = max(tails, np.abs(best - want).max())
        for k in range(competitors):
            if k % 2:
                q = np.linalg.qr(rng.normal(size=(n, r)))[0]
                b = a @ q @ q.T
            else:
                h = 10 ** rng.uniform(-4, 0)
                left = u[:, :r] * s[:r] + h * rng.normal(size=(m, r))
                b = left @ (vt[:r] + h * rng.normal(size=(r, n)))
            more = errors(a - b) - best
            violated += bool((more < -EXACT).any())
    return bool(violated == 0 and tails < EXACT), (
        f"{violated} of {competitors * len(SHAPES_AND_RANKS)} competitors "
        "nearer, in any of three norms; the truncation errs by the singular "
        f"values left out, {within(tails)}"
    )


def factored(a: np.ndarray) -> tuple[float, float]:
    """Error of Q L Q^T with unit eigenvectors, and how oblique they are."""
    values, q = np.linalg.eig(a)
    off = np.abs(q @ np.diag(values) @ q.T - a).max()
    return float(off), float(abs(np.linalg.det(q)))


def any_matrix() -> tuple[bool, str]:
    """Try the printed form on three matrices that are not symmetric."""
    jordan = np.array([[1.0, 1.0], [0.0, 1.0]])
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    slanted = np.array([[1.0, 1.0], [0.0, 2.0]])
    off = [factored(a)[0] for a in (jordan, turn, slanted)]
    flat = factored(jordan)[1] < EXACT
    unreal = np.abs(np.linalg.eigvals(turn).imag).min() > 0.5
    return bool(max(off) < EXACT), (
        f"errors {off[0]:.2g}, {off[1]:.2g}, {off[2]:.2g} for a Jordan block "
        f"({'one direction' if flat else 'two directions'}), a quarter turn "
        f"({'no real eigenvalue' if unreal else 'real'}), and a matrix with "
        "slanted eigenvectors"
    )


def symmetric(draws: int = 200) -> tuple[bool, str]:
    """Try the printed form on symmetric matrices of all sizes to 12."""
    rng, worst = np.random.default_rng(0), 0.0
    for k in range(draws):
        a = rng.normal(size=(1 + k % 12, 1 + k % 12))
        a = a + a.T
        values, q = np.linalg.eigh(a)
        worst = max(worst, np.abs((q * values) @ q.T - a).max())
        worst = max(worst, np.abs(q.T @ q - np.eye(len(a))).max())
    return bool(worst < EXACT), f"{within(worst)} in {draws} matrices"


def negative() -> tuple[bool, str]:
    """Look for a probability whose logarithm is not negative."""
    return math.log(1.0) < 0, f"log 1 = {math.log(1.0):g}"


def not_positive() -> tuple[bool, str]:
    """Prove log p <= p - 1 <= 0, by the derivative of the difference."""
    import sympy as sp

    p = sp.Symbol("p", positive=True)
    gap = p - 1 - sp.log(p)
    least = sp.solve(sp.diff(gap, p), p)
    convex = sp.diff(gap, p, 2).subs(p, 1) > 0
    holds = least == [1] and gap.subs(p, 1) == 0 and bool(convex)
    return holds, "p − 1 − log p has one stationary point, the minimum 0 at 1"


def entropy(p: np.ndarray) -> float:
    """Entropy, with 0 log 0 = 0."""
    p = p[p > 0]
    return float(-(p @ np.log(p)))


def cross(p: np.ndarray, q: np.ndarray) -> float:
    """Cross-entropy of what p draws under q; infinite where q misses."""
    if (q[p > 0] == 0).any():
        return math.inf
    return float(-(p[p > 0] @ np.log(q[p > 0])))


def divergence(p: np.ndarray, q: np.ndarray) -> float:
    """Sum of p log p/q, computed from the ratios."""
    if (q[p > 0] == 0).any():
        return math.inf
    on = p > 0
    return float(p[on] @ np.log(p[on] / q[on]))


def values() -> tuple[bool, str]:
    """Compare H(p, q) with H(p) + KL, and both with the likelihood."""
    rng, worst = np.random.default_rng(0), 0.0
    for classes in range(2, 22):
        y = rng.integers(classes, size=50)
        q = rng.dirichlet(np.ones(classes))
        p = np.bincount(y, minlength=classes) / len(y)
        likelihood = -np.log(q[y]).mean()
        surprise = cross(p, q)
        whole = entropy(p) + divergence(p, q)
        worst = max(worst, abs(likelihood - surprise), abs(surprise - whole))
    return bool(worst < EXACT), (
        f"mean −log likelihood = H(p, q) = H(p) + KL(p‖q) {within(worst)}"
    )


def gradients() -> tuple[bool, str]:
    """Differentiate the three for a random MLP, hard and soft targets."""
    import torch
    import torch.nn.functional as F

    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Linear(6, 16), torch.nn.Tanh(), torch.nn.Linear(16, 5)
    ).double()
    x = torch.randn(40, 6, dtype=torch.float64)
    y = torch.randint(5, (40,))
    soft = torch.softmax(torch.randn(40, 5, dtype=torch.float64), -1)
    worst = 0.0
    for p in (F.one_hot(y, 5).double(), soft):
        log_q = torch.log_softmax(net(x), -1)
        nll = -torch.distributions.Categorical(logits=net(x)).log_prob(y)
        losses = [
            F.cross_entropy(net(x), p),
            F.kl_div(log_q, p, reduction="batchmean"),
        ]
        if p is not soft:
            losses.append(nll.mean())
        slopes = [
            torch.cat(
                [g.flatten() for g in torch.autograd.grad(v, net.parameters())]
            )
            for v in losses
        ]
        for s in slopes[1:]:
            worst = max(worst, (s - slopes[0]).abs().max().item())
    return bool(worst < EXACT), (
        f"gradients of all weights agree {within(worst)}, soft targets too"
    )


def minimisers() -> tuple[bool, str]:
    """Let random distributions compete with the frequencies."""
    rng, nearer, flat = np.random.default_rng(0), 0, 0.0
    for classes in range(2, 12):
        p = rng.dirichlet(np.ones(classes))
        for h in 10 ** rng.uniform(-4, 0, size=100):
            q = (1 - h) * p + h * rng.dirichlet(np.ones(classes))
            gain = cross(p, p) - cross(p, q), -divergence(p, q)
            nearer += max(gain) > 1e-12
            flat = max(flat, abs(gain[0] - gain[1]))
    return bool(nearer == 0 and flat < EXACT), (
        f"{nearer} of 1,000 other distributions lie lower than q = p; the "
        f"excesses agree {within(flat)}"
    )


def asymmetric() -> tuple[bool, str]:
    """Measure three pairs both ways."""
    pairs = [
        ([0.5, 0.5], [0.9, 0.1]),
        ([0.7, 0.2, 0.1], [0.1, 0.3, 0.6]),
        ([0.25] * 4, [0.97, 0.01, 0.01, 0.01]),
    ]
    found = [
        (divergence(np.array(p), np.array(q)),
         divergence(np.array(q), np.array(p)))
        for p, q in pairs
    ]  # fmt: skip
    said = ", ".join(f"{a:.3f} against {b:.3f}" for a, b in found)
    return all(abs(a - b) > 0.01 for a, b in found), f"nats: {said}"


def missing() -> tuple[bool, str]:
    """Give the model probability 0 for something that happens."""
    p, q = np.array([0.5, 0.5]), np.array([1.0, 0.0])
    a, b = divergence(p, q), divergence(q, p)
    return math.isinf(a) and math.isfinite(b), (
        f"KL = {a:g} where the model misses a case, {b:.3f} the other way"
    )


C2 = Exact(
    number="C2",
    title="Two unconditional statements of algebra",
    sources=(
        Source("S4", "§1.1.1", "where Q contains eigenvectors"),
        Source("S3", "§3", "always negative"),
    ),
    hypothesis=(
        "(a) A = QΛQᵀ for every square matrix. (b) The logarithm of a "
        "probability, from 0 to 1, is always negative. Each is also tried "
        "with the condition it needs."
    ),
    rule=(
        "Exact, part by part: one counterexample refutes the words as "
        "printed. If they stand with “real symmetric” and with “not "
        "positive”, the verdict is “in part”."
    ),
    literature="The spectral theorem; log p ≤ p − 1.",
    expects=("holds in part",),
    parts=(
        Part("(a) any square matrix", "A = QΛQᵀ", any_matrix),
        Part("(a) if real symmetric", "A = QΛQᵀ", symmetric, BACKGROUND),
        Part("(b) any probability", "always negative", negative),
        Part("(b) not positive", "always negative", not_positive, BACKGROUND),
    ),
)

C3 = Exact(
    number="C3",
    title="Cross-entropy is maximum likelihood and “surprise”",
    sources=(
        Source("S3", "§3", "minimize the surprise"),
        Source("S4", "§1.1.3", "Maximum Likelihood Estimation"),
        Source("S2", "Losses, table", "Requires careful interpretation"),
    ),
    hypothesis=(
        "(a) Mean negative log-likelihood, cross-entropy with the data, and "
        "entropy plus KL divergence are one number; (b) they have one "
        "minimiser and (c) one gradient. (d) KL is not symmetric, and (e) "
        "infinite where the model misses what happens."
    ),
    rule=(
        "Exact: differences below 1e-10 in float64, on 20 random data sets, "
        "on a random MLP with hard and soft targets, and against 1,000 other "
        "distributions; three pairs both ways."
    ),
    literature="Shannon (1948); Kullback and Leibler (1951).",
    expects=("holds",),
    parts=(
        Part("(a) one number", "minimize the surprise", values),
        Part("(b) one minimiser", "minimize the surprise", minimisers),
        Part("(c) one gradient", "minimize the surprise", gradients),
        Part("(d) two directions", "careful", asymmetric),
        Part("(e) missing support", "careful", missing),
    ),
)
