"""The errata of the sources on recurrent networks, with their witnesses."""

import numpy as np

from dlf.derive.erratum import Erratum

Array = np.ndarray
INPUTS, UNITS, OUTPUTS = 3, 2, 4


class Drawn:
    """Give random weights, and count them, so that what is used is known."""

    def __init__(self) -> None:
        self.rng, self.counts = np.random.default_rng(0), [0]

    def __call__(self, *shape: int) -> Array:
        self.counts[-1] += int(np.prod(shape))
        return self.rng.normal(size=shape)

    def part(self) -> None:
        self.counts.append(0)


def _net() -> list[int]:
    """Run a net that has outputs; count the weights of its three maps."""
    draw, h = Drawn(), np.zeros(UNITS)
    read = draw(UNITS, INPUTS) @ np.ones(INPUTS)
    draw.part()
    h = np.tanh(read + draw(UNITS, UNITS) @ h)
    draw.part()
    y = draw(OUTPUTS, UNITS) @ h
    return draw.counts if y.shape == (OUTPUTS,) else []


def _cell(gates: int, candidates: int, d: int = 10, h: int = 20) -> int:
    """Run the blocks of a cell with one bias each; count its parameters."""
    draw, x, state = Drawn(), np.ones(d), np.zeros(h)
    for _ in range(gates + candidates):
        state = np.tanh(draw(h, d) @ x + draw(h, h) @ state + draw(h))
    return draw.counts[0]


def _outputs() -> tuple[Array, Array, Array]:
    printed = [UNITS * INPUTS, UNITS**2, 0]
    corrected = [UNITS * INPUTS, UNITS**2, OUTPUTS * UNITS]
    return np.array(printed), np.array(corrected), np.array(_net())


def _merged() -> tuple[Array, Array, Array]:
    block = 20 * (10 + 20) + 20
    printed, corrected = [4 * block, 2 * block], [4 * block, 3 * block]
    used = [_cell(3, 1), _cell(2, 1)]
    return np.array(printed), np.array(corrected), np.array(used)


E71 = Erratum(
    key="E71",
    kind="needs a condition",
    place="S0 §2.3",
    prints=r"“RNN Equations”, one of them: $h_t=f(Wx_t+W_hh_{t-1}+b_h)$.",
    correct=(
        r"$h_t=f(W_xx_t+W_hh_{t-1}+b_h)$ from a stated $h_0$, and "
        r"$y_t=g(W_yh_t+b_y)$: a third matrix makes the outputs."
    ),
    witness=_outputs,
    of="weights of a net with 3 inputs, 2 units and 4 outputs, one map a "
    "column; third row: counted while such a net runs",
    columns=("from input", "from state", "to output"),
)
E72 = Erratum(
    key="E72",
    kind="wording",
    place="S0 §2.3",
    prints="“combining the gates into update and reset gates”.",
    correct=(
        r"The update gate $z$ replaces input and forget gate, as $1-z$ and "
        r"$z$. The reset gate is new: it acts on $h_{t-1}$ within the "
        "candidate. Output gate and cell state are gone."
    ),
    witness=_merged,
    of="parameters with 10 inputs, 20 units and one bias, if a GRU had the two "
    "gates that are named and no candidate; third row: counted while the cells "
    "run",
    columns=("LSTM", "GRU"),
    implied=True,
)
