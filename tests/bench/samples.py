"""A roof and a row that the tests of the bench share."""

from dlf.bench import ceilings
from dlf.bench.benchmark import Row

ROOF = ceilings.Ceilings(
    flops={"float32": 100.0, "float64": 50.0},
    bandwidth={8: 40.0, 64: 80.0, 512: 10.0},
    call_s=0.0,
    absent={},
)
ROW = Row(
    suite="s",
    case="c",
    name="n",
    device="cpu",
    size=3,
    flops=2.0,
    bytes=4.0,
    dtype="float32",
    amount=6.0,
    unit="examples",
    floor=0.5,
    median=2.0,
    low=1.0,
    high=3.0,
)
