"""What one layer of a graph network does to memory: gather rows, add them up.

Nodes send their rows along edges and receive the sum. Four ways to say so,
which differ in whether the messages are ever written down.
"""

import warnings
from collections.abc import Callable

import torch

from dlf.bench.benchmark import Case, Row, run
from dlf.bench.ceilings import Ceilings
from dlf.bench.device import Place

SIZES = {"cpu": ((20_000, 200_000),), "cuda": ((200_000, 2_000_000),)}
FEATURES = 64
Edges = tuple[torch.Tensor, torch.Tensor]


def gathering(
    place: Place,
    ceilings: Ceilings,
    sizes: tuple[tuple[int, int], ...] | None = None,
) -> list[Row]:
    """Sum of neighbours' rows, by size of the graph.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        sizes: nodes and edges of each graph; None for the device's own.
    """
    cases = []
    for nodes, edges in sizes or SIZES[place.device]:
        generator = torch.Generator().manual_seed(0)
        src, dst = (
            torch.randint(nodes, (edges,), generator=generator)
            for _ in range(2)
        )
        dst, _ = dst.sort()  # as a graph library keeps them
        x = torch.randn(nodes, FEATURES, generator=generator)
        src, dst, x = (t.to(place.device) for t in (src, dst, x))
        cases.append(
            Case(
                suite="gather",
                name=f"{nodes:,} nodes, {edges:,} edges, {FEATURES} features",
                contenders={
                    way: lambda make=make, t=(x, src, dst): make(*t)
                    for way, make in WAYS.items()
                },
                size=edges,
                flops=edges * FEATURES,
                # each row read and written once, each edge's source read
                bytes=4 * FEATURES * 2 * nodes + 8 * edges,
                amount=edges,
                unit="edges",
                cold=True,
            )
        )
    return run(place, ceilings, cases)


def _index_add(
    x: torch.Tensor, src: torch.Tensor, dst: torch.Tensor
) -> Callable:
    return lambda: torch.zeros_like(x).index_add_(0, dst, x[src])


def _scatter_add(
    x: torch.Tensor, src: torch.Tensor, dst: torch.Tensor
) -> Callable:
    wide = dst[:, None].expand(-1, x.shape[1])
    return lambda: torch.zeros_like(x).scatter_add_(0, wide, x[src])


def _segments(
    x: torch.Tensor, src: torch.Tensor, dst: torch.Tensor
) -> Callable:
    counts = torch.bincount(dst, minlength=len(x))

    def call() -> torch.Tensor:
        # unsafe: else the lengths are checked, for which the host waits
        return torch.segment_reduce(x[src], "sum", lengths=counts, unsafe=True)

    return call


def _sparse(x: torch.Tensor, src: torch.Tensor, dst: torch.Tensor) -> Callable:
    ends = torch.bincount(dst, minlength=len(x)).cumsum(0)
    starts = torch.cat([ends.new_zeros(1), ends])
    ones = torch.ones(len(src), device=x.device)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "Sparse CSR is in beta"
        matrix = torch.sparse_csr_tensor(starts, src, ones, 2 * (len(x),))
    return lambda: matrix @ x


WAYS = {
    "index_add": _index_add,
    "scatter_add": _scatter_add,
    "segments": _segments,
    "sparse product": _sparse,
}
