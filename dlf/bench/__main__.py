"""Time `dlf` against PyTorch and others; print ratios, and keep the record."""

import argparse
import json
import re
import sys
from dataclasses import asdict

from dlf import RECORDS
from dlf.bench.timing import Timing, pin_heap

BENCHMARKS = RECORDS / "benchmarks"
#: largest ratios that we allow ourselves: (comparison, contender) to ratio
BUDGET = {
    ("batch 128", "scratch"): 1.0,
    ("batch 128", "tape"): 1.1,
    ("batch 1", "scratch"): 1.5,
}
OVERHEAD_S = 3e-6


def main() -> int:
    parser = argparse.ArgumentParser("python -m dlf.bench", description=__doc__)
    parser.add_argument("--record", action="store_true", help="write the JSON")
    parser.add_argument("--rounds", type=int, default=25)
    args = parser.parse_args()
    pin_heap("dlf.bench")

    from dlf.bench import dense
    from dlf.bench.timing import provenance

    where = provenance()
    print("\n".join(f"{key:11}{value}" for key, value in where.items()))
    tables = {
        f"batch {batch}": dense.dense(batch, args.rounds) for batch in (128, 1)
    }
    print("\ntraining step of 784-128-128-10, float32, one thread")
    for title, timings in tables.items():
        print(_table(title, timings))
    scalar = dense.scalars()
    one = tables["batch 1"][0].median
    print(
        f"engine of scalars, one example: {scalar:.2f} s, {scalar / one:.0f}×"
    )
    plain, taped = dense.overhead(rounds=args.rounds)
    extra = taped.median - plain.median
    print(f"tape overhead: {extra * 1e6:.2f} µs an operation, both ways")

    over = [
        f"{title}, {t.name}: {t.ratio:.2f} is over {BUDGET[title, t.name]}"
        for title, timings in tables.items()
        for t in timings
        if t.ratio > BUDGET.get((title, t.name), float("inf"))
    ]
    if extra > OVERHEAD_S:
        over.append(f"tape overhead is over {OVERHEAD_S * 1e6:.0f} µs")
    print("\n".join(over) or "all within budget")
    if args.record:
        record = {
            "machine": where,
            "dense": {k: [asdict(t) for t in v] for k, v in tables.items()},
            "scalar_engine_s": scalar,
            "tape_overhead_s": extra,
        }
        name = re.sub(r"\W+", "-", f"{where['cpu']} {where['cores']}").lower()
        file = BENCHMARKS / f"{name.strip('-')}.json"
        file.write_text(json.dumps(record, indent=1) + "\n")
        print(f"recorded in data/benchmarks/{file.name}")
    return bool(over)


def _table(title: str, timings: list[Timing]) -> str:
    rows = [f"{title:20}{'µs':>10}{'ratio':>9}   quartiles"]
    rows += [
        f"  {t.name:18}{t.median * 1e6:10.0f}{t.ratio:9.2f}   "
        f"{t.low:.2f}–{t.high:.2f}"
        for t in timings
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
