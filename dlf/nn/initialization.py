"""Weight initialization as a PyTorch user writes it today.

Source: He et al. (2015) for the weights before ReLU; Zhang, Dauphin & Ma (2019)
for zeros at the end of residual branches; Yang et al. (2021), table 3, for
learning rates that transfer from narrow nets to wide ones.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


def initialize(module: nn.Module) -> None:
    """Draw He's weights and set biases to 0: for ``model.apply(initialize)``.

    Args:
        module: changed where it is a dense layer or a convolution; all others
            are left as they are, transposed convolutions too.

    Raises:
        ValueError: its weight is no parameter that can be drawn in place.
    """
    if isinstance(module, nn.Linear | nn.Conv1d | nn.Conv2d | nn.Conv3d):
        _check_weight(module)
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def _check_weight(module: nn.Module) -> None:
    """Refuse a weight that is computed from others, or has no shape yet."""
    w = module.weight
    if not isinstance(w, nn.Parameter) or nn.parameter.is_lazy(w):
        raise ValueError(
            "initialize: `module` must hold its weight as a parameter with a "
            f"shape, because it is drawn in place; got {module}. Call this "
            "before weight normalization, and after a lazy layer's first batch"
        )


def truncated_normal_(w: Tensor, std: float, cut: float = 2.0) -> None:
    """Draw a truncated normal whose standard deviation is what it says.

    `nn.init.trunc_normal_` cuts at a and b, which are values and not multiples
    of std, and what is left has a smaller standard deviation than std.

    Args:
        w: weights, drawn in place.
        std: of the weights when cut, positive.
        cut: in standard deviations of the uncut distribution, 0.01 to 10.

    Raises:
        ValueError: a setting is out of its range.
    """
    if not (0 < std < math.inf and 0.01 <= cut <= 10):
        raise ValueError(
            "truncated_normal_: `std` must be positive and `cut` between 0.01 "
            f"and 10, for draws to be kept and to differ; got {std} and {cut}"
        )
    mass = math.erf(cut / math.sqrt(2))
    edge = math.exp(-cut * cut / 2) / math.sqrt(2 * math.pi)
    scale = std / math.sqrt(1 - 2 * cut * edge / mass)
    nn.init.trunc_normal_(w, std=scale, a=-cut * scale, b=cut * scale)


def _check_base(operation: str, base: int) -> None:
    """Refuse a base width that is none."""
    if not 1 <= base < math.inf:
        raise ValueError(
            f"{operation}: `base` must be at least 1, because it is a width; "
            f"got {base}"
        )


def mup_groups(layers: Sequence[nn.Linear], lr: float, base: int) -> list[dict]:
    """Give each layer its rate under μP, for Adam: tuned at one width.

    Args:
        layers: of a multilayer perceptron, in order; all but the first read a
            hidden layer.
        lr: learning rate that was tuned at the base width.
        base: that width.

    Returns:
        Groups of parameters for `torch.optim.Adam`.

    Raises:
        ValueError: the base width is below 1, or the rate not positive.
    """
    _check_base("mup_groups", base)
    if not 0 < lr < math.inf:
        raise ValueError(
            "mup_groups: `lr` must be positive and finite, because every rate "
            f"is a part of it; got {lr}"
        )
    groups = [{"params": list(layers[0].parameters()), "lr": lr}]
    for layer in layers[1:]:
        rate = lr * base / layer.in_features
        groups.append({"params": [layer.weight], "lr": rate})
        if layer.bias is not None:
            groups.append({"params": [layer.bias], "lr": lr})
    return groups


def mup_initialize(layers: Sequence[nn.Linear], base: int) -> None:
    """Draw He's weights; those of the output shrink with the width as 1/n.

    Args:
        layers: of a multilayer perceptron, in order.
        base: the width at which the output's weights are LeCun's.

    Raises:
        ValueError: the base width is below 1.
    """
    _check_base("mup_initialize", base)
    for layer in layers:
        initialize(layer)
    n = layers[-1].in_features
    nn.init.normal_(layers[-1].weight, std=math.sqrt(base) / n)


class ScaledMLPs(nn.Module):
    """Multilayer perceptrons side by side: one draw of weights, K scales.

    Args:
        deviations: standard deviation of a hidden weight, a net each; the
            first layer's is scaled from the width to its own fan-in.
        depth: hidden layers.
        width: of each.
        activation: a function of pre-activations.
        inputs: features of an example.
        classes: outputs.
        bias: standard deviation of the hidden biases.

    Raises:
        ValueError: there is no hidden layer, or a deviation is not positive.
    """

    def __init__(
        self,
        deviations: Sequence[float],
        depth: int,
        width: int,
        activation: Callable[[Tensor], Tensor],
        inputs: int = 64,
        classes: int = 10,
        bias: float = 0.0,
    ) -> None:
        super().__init__()
        if depth < 1:
            raise ValueError(
                "ScaledMLPs: `depth` must be at least 1, because it counts "
                f"hidden layers; got {depth}"
            )
        sizes = np.array(deviations, dtype=np.float64)
        if not ((sizes > 0) & (sizes < math.inf)).all() or sizes.size == 0:
            raise ValueError(
                "ScaledMLPs: `deviations` must hold a positive number a net, "
                f"because weights are scaled by it; got {deviations}"
            )
        rng, K = np.random.default_rng(0), len(sizes)
        scale = torch.tensor(sizes)[:, None, None]
        self.activation = activation
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for fan_in in [inputs] + [width] * (depth - 1):
            w = torch.tensor(rng.normal(size=(fan_in, width)))
            b = torch.tensor(bias * rng.normal(size=(1, width)))
            self.weights.append(scale * w * math.sqrt(width / fan_in))
            self.biases.append(b.repeat(K, 1, 1))
        w = torch.tensor(rng.normal(size=(width, classes))) / math.sqrt(width)
        self.weights.append(w.repeat(K, 1, 1))
        self.biases.append(torch.zeros(K, 1, classes, dtype=w.dtype))

    def hidden(self, x: Tensor) -> Tensor:
        """Give the last hidden layer's activations, nets first.

        Args:
            x: inputs, one a row, the same for all nets.
        """
        x = x.expand(len(self.biases[0]), -1, -1)
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = self.activation(torch.baddbmm(b, x, w))
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Give the logits of all nets, nets first.

        Args:
            x: inputs, one a row.
        """
        last = self.weights[-1]
        return torch.baddbmm(self.biases[-1], self.hidden(x), last)


def train_side_by_side(
    nets: ScaledMLPs, x: Tensor, y: Tensor, steps: int, lr: float = 1e-3
) -> np.ndarray:
    """Train all nets by Adam on the same batches of 50.

    Args:
        nets: changed in place.
        x: inputs, one a row.
        y: labels.
        steps: how many.
        lr: learning rate.

    Returns:
        The accuracy of each net on these examples.

    Raises:
        ValueError: there is not one label an example, or no step.
    """
    if len(x) != len(y) or steps < 1:
        raise ValueError(
            "train_side_by_side: `y` must hold a label for each of the "
            f"{len(x)} rows of `x`, and `steps` be at least 1, because batches "
            f"are drawn from both; got {len(y)} and {steps}"
        )
    optimizer = torch.optim.Adam(nets.parameters(), lr)
    order = np.random.default_rng(1)
    for _ in range(steps):
        i = order.integers(len(x), size=50)
        z = nets(x[i])
        loss = F.cross_entropy(z.flatten(0, 1), y[i].repeat(len(z)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return (nets(x).argmax(-1) == y).double().mean(1).numpy()
