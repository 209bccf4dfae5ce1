"""Graphs as frequencies: smoothness, filters, and what repetition leaves.

    x^T L x = sum over edges of (x_u / sqrt(d_u) - x_v / sqrt(d_v))^2 (graphs.4)
    U g(Lambda) U^T x = sum of theta_k L^k x                       (graphs.5)
    theta_0 T_0 x + theta_1 T_1 x = theta (I + D^(-1/2) A D^(-1/2)) x
                                                                   (graphs.6)
    E(relu(S X W^T)) <= |W|^2 rho^2 E(X)                          (graphs.17)

Source: Chung (1997), 1.2; Defferrard et al. (2016), section 2; Kipf & Welling
(2017), section 2; Cai & Wang (2020), sections 3 and 4, for (graphs.17).
"""

import numpy as np

from dlf.derive.derivation import Derivation, Step
from dlf.derive.numeric import eigh, largest, relu, spectral_norm

Array = np.ndarray


def connected(rng: np.random.Generator, nodes: int = 6) -> Array:
    """A ring with random chords: connected, and never only a ring.

    Args:
        rng: draws the chords.
        nodes: of the ring, at least 4.
    """
    a = np.triu(rng.random((nodes, nodes)) < 0.3, 1).astype(float)
    a[0, 2] = 1
    ring = np.eye(nodes)[(np.arange(nodes) + 1) % nodes]
    return np.minimum(a + a.T + ring + ring.T, 1)


def told_apart(rng: np.random.Generator) -> Array:
    """A connected graph of six nodes without two equal frequencies.

    Args:
        rng: draws graphs until one fits.
    """
    while True:
        a = connected(rng)
        loops = a + np.eye(6)
        values = [np.linalg.eigvalsh(normal(m)) for m in (a, loops)]
        if np.diff(values).min() > 0.01:
            return a


def normal(a: Array) -> Array:
    """D^(-1/2) A D^(-1/2).

    Args:
        a: adjacency matrix A, N x N, without a lone node.
    """
    scale = 1 / np.sqrt(a.sum(axis=1))
    return scale[:, None] * a * scale


def smoothness() -> Derivation:
    def by_nodes(d: dict) -> object:
        degree = d["a"].sum(axis=1)
        pairs = d["a"] * np.outer(d["x"], d["x"])
        return (d["x"] ** 2).sum() - (
            pairs / np.sqrt(np.outer(degree, degree))
        ).sum()

    def by_edges(d: dict) -> object:
        y = d["x"] / np.sqrt(d["a"].sum(axis=1))
        u, v = np.nonzero(np.triu(d["a"] != 0))
        return ((y[u] - y[v]) ** 2).sum()

    return Derivation(
        label="graphs.4",
        lhs=r"x^\top L\,x",
        steps=(
            Step(
                value=lambda d: d["x"] @ (np.eye(6) - normal(d["a"])) @ d["x"],
                why="by the definition of $L$",
                latex=r"x^\top\big(I-D^{-1/2}AD^{-1/2}\big)x",
            ),
            Step(
                value=by_nodes,
                why="every edge is met twice, once from each end",
                latex=r"\sum_v x_v^2-2\sum_{\{u,v\}}\frac{x_u}{\sqrt{d_u}}"
                r"\frac{x_v}{\sqrt{d_v}}",
            ),
            Step(
                value=by_edges,
                why=r"$x_v^2$ is $d_v$ times $x_v^2/d_v$, once for every edge "
                "of $v$; each edge then completes a square of its own",
                latex=r"\sum_{\{u,v\}}\Big(\frac{x_u}{\sqrt{d_u}}-"
                r"\frac{x_v}{\sqrt{d_v}}\Big)^2",
            ),
        ),
        draw=lambda rng: {"a": connected(rng), "x": rng.normal(size=6)},
        scope="random graphs of six nodes",
    )


def filters_are_local() -> Derivation:
    def laplacian(d: dict) -> Array:
        return np.eye(6) - normal(d["a"])

    def by_frequencies(d: dict) -> Array:
        values, u = eigh(laplacian(d))
        g = sum(t * values**k for k, t in enumerate(d["theta"]))
        return u @ (g * (u.T @ d["x"]))

    def inside(d: dict) -> Array:
        values, u = eigh(laplacian(d))
        return sum(
            t * (u * values**k @ (u.T @ d["x"]))
            for k, t in enumerate(d["theta"])
        )

    def powers(d: dict) -> Array:
        l, x = laplacian(d), d["x"]
        t = d["theta"]
        return t[0] * x + t[1] * l @ x + t[2] * l @ (l @ x)

    return Derivation(
        label="graphs.5",
        lhs=r"U\,g(\Lambda)\,U^\top x",
        steps=(
            Step(
                value=by_frequencies,
                why=r"take the coordinates $U^\top x$, scale each by "
                r"$g(\lambda)=\sum_k\theta_k\lambda^k$, and add the "
                r"eigenvectors up again",
                latex=r"U\Big(\sum_k\theta_k\Lambda^k\Big)U^\top x",
            ),
            Step(
                value=inside,
                why="the sum may stand outside",
                latex=r"\sum_k\theta_k\,U\Lambda^kU^\top x",
            ),
            Step(
                value=powers,
                why=r"$U\Lambda^kU^\top=(U\Lambda U^\top)^k$: inside the "
                r"power, $U^\top U$ cancels",
                latex=r"\sum_k\theta_k\,L^kx",
            ),
        ),
        draw=lambda rng: {
            "a": told_apart(rng),
            "x": rng.normal(size=6),
            "theta": rng.normal(size=3),
        },
        scope="polynomials of degree two, six frequencies that differ",
    )


def first_order() -> Derivation:
    def two_terms(d: dict) -> Array:
        l = np.eye(6) - normal(d["a"])
        return d["theta"] * d["x"] - d["theta"] * ((l - np.eye(6)) @ d["x"])

    return Derivation(
        label="graphs.6",
        lhs=r"\theta_0T_0(L-I)\,x+\theta_1T_1(L-I)\,x",
        steps=(
            Step(
                value=two_terms,
                why=r"$T_0=1$ and $T_1(z)=z$; one parameter in place of two, "
                r"$\theta=\theta_0=-\theta_1$",
                latex=r"\theta x-\theta(L-I)\,x",
            ),
            Step(
                value=lambda d: (
                    d["theta"] * (np.eye(6) + normal(d["a"])) @ d["x"]
                ),
                why=r"$L-I=-D^{-1/2}AD^{-1/2}$",
                latex=r"\theta\,\big(I+D^{-1/2}AD^{-1/2}\big)\,x",
            ),
        ),
        draw=lambda rng: {
            "a": connected(rng),
            "x": rng.normal(size=6),
            "theta": rng.normal(),
        },
        scope="random graphs of six nodes",
    )


def smoothing() -> Derivation:
    def draw(rng: np.random.Generator) -> dict:
        a = told_apart(rng)
        while True:
            x, w = rng.normal(size=(6, 3)), rng.normal(size=(2, 3))
            z = normal(a + np.eye(6)) @ x @ w.T
            if z.min() < -0.01 and z.max() > 0.01:
                return {"a": a, "x": x, "w": w}

    def energy(d: dict, x: Array) -> object:
        return np.trace(x.T @ (np.eye(6) - s(d)) @ x)

    def s(d: dict) -> Array:
        return normal(d["a"] + np.eye(6))

    def rho(d: dict) -> object:
        return largest(np.abs(eigh(s(d))[0][:-1]))  # the last is 1

    def norm(d: dict) -> object:
        return spectral_norm(d["w"])

    return Derivation(
        label="graphs.17",
        lhs=r"E\big(\mathrm{relu}(SXW^\top)\big)",
        steps=(
            Step(
                value=lambda d: energy(d, relu(s(d) @ d["x"] @ d["w"].T)),
                why="the energy of what one layer puts out, by (graphs.4)",
                latex=r"\sum_{\{u,v\}}\Big|\frac{\mathrm{relu}(z_u)}{"
                r"\sqrt{d_u}}-\frac{\mathrm{relu}(z_v)}{\sqrt{d_v}}\Big|^2,"
                r"\quad z=SXW^\top",
            ),
            Step(
                value=lambda d: energy(d, s(d) @ d["x"] @ d["w"].T),
                why=r"$\mathrm{relu}(cz)=c\,\mathrm{relu}(z)$ for $c>0$, and "
                r"ReLU "
                "brings no two numbers further apart",
                latex=r"E(SXW^\top)",
                relation=r"\le",
            ),
            Step(
                value=lambda d: norm(d) ** 2 * energy(d, s(d) @ d["x"]),
                why="a matrix stretches a row by its norm at most",
                latex=r"\|W\|^2\,E(SX)",
                relation=r"\le",
            ),
            Step(
                value=lambda d: norm(d) ** 2 * rho(d) ** 2 * energy(d, d["x"]),
                why=r"$S=I-L$ scales frequency $\lambda$ by $1-\lambda$; "
                r"features in proportion to $\sqrt{d_v}$ ($\lambda=0$) have no "
                r"energy, and for all others $|1-\lambda|\le\rho<1$ on a "
                r"connected "
                "graph",
                latex=r"\|W\|^2\,\rho^2\,E(X)",
                relation=r"\le",
            ),
        ),
        draw=draw,
        scope="graphs of six nodes whose frequencies differ, and $z$ of both "
        "signs",
    )
