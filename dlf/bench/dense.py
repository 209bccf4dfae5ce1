"""A training step of 784-128-128-10, five ways; a dense layer, by width."""

import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from dlf.bench import scalar_engine
from dlf.bench.benchmark import Case, Make, Row, run
from dlf.bench.ceilings import Ceilings
from dlf.bench.device import Call, Place
from dlf.bench.timing import Timing, compare
from dlf.nn.mlp import MLP
from dlf.scratch import mlp
from dlf.scratch.activations.elementwise import relu
from dlf.scratch.backpropagation import tape
from dlf.scratch.losses import classification

WIDTHS, LR = (784, 128, 128, 10), 0.01
ROWS = 256
LAYERS = {
    "cpu": (16, 64, 256, 1024, 2048),
    "cuda": (16, 64, 256, 1024, 2048, 4096, 8192),
}
Grads = Callable[[], dict[str, np.ndarray]]
Step = Callable[[], Grads]


def steps(batch: int) -> dict[str, Step]:
    """One training step a contender, float32; its gradients are read later.

    Args:
        batch: examples a step.
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch, WIDTHS[0])).astype(np.float32)
    y = rng.integers(WIDTHS[-1], size=batch)
    params = mlp.init(WIDTHS, rng, np.float32)
    found = {
        "PyTorch": _torch(params, x, y),
        "scratch": _scratch(params, x, y),
        "tape": _tape(params, x, y),
    }
    if find_spec("autograd"):
        found["HIPS autograd"] = _hips(params, x, y)
    return found


def check(batch: int) -> None:
    """Refuse to time contenders that do not compute the same gradients.

    Args:
        batch: examples a step.

    Raises:
        AssertionError: naming the contender whose gradients differ.
    """
    wanted, *others = ((name, step()()) for name, step in steps(batch).items())
    for name, got in others:
        for key, value in wanted[1].items():
            np.testing.assert_allclose(
                got[key], value, rtol=1e-3, atol=1e-6, err_msg=f"{name} {key}"
            )


def dense(batch: int, rounds: int = 25) -> list[Timing]:
    """Time the training step for a batch size.

    Args:
        batch: examples a step.
        rounds: timings a contender.
    """
    check(batch)
    return compare(steps(batch), rounds=rounds, calls=max(10, 20 // batch))


def layer(
    place: Place, ceilings: Ceilings, widths: tuple[int, ...] | None = None
) -> list[Row]:
    """Return a dense layer of 256 rows, forward and backward, by width.

    On a CPU from scratch and in PyTorch, on a GPU in PyTorch.

    Args:
        place: where to run, how long and how often.
        ceilings: of that device.
        widths: inputs, and as many outputs; None for the device's own.
    """
    swept = LAYERS[place.device] if widths is None else widths
    cases = []
    for width in swept:
        rng = np.random.default_rng(0)
        x, dy = rng.normal(size=(2, ROWS, width)).astype(np.float32)
        w = rng.normal(size=(width, width)).astype(np.float32)
        b = np.zeros(width, np.float32)
        contenders = {"PyTorch": _torch_layer(place, x, w, b, dy)}
        if not place.gpu:
            contenders["NumPy, from scratch"] = _numpy_layer(x, w, b, dy)
        cases.append(
            Case(
                suite="layer",
                name=f"{ROWS} rows, width {width}, both ways",
                contenders=contenders,
                size=width,
                flops=6 * ROWS * width**2,
                bytes=4 * (3 * width**2 + 4 * ROWS * width),
                amount=6 * ROWS * width**2,
                unit="operations",
            )
        )
    return run(place, ceilings, cases)


def _numpy_layer(*arrays: np.ndarray) -> Make:
    def make() -> Call:
        x, w, b, dy = arrays

        def call() -> torch.Tensor:
            _, pull = mlp.linear(x, w, b)
            _, dw, _ = pull(dy)
            return torch.from_numpy(dw)

        return call

    return make


def _torch_layer(place: Place, *arrays: np.ndarray) -> Make:
    def make() -> Call:
        x, w, b, dy = (torch.tensor(a, device=place.device) for a in arrays)
        leaves = [t.requires_grad_() for t in (x, w, b)]

        def call() -> torch.Tensor:
            return torch.autograd.grad(F.linear(*leaves), leaves, dy)[1]

        return call

    return make


def overhead(ops: int = 1000, rounds: int = 25) -> list[Timing]:
    """Seconds an operation, forward and backward: plain code, and the tape.

    Args:
        ops: operations a call, added up one after the other.
        rounds: timings a contender.
    """
    a, b, one = np.zeros(1), np.zeros(1), np.ones(1)

    def plain() -> None:
        y, total = a, 0.0
        for _ in range(ops):
            y = y + b
        for _ in range(ops):
            total = total + one

    def taped() -> None:
        y, leaf = tape.Node(a), tape.Node(b)
        for _ in range(ops):
            y = y + leaf
        tape.backward(y, one)

    found = compare({"plain": plain, "tape": taped}, rounds, calls=1)
    return [
        Timing(t.name, t.median / ops, t.ratio, t.low, t.high) for t in found
    ]


def scalars() -> float:
    """Seconds of one example's step in an engine of scalars.

    Raises:
        AssertionError: its gradients are not those of PyTorch.
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, WIDTHS[0])).astype(np.float32)
    y = rng.integers(WIDTHS[-1], size=1)
    params = mlp.init(WIDTHS, rng, np.float32)
    wanted = _torch(params, x, y)()()
    start = time.perf_counter()
    _, got = scalar_engine.step(params, x[0], int(y[0]))
    seconds = time.perf_counter() - start
    for key, value in wanted.items():
        np.testing.assert_allclose(got[key], value, rtol=1e-3, atol=1e-6)
    return seconds


def _torch(params: mlp.Params, x: np.ndarray, y: np.ndarray) -> Step:
    torch.set_num_threads(1)
    net = MLP(WIDTHS)
    net.load_state_dict({k: torch.tensor(v) for k, v in params.items()})
    optimizer = torch.optim.SGD(net.parameters(), lr=LR)
    inputs, labels = torch.tensor(x), torch.tensor(y)

    def step() -> Grads:
        optimizer.zero_grad()
        F.cross_entropy(net(inputs), labels).backward()
        optimizer.step()
        return lambda: {
            k: p.grad.numpy()
            for k, p in net.named_parameters()
            if p.grad is not None
        }

    return step


def _scratch(params: mlp.Params, x: np.ndarray, y: np.ndarray) -> Step:
    params = {k: v.copy() for k, v in params.items()}

    def step() -> Grads:
        logits, pull_net = mlp.mlp(params, x)
        _, pull_loss = classification.cross_entropy(logits, y)
        grads, _ = pull_net(pull_loss(), dx=False)
        for k, g in grads.items():
            params[k] -= LR * g
        return lambda: grads

    return step


def _tape(params: mlp.Params, x: np.ndarray, y: np.ndarray) -> Step:
    params = {k: v.copy() for k, v in params.items()}
    linear = tape.lift(mlp.linear, skips=True)
    activation = tape.lift(relu)
    cross_entropy = tape.lift(classification.cross_entropy)

    def step() -> Grads:
        leaves = {k: tape.Node(v) for k, v in params.items()}
        a = x
        for layer in range(len(WIDTHS) - 1):
            w = leaves[f"layers.{layer}.weight"]
            a = linear(a, w, leaves[f"layers.{layer}.bias"])
            a = activation(a) if layer < len(WIDTHS) - 2 else a
        tape.backward(cross_entropy(a, y))
        grads: dict[str, np.ndarray] = {
            k: v.grad for k, v in leaves.items() if v.grad is not None
        }
        for k, g in grads.items():
            params[k] = params[k] - LR * g
        return lambda: grads

    return step


def _hips(params: mlp.Params, x: np.ndarray, y: np.ndarray) -> Step:
    from autograd import grad

    anp: Any = import_module("autograd.numpy")  # whose names have no types
    params = {k: v.copy() for k, v in params.items()}
    rows = np.arange(len(y))

    def loss(p: dict) -> float:
        a = x
        for layer in range(len(WIDTHS) - 1):
            w = p[f"layers.{layer}.weight"]
            a = anp.dot(a, w.T) + p[f"layers.{layer}.bias"]
            a = a * (a > 0) if layer < len(WIDTHS) - 2 else a
        a = a - anp.max(a, axis=1, keepdims=True)
        log_p = a - anp.log(anp.sum(anp.exp(a), axis=1, keepdims=True))
        return -anp.sum(log_p[rows, y]) / np.float32(len(y))

    gradient = grad(loss)  # pyright: ignore[reportCallIssue]: a decorator's

    def step() -> Grads:
        grads = gradient(params)
        for k, g in grads.items():
            params[k] = params[k] - np.float32(LR) * g
        return lambda: grads

    return step
