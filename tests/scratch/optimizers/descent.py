"""A least-squares problem that every optimizer is tried on."""

import numpy as np

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(30, 4)), rng.normal(size=(30, 3))


def start(dtype: str = "f8") -> dict:
    w = np.random.default_rng(2).normal(size=(3, 4))
    return {"w": w.astype(dtype)}


def gradient(params: dict) -> dict:
    w = params["w"]
    return {"w": ((X @ w.T - Y).T @ X / len(X)).astype(w.dtype)}


def walk(pair: tuple, steps: int, params: dict | None = None) -> tuple:
    init, update = pair
    params = params or start()
    state = init(params)
    for _ in range(steps):
        params, state = update(params, gradient(params), state)
    return params, state
