"""Bad calls of clipping."""

import numpy as np

from dlf.scratch import gradient_stability as clip

W = {"w": np.ones((2, 3))}
REFUSES = [
    *[
        (f, lambda f=f: f(W, 0.0), f"{f.__name__}: `limit` must be positive")
        for f in (clip.clip_by_value, clip.clip_by_norm, clip.clip_by_layer)
    ],
    (
        clip.clip_adaptively,
        lambda: clip.clip_adaptively(W, W, -1.0),
        "clip_adaptively: `limit` must be positive",
    ),
    (
        clip.clip_adaptively,
        lambda: clip.clip_adaptively({"w": np.ones((2, 1))}, W),
        "clip_adaptively: `grads` must hold w of shape",
    ),
    (
        clip.update_ratios,
        lambda: clip.update_ratios(W, {}),
        "update_ratios: `after` must hold w",
    ),
    (
        clip.spectra_by_depth,
        lambda: clip.spectra_by_depth([np.eye(2), np.eye(3)]),
        "spectra_by_depth: `jacobians` must be square and of one size",
    ),
    (
        clip.spectra_by_depth,
        lambda: clip.spectra_by_depth([]),
        "spectra_by_depth: `jacobians` must be square and of one size",
    ),
    (
        clip.spectra_by_depth,
        lambda: clip.spectra_by_depth([np.eye(0)]),
        "spectra_by_depth: `jacobians` must be square and of one size, at "
        "least 1",
    ),
    (
        clip.spectra_by_depth,
        lambda: clip.spectra_by_depth([1.0, 2.0]),
        "spectra_by_depth: `jacobians` must be square and of one size",
    ),
]
