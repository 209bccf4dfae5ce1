"""What penalties and early stopping keep of a weight, direction by direction.

In a direction of curvature h a quadratic loss is h/2 (w - w*)², and w* is the
true weight w0 with noise of variance s²/h.

Source: Hastie, Tibshirani & Friedman (2009), 3.4 and 16.2; Parikh & Boyd
(2014), 6.5.2; Loshchilov & Hutter (2019), section 2; Ali, Kolter & Tibshirani
(2019) for early stopping.
"""

import numpy as np
import sympy as sp

from dlf.derive import numeric
from dlf.derive.derivation import Derivation, Step

h, lam, s, w, best, c = sp.symbols("h lambda s w w_* c", positive=True)
truth = sp.symbols("w_0", positive=True)


def shrinkage() -> Derivation:
    loss = h / 2 * (w - best) ** 2 + lam / 2 * w**2
    return Derivation(
        label="regularization.1",
        lhs="w",
        steps=(
            Step(
                value=sp.solve(sp.diff(loss, w), w)[0],
                why=r"where $\frac h2(w-w_*)^2+\frac\lambda2w^2$ has the "
                r"derivative 0: $h(w-w_*)+\lambda w=0$",
                latex=r"\frac{h\,w_*}{h+\lambda}",
            ),
            Step(
                value=best - lam / (h + lam) * best,
                why=r"the part $\frac\lambda{h+\lambda}$ is lost: little where "
                "the curvature is high, nearly all where it is low",
                latex=r"w_*-\frac{\lambda}{h+\lambda}\,w_*",
            ),
        ),
        draw=lambda rng: {
            "h": rng.uniform(0.1, 3),
            "lambda": rng.uniform(0.1, 3),
            "w_*": rng.uniform(0.1, 3),
        },
    )


def ridge_error() -> Derivation:
    def missed(sign: int) -> sp.Expr:
        return h / (h + lam) * (truth + sign * s / sp.sqrt(h)) - truth

    return Derivation(
        label="regularization.2",
        lhs=r"E[(w-w_0)^2]",
        steps=(
            Step(
                value=(missed(1) ** 2 + missed(-1) ** 2) / 2,
                why="the minimum is the true weight with noise of variance "
                "$s^2/h$, here plus or minus its root by a coin",
                latex=r"E\Big[\Big(\frac{h}{h+\lambda}\Big(w_0\pm\frac{s}"
                r"{\sqrt h}\Big)-w_0\Big)^2\Big]",
            ),
            Step(
                value=(lam / (h + lam) * truth) ** 2
                + h * s**2 / (h + lam) ** 2,
                why="multiply out: the squared bias rises with $\\lambda$, the "
                "variance falls",
                latex=r"\Big(\frac{\lambda\,w_0}{h+\lambda}\Big)^2+"
                r"\frac{h\,s^2}{(h+\lambda)^2}",
            ),
            Step(
                value=s**2 / (h + s**2 / truth**2),
                why="with equality at $\\lambda=s^2/w_0^2$, where the "
                "derivative in $\\lambda$ is 0; without a penalty it is "
                "$s^2/h$",
                latex=r"\frac{s^2}{h+s^2/w_0^2}",
                relation=r"\ge",
            ),
        ),
        draw=lambda rng: {
            "h": rng.uniform(0.1, 3),
            "lambda": rng.uniform(0.1, 3),
            "s": rng.uniform(0.1, 2),
            "w_0": rng.uniform(0.1, 3),
        },
    )


def _soft(x: object, t: object) -> object:
    """Shrink a number by t, and to 0 what is smaller."""
    return numeric.sign(x) * numeric.relu(abs(x) - t)


def soft_threshold() -> Derivation:
    def cost(d: dict, u: object) -> object:
        return (u - d["w"]) ** 2 / 2 + d["t"] * abs(u)

    return Derivation(
        label="regularization.3",
        lhs=r"\tfrac12(u-w)^2+t\,|u|",
        steps=(
            Step(
                value=lambda d: cost(d, d["u"]),
                why="the cost of any $u$, for a weight $w$ and a threshold $t$",
                latex=r"\tfrac12(u-w)^2+t\,|u|",
            ),
            Step(
                value=lambda d: cost(d, _soft(d["w"], d["t"])),
                why="the least is at $S_t(w)=\\operatorname{sign}(w)"
                "\\max(|w|-t,0)$: beyond 0 the derivative $u-w\\pm t$ "
                "vanishes there, and if $|w|\\le t$ the cost rises on both "
                "sides of 0",
                latex=r"\tfrac12\big(S_t(w)-w\big)^2+t\,\big|S_t(w)\big|",
                relation=r"\ge",
            ),
        ),
        draw=lambda rng: {
            "u": rng.uniform(-3, 3),
            "w": rng.uniform(-3, 3),
            "t": rng.uniform(0.1, 2),
        },
    )


def elastic_step() -> Derivation:
    def cost(d: dict, u: object) -> object:
        penalty = d["a"] * abs(u) + (1 - d["a"]) / 2 * u * u
        return (u - d["w"]) ** 2 / 2 + d["t"] * penalty

    return Derivation(
        label="regularization.4",
        lhs=r"\tfrac12(u-w)^2+t\Big(a|u|+\frac{1-a}2u^2\Big)",
        steps=(
            Step(
                value=lambda d: cost(d, d["u"]),
                why="the elastic net in place of $|u|$",
                latex=r"\tfrac12(u-w)^2+t\Big(a|u|+\frac{1-a}2u^2\Big)",
            ),
            Step(
                value=lambda d: cost(
                    d,
                    _soft(d["w"], d["t"] * d["a"])
                    / (1 + d["t"] * (1 - d["a"])),
                ),
                why="the least is at $u_*=\\frac{S_{ta}(w)}{1+t(1-a)}$: first "
                "the threshold, then a shrinkage",
                latex=r"\tfrac12(u_*-w)^2+t\Big(a|u_*|+\frac{1-a}2u_*^2\Big)",
                relation=r"\ge",
            ),
        ),
        draw=lambda rng: {
            "u": rng.uniform(-3, 3),
            "w": rng.uniform(-3, 3),
            "t": rng.uniform(0.1, 2),
            "a": rng.uniform(0.05, 0.95),
        },
    )


def adam_decay() -> Derivation:
    up, down = lam * w + c, lam * w - c
    return Derivation(
        label="regularization.5",
        lhs=r"\frac{E[g]}{\sqrt{E[g^2]}}",
        steps=(
            Step(
                value=(up + down) / 2 / sp.sqrt((up**2 + down**2) / 2),
                why=r"the penalty's gradient $\lambda w$ and a loss gradient "
                r"that is $+c$ or $-c$ by a coin",
                latex=r"\frac{\frac12(\lambda w+c)+\frac12(\lambda w-c)}"
                r"{\sqrt{\frac12(\lambda w+c)^2+\frac12(\lambda w-c)^2}}",
            ),
            Step(
                value=lam * w / sp.sqrt(lam**2 * w**2 + c**2),
                why="multiply out",
                latex=r"\frac{\lambda w}{\sqrt{\lambda^2w^2+c^2}}",
            ),
            Step(
                value=lam * w / c,
                why="so Adam decays a weight $w>0$ by at most "
                "$\\eta\\lambda w/c$, where decoupled decay takes "
                "$\\eta\\lambda w$ whatever $c$ is; for $w<0$ all signs change",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "lambda": rng.uniform(0.01, 1),
            "w": rng.uniform(0.1, 3),
            "c": rng.uniform(0.1, 10),
        },
        scope="$w>0$",
    )


def _draw_steps(rng: np.random.Generator) -> dict:
    h = 2.0 ** int(rng.integers(-3, 3))  # so that ηh may be 1 exactly
    return {
        "eta": min(1.0, rng.uniform(0.02, 1.3)) / h,
        "h": h,
        "t": int(rng.integers(1, 40)),
    }


def early_stopping() -> Derivation:
    return Derivation(
        label="regularization.6",
        lhs=r"\frac{w_t}{w_*}",
        steps=(
            Step(
                value=lambda d: 1 - (1 - d["eta"] * d["h"]) ** d["t"],
                why="$t$ steps of gradient descent from 0, each of which "
                r"shrinks the distance by the factor $1-\eta h$",
                latex=r"1-(1-\eta h)^t",
            ),
            Step(
                value=lambda d: 1 - (1 + d["eta"] * d["h"]) ** -d["t"],
                why=r"since $(1-\eta h)(1+\eta h)\le1$",
                latex=r"1-(1+\eta h)^{-t}",
                relation=r"\ge",
            ),
            Step(
                value=lambda d: 1 - 1 / (1 + d["t"] * d["eta"] * d["h"]),
                why="Bernoulli’s inequality",
                latex=r"1-\frac1{1+t\eta h}",
                relation=r"\ge",
            ),
            Step(
                value=lambda d: d["h"] / (d["h"] + 1 / (d["eta"] * d["t"])),
                why=r"which is {eq}`regularization.1` with "
                r"$\lambda=\frac1{\eta t}$",
                latex=r"\frac{h}{h+\frac1{\eta t}}",
            ),
        ),
        draw=_draw_steps,
        scope=r"$\eta h\le1$",
    )


def stopping_bound() -> Derivation:
    return Derivation(
        label="regularization.7",
        lhs=r"1-(1-\eta h)^t",
        steps=(
            Step(
                value=lambda d: 1 - (1 - d["eta"] * d["h"]) ** d["t"],
                why="the same part",
                latex=r"1-(1-\eta h)^t",
            ),
            Step(
                value=lambda d: -numeric.maximum(
                    -1, -d["t"] * d["eta"] * d["h"]
                ),
                why="it is no larger than 1, and by Bernoulli’s inequality no "
                r"larger than $t\eta h$",
                latex=r"\min(1,t\eta h)",
                relation=r"\le",
            ),
            Step(
                value=lambda d: 2
                * d["h"] / (d["h"] + 1 / (d["eta"] * d["t"])),
                why=r"$\min(1,x)\le\frac{2x}{1+x}$ for $x>0$: never more than "
                "twice what the penalty keeps",
                latex=r"\frac{2h}{h+\frac1{\eta t}}",
                relation=r"\le",
            ),
        ),
        draw=_draw_steps,
        scope=r"$\eta h\le1$",
    )  # fmt: skip
