"""The printed equations of backpropagation, transcribed word for word.

Each is tried on twenty random nets 3-4-2, against central differences and
against PyTorch, in float64; it holds where both agree with it to 1e-6.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from dlf.experiments.claim import Exact, Part, Source

NETS, TOLERANCE = 20, 1e-6

Array = np.ndarray

Net = dict[str, Array]


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def draw(rng: np.random.Generator, batch: int) -> Net:
    """A net, inputs and targets; examples in columns, as in the source."""
    classes = rng.integers(2, size=batch)
    shapes = {"w1": (4, 3), "b1": (4, 1), "w2": (2, 4), "b2": (2, 1)}
    return {k: rng.normal(size=s) for k, s in shapes.items()} | {
        "x": rng.normal(size=(3, batch)),
        "y": np.eye(2)[:, classes],
    }


def forward(net: Net, output: Callable) -> dict[str, Array]:
    """Pre-activations and activations of both layers; the first is sigmoid."""
    z1 = net["w1"] @ net["x"] + net["b1"]
    a1 = sigmoid(z1)
    z2 = net["w2"] @ a1 + net["b2"]
    return {"z1": z1, "a1": a1, "z2": z2, "a2": output(z2)}


def loss(net: Net, output: Callable) -> float:
    """Half a square for sigmoid outputs, cross-entropy for softmax ones."""
    a2 = forward(net, output)["a2"]
    if output is sigmoid:
        return float(((a2 - net["y"]) ** 2).sum() / 2)
    return float(-(net["y"] * np.log(a2)).sum())


def by_difference(net: Net, name: str, output: Callable) -> Array:
    """Gradient of the loss, or of a shift of ``z1`` or ``z2``, entry by entry.

    Pre-activations of single examples are shifted through the bias.
    """
    h, where = 1e-6, {"z1": "b1", "z2": "b2"}.get(name, name)
    out = np.zeros(net[where].shape)
    for i in np.ndindex(out.shape):
        moved = [net | {where: net[where].copy()} for _ in range(2)]
        moved[0][where][i] += h
        moved[1][where][i] -= h
        up, down = (loss(m, output) for m in moved)
        out[i] = (up - down) / (2 * h)
    return out


def by_autodiff(net: Net, name: str, output: Callable) -> Array:
    """The same gradient by PyTorch."""
    import torch

    where = {"z1": "b1", "z2": "b2"}.get(name, name)
    t = {k: torch.tensor(v, requires_grad=k == where) for k, v in net.items()}
    z2 = t["w2"] @ torch.sigmoid(t["w1"] @ t["x"] + t["b1"]) + t["b2"]
    if output is sigmoid:
        total = ((torch.sigmoid(z2) - t["y"]) ** 2).sum() / 2
    else:
        total = -(t["y"] * torch.log_softmax(z2, 0)).sum()
    (grad,) = torch.autograd.grad(total, [t[where]])
    return grad.numpy()


def elementwise_error(net: Net, output: Callable) -> Array:
    """S0 §6, step 1: the gradient in a, times f' element by element."""
    f = forward(net, output)
    a, y = f["a2"], net["y"]
    grad = a - y if output is sigmoid else -y / a
    return grad * a * (1 - a)


def true_error(net: Net, output: Callable) -> Array:
    """The corrected step 1, from which the later steps are tried."""
    f = forward(net, output)
    a, y = f["a2"], net["y"]
    return (a - y) * a * (1 - a) if output is sigmoid else a - y


def hidden_error(net: Net, output: Callable) -> Array:
    """S0 §6, step 2, from a correct output error."""
    a1 = forward(net, output)["a1"]
    return (net["w2"].T @ true_error(net, output)) * a1 * (1 - a1)


def weight_without_transpose(net: Net, output: Callable) -> Array:
    """S0 §6, step 3: delta times a, the transpose not printed."""
    return true_error(net, output) @ forward(net, output)["a1"]


def chain_of_matrices(net: Net, output: Callable) -> Array:
    """S2: dL/da · da/dz · dz/dW, multiplied as the matrices they are."""
    f = forward(net, output)
    return (f["a2"] - net["y"]) @ (f["a2"] * (1 - f["a2"])) @ f["a1"]


def chain_of_numbers(net: Net, output: Callable) -> Array:
    """S2's product read for each weight by itself, one example."""
    f = forward(net, output)
    dl_da, da_dz = f["a2"] - net["y"], f["a2"] * (1 - f["a2"])
    return np.array(
        [
            [dl_da[o, 0] * da_dz[o, 0] * f["a1"][i, 0] for i in range(4)]
            for o in range(2)
        ]
    )


def tried(
    equation: Callable, name: str, output: Callable, batch: int
) -> tuple[bool, str]:
    """Hold an equation against both truths; say what was found."""
    worst = 0.0
    for seed in range(NETS):
        net = draw(np.random.default_rng(seed), batch)
        try:
            got = equation(net, output)
        except ValueError:
            return False, "the matrices cannot be multiplied: shapes do not fit"
        if name in ("z1", "z2"):  # one bias is shared by all examples
            got = got.sum(axis=1, keepdims=True)
        for truth in (by_difference, by_autodiff):
            want = truth(net, name, output)
            scale = max(float(np.abs(want).max()), 1e-3)
            worst = max(worst, float(np.abs(got - want).max()) / scale)
    if worst < TOLERANCE:
        return True, f"within {TOLERANCE:g} on {NETS} nets"
    return False, f"off by up to {worst:.2g} of the largest entry"


def _part(name, words, equation, of, output, batch):
    test = partial(tried, equation, of, output, batch)
    return Part(name, words, test)


_STEP_1 = "δ(L) = ∇a(L) ⊙ f′(z(L))"

_STEP_2 = "δ(l) = (W(l+1)ᵀ δ(l+1)) ⊙ f′(z(l))"

_STEP_3 = "∂L/∂W(l) = δ(l) (a(l−1))"

_CHAIN = "∂L/∂W = ∂L/∂a · ∂a/∂z · ∂z/∂W"

_CASES = {
    "half squares and sigmoid": sigmoid,
    "cross-entropy and softmax": softmax,
}

C33 = Exact(
    number="C33",
    title="The printed backpropagation equations",
    sources=(
        Source("S0", "§6, step 1", _STEP_1),
        Source("S0", "§6, step 2", _STEP_2),
        Source("S0", "§6, step 3", _STEP_3),
        Source("S2", "Backpropagation 2", _CHAIN),
    ),
    hypothesis=(
        "Each equation, read literally, gives the exact gradient for half a "
        "squared error on sigmoid outputs and for cross-entropy on softmax "
        "outputs, for one example and for a batch."
    ),
    rule=(
        "Each equation and case on 20 random nets, in float64, against central "
        "differences and automatic differentiation, to 1e-6 of the largest "
        "entry. Each later step is tried from a correct earlier one. Holds if "
        "all cases do, holds in part if some do."
    ),
    literature=(
        "Rumelhart, Hinton and Williams (1986) derive the equations for "
        "elementwise output units."
    ),
    expects=("holds in part",),
    parts=(
        *(
            _part(
                f"step 1, {case}, {count}",
                _STEP_1,
                elementwise_error,
                "z2",
                output,
                batch,
            )
            for case, output in _CASES.items()
            for count, batch in (("one example", 1), ("batch of 5", 5))
        ),
        *(
            _part(
                f"step 2, {case}, batch of 5",
                _STEP_2,
                hidden_error,
                "z1",
                output,
                5,
            )
            for case, output in _CASES.items()
        ),
        *(
            _part(
                f"step 3, {count}",
                _STEP_3,
                weight_without_transpose,
                "w2",
                sigmoid,
                batch,
            )
            for count, batch in (("one example", 1), ("batch of 5", 5))
        ),
        _part(
            "chain, each weight by itself",
            _CHAIN,
            chain_of_numbers,
            "w2",
            sigmoid,
            1,
        ),
        _part(
            "chain, as matrices",
            _CHAIN,
            chain_of_matrices,
            "w2",
            sigmoid,
            1,
        ),
    ),
)
