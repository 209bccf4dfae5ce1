"""Deep nets side by side, on which cures of their gradients are tried.

A net for each seed and learning rate, all of them in one batched product.
Source: He et al. (2016) for skips; Ioffe & Szegedy (2015), Ba, Kiros & Hinton
(2016) for the two norms.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
NORMS = ("", "batch", "layer")
OPTIMIZERS = ("sgd", "adam")


@dataclass(frozen=True)
class Setting:
    """What a deep net is made of; each cure changes one of these.

    Args:
        activation: a name among `ACTIVATIONS`.
        gain: of the hidden weights, whose variance is gain² / fan-in.
        norm: before each activation: "batch", "layer", or "" for none.
        skips: whether each hidden layer but the first adds to its input.
        clip: largest norm of the gradient; 0 for none.
        optimizer: "sgd", with momentum 0.9, or "adam".
        decay: weight decay.
        eps: what Adam adds to the root of its mean of squares; PyTorch's
            default, 1e-8, is too large for gradients that have vanished.
    """

    activation: str = "sigmoid"
    gain: float = 1.0
    norm: str = ""
    skips: bool = False
    clip: float = 0.0
    optimizer: str = "sgd"
    decay: float = 0.0
    eps: float = 1e-12


class DeepNets(nn.Module):
    """Multilayer perceptrons side by side: one start, one learning rate each.

    Args:
        setting: what all of them are made of.
        seeds: of the weights, a net each.
        depth: hidden layers.
        width: of each.
        inputs: features of an example.
        classes: outputs.

    Raises:
        ValueError: there is no such activation, norm or optimizer, or no
            hidden layer.
    """

    def __init__(
        self,
        setting: Setting,
        seeds: Sequence[int],
        depth: int,
        width: int = 32,
        inputs: int = 64,
        classes: int = 10,
    ) -> None:
        super().__init__()
        for name, known in (
            ("activation", tuple(ACTIVATIONS)),
            ("norm", NORMS),
            ("optimizer", OPTIMIZERS),
        ):
            if getattr(setting, name) not in known:
                raise ValueError(
                    f"DeepNets: `{name}` must be one of {known}, which a net "
                    f"is made of; got {getattr(setting, name)!r}"
                )
        if depth < 1:
            raise ValueError(
                "DeepNets: `depth` must be at least 1, since the first hidden "
                f"layer reads the inputs; got {depth}"
            )
        self.setting, self.depth = setting, depth
        rngs = [np.random.default_rng(seed) for seed in seeds]

        def draw(fan_in: int, fan_out: int, gain: float) -> Tensor:
            w = [rng.normal(size=(fan_in, fan_out)) for rng in rngs]
            return torch.tensor(np.array(w)) * gain / math.sqrt(fan_in)

        hidden = [inputs] + [width] * (depth - 1)
        self.weights = nn.ParameterList(
            draw(n, width, setting.gain) for n in hidden
        )
        self.weights.append(draw(width, classes, 1.0))
        sizes = [width] * depth + [classes]
        K, kind = len(seeds), torch.float64
        self.biases = nn.ParameterList(
            torch.zeros(K, 1, n, dtype=kind) for n in sizes
        )
        self.scales = nn.ParameterList(
            torch.ones(K, 1, width, dtype=kind)
            for _ in range(depth if setting.norm else 0)
        )

    def normalize(self, z: Tensor, layer: int) -> Tensor:
        """Apply the norm, with its scale; the bias comes after it.

        Args:
            z: pre-activations without their biases, nets first.
            layer: which one.
        """
        if not self.setting.norm:
            return z
        axis = 1 if self.setting.norm == "batch" else 2
        z = z - z.mean(axis, keepdim=True)
        z = z / (z.square().mean(axis, keepdim=True) + 1e-5).sqrt()
        return z * self.scales[layer]

    def forward(self, x: Tensor) -> Tensor:
        """Give the logits of all nets, nets first.

        Batch norm takes the statistics of whatever batch it is given.

        Args:
            x: inputs, one a row, the same for all nets.
        """
        f: Callable[[Tensor], Tensor] = ACTIVATIONS[self.setting.activation]
        x = x.expand(len(self.biases[0]), -1, -1)
        *hidden, last = zip(self.weights, self.biases, strict=True)
        for layer, (w, b) in enumerate(hidden):
            a = f(self.normalize(torch.bmm(x, w), layer) + b)
            x = x + a if self.setting.skips and layer else a
        return torch.baddbmm(last[1], x, last[0])


def gradients_by_layer(nets: DeepNets, x: Tensor, y: Tensor) -> Tensor:
    """Size of the gradient of each layer's weights, by root mean square.

    Args:
        nets: whose losses are added up, so that each has its own gradient.
        x: inputs, one a row.
        y: labels.

    Returns:
        A row for each net, a column for each layer.
    """
    loss = losses(nets, x, y).sum()
    found = torch.autograd.grad(loss, list(nets.weights))
    return torch.stack([g.square().mean((1, 2)).sqrt() for g in found], 1)


def losses(nets: DeepNets, x: Tensor, y: Tensor) -> Tensor:
    """Mean cross-entropy of each net.

    Args:
        nets: side by side.
        x: inputs, one a row.
        y: labels.
    """
    z = nets(x)
    each = F.cross_entropy(z.flatten(0, 1), y.repeat(len(z)), reduction="none")
    return each.view(len(z), -1).mean(1)


def train(
    nets: DeepNets,
    rates: Sequence[float],
    x: Tensor,
    y: Tensor,
    steps: int,
    batch: int = 50,
    frozen: int = 0,
) -> np.ndarray:
    """Train nets side by side, each with its own learning rate.

    Args:
        nets: changed in place.
        rates: one for each net.
        x: inputs, one a row.
        y: labels.
        steps: how many.
        batch: examples a step, the same for all nets.
        frozen: how many of the first layers keep what they started with.

    Returns:
        Logarithm to base 10 of update over weights, by root mean square: an
        axis of steps, one of nets and one of layers.
    """
    s, order = nets.setting, np.random.default_rng(1)
    params, layers = list(nets.parameters()), len(nets.weights)
    rate = torch.tensor(rates, dtype=torch.float64)[:, None, None]
    first, second = ([torch.zeros_like(p) for p in params] for _ in range(2))
    moved = np.zeros((steps, len(rates), layers))
    for step in range(steps):
        i = order.integers(len(x), size=batch)
        loss = losses(nets, x[i], y[i]).sum()
        grads = torch.autograd.grad(loss, params)
        with torch.no_grad():
            if s.clip:
                factor = s.clip / norms(grads)
                grads = [factor.clamp(max=1) * g for g in grads]
            for n, (p, g) in enumerate(zip(params, grads, strict=True)):
                m, v = first[n], second[n]
                if s.optimizer == "adam":
                    m.lerp_(g, 0.1)
                    v.lerp_(g * g, 0.001)
                    root = (v / (1 - 0.999 ** (step + 1))).sqrt() + s.eps
                    change = m / (1 - 0.9 ** (step + 1)) / root
                else:
                    change = m.mul_(0.9).add_(g)
                change = rate * (change + s.decay * p)
                if n % layers < frozen:  # weights, biases, scales in turn
                    continue
                if n < layers:
                    moved[step, :, n] = (norms([change]) / norms([p])).ravel()
                p -= change
    with np.errstate(divide="ignore"):
        return np.log10(moved)


def norms(arrays: Sequence[Tensor]) -> Tensor:
    """Norm of all arrays as one vector, for each net.

    Args:
        arrays: nets first.
    """
    squares = [a.square().sum((1, 2), keepdim=True) for a in arrays]
    return torch.stack(squares).sum(0).sqrt()


@torch.no_grad()
def accuracies(nets: DeepNets, x: Tensor, y: Tensor) -> np.ndarray:
    """Accuracy of each net; one whose outputs are not finite is wrong.

    Args:
        nets: side by side.
        x: inputs, one a row.
        y: labels.
    """
    z = nets(x)
    good = z.isfinite().all(-1) & (z.argmax(-1) == y)
    return good.double().mean(1).numpy()
