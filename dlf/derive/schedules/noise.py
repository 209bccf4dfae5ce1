"""What a learning rate leaves of the noise, and how it may fall.

One weight on a parabola of curvature λ, with gradient noise of variance s²: its
distance from the minimum obeys e' = (1 - η λ) e - η noise.

Source: Bottou, Curtis & Nocedal (2018), 4.2 and 4.3; Robbins & Monro (1951);
Loshchilov & Hutter (2017), equation 5; Goyal et al. (2017), 2.1.
"""

import sympy as sp
from flint import arb

from dlf.derive.balls import PI
from dlf.derive.derivation import Derivation, Step

eta, lam, s = sp.symbols("eta lambda s", positive=True)


def noise_floor() -> Derivation:
    v = sp.Symbol("v")
    rest = sp.solve(sp.Eq(v, (1 - eta * lam) ** 2 * v + eta**2 * s**2), v)[0]
    return Derivation(
        label="schedules.1",
        lhs=r"E[e^2]",
        steps=(
            Step(
                value=rest,
                why="the $v$ at which $v=(1-\\eta\\lambda)^2v+\\eta^2s^2$: "
                "what a step takes from the mean square, its noise adds again",
                latex=r"\frac{\eta^2s^2}{1-(1-\eta\lambda)^2}",
            ),
            Step(
                value=eta * s**2 / (lam * (2 - eta * lam)),
                why="multiply out and cancel $\\eta$: for small rates the "
                "floor is proportional to the rate",
                latex=r"\frac{\eta s^2}{\lambda\,(2-\eta\lambda)}",
            ),
        ),
        draw=lambda rng: {
            "eta": rng.uniform(0.01, 0.5),
            "lambda": rng.uniform(0.1, 3.9),
            "s": rng.uniform(0.1, 2),
        },
        scope=r"$0<\eta\lambda<2$; beyond, $v$ grows without end",
    )


def averaging_rate() -> Derivation:
    def by_steps(d: dict) -> object:
        """Follow the weight of each noise through all later steps."""
        T = d["T"]
        weights: list = []
        for t in range(1, T + 1):
            rate = 1 / (d["lam"] * t)
            shrink = 1 - rate * d["lam"]
            weights = [w * shrink for w in weights] + [rate]
        return d["s"] ** 2 * sum(w * w for w in weights)

    return Derivation(
        label="schedules.2",
        lhs=r"E[e_T^2]",
        steps=(
            Step(
                value=by_steps,
                why=r"$T$ steps with $\eta_t=\frac1{\lambda t}$; noise of step "
                "$t$ is shrunk by all later steps",
                latex=r"s^2\sum_{t=1}^{T}\Big(\frac1{\lambda t}\prod_{j=t+1}"
                r"^{T}\Big(1-\frac1j\Big)\Big)^2",
            ),
            Step(
                value=lambda d: (
                    d["s"] ** 2
                    * sum((1 / (d["lam"] * d["T"])) ** 2 for _ in range(d["T"]))
                ),
                why=r"the product is $\frac tT$: each noise gets one weight, "
                "as in a mean",
                latex=r"s^2\sum_{t=1}^{T}\Big(\frac1{\lambda T}\Big)^2",
            ),
            Step(
                value=lambda d: d["s"] ** 2 / (d["lam"] ** 2 * d["T"]),
                why="$T$ equal terms: the variance of the mean of $T$ draws",
                latex=r"\frac{s^2}{\lambda^2T}",
            ),
        ),
        draw=lambda rng: {
            "T": int(rng.integers(1, 9)),
            "lam": rng.uniform(0.1, 3),
            "s": rng.uniform(0.1, 2),
        },
        scope="one to eight steps",
    )


def cosine_mean() -> Derivation:
    def rates(d: dict) -> list:
        T = d["T"]
        return [
            d["low"] + (d["high"] - d["low"]) * (1 + (PI * t / T).cos()) / 2
            for t in range(T)
        ]

    return Derivation(
        label="schedules.3",
        lhs=r"\frac1T\sum_{t=0}^{T-1}\eta_t",
        steps=(
            Step(
                value=lambda d: sum(rates(d)) / d["T"],
                why=r"the cosine from $\eta_0$ to $\eta_T$ in $T$ steps",
                latex=r"\frac1T\sum_{t=0}^{T-1}\Big(\eta_T+\frac{\eta_0-\eta_T}"
                r"{2}\Big(1+\cos\frac{\pi t}{T}\Big)\Big)",
            ),
            Step(
                value=lambda d: (
                    (d["high"] + d["low"]) / 2
                    + (d["high"] - d["low"]) / (2 * arb(d["T"]))
                ),
                why="cosines at $t$ and $T-t$ cancel, and the 1 at $t=0$ is "
                "left",
                latex=r"\frac{\eta_0+\eta_T}{2}+\frac{\eta_0-\eta_T}{2T}",
            ),
        ),
        draw=lambda rng: {
            "T": int(rng.integers(1, 30)),
            "high": rng.uniform(0.1, 1),
            "low": rng.uniform(0, 0.1),
        },
    )


def decay_constant() -> Derivation:
    tau, t = sp.symbols("tau t", positive=True)
    return Derivation(
        label="schedules.4",
        lhs=r"\eta_t",
        steps=(
            Step(
                value=eta * sp.exp(-t / tau),
                why=r"exponential decay: in $\tau$ steps to $\frac1e$",
                latex=r"\eta_0\,e^{-t/\tau}",
            ),
            Step(
                value=eta * sp.exp(-1 / tau) ** t,
                why="the same as a factor per step, which is what PyTorch "
                r"asks for: $\gamma=e^{-1/\tau}$",
                latex=r"\eta_0\,\gamma^t,\qquad\gamma=e^{-1/\tau}",
            ),
        ),
        draw=lambda rng: {
            "eta": rng.uniform(0.1, 1),
            "tau": rng.uniform(2, 100),
            "t": rng.uniform(1, 50),
        },
    )


def restart_steps() -> Derivation:
    return Derivation(
        label="schedules.5",
        lhs=r"\sum_{i=0}^{c-1}T_i",
        steps=(
            Step(
                value=lambda d: sum(
                    d["T"] * d["m"] ** i for i in range(d["c"])
                ),
                why="cycle $i$ has $T_0m^i$ steps",
                latex=r"\sum_{i=0}^{c-1}T_0\,m^i",
            ),
            Step(
                value=lambda d: (
                    arb(d["T"] * (d["m"] ** d["c"] - 1)) / (d["m"] - 1)
                ),
                why="a geometric series",
                latex=r"T_0\,\frac{m^c-1}{m-1}",
            ),
        ),
        draw=lambda rng: {
            "T": int(rng.integers(1, 50)),
            "m": int(rng.integers(2, 4)),
            "c": int(rng.integers(1, 6)),
        },
        scope=r"$m\ge2$; for $m=1$, PyTorch’s default, it is $cT_0$",
    )


def linear_scaling() -> Derivation:
    return Derivation(
        label="schedules.9",
        lhs=r"(1-\eta\lambda)^k",
        steps=(
            Step(
                value=lambda d: (1 - d["eta"] * d["lam"]) ** d["k"],
                why="what $k$ steps leave of the distance",
                latex=r"(1-\eta\lambda)^k",
            ),
            Step(
                value=lambda d: 1 - d["k"] * d["eta"] * d["lam"],
                why="Bernoulli’s inequality: one step of $k$ times the rate "
                "leaves less, and equally much to first order; beyond "
                r"$k\eta\lambda=1$ it overshoots",
                latex=r"1-k\eta\lambda",
                relation=r"\ge",
            ),
        ),
        draw=lambda rng: {
            "eta": rng.uniform(0.01, 0.5),
            "lam": rng.uniform(0.1, 3.9),
            "k": int(rng.integers(2, 20)),
        },
        scope=r"$\eta\lambda<2$",
    )
