"""Places: what shifts of sinusoids and of rotations leave alone.

Source: Vaswani et al. (2017), section 3.5; Su et al. (2021), section 3.2.
"""

from typing import Any

import numpy as np

from dlf.derive.derivation import Derivation, Step

Array = np.ndarray


def _turn(angle: Any, x: Array) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([c * x[0] - s * x[1], s * x[0] + c * x[1]])


def sinusoid_product() -> Derivation:
    def product(d: dict) -> Any:
        a, b = (
            np.concatenate([np.sin(d["w"] * t), np.cos(d["w"] * t)])
            for t in (d["t"], d["u"])
        )
        return a @ b

    def by_pairs(d: dict) -> Any:
        t, u, w = d["t"], d["u"], d["w"]
        pairs = np.sin(w * t) * np.sin(w * u) + np.cos(w * t) * np.cos(w * u)
        return pairs.sum()

    return Derivation(
        label="attention.9",
        lhs=r"\mathrm{PE}_t\cdot\mathrm{PE}_u",
        steps=(
            Step(
                value=product,
                why="the rows of two places",
                latex=r"\mathrm{PE}_t\cdot\mathrm{PE}_u",
            ),
            Step(
                value=by_pairs,
                why="a sine and a cosine for each frequency",
                latex=r"\sum_i\sin\omega_it\,\sin\omega_iu+\cos\omega_it\,"
                r"\cos\omega_iu",
            ),
            Step(
                value=lambda d: np.cos(d["w"] * (d["t"] - d["u"])).sum(),
                why="the cosine of a difference: only the distance matters",
                latex=r"\sum_i\cos\omega_i(t-u)",
            ),
        ),
        draw=lambda rng: {
            "w": rng.uniform(0.01, 1, size=3),
            "t": rng.uniform(0, 50),
            "u": rng.uniform(0, 50),
        },
        scope="three frequencies",
    )


def relative_rotation() -> Derivation:
    def both(d: dict) -> Any:
        q = _turn(d["w"] * d["t"], d["q"])
        k = _turn(d["w"] * d["u"], d["k"])
        return q @ k

    def back(d: dict) -> Any:
        k = _turn(d["w"] * d["u"], d["k"])
        return d["q"] @ _turn(-(d["w"] * d["t"]), k)

    return Derivation(
        label="attention.11",
        lhs=r"(R_tq)\cdot(R_uk)",
        steps=(
            Step(
                value=both,
                why="query and key of a pair of entries, each turned by its "
                "place times an angle",
                latex=r"(R_tq)^\top(R_uk)",
            ),
            Step(
                value=back,
                why=r"the transpose of a rotation is the rotation back",
                latex=r"q^\top R_{-t}R_u\,k",
            ),
            Step(
                value=lambda d: (
                    d["q"] @ _turn(d["w"] * (d["u"] - d["t"]), d["k"])
                ),
                why="angles of rotations add up: the places enter by their "
                "difference alone, and sums over pairs inherit that",
                latex=r"q^\top R_{u-t}\,k",
            ),
        ),
        draw=lambda rng: {
            "q": rng.normal(size=2),
            "k": rng.normal(size=2),
            "w": rng.uniform(0.01, 1),
            "t": rng.uniform(0, 50),
            "u": rng.uniform(0, 50),
        },
        scope="one pair of entries",
    )
