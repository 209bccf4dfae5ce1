"""Batching gives parallel speed, tensor cores more: C133.

The sentences are advice about accelerators, so an accelerator decides them;
what one thread of a CPU does is measured beside it and not counted. Committed
before its first scored run; an earlier rule had let the CPU decide. Times are
taken in `gpu_timed`; here stands what they are asked. Where a text says R(δ),
the interval must lie above 0 and the mean must reach δ (see
`dlf.experiments.statistics`).
"""

import math

import numpy as np

from dlf.claims.gpu.timing import (
    Elementwise,
    Products,
    Steps,
    Timed,
    timed,
)
from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import (
    SUPPORTED,
    UNCLEAR,
    Rule,
    equivalent,
    estimate,
    family,
    not_worse,
    ratio,
)

BATCHES = (1, 16, 256, 512, 1024, 2048, 4096)
NUMBERS = 1 << 24  # 64 MB in float32: more than a cache holds
ON = "accelerator, "
FIRST = 110  # blocks of an earlier rule began at 100
CELLS: dict[str, Timed] = {
    f"{ON}MLP": Steps(net="MLP", batches=BATCHES, device="cuda", first=FIRST),
    f"{ON}CNN": Steps(net="CNN", batches=BATCHES, device="cuda", first=FIRST),
    f"{ON}memory": Elementwise(numbers=1 << 27, device="cuda", first=FIRST),
    f"{ON}products": Products(width=8192, device="cuda", first=FIRST),
    "MLP": Steps(net="MLP", batches=BATCHES, device="cpu", first=FIRST),
    "CNN": Steps(net="CNN", batches=BATCHES, device="cpu", first=FIRST),
    "memory": Elementwise(numbers=NUMBERS, device="cpu", first=FIRST),
    "products": Products(width=512, device="cpu", first=FIRST),
}
COUNTED = (
    "(a) accelerator, MLP: batch 256 over batch 1",
    "(a) accelerator, CNN: batch 256 over batch 1",
    "(b) accelerator, time of tanh over multiply's",
    "(b) accelerator, two arrays in: time over that of the bytes",
    "(c) accelerator, float16 product, speed over float32's",
    "(c) accelerator, bfloat16 product, speed over float32's",
)
Asked = tuple[str, np.ndarray, Rule]


def by_batch(where: str, net: str, of: dict) -> list[Asked]:
    """(a) Examples a second from 1 to 256, and a doubling from there."""
    rate = {b: np.log(b / of[str(b)]) for b in (1, 256, 4096)}
    doubling = (rate[4096] - rate[256]) / 4
    return [
        (
            f"(a) {where}{net}: batch 256 over batch 1",
            rate[256] - rate[1],
            ratio(5.0),
        ),
        (
            f"(a) {where}{net}: 10 % over the gain of a doubling from 256 to "
            "4,096",
            math.log(1.1) - doubling,
            not_worse(0.0),
        ),
    ]


def by_bytes(where: str, of: dict) -> list[Asked]:
    """(b) Time over what the bytes say; the chain over its fused kernel."""
    same, one = equivalent(math.log(1.25)), of["multiply"]
    asked = [
        (f"(b) {where}time of {name} over multiply's", of[name] / one)
        for name in ("ReLU", "square root", "exp", "tanh")
    ]
    more = of["add two arrays"] / one / 1.5
    asked += [
        (f"(b) {where}two arrays in: time over that of the bytes", more),
        (
            f"(b) {where}float64: time over that of the bytes",
            of["float64"] / one / 2,
        ),
    ]
    fused = np.log(of["unfused"] / of["fused"])
    return [(name, np.log(r), same) for name, r in asked] + [
        (f"(b) {where}four kernels over one fused", fused, ratio(2.0))
    ]


def by_type(where: str, of: dict) -> list[Asked]:
    """(c) Products of half the digits, and TF32, over float32's."""
    return [
        (
            f"(c) {where}{name} product, speed over float32's",
            np.log(of["float32"] / of[name]),
            ratio(3.0),
        )
        for name in ("float16", "bfloat16", "TF32")
        if name in of
    ]


def judged(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge every cell that was measured; say which could not be."""
    asked: list[Asked] = []
    absent = ""
    for cell, of in view.items():
        where = ON if cell.startswith(ON) else ""
        what = cell.removeprefix(ON)
        if why := of.get("found", {}).get("absent", ""):
            absent = why
        elif what in ("MLP", "CNN"):
            asked += by_batch(where, what, of)
        else:
            asked += (by_bytes if what == "memory" else by_type)(where, of)
    found = []
    for name, values, rule in asked:
        e = estimate(values, family(len(COUNTED)))
        word, spread = rule(e), 2 * float(values.std(ddof=1))
        if rule.kind == "larger" and word == SUPPORTED and e.mean < spread:
            word = UNCLEAR
        counted = name in COUNTED
        found.append(Outcome(name, word, e, "ratio", rule, counted=counted))
    if absent:
        judged_here = {o.cell for o in found}
        found += [
            Outcome(name, UNCLEAR, note=absent)
            for name in COUNTED
            if name not in judged_here
        ]
    return tuple(found)


C133 = Measured(
    number="C133",
    title="Batching gives parallel speed; tensor cores more",
    sources=(
        Source("S4", "§1.8.2", "Batch processing for parallelization"),
        Source("S4", "§1.8.2", "Memory efficiency and bandwidth"),
        Source("S4", "§1.8.2", "Tensor cores for mixed precision"),
    ),
    hypothesis=(
        "On an accelerator: (a) examples a second rise at least 5 × from "
        "batch 1 to 256; (b) element-wise operations are bound by memory: "
        "their time follows the bytes and not the operations; (c) "
        "half-precision products are at least 3 × as fast as float32's."
    ),
    rule=(
        "On an accelerator, six cells, intervals widened together. Forward and "
        "backward of an MLP 784-128-128-10 and of a CNN with five convolutions "
        "on 28 × 28 images: (a) R(ratio 5) for examples a second at batch 256 "
        "over batch 1 (“batch processing for parallelization”), twice. (b) On "
        "arrays of 512 MB: tanh's time equals multiply's within 25 % (same "
        "bytes, more operations), and the time with two arrays in equals that "
        "of the bytes within 25 % (same operation, more bytes) (“memory "
        "efficiency and bandwidth”). (c) R(ratio 3) for float16 and bfloat16 "
        "products of width 8,192 over float32's without TF32 (“tensor cores "
        "for mixed precision”). Where there is no accelerator all six are "
        "undecided. Ten blocks, in each medians of 30 in turns, each timed by "
        "events; a gain below twice the spread of the blocks decides nothing. "
        "Not counted: doublings from 256 to 4,096 (below 10 % each); ReLU, "
        "square root, exp and float64; hard Swish in four kernels (36 bytes a "
        "number) over one (8), R(ratio 2); TF32; and all of it on one thread "
        "of a CPU, by the thread's own time, on arrays of 64 MB and products "
        "of width 512."
    ),
    literature=(
        "Williams, Waterman and Patterson (2009): a kernel is bound by memory "
        "or by arithmetic, and its intensity says which."
    ),
    expects=("holds", "holds in part"),
    cuts=(
        "Batches 1, 16, 256, 512, 1,024, 2,048 and 4,096; the CNN has four "
        "convolutions after its stem; saturation, which no source prints, is "
        "measured and not counted."
    ),
    mode="recorded",
    cells=CELLS,
    measure=timed,
    judge=judged,
)
