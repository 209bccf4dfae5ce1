"""Variances of the usual distributions, and of what activations leave.

Source: Glorot & Bengio (2010), equation 16; He et al. (2015), equations 8 and
10; Hanin & Rolnick (2018), theorem 5, for the spread over finite nets.
"""

import sympy as sp

from dlf.derive.derivation import Derivation, Step

t = sp.Symbol("t", real=True)
c, n = sp.symbols("c n", positive=True)
alpha = sp.Symbol("alpha", positive=True)
density = sp.exp(-(t**2) / 2) / sp.sqrt(2 * sp.pi)
half = sp.Rational(1, 2)


def uniform_variance() -> Derivation:
    return Derivation(
        label="initialization.5",
        lhs=r"\operatorname{Var}U(-c,c)",
        steps=(
            Step(
                value=sp.Integral(t**2 / (2 * c), (t, -c, c)),
                why=r"the density is $\frac1{2c}$, the mean 0",
                latex=r"\frac1{2c}\int_{-c}^{c}t^2\,dt",
            ),
            Step(
                value=c**2 / 3,
                why=r"the integral is $\frac23c^3$",
            ),
        ),
        draw=lambda rng: {"c": rng.uniform(0.1, 3)},
    )


def leaky_second_moment() -> Derivation:
    right = sp.Integral(t**2 * density, (t, 0, sp.oo))
    left = sp.Integral((alpha * t) ** 2 * density, (t, -sp.oo, 0))
    return Derivation(
        label="initialization.6",
        lhs=r"E[f(Z)^2]",
        steps=(
            Step(
                value=right + left,
                why=r"$f(t)=t$ for $t>0$, else $\alpha t$; $Z$ is standard "
                r"normal",
                latex=r"\int_0^\infty t^2\varphi(t)\,dt"
                r"+\int_{-\infty}^0\alpha^2t^2\varphi(t)\,dt",
            ),
            Step(
                value=half + alpha**2 / 2,
                why="each side holds half of $E[Z^2]=1$",
                latex=r"\frac{1+\alpha^2}{2}",
            ),
        ),
        draw=lambda rng: {"alpha": rng.uniform(0.01, 2)},
    )


def truncated_variance() -> Derivation:
    inside = sp.Integral(density, (t, -c, c))
    below = (1 + sp.erf(c / sp.sqrt(2))) / 2
    return Derivation(
        label="initialization.7",
        lhs=r"E\big[Z^2\,\big|\,|Z|\le c\big]",
        steps=(
            Step(
                value=sp.Integral(t**2 * density, (t, -c, c)) / inside,
                why="what lies beyond $c$ standard deviations is drawn again",
                latex=r"\frac{\int_{-c}^{c}t^2\varphi(t)\,dt}"
                r"{\int_{-c}^{c}\varphi(t)\,dt}",
            ),
            Step(
                value=1 - 2 * c * density.subs(t, c) / (2 * below - 1),
                why=r"integrate by parts, with $\varphi'(t)=-t\,\varphi(t)$",
                latex=r"1-\frac{2c\,\varphi(c)}{2\Phi(c)-1}",
            ),
        ),
        draw=lambda rng: {"c": rng.uniform(0.5, 4)},
    )


def torch_default() -> Derivation:
    gain = sp.sqrt(2 / (1 + alpha**2))
    bound = gain * sp.sqrt(3 / n)
    return Derivation(
        label="initialization.8",
        lhs=r"\operatorname{Var}w",
        steps=(
            Step(
                value=(bound**2 / 3).subs(alpha, sp.sqrt(5)),
                why="`nn.Linear` and `nn.Conv2d` call `kaiming_uniform_` with "
                r"$\alpha=\sqrt5$: uniform on $\pm$ gain $\cdot\sqrt{3/n}$, "
                "with the gain of a leaky ReLU with that $\\alpha$",
                latex=r"\frac13\Big(\sqrt{\frac{2}{1+(\sqrt5)^2}}"
                r"\sqrt{\frac3n}\Big)^2",
            ),
            Step(
                value=1 / sp.sqrt(n) ** 2 / 3,
                why=r"the gain is $\sqrt{1/3}$, which cancels the 3",
                latex=r"\frac13\Big(\frac1{\sqrt n}\Big)^2",
            ),
            Step(
                value=(2 / n) / 6,
                why="a sixth of what ReLU needs",
                latex=r"\frac1{3n}=\frac16\cdot\frac2n",
            ),
        ),
        draw=lambda rng: {"n": rng.uniform(1, 500)},
    )


def width_fluctuation() -> Derivation:
    fourth = sp.Integral(t**4 * density, (t, 0, sp.oo))
    second = sp.Integral(t**2 * density, (t, 0, sp.oo))
    return Derivation(
        label="initialization.9",
        lhs=r"\frac{E[s^2]}{E[s]^2}",
        steps=(
            Step(
                value=(n * fourth + n * (n - 1) * second**2)
                / (n * second) ** 2,
                why=r"$s=\sum_i\mathrm{relu}(Z_i)^2$ over $n$ independent "
                "units: $n$ squares, and $n(n-1)$ mixed products",
                latex=r"\frac{n\,E[\mathrm{relu}(Z)^4]+n(n-1)"
                r"\,E[\mathrm{relu}(Z)^2]^2}{n^2\,E[\mathrm{relu}(Z)^2]^2}",
            ),
            Step(
                value=1 + 5 / n,
                why=r"half of $E[Z^4]=3$ and half of $E[Z^2]=1$",
            ),
        ),
        draw=lambda rng: {"n": rng.uniform(1, 500)},
    )


def relu_gradient_factor() -> Derivation:
    w = sp.Symbol("w", positive=True)
    right = sp.Integral(density, (t, 0, sp.oo))
    left = sp.Integral(alpha**2 * density, (t, -sp.oo, 0))
    return Derivation(
        label="initialization.10",
        lhs=r"\chi",
        steps=(
            Step(
                value=w * (right + left),
                why=r"$f'$ is 1 on the right and $\alpha$ on the left",
                latex=r"\sigma_w^2\Big(\int_0^\infty\varphi(t)\,dt"
                r"+\int_{-\infty}^0\alpha^2\varphi(t)\,dt\Big)",
            ),
            Step(
                value=w * (1 + alpha**2) / 2,
                why="each side has probability ½",
                latex=r"\sigma_w^2\,\frac{1+\alpha^2}{2}",
            ),
        ),
        draw=lambda rng: {
            "w": rng.uniform(0.1, 4),
            "alpha": rng.uniform(0.01, 2),
        },
    )
