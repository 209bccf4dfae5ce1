"""Batching gives parallel speed, tensor cores more: C133.

Committed before its first scored run. Times are taken in `gpu_timed`; here
stands what they are asked. Where a text says R(δ), the interval must lie above
0 and the mean must reach δ (see `dlf.experiments.statistics`).
"""

import math

import numpy as np

from dlf.experiments.core import Measured, Outcome, Source
from dlf.experiments.gpu_timed import timed
from dlf.experiments.statistics import (
    SUPPORTED,
    UNDECIDED,
    Rule,
    equivalent,
    estimate,
    family,
    not_worse,
    ratio,
)

BATCHES = (1, 16, 256, 512, 1024, 2048, 4096)
NUMBERS = 1 << 24  # 64 MB in float32: more than a cache holds
CELLS: dict[str, dict] = {
    "MLP": {"net": "MLP", "batches": BATCHES},
    "CNN": {"net": "CNN", "batches": BATCHES},
    "memory": {"numbers": NUMBERS, "device": "cpu"},
    "products": {"width": 512, "device": "cpu"},
    "accelerator, memory": {"numbers": 1 << 27, "device": "cuda"},
    "accelerator, products": {"width": 8192, "device": "cuda"},
}
COUNTED = 13
Asked = tuple[str, np.ndarray, Rule, bool]


def by_batch(net: str, of: dict) -> list[Asked]:
    """(a) Examples a second from 1 to 256, and a doubling from there."""
    rate = {b: np.log(b / of[str(b)]) for b in (1, 256, 4096)}
    doubling = (rate[4096] - rate[256]) / 4
    return [
        (
            f"(a) {net}: batch 256 over batch 1",
            rate[256] - rate[1],
            ratio(5.0),
            True,
        ),
        (
            f"(a) {net}: 10 % over the gain of a doubling from 256 to 4,096",
            math.log(1.1) - doubling,
            not_worse(0.0),
            True,
        ),
    ]


def by_bytes(where: str, of: dict, counted: bool) -> list[Asked]:
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
    return [(name, np.log(r), same, counted) for name, r in asked] + [
        (f"(b) {where}four kernels over one fused", fused, ratio(2.0), counted)
    ]


def judged(view: dict[str, dict]) -> tuple[Outcome, ...]:
    """Judge every cell that was measured; say which could not be."""
    asked: list[Asked] = []
    untested = []
    for cell, of in view.items():
        absent = of.get("found", {}).get("absent", "")
        if cell in ("MLP", "CNN"):
            asked += by_batch(cell, of)
        elif cell == "memory":
            asked += by_bytes("", of, True)
        elif cell == "products":
            asked += [
                (
                    f"CPU: {half} product, speed over float32's",
                    np.log(of["float32"] / of[half]),
                    ratio(3.0),
                    False,
                )
                for half in ("float16", "bfloat16")
            ]
        elif cell == "accelerator, memory" and not absent:
            asked += by_bytes("accelerator: ", of, False)
        elif cell == "accelerator, products":
            for half in ("float16", "bfloat16"):
                name = f"(c) {half} product, speed over float32's"
                if absent:
                    untested.append(Outcome(name, UNDECIDED, note=absent))
                    continue
                gain = np.log(of["float32"] / of[half])
                asked.append((name, gain, ratio(3.0), True))
            if not absent:
                gain = np.log(of["float32"] / of["TF32"])
                asked.append(("TF32, over float32's", gain, ratio(3.0), False))
    found = []
    for name, values, rule, counted in asked:
        e = estimate(values, family(COUNTED))
        word, spread = rule(e), 2 * float(values.std(ddof=1))
        if rule.kind == "larger" and word == SUPPORTED and e.mean < spread:
            word = UNDECIDED
        found.append(Outcome(name, word, e, "ratio", rule, counted=counted))
    return (*found, *untested)


def here() -> dict[str, dict]:
    """Time on a page: three blocks of the MLP and of what memory does."""
    small = {"seeds": 3, "first": 200}
    cells = {
        "MLP": CELLS["MLP"] | {"batches": (1, 256, 4096), "rounds": 15},
        "memory": CELLS["memory"] | {"rounds": 7},
    }
    return {n: C133.measured(cell | small) for n, cell in cells.items()}


C133 = Measured(
    number="C133",
    title="Batching gives parallel speed; tensor cores more",
    sources=(
        Source("S4", "§1.8.2", "Batch processing for parallelization"),
        Source("S4", "§1.8.2", "Memory efficiency and bandwidth"),
        Source("S4", "§1.8.2", "Tensor cores for mixed precision"),
    ),
    hypothesis=(
        "(a) Examples a second rise at least 5 × from batch 1 to 256 and then "
        "by less than 10 % a doubling. (b) Element-wise operations are bound "
        "by memory: their time follows the bytes and not the operations. (c) "
        "On an accelerator half-precision products are at least 3 × as fast "
        "as float32's."
    ),
    rule=(
        "Forward and backward of an MLP 784-128-128-10 and of a CNN with five "
        "convolutions on 28 × 28 images: (a) R(ratio 5), and the mean gain of "
        "the four doublings from 256 to 4,096 below 10 %. (b) On 64 MB arrays: "
        "time equals multiply's within 25 % for ReLU, square root, exp and "
        "tanh (same bytes, other operations), and the bytes' share within "
        "25 % for two arrays in and for float64 (same operation, other bytes); "
        "hard Swish in four kernels (36 bytes a number) against one (8): "
        "R(ratio 2). (c) R(ratio 3) for float16 and bfloat16 products of width "
        "8,192 over float32's without TF32; where there is no accelerator the "
        "two cells are undecided. Thirteen cells, intervals widened together. "
        "Ten blocks, in each medians of 30 in turns, one thread, its own time "
        "(events on an accelerator); a gain below twice the spread of the "
        "blocks decides nothing. Not counted: half-precision products on the "
        "CPU, (b) and TF32 on the accelerator."
    ),
    literature=(
        "Williams, Waterman and Patterson (2009): a kernel is bound by memory "
        "or by arithmetic, and its intensity says which."
    ),
    expects=("holds", "holds in part"),
    cuts=(
        "Batches 1, 16, 256, 512, 1,024, 2,048 and 4,096; the CNN has four "
        "convolutions after its stem; on the CPU, products of width 512."
    ),
    mode="live",
    replica=here,
    here="Three blocks, the MLP and the memory cells, fewer rounds.",
    cells=CELLS,
    measure=timed,
    judge=judged,
)
