"""Exercises on second-order methods: steps, and what they are made of."""

from collections.abc import Callable

import numpy as np

from dlf.exercises.core import Exercise

Array = np.ndarray
H, G = np.diag([3.0, -1.0]), np.array([3.0, -1.0])


def steps_at_the_saddle() -> tuple[list[float], list[float]]:
    """Newton's step at (1, 1) of (3 u² - v²) / 2, and the saddle-free one."""
    return [-1.0, -1.0], [-1.0, 1.0]


def secant_step(w0: float, g0: float, w1: float, g1: float) -> float:
    """Read the curvature from two derivatives, and make Newton's step."""
    curvature = (g1 - g0) / (w1 - w0)
    return w1 - g1 / curvature


def strong_wolfe(
    f0: float, d0: float, f: float, d: float, t: float
) -> tuple[bool, bool]:
    """Say whether the value fell enough, and the derivative too."""
    return f <= f0 + 1e-4 * t * d0, abs(d) <= 0.9 * abs(d0)


def sr1(b: Array, s: Array, y: Array) -> Array:
    """Add the one symmetric matrix of rank one that maps y to s."""
    u = s - b @ y
    return b + np.outer(u, u) / (u @ y)


def in_new_variables(g: Array, h: Array, a: Array) -> tuple[Array, Array]:
    """Differentiate f(A u): one factor A a derivative."""
    return a.T @ g, a.T @ h @ a


def damping_for(g: Array, h: Array, radius: float) -> float:
    """Bisect: the step is the shorter, the larger the damping.

    If g has no part along the least eigenvector, the longest step may be
    shorter than the radius (the hard case), and there is no answer.
    """
    values, q = np.linalg.eigh(h)
    along = q.T @ g
    low = max(0.0, -float(values[0]))
    high = low + float(np.linalg.norm(g)) / radius + 1e-9
    for _ in range(200):
        middle = (low + high) / 2
        if np.linalg.norm(along / (values + middle)) > radius:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _by_solving(g: Array, h: Array, radius: float) -> float:
    """Solve the system anew for each damping that is tried."""
    eye, low = np.eye(len(g)), max(0.0, -float(np.linalg.eigvalsh(h)[0]))
    high = low + float(np.linalg.norm(g)) / radius + 1e-9
    for _ in range(60):
        middle = (low + high) / 2
        step = np.linalg.solve(h + middle * eye, g)
        long = np.linalg.norm(step) > radius
        low, high = (middle, high) if long else (low, middle)
    return high


def _draw_line(rng: np.random.Generator) -> tuple:
    f0, d0 = rng.normal(), -rng.uniform(0.1, 2)
    t = rng.uniform(0.1, 2)
    f = f0 + rng.choice([-1.0, 1.0]) * rng.uniform(0.05, 1)
    return f0, d0, f, d0 * rng.uniform(-2, 2), t


def _near_the_limits() -> tuple[tuple, ...]:
    """Place trials a tenth to either side of c1, a hundredth of c2."""
    values = [
        (0.0, -d0, -1e-4 * t * d0 * by, 0.0, t)
        for d0, t in ((2.0, 0.2), (0.5, 3.0))
        for by in (0.9, 1.1)
    ]
    slopes = [
        (1.0, -d0, 0.0, sign * c2 * d0, 0.5)
        for d0 in (2.0, 0.5)
        for c2 in (0.89, 0.91)
        for sign in (-1, 1)
    ]
    return (*values, *slopes)


def _other_limits(c1: float, c2: float) -> Callable:
    return lambda f0, d0, f, d, t: (f <= f0 + c1 * t * d0, abs(d) <= -c2 * d0)


def _draw_pair(rng: np.random.Generator) -> tuple:
    a = rng.normal(size=(4, 4))
    s = rng.normal(size=4)
    return a + a.T, s, rng.normal(size=4)


def _draw_region(rng: np.random.Generator) -> tuple:
    a = rng.normal(size=(4, 4))
    g, h = rng.normal(size=4), a + a.T
    least = max(0.0, -float(np.linalg.eigvalsh(h)[0]))
    damping = least + rng.uniform(0.2, 3)
    step = np.linalg.solve(h + damping * np.eye(4), g)
    return g, h, float(np.linalg.norm(step))


def _scaled(by: float) -> Callable:
    return lambda g, h, radius: by * damping_for(g, h, radius)


SADDLE = Exercise(
    "second_order-1",
    steps_at_the_saddle(),
    wrong=(
        ([-1, 1], [-1, -1]),
        ([-1, -1], [-1, -1]),
        ([1, 1], [1, -1]),
        ([-3, 1], [-3, 1]),  # minus the gradient
        ([-1, 1], [-1, 1]),
        ([-3, -1], [-3, 1]),
        ([0, 0], [0, 2]),  # where they end
        [-1, -1],
        ([-1, np.nan], [-1, 1]),
    ),
    right=(
        ([-1, -1], [-1, 1]),
        ((-1.0, -1.0), (-1.0, 1.0)),
        np.array([[-1.0, -1], [-1, 1]]),
        [-np.linalg.solve(H, G), -np.linalg.solve(abs(H), G)],
    ),
)
SECANT = Exercise(
    "second_order-3",
    secant_step,
    draw=lambda rng: tuple(
        map(float, rng.normal(size=4) + np.array([0, 0, 3, 6]))
    ),
    edges=(
        (0.0, -1.0, 1.0, 1.0),
        (1.0, 1.0, 0.0, -1.0),
        (0.0, -4.0, 1.0, -2.0),
        (2.0, 3.0, 1.0, 0.0),
    ),
    wrong=(
        lambda a, ga, b, gb: a - ga * (b - a) / (ga + gb),
        lambda a, ga, b, gb: b - gb,
        lambda a, ga, b, gb: b + gb * (b - a) / (gb - ga),
        lambda a, ga, b, gb: gb * (b - a) / (gb - ga),
        lambda a, ga, b, gb: b - ga * (b - a) / (gb - ga),
        lambda a, ga, b, gb: (a + b) / 2,
        lambda a, ga, b, gb: b - gb * (gb - ga) / (b - a),
        lambda a, ga, b, gb: b - gb * abs((b - a) / (gb - ga)) / 2,
    ),
    right=(
        lambda a, ga, b, gb: a - ga * (b - a) / (gb - ga),
        lambda a, ga, b, gb: (a * gb - b * ga) / (gb - ga),
    ),
)
WOLFE = Exercise(
    "second_order-4",
    strong_wolfe,
    draw=_draw_line,
    edges=(
        (0.0, -1.0, -0.5, 0.0, 1.0),
        (0.0, -1.0, 0.0, 0.0, 1.0),  # no lower
        (0.0, -1.0, -0.5, 0.95, 1.0),  # too steep uphill
        (0.0, -1.0, -0.5, -0.95, 1.0),  # and downhill
        (0.0, -1.0, -0.00005, 0.5, 1.0),  # lower, and not enough
        (5.0, -1.0, 4.5, 0.5, 1.0),
        *_near_the_limits(),
    ),
    wrong=(
        lambda f0, d0, f, d, t: (f < f0, abs(d) <= 0.9 * abs(d0)),
        lambda f0, d0, f, d, t: (f <= f0 + 1e-4 * t * d0, d >= 0.9 * d0),
        lambda f0, d0, f, d, t: (f <= f0 + 1e-4 * t * d0, abs(d) <= 0.9),
        lambda f0, d0, f, d, t: (f <= f0 - 1e-4 * t * d0, abs(d) <= -0.9 * d0),
        lambda f0, d0, f, d, t: (f <= 1e-4 * t * d0, abs(d) <= -0.9 * d0),
        lambda f0, d0, f, d, t: strong_wolfe(f0, d0, f, d, t)[::-1],
        lambda f0, d0, f, d, t: all(strong_wolfe(f0, d0, f, d, t)),
        lambda f0, d0, f, d, t: (f <= f0 + 1e-4 * t * d0, abs(d) <= 0.9 * d0),
        lambda *_: (True, True),
        *(_other_limits(c1, 0.9) for c1 in (5e-5, 1.2e-4, 1e-3, 1e-2)),
        *(_other_limits(1e-4, c2) for c2 in (0.85, 0.88, 0.92, 0.95)),
        lambda f0, d0, f, d, t: (f <= f0 + 1e-4 * d0, abs(d) <= -0.9 * d0),
        lambda f0, d0, f, d, t: (f <= f0 - 1e-4 * t, abs(d) <= -0.9 * d0),
        lambda f0, d0, f, d, t: (f < f0 - 1e-4, abs(d) <= -0.9 * d0),
    ),
    right=(
        lambda f0, d0, f, d, t: [
            f - f0 <= 1e-4 * t * d0,
            0.9 * d0 <= d <= -0.9 * d0,
        ],
        lambda f0, d0, f, d, t: np.array(
            [f <= f0 + 0.0001 * d0 * t, d * d <= 0.81 * d0 * d0]
        ),
    ),
)
SR1 = Exercise(
    "second_order-6",
    sr1,
    draw=_draw_pair,
    edges=(
        (np.eye(2), np.array([1.0, 0.0]), np.array([2.0, 1.0])),
        (np.zeros((1, 1)), np.array([1.0]), np.array([4.0])),
        (np.eye(2), np.array([1.0, 1.0]), np.array([-1.0, 0.0])),
    ),
    rtol=1e-4,  # the denominator may be small
    atol=1e-4,
    wrong=(
        lambda b, s, y: b + np.outer(s, s) / (s @ y),
        lambda b, s, y: b - np.outer(s - b @ y, s - b @ y) / ((s - b @ y) @ y),
        lambda b, s, y: b + np.outer(s - b @ y, y) / (y @ y),  # not symmetric
        lambda b, s, y: b + np.outer(s - b @ y, s - b @ y),
        lambda b, s, y: (
            b + np.outer(s - b @ y, s - b @ y) / ((s - b @ y) @ (s - b @ y))
        ),
        lambda b, s, y: sr1(b, y, s),  # the Hessian's, not its inverse's
        lambda b, s, y: b + np.outer(y - b @ s, y - b @ s) / ((y - b @ s) @ s),
        lambda b, s, y: sr1(np.eye(len(s)), s, y),
        lambda b, s, y: b,
    ),
    right=(
        lambda b, s, y: (
            b + (s - b @ y)[:, None] * (s - b @ y) / (s @ y - y @ b @ y)
        ),
    ),
)
VARIABLES = Exercise(
    "second_order-9",
    in_new_variables,
    draw=lambda rng: (
        rng.normal(size=3),
        (lambda b: b + b.T)(rng.normal(size=(3, 3))),
        rng.normal(size=(3, 3)),
    ),
    edges=(
        (np.array([1.0]), np.array([[2.0]]), np.array([[3.0]])),
        (
            np.array([1.0, 2.0]),
            np.diag([1.0, 3.0]),
            np.array([[0.0, 1.0], [2.0, 0.0]]),
        ),
    ),
    wrong=(
        lambda g, h, a: (a @ g, a @ h @ a.T),
        lambda g, h, a: (a.T @ g, a.T @ h),
        lambda g, h, a: (a.T @ g, a @ h @ a),
        lambda g, h, a: (a.T @ g, np.linalg.inv(a) @ h @ a),
        lambda g, h, a: (g, h),
        lambda g, h, a: (np.linalg.solve(a, g), a.T @ h @ a),
        lambda g, h, a: (g @ a, h @ a),
        lambda g, h, a: a.T @ g,
        lambda g, h, a: (a.T @ h @ a, a.T @ g),
    ),
    right=(
        lambda g, h, a: (g @ a, (h @ a).T @ a),
        lambda g, h, a: [
            np.einsum("i,ij->j", g, a),
            np.einsum("ki,kl,lj->ij", a, h, a),
        ],
    ),
)
REGION = Exercise(
    "second_order-12",
    damping_for,
    draw=_draw_region,
    edges=(
        (np.array([2.0]), np.array([[1.0]]), 0.5),
        (np.array([2.0]), np.array([[-1.0]]), 0.5),
        (np.array([3.0, 4.0]), np.diag([1.0, 1.0]), 0.1),
        (np.array([1.0, 1.0]), np.diag([2.0, -2.0]), 0.3),
    ),
    rtol=1e-3,
    atol=1e-4,
    wrong=(
        _scaled(0.0),
        _scaled(2.0),
        _scaled(-1.0),
        lambda g, h, radius: float(np.linalg.norm(g)) / radius,
        lambda g, h, radius: max(0.0, -np.linalg.eigvalsh(h)[0]),
        lambda g, h, radius: damping_for(g, abs(h), radius),
        lambda g, h, radius: damping_for(g, h, 2 * radius),
        lambda g, h, radius: damping_for(g, h, radius**2),
        lambda g, h, radius: 1 / radius,
    ),
    right=(
        _by_solving,
        lambda g, h, radius: np.float32(damping_for(g, h, radius)),
    ),
)
