"""Three claims about the tools, C1 to C3.

Each was stated with its rule before its first scored run. What is trained
stands in `mathematics_rank`, what is proved in `mathematics_exact`.
"""

import numpy as np

from dlf.experiments import mathematics_exact as exact
from dlf.experiments import statistics
from dlf.experiments.core import Exact, Measured, Outcome, Part, Source
from dlf.experiments.judging import REFUTED, SUPPORTED

SQUEEZED, PAIR = ("D8", "D8-200", "M1"), ("D8", "M1")
POINT, TAU = 0.01, 0.2


def measure(cell: dict, seeds: list[int]) -> dict:
    """Train nets and squeeze them, or rank them by their gap."""
    from dlf.experiments import mathematics_rank as rank

    return {"squeeze": rank.squeeze, "gap": rank.ranked}[cell["do"]](
        cell, seeds
    )


def judge(view: dict) -> tuple[Outcome, ...]:
    """Decide (a) to (d), with D8-200 where D8 is saturated."""
    holds, note = exact.nearest()
    outcomes = [
        Outcome(
            "(a) nearest matrix", SUPPORTED if holds else REFUTED, note=note
        )
    ]
    level = statistics.family(6)
    saturated = bool("D8" in view and view["D8"]["svd"].mean() > 0.98)
    for name in SQUEEZED:
        if name not in view:
            continue
        arms = view[name]
        counted = name == "M1" or (name == "D8-200") == saturated
        for cell, a, b, rule, ours in (
            ("(b) svd, against whole", "svd", "full",
             statistics.not_worse(POINT), True),
            ("(c) svd, against random", "svd", "random",
             statistics.larger(POINT), True),
            ("weighted by inputs, against svd", "weighted", "svd",
             statistics.larger(POINT), False),
        ):  # fmt: skip
            e = statistics.estimate(arms[a] - arms[b], level)
            outcomes.append(
                Outcome(
                    f"{cell}, {name}",
                    rule(e),
                    e,
                    "points",
                    rule,
                    counted=ours and counted,
                )
            )
    rule = statistics.larger(TAU)
    for name in PAIR:
        if f"{name} gap" in view:
            runs = view[f"{name} gap"]
            tau = [
                statistics.kendall(r, g)
                for r, g in zip(runs["rank"], runs["gap"], strict=True)
            ]
            e = statistics.estimate(np.array(tau), level)
            cell = f"(d) stable rank and gap, {name}"
            outcomes.append(Outcome(cell, rule(e), e, "τ", rule))
    return tuple(outcomes)


def again() -> dict[str, dict]:
    """Train five nets on D8 and on M1 at the recorded rates, for a replica."""
    from dlf.experiments import records

    kept = records.load("C1")["runs"]
    few = {"seeds": 5, "first": 200, "dtype": "float64"}
    return records.plain(
        {
            name: C1.measured(
                C1.cells[name] | few | {"rate": kept[name]["found"]["rate"]}
            )
            for name in PAIR
        }
    )


C1 = Measured(
    number="C1",
    title="SVD for compression, and for capacity",
    sources=(
        Source(
            "S4",
            "§1.1.1",
            "crucial for understanding network capacity and compression",
        ),
    ),
    hypothesis=(
        "(a) No matrix of rank r is nearer than the truncated SVD, in the "
        "Frobenius, the spectral or the nuclear norm. In trained MLPs with "
        "two hidden layers of 128, at the largest rank that keeps half of the "
        "stored weights, truncation (b) loses less than 1 point of test "
        "accuracy and (c) beats a random subspace of that rank by 1 point. "
        "(d) The stable rank of the hidden layers' weights ranks networks by "
        "their train–test gap."
    ),
    rule=(
        "(a) exact, with 200 competitors for each of four matrices. (b) not "
        "worse, margin 1 point, and (c) R(1 point), on D8 and on M1; where "
        "truncated nets exceed 98 % on D8, D8 with 200 training images counts "
        "in its place. (d) Kendall's τ over twelve nets (four widths at three "
        "rates, equal steps) of the mean log stable rank with the gap: "
        "R(0.2) on D8 and on M1. Seven cells, the six intervals widened "
        "together. No fine-tuning; one rate for all, chosen by validation "
        "accuracy before truncation. An SVD weighted by the layer's inputs "
        "is reported beside, not counted."
    ),
    literature=(
        "Eckart and Young (1936), Mirsky (1960) prove (a). Denil et al. "
        "(2013): most weights can be predicted from a few. Denton et al. "
        "(2014): convolutions about twice as fast at 1 % loss, after tuning."
    ),
    expects=("holds in part",),
    cuts="1,000 steps of momentum SGD, batches of 100.",
    mode="live",
    cells={
        **{name: {"do": "squeeze", "data": name} for name in SQUEEZED},
        **{f"{name} gap": {"do": "gap", "data": name} for name in PAIR},
    },
    measure=measure,
    judge=judge,
    replica=again,
    here="Five seeds, float64, and no ranking by stable rank.",
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
        Part("(a) any square matrix", "A = QΛQᵀ", exact.any_matrix),
        Part("(a) if real symmetric", "A = QΛQᵀ", exact.symmetric),
        Part("(b) any probability", "always negative", exact.negative),
        Part("(b) not positive", "always negative", exact.not_positive),
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
        Part("(a) one number", "minimize the surprise", exact.values),
        Part("(b) one minimiser", "minimize the surprise", exact.minimisers),
        Part("(c) one gradient", "minimize the surprise", exact.gradients),
        Part("(d) two directions", "careful", exact.asymmetric),
        Part("(e) missing support", "careful", exact.missing),
    ),
)
