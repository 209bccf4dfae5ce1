"""Backpropagation through time, whole and in chunks, and how far it reaches.

Source: Werbos (1990); Williams & Peng (1990), for truncation; Pascanu, Mikolov
& Bengio (2013), equations 3 to 7.
"""

import numpy as np
import sympy as sp

from dlf.derive.derivation import Derivation, Step
from dlf.derive.dual import jacobian
from dlf.derive.numeric import spectral_norm

Array = np.ndarray
STEPS, CHUNK = 4, 2


def states(d: dict, u: Array, held: list | None = None) -> list[Array]:
    """Give the hidden states of a tanh network, the first included.

    Args:
        d: inputs already multiplied, and the first state.
        u: recurrent weights.
        held: states that chunks begin with, which are taken as given.
    """
    h = [d["h"]]
    for t, x in enumerate(d["x"]):
        before = h[-1]
        if held is not None and t and t % CHUNK == 0:
            before = held[t]
        h.append(np.tanh(u @ before + x))
    return h


def loss(d: dict, u: Array, held: list | None = None) -> object:
    """Sum linear losses of all steps, r_t h_t.

    Args:
        d: as above, and the weights r of the losses.
        u: recurrent weights.
        held: as above.
    """
    pairs = zip(d["r"], states(d, u, held)[1:], strict=True)
    return sum(r @ h for r, h in pairs)


def paths(d: dict, same_chunk: bool = False) -> Array:
    """Sum over the step of each loss and the step where a weight is used.

    Args:
        d: a point.
        same_chunk: leave out pairs of steps of different chunks.
    """
    h, total = states(d, d["u"]), 0
    for t in range(1, STEPS + 1):
        back = d["r"][t - 1]
        for k in range(t, 0, -1):
            if same_chunk and (k - 1) // CHUNK != (t - 1) // CHUNK:
                break
            local = back * (1 - h[k] ** 2)
            total = total + np.outer(local, h[k - 1])
            back = d["u"].T @ local
    return total


def recursion(d: dict) -> Array:
    """Walk once from the last step to the first.

    Args:
        d: a point.
    """
    h, total, back = states(d, d["u"]), 0, 0 * d["h"]
    for t in range(STEPS, 0, -1):
        delta = (1 - h[t] ** 2) * (d["r"][t - 1] + back)
        total = total + np.outer(delta, h[t - 1])
        back = d["u"].T @ delta
    return total


def draw(rng: np.random.Generator) -> dict:
    """Draw a network of two units and four steps.

    Args:
        rng: the generator.
    """
    return {
        "u": rng.normal(size=(2, 2)),
        "h": rng.normal(size=2),
        "x": rng.normal(size=(STEPS, 2)),
        "r": rng.normal(size=(STEPS, 2)),
    }


def through_time() -> Derivation:
    return Derivation(
        label="recurrence.2",
        lhs=r"\frac{\partial\mathcal L}{\partial U}",
        steps=(
            Step(
                value=lambda d: jacobian(lambda u: loss(d, u), d["u"]),
                why=r"the loss $\mathcal L=\sum_t\mathcal L_t$ as a function "
                "of weights that every step uses",
                latex=r"\frac{\partial\mathcal L}{\partial U}",
            ),
            Step(
                value=paths,
                why="each loss $t$ depends on each use $k\\le t$, through all "
                r"steps between; $\partial^+$ is the derivative with "
                "$h_{k-1}$ held fixed, and the latest factor stands left",
                latex=r"\sum_t\sum_{k\le t}\frac{\partial\mathcal L_t}"
                r"{\partial h_t}\Big(\prod_{j=k+1}^{t}\frac{\partial h_j}"
                r"{\partial h_{j-1}}\Big)\frac{\partial^+h_k}{\partial U}",
            ),
            Step(
                value=recursion,
                why="exchange the sums: use $k$ gets what all losses "
                r"$t\ge k$ ask of $h_k$, which is $\bar h_k$ from its own and "
                r"$U^\top\delta_{k+1}$ from the later ones, since they all "
                r"pass $h_{k+1}$; times $f'(z_k)$ that is $\delta_k$, with "
                r"$\delta_{T+1}=0$. The use is called $t$ now",
                latex=r"\sum_t\delta_t\,h_{t-1}^\top,\qquad\delta_t=f'(z_t)"
                r"\odot\big(\bar h_t+U^\top\delta_{t+1}\big)",
            ),
        ),
        draw=draw,
        scope="two units, four steps, tanh, and losses linear in the states",
    )


def truncated() -> Derivation:
    def cut(d: dict) -> Array:
        held = states(d, d["u"])
        return jacobian(lambda u: loss(d, u, held), d["u"])

    return Derivation(
        label="recurrence.3",
        lhs=r"g_\kappa",
        steps=(
            Step(
                value=cut,
                why=r"chunks of $\kappa$ steps; the state that one hands to "
                "the next is taken as a given number",
                latex=r"\frac{\partial\mathcal L}{\partial U}\ \text{with}\ "
                r"h_\kappa,h_{2\kappa},\dots\ \text{held fixed}",
            ),
            Step(
                value=lambda d: paths(d, same_chunk=True),
                why="so only those pairs are left whose steps lie in one chunk",
                latex=r"\sum_t\ \sum_{k\le t,\ k\sim t}\frac{\partial\mathcal "
                r"L_t}{\partial h_t}\Big(\prod_{j=k+1}^{t}\frac{\partial h_j}"
                r"{\partial h_{j-1}}\Big)\frac{\partial^+h_k}{\partial U}",
            ),
        ),
        draw=draw,
        scope="four steps in two chunks",
    )


def reach() -> Derivation:
    def length(d: dict) -> object:
        return np.linalg.norm(backward(d))

    def backward(d: dict) -> Array:
        h, v = states(d, d["u"]), d["r"][-1]
        for t in range(STEPS, 0, -1):
            v = d["u"].T @ ((1 - h[t] ** 2) * v)
        return v

    def factors(d: dict) -> object:
        h, most = states(d, d["u"]), np.linalg.norm(d["r"][-1])
        for t in range(STEPS, 0, -1):
            most = most * spectral_norm(d["u"].T @ np.diag(1 - h[t] ** 2))
        return most

    return Derivation(
        label="recurrence.4",
        lhs=r"\Big\|\frac{\partial\mathcal L_t}{\partial h_k}\Big\|",
        steps=(
            Step(
                value=length,
                why="what a loss asks of a state $t-k$ steps before",
                latex=r"\Big\|U^\top D_{k+1}\cdots U^\top D_t\,\bar h_t\Big\|",
            ),
            Step(
                value=factors,
                why="{eq}`gradient_stability.2`, one factor a step; $D_j$ is "
                "the diagonal matrix of $f'(z_j)$",
                latex=r"\|\bar h_t\|\prod_{j=k+1}^{t}\|U^\top D_j\|",
                relation=r"\le",
            ),
            Step(
                value=lambda d: (
                    spectral_norm(d["u"]) ** STEPS * np.linalg.norm(d["r"][-1])
                ),
                why="tanh is nowhere steeper than 1",
                latex=r"\|\bar h_t\|\,\|U\|^{\,t-k}",
                relation=r"\le",
            ),
        ),
        draw=draw,
        scope="two units, four steps",
    )


def half_life() -> Derivation:
    rho = sp.symbols("rho", positive=True)
    n = sp.log(2) / sp.log(1 / rho)
    return Derivation(
        label="recurrence.5",
        lhs=r"n_{1/2}",
        steps=(
            Step(
                value=n,
                why=r"the $n$ at which $\rho^n=\frac12$, for a factor "
                r"$\rho<1$ a step",
                latex=r"\frac{\log2}{\log(1/\rho)}",
            ),
            Step(
                value=sp.log(2) / (1 - rho),
                why=r"since $\log(1/\rho)\ge1-\rho$; near 1 the two are almost "
                "equal",
                latex=r"\frac{\log2}{1-\rho}",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {"rho": rng.uniform(0.05, 0.99)},
    )
