"""An exercise on recurrent nets: what gradients say about an untrained layer.

Five layers of 32 units read noise, and a gradient is sent back through them.
"""

import numpy as np
import torch
from torch import nn

from dlf.exercises.core import Exercise
from dlf.exercises.matching import match
from dlf.nn.recurrence.layers import Recurrent
from dlf.nn.recurrence.memory import reach

#: what each layer is: 1 tanh RNN, PyTorch's start; 2 orthogonal weights; 3 the
#: same times 1.5; 4 LSTM with forget bias 0; 5 LSTM with forget bias 5
LAYERS = {"A": 4, "B": 3, "C": 5, "D": 1, "E": 2}
CAUSES = "".join(str(cause) for cause in LAYERS.values())


def build(cause: int) -> Recurrent:
    """Make the layer, its weights drawn from one seed."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        kind, forget = ("lstm" if cause > 3 else "rnn"), 5.0 * (cause == 5)
        layer = Recurrent(4, 32, kind, forget).double()
        if cause in (2, 3):
            with torch.no_grad():
                nn.init.orthogonal_(layer.weight_hh)
                layer.weight_hh *= 1.5 if cause == 3 else 1.0
    return layer


def log(cause: int) -> tuple[float, float, float]:
    """Read noise whose spread is a tenth, and send a gradient back.

    Returns:
        What is left of it 1, 10 and 50 steps back.
    """
    x = 0.1 * torch.tensor(np.random.default_rng(0).normal(size=(8, 60, 4)))
    left = reach(build(cause), x)
    return left[1], left[10], left[50]


def print_layers() -> None:
    """Print a line for each of the five layers."""
    print("left of a gradient    1 step back   10 steps back   50 steps back")
    for name, cause in LAYERS.items():
        one, ten, fifty = log(cause)
        print(f"{name}{one:32.2g}{ten:16.1g}{fifty:16.0e}")


MATCH = Exercise(
    "recurrence-13",
    CAUSES,
    wrong=("12345", "54321", "14523", 13524, CAUSES[::-1], "", 3.5),
    right=(
        CAUSES,
        int(CAUSES),
        [int(c) for c in CAUSES],
        ", ".join(CAUSES),
        dict(LAYERS),
    ),
    judge=match(CAUSES),
)
