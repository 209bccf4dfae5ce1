"""An engine with one Python object a number, to see what arrays are worth.

It is the perceptron's training step as a teaching engine of scalars does it:
every product and sum is a node with a closure. Source: the form is that of
Karpathy's micrograd (2020).
"""

import math

import numpy as np


def passes_nothing_on() -> None:
    """Do nothing: a number that came from no others."""


class Number:
    """A scalar that knows what it came from."""

    __slots__ = ("back", "grad", "parents", "value")

    def __init__(self, value: float, parents: tuple = ()) -> None:
        self.value, self.parents, self.grad = value, parents, 0.0
        self.back = passes_nothing_on

    def __add__(self, other: "Number") -> "Number":
        y = Number(self.value + other.value, (self, other))

        def back() -> None:
            self.grad += y.grad
            other.grad += y.grad

        y.back = back
        return y

    def __mul__(self, other: "Number") -> "Number":
        y = Number(self.value * other.value, (self, other))

        def back() -> None:
            self.grad += other.value * y.grad
            other.grad += self.value * y.grad

        y.back = back
        return y

    def relu(self) -> "Number":
        """Apply ReLU, max(x, 0)."""
        y = Number(max(0.0, self.value), (self,))

        def back() -> None:
            self.grad += (self.value > 0) * y.grad

        y.back = back
        return y


def step(
    params: dict[str, np.ndarray], x: np.ndarray, label: int
) -> tuple[float, dict[str, np.ndarray]]:
    """Loss and gradients of a perceptron for one example, scalar by scalar.

    Args:
        params: as `dlf.scratch.mlp.init` gives them.
        x: the features of one example.
        label: its class.
    """
    nodes = {
        name: np.array([Number(v) for v in p.ravel()], object).reshape(p.shape)
        for name, p in params.items()
    }
    a = [Number(float(v)) for v in x]
    made: list[Number] = []
    last = len(params) // 2 - 1
    for layer in range(last + 1):
        rows = nodes[f"layers.{layer}.weight"]
        biases = nodes[f"layers.{layer}.bias"]
        out = []
        for row, z in zip(rows, biases, strict=True):
            for w, v in zip(row, a, strict=True):
                made.append(w * v)
                z = z + made[-1]
                made.append(z)
            if layer < last:
                z = z.relu()
                made.append(z)
            out.append(z)
        a = out
    top = max(v.value for v in a)
    total = sum(math.exp(v.value - top) for v in a)
    for c, v in enumerate(a):
        v.grad = math.exp(v.value - top) / total - (c == label)
    for node in reversed(made):
        node.back()
    loss = math.log(total) + top - a[label].value
    grad = np.vectorize(lambda n: n.grad, otypes=[float])
    return loss, {name: grad(p) for name, p in nodes.items()}
