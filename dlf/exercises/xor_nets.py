"""Judge weights that are to compute XOR, of ReLU units or of thresholds."""

import numpy as np

from dlf.exercises.comparison import apart

BITS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
XOR = (0, 1, 1, 0)


def relu_xor(answer: tuple) -> str:
    """Say where relu(x w^T + b) v^T + c differs from XOR."""
    shapes = (2, 2), (2,), (1, 2), (1,)
    w, b, v, c = arrays = [np.asarray(a, float) for a in answer]
    if tuple(a.shape for a in arrays) != shapes:
        return (
            "expected w, b, v, c of shapes (2, 2), (2,), (1, 2), (1,), got "
            f"{w.shape}, {b.shape}, {v.shape}, {c.shape}"
        )
    y = (np.maximum(BITS @ w.T + b, 0) @ v.T + c).ravel()
    for row, got, want in zip(BITS, y, XOR, strict=True):
        if not abs(got - want) <= 1e-6:
            return f"at {row} it gives {apart(got, float(want))[0]}, not {want}"
    return ""


def threshold_xor(answer: tuple) -> str:
    """Say where the three threshold units differ from XOR."""
    w, b, v, c = arrays = [np.asarray(a, float) for a in answer]
    if (
        tuple(a.shape for a in arrays[:3]) != ((2, 2), (2,), (2,))
        or c.size != 1
    ):
        return (
            "expected w, b, v, c of shapes (2, 2), (2,), (2,) and a number, "
            f"got {w.shape}, {b.shape}, {v.shape}, {c.shape}"
        )
    hidden = BITS @ w.T + b >= 0
    said = hidden @ v + c.item() >= 0
    for x, got, want in zip(BITS, said, XOR, strict=True):
        if got != want:
            return f"it says {int(got)} at {x}"
    return ""
