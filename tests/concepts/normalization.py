import numpy as np
import torch
import torch.nn.functional as F

from dlf.scratch.normalization import inference, layers, weights

from . import Concept


def features(*shape):
    """Draw inputs, a weight and a bias for each of the features."""

    def draw(rng):
        x = rng.normal(size=shape) * 3 + 1
        C = shape[1] if len(shape) == 4 else shape[-1]
        return x, rng.normal(size=C) + 1, rng.normal(size=C)

    return draw


def batch(x, weight, bias, eps=1e-5):
    return F.batch_norm(x, None, None, weight, bias, True, 0.1, eps)


def instance(x, weight, bias, eps=1e-5):
    return F.instance_norm(x, None, None, weight, bias, eps=eps)


def group(x, weight, bias, groups, eps=1e-5):
    return F.group_norm(x, groups, weight, bias, eps)


def layer(x, weight, bias, eps=1e-5):
    return F.layer_norm(x, weight.shape, weight, bias, eps)


def rms(x, weight, eps=1e-6):
    return F.rms_norm(x, weight.shape, weight, eps)


def in_use(x, weight, bias, mean, var, eps=1e-5):
    return F.batch_norm(x, mean, var, weight, bias, False, 0.1, eps)


def by_row(v, g):
    return torch._weight_norm(v, g[:, None], 0)


def by_first(v, left, right):
    return v / (left @ v @ right)


def spectral(rng):
    v = rng.normal(size=(4, 3))
    u, _, vt = np.linalg.svd(v)
    return v, u[:, 0], vt[0]


CANCELS = {
    "rows": "a gradient of 1,000 in every pixel cancels within each image, "
    "which leaves four digits in float32"
}
ONE = np.ones(2), np.zeros(2)
IMAGE = np.random.default_rng(0).normal(size=(2, 2, 1, 3))
FLAT = np.full((4, 2), 7.0)
FAR = np.random.default_rng(0).normal(size=(9, 2)) + 10
SETTINGS = ({}, {"eps": 0.1})
CONCEPTS = [
    Concept(
        "normalization/batch_norm",
        layers.batch_norm,
        features(6, 3),
        (batch,),
        wrt=3,
        hostile=((FLAT, *ONE), (FAR, *ONE), (FAR[:2], *ONE)),
        refuses=(
            ((FLAT[:1], *ONE), "must have two examples"),
            ((FLAT, *ONE, {"eps": 0.0}), "`eps` must be positive"),
        ),
        settings=SETTINGS,
    ),
    Concept(
        "normalization/batch_norm2d",
        layers.batch_norm2d,
        features(3, 2, 4, 5),
        (batch,),
        wrt=3,
        hostile=((IMAGE, *ONE), (IMAGE[:1], *ONE)),
        settings=SETTINGS,
    ),
    Concept(
        "normalization/layer_norm",
        layers.layer_norm,
        features(2, 3, 5),
        (layer,),
        wrt=3,
        hostile=((FLAT, *ONE), (FAR, *ONE), (np.zeros((0, 2)), *ONE)),
        refuses=(
            ((np.zeros((3, 0)), np.ones(0), np.ones(0)), "have a feature"),
            ((FLAT, *ONE, {"eps": -1.0}), "`eps` must be positive"),
        ),
        settings=SETTINGS,
        rows="*B",
    ),
    Concept(
        "normalization/rms_norm",
        layers.rms_norm,
        lambda rng: features(2, 3, 5)(rng)[:2],
        (rms,),
        wrt=2,
        hostile=((FLAT, ONE[0]), (0 * FLAT, ONE[0]), (FAR, ONE[0])),
        refuses=(((np.zeros((3, 0)), np.ones(0)), "have a feature"),),
        settings=SETTINGS,
        rows="*B",
    ),
    Concept(
        "normalization/group_norm",
        layers.group_norm,
        features(3, 4, 2, 3),
        (group,),
        wrt=3,
        settings=({"groups": 1}, {"groups": 2}, {"groups": 4}),
        hostile=(),
        refuses=(
            ((IMAGE, *ONE, {"groups": 3}), "`groups` must divide"),
            ((IMAGE[..., :0], *ONE, {"groups": 1}), "have a feature"),
        ),
        excused=CANCELS,
    ),
    Concept(
        "normalization/instance_norm",
        layers.instance_norm,
        features(3, 4, 2, 3),
        (instance,),
        wrt=3,
        hostile=((IMAGE, *ONE),),
        settings=SETTINGS,
        refuses=(((IMAGE[..., :1], *ONE), "must have two pixels"),),
        excused=CANCELS,
    ),
    Concept(
        "normalization/batch_norm_inference",
        inference.batch_norm_inference,
        lambda rng: (*features(6, 3)(rng), rng.normal(size=3), rng.random(3)),
        (in_use,),
        wrt=3,
        hostile=((FLAT[:1], *ONE, *ONE[::-1]), (FAR, *ONE, *ONE)),
        refuses=(((FLAT, *ONE, ONE[1], -ONE[0]), "must not be negative"),),
        settings=SETTINGS,
    ),
    Concept(
        "normalization/weight_norm",
        weights.weight_norm,
        lambda rng: (rng.normal(size=(4, 3)), rng.normal(size=4)),
        (by_row,),
        wrt=2,
        hostile=((np.eye(2) * 1e4, ONE[0]), (np.eye(2) * 1e-9, ONE[1])),
        refuses=(((0 * FLAT, np.ones(4)), "no row of zeros"),),
        rows="O",
    ),
    Concept(
        "normalization/spectral_norm",
        weights.spectral_norm,
        spectral,
        (by_first,),
        hostile=((np.diag([3.0, 1.0]), np.eye(2)[0], np.eye(2)[0]),),
        refuses=(((0 * np.eye(2), *np.eye(2)), "a positive singular value"),),
        rows="O",
    ),
]
