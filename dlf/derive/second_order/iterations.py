"""What iterative methods guarantee, step by step.

    |x_k - x*|_H <= 2 ((√κ - 1) / (√κ + 1))^k |x_0 - x*|_H    (second_order.6)
    B y = s after an update of BFGS                           (second_order.7)
    y^T s >= t (c_2 - 1) g^T p > 0 after a strong Wolfe step  (second_order.8)
    B g in two loops over the pairs                           (second_order.9)

Source: Nocedal & Wright (2006), Numerical Optimization, equations 5.36, 6.6
and 6.8, algorithm 7.4.
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step

D, K = 5, 3


def conjugate_gradients(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Make K steps from x toward 0, in the basis of eigenvectors.

    Args:
        values: the eigenvalues.
        x: the error to begin with, a coordinate an eigenvector.
    """
    r = -values * x
    p = r
    for _ in range(K):
        square, hp = r @ r, values * p
        t = square / (p @ hp)
        x, r = x + t * p, r - t * hp
        p = r + (r @ r) / square * p
    return x


def chebyshev(x: object) -> object:
    """Chebyshev's polynomial of degree K.

    Args:
        x: where it is asked for; a number, a ball or a symbol.
    """
    before, now = 1, x
    for _ in range(K - 1):
        before, now = now, 2 * x * now - before
    return now


def conjugate_gradient_bound() -> Derivation:
    def norm(d: dict, x: np.ndarray) -> object:
        return np.sqrt((d["values"] * x * x).sum())

    def polynomial(d: dict) -> np.ndarray:
        low, high = d["values"][0], d["values"][-1]
        inside = (high + low - 2 * d["values"]) / (high - low)
        return chebyshev(inside) / chebyshev((high + low) / (high - low))

    def kappa(d: dict) -> object:
        return d["values"][-1] / d["values"][0]

    def rate(d: dict) -> object:
        root = np.sqrt(kappa(d))
        return (root - 1) / (root + 1)

    return Derivation(
        label="second_order.6",
        lhs=r"\|x_k-x^\star\|_H",
        steps=(
            Step(
                value=lambda d: norm(
                    d, conjugate_gradients(d["values"], d["x"])
                ),
                why=r"with $\|x\|_H^2=x^\top Hx$; $k$ products have "
                r"made a polynomial of $H$, and CG's is the best of its degree "
                r"with $P(0)=1$",
                latex=r"\min_P\,\|P(H)\,(x_0-x^\star)\|_H",
            ),
            Step(
                value=lambda d: norm(d, polynomial(d) * d["x"]),
                why="so that it is no worse than Chebyshev's, $T_k$, shifted "
                r"to the interval from $\lambda_{\min}$ to $\lambda_{\max}$ "
                "and divided by its value at 0",
                latex=r"\|P_T(H)\,(x_0-x^\star)\|_H",
                relation=r"\le",
            ),
            Step(
                value=lambda d: (
                    norm(d, d["x"]) / chebyshev((kappa(d) + 1) / (kappa(d) - 1))
                ),
                why=r"on that interval $|T_k|\le1$",
                latex=r"\|x_0-x^\star\|_H\,\Big/\,"
                r"T_k\Big(\frac{\kappa+1}{\kappa-1}\Big)",
                relation=r"\le",
            ),
            Step(
                value=lambda d: 2 * rate(d) ** K * norm(d, d["x"]),
                why="and outside it grows at least like half of a power",
                latex=r"2\,\Big(\frac{\sqrt\kappa-1}{\sqrt\kappa+1}\Big)^k\,"
                r"\|x_0-x^\star\|_H",
                relation=r"\le",
            ),
        ),
        draw=lambda rng: {
            "values": np.sort(np.exp(rng.uniform(0, 4, D))),
            "x": rng.normal(size=D),
        },
        scope=f"$k={K}$ and {D} eigenvalues",
    )


def updated(b: np.ndarray, s: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Update an inverse Hessian by BFGS.

    Args:
        b: the estimate, D by D.
        s: the step.
        y: the change of the gradient.
    """
    keep = np.eye(len(s), dtype=int) - y[:, None] * s / (s @ y)
    return keep.T @ b @ keep + s[:, None] * s / (s @ y)


def draw_pairs(rng: np.random.Generator) -> dict:
    """Draw two steps, and changes of the gradient by a positive Hessian.

    Args:
        rng: draws them.
    """
    a = rng.normal(size=(D, D))
    s = rng.normal(size=(2, D))
    y = s @ (a @ a.T + np.eye(D))
    return {"s": s, "y": y, "g": rng.normal(size=D), "b": a + a.T}


def secant() -> Derivation:
    def kept(d: dict) -> np.ndarray:
        s, y = d["s"][0], d["y"][0]
        return y - y * (s @ y) / (s @ y)

    return Derivation(
        label="second_order.7",
        lhs=r"B_{\rm new}\,y",
        steps=(
            Step(
                value=lambda d: (
                    updated(d["b"], d["s"][0], d["y"][0]) @ d["y"][0]
                ),
                why=r"by definition, with $\rho=1/(y^\top s)$",
                latex=r"\big[(I-\rho\,sy^\top)\,B\,(I-\rho\,ys^\top)"
                r"+\rho\,ss^\top\big]\,y",
            ),
            Step(
                value=lambda d: (
                    d["b"] @ kept(d)
                    - d["s"][0]
                    * (d["y"][0] @ d["b"] @ kept(d))
                    / (d["s"][0] @ d["y"][0])
                    + d["s"][0]
                ),
                why=r"$\rho\,s^\top y=1$ twice",
                latex=r"(I-\rho\,sy^\top)\,B\,(y-y)+s",
            ),
            Step(
                value=lambda d: d["s"][0],
                why="what is multiplied by 0 is gone",
                latex="s",
            ),
        ),
        draw=draw_pairs,
    )


def positive_curvature() -> Derivation:
    def draw(rng: np.random.Generator) -> dict:
        g, p = rng.normal(size=(2, D))
        p = p if g @ p < 0 else -p
        across = np.zeros(D)
        across[:2] = p[1], -p[0]
        c2 = rng.uniform(0.1, 0.9)
        part = c2 * rng.uniform(-0.99, 0.99)
        return {"g": g, "p": p, "c": c2, "t": rng.uniform(0.1, 2)} | {
            "across": across * rng.normal(),
            "part": part,
        }

    def after(d: dict) -> np.ndarray:
        """A gradient whose part along p the condition allows."""
        return d["part"] * d["g"] + d["across"]

    return Derivation(
        label="second_order.8",
        lhs=r"y^\top s",
        steps=(
            Step(
                value=lambda d: (after(d) - d["g"]) @ (d["t"] * d["p"]),
                why="with the step $s=t\\,p$ and the change of the gradient "
                r"$y=g_{\rm new}-g$",
                latex=r"t\,\big(g_{\rm new}^\top p-g^\top p\big)",
            ),
            Step(
                value=lambda d: d["t"] * (d["c"] - 1) * (d["g"] @ d["p"]),
                why=r"by the second Wolfe condition, "
                r"$|g_{\rm new}^\top p|\le c_2\,|g^\top p|$",
                latex=r"t\,(c_2-1)\,g^\top p",
                relation=r"\ge",
            ),
            Step(
                value=lambda d: 0 * d["t"],
                why=r"since $t>0$, $c_2<1$ and $p$ points downhill; unless "
                "$p=0$ it is more",
                latex="0",
                relation=r"\ge",
            ),
        ),
        draw=draw,
    )


def two_loop() -> Derivation:
    def pairs(d: dict) -> tuple:
        (s1, s2), (y1, y2) = d["s"], d["y"]
        return s1, s2, y1, y2, (s2 @ y2) / (y2 @ y2)

    def matrices(d: dict) -> np.ndarray:
        s1, s2, y1, y2, scale = pairs(d)
        start = scale * np.eye(D, dtype=int)
        return updated(updated(start, s1, y1), s2, y2) @ d["g"]

    def first_loop(d: dict) -> tuple:
        s1, s2, y1, y2, _ = pairs(d)
        a2 = s2 @ d["g"] / (s2 @ y2)
        q = d["g"] - a2 * y2
        a1 = s1 @ q / (s1 @ y1)
        return a1, a2, q - a1 * y1

    def with_vectors(d: dict) -> np.ndarray:
        s1, s2, y1, y2, scale = pairs(d)
        a1, a2, q = first_loop(d)
        inner = scale * q
        inner = inner - s1 * (y1 @ inner) / (s1 @ y1) + a1 * s1
        return inner - s2 * (y2 @ inner) / (s2 @ y2) + a2 * s2

    def second_loop(d: dict) -> np.ndarray:
        s1, s2, y1, y2, scale = pairs(d)
        a1, a2, q = first_loop(d)
        r = scale * q
        r = r + (a1 - y1 @ r / (s1 @ y1)) * s1
        return r + (a2 - y2 @ r / (s2 @ y2)) * s2

    return Derivation(
        label="second_order.9",
        lhs="B\\,g",
        steps=(
            Step(
                value=matrices,
                why=r"from $\gamma I$ by two updates, the newer outside, with "
                r"$V_k=I-\rho_k\,y_ks_k^\top$",
                latex=r"V_2^\top\big(V_1^\top\gamma\,V_1"
                r"+\rho_1s_1s_1^\top\big)V_2\,g+\rho_2s_2s_2^\top g",
            ),
            Step(
                value=with_vectors,
                why=r"first loop, newest to oldest: $\alpha_2=\rho_2s_2^\top "
                r"g$ and $V_2\,g=g-\alpha_2y_2$; the same with pair 1 gives "
                r"$\alpha_1$ and the vector $q=V_1V_2\,g$",
                latex=r"V_2^\top\big(V_1^\top\gamma\,q+\alpha_1s_1\big)"
                r"+\alpha_2s_2",
            ),
            Step(
                value=second_loop,
                why=r"second loop, back: $V_k^\top r=r-\beta_ks_k$ with "
                r"$\beta_k=\rho_k\,y_k^\top r$, where $r$ is what has been "
                "added up so far",
                latex=r"\gamma\,q+(\alpha_1-\beta_1)\,s_1"
                r"+(\alpha_2-\beta_2)\,s_2",
            ),
        ),
        draw=draw_pairs,
        scope="two pairs",
    )
