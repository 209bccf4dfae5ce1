"""Two sums that training carries along: over parts of a batch, over time.

    g = sum of B_k / B g_k                                        (training.5)
    a_T = d^T w_0 + (1 - d) sum of d^(T - t) w_t                  (training.6)

Source: Polyak & Juditsky (1992), Acceleration of stochastic approximation by
averaging, for the use of averages.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step

PARTS = (0, 2, 3, 7)  # borders of three unequal parts


def accumulation() -> Derivation:
    def parts(d: dict) -> list[np.ndarray]:
        return np.split(d["g"], PARTS[1:-1])

    return Derivation(
        label="training.5",
        lhs=r"g_{\mathcal B}",
        steps=(
            Step(
                value=lambda d: d["g"].mean(0),
                why="by definition",
                latex=r"\frac1B\sum_{i\in\mathcal B}\nabla\ell_i",
            ),
            Step(
                value=lambda d: sum(p.sum(0) for p in parts(d)) / PARTS[-1],
                why="the batch is cut into parts, and each example is in one",
                latex=r"\frac1B\sum_k\sum_{i\in\mathcal B_k}\nabla\ell_i",
            ),
            Step(
                value=lambda d: sum(
                    len(p) * p.mean(0) / PARTS[-1] for p in parts(d)
                ),
                why="a sum is a count times a mean",
                latex=r"\sum_k\frac{B_k}{B}\,g_{\mathcal B_k}",
            ),
        ),
        draw=lambda rng: {"g": rng.normal(size=(PARTS[-1], 4))},
        scope="parts of two, one and four",
    )


def moving_average(T: int = 8) -> Derivation:
    """The average of the weights that decays with their age.

    Args:
        T: steps of training.
    """

    def stepped(d: dict) -> np.ndarray:
        a = d["w"][0]
        for w in d["w"][1:]:
            a = d["d"] * a + (1 - d["d"]) * w
        return a

    def once_unrolled(d: dict) -> np.ndarray:
        decay, w = d["d"], d["w"]
        before = stepped({"d": decay, "w": w[:-2]})
        tail = decay * w[-2] + w[-1]
        return decay**2 * before + (1 - decay) * tail

    def summed(d: dict) -> np.ndarray:
        age = np.arange(T - 1, -1, -1)
        tail = (1 - d["d"]) * d["d"] ** age @ d["w"][1:]
        return d["d"] ** T * d["w"][0] + tail

    return Derivation(
        label="training.6",
        lhs=r"a_T",
        steps=(
            Step(
                value=stepped,
                why="the slow copy after the last step",
                latex=r"d\,a_{T-1}+(1-d)\,w_T",
            ),
            Step(
                value=once_unrolled,
                why="put in what it was one step before",
                latex=r"d^2a_{T-2}+(1-d)\,d\,w_{T-1}+(1-d)\,w_T",
            ),
            Step(
                value=summed,
                why="and so on, down to the start $a_0=w_0$",
                latex=r"d^T w_0+(1-d)\sum_{t=1}^{T}d^{\,T-t}\,w_t",
            ),
        ),
        draw=lambda rng: {
            "w": rng.normal(size=(T + 1, 3)),
            "d": rng.uniform(0, 1),
        },
        scope=f"$T={T}$",
    )
