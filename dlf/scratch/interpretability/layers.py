"""Explanations by a layer within: Grad-CAM, conductance, concepts.

A model is cut in two, f = head after body; both return (y, vjp).

    Grad-CAM     relu(sum over k of mean(dy/dA_k) A_k)      for maps A = body(x)
    conductance  the integral from x' to x of dy/dh_j dh_j
    sum of the last over units = y(x) - y(x')            (interpretability.6)
    TCAV         share of examples with dy/dh . v > 0, v pointing from random
                 examples to those of a concept

Source: Selvaraju et al. (2017), arXiv:1610.02391, eqs. 1 and 2; Dhamdhere,
Sundararajan & Yan (2018), arXiv:1805.12233; Kim et al. (2018),
arXiv:1711.11279, eqs. 1 and 2.
"""

import numpy as np
from jaxtyping import Float

from dlf.scratch.interpretability.influence import fit
from dlf.scratch.interpretability.outputs import (
    Baseline,
    Model,
    Target,
    check_inputs,
    gradient,
)
from dlf.scratch.reductions import sum_examples

Array = np.ndarray


def grad_cam(
    body: Model, head: Model, x: Float[Array, "N ..."], target: Target
) -> Float[Array, "N H W"]:
    """Compute Grad-CAM: a layer's maps weighed by their mean gradients, ReLU.

    Args:
        body: maps inputs to the layer's maps.
        head: maps these to outputs.
        x: inputs, one row an example.
        target: the output to explain.

    Raises:
        ValueError: the body makes no maps N K H W, or as `check_inputs`.
    """
    maps, _ = body(x)
    if maps.ndim != 4:
        raise ValueError(
            "grad_cam: `body` must return maps N K H W, because they are "
            f"weighed by channel; got shape {maps.shape}"
        )
    q = check_inputs("grad_cam", head, maps, target)
    slope = gradient(head, maps, q.columns).mean(axis=(2, 3), keepdims=True)
    return np.maximum((slope * maps).sum(axis=1), 0)


def conductance(
    body: Model,
    head: Model,
    x: Float[Array, "N ..."],
    target: Target,
    baseline: Baseline = 0.0,
    steps: int = 50,
) -> Float[Array, "N ..."]:
    """Compute conductance: what each hidden unit passes, baseline to input.

    Args:
        body: maps inputs to hidden units.
        head: maps these to outputs.
        x: inputs, one row an example.
        target: the output to explain.
        baseline: where paths begin.
        steps: pieces of the path, between the nodes of Gauss and Legendre.

    Returns:
        One value a hidden unit, of the shape of ``body(x)``.

    Raises:
        ValueError: there is no step, or as `check_inputs` says.
    """
    if steps < 1:
        raise ValueError(
            f"conductance: `steps` must be at least 1; got {steps}"
        )
    check_inputs("conductance", head, body(x)[0], target)
    q = check_inputs(
        "conductance", lambda v: head(body(v)[0]), x, target, baseline
    )
    nodes, _ = np.polynomial.legendre.leggauss(steps + 1)
    total, before, slope = 0.0, None, None
    for node in (nodes + 1) / 2:
        at = q.baseline + x.dtype.type(node) * (x - q.baseline)
        h, _ = body(at)
        if before is not None:
            total = total + slope * (h - before)
        before, slope = h, gradient(head, h, q.columns)
    return total


def concept_vector(
    concept: Float[Array, "N ..."],
    others: Float[Array, "M ..."],
    decay: float = 0.01,
) -> Float[Array, "..."]:
    """Fit a concept activation vector: from other activations to a concept's.

    The direction is the unit normal of a logistic regression between them.

    Args:
        concept: activations of examples of the concept.
        others: activations of other examples.
        decay: L2 penalty of the regression.

    Raises:
        ValueError: one of the two has no examples.
    """
    if len(concept) == 0 or len(others) == 0:
        raise ValueError(
            "concept_vector: `concept` and `others` must have examples; got "
            f"{len(concept)} and {len(others)}"
        )
    h = np.concatenate([concept, others])
    flat = h.reshape(len(h), -1)
    flat = flat - sum_examples(flat) / len(flat)
    scale = np.sqrt(sum_examples(flat * flat) / len(flat)).mean()
    y = np.repeat([1.0, 0.0], [len(concept), len(others)]).astype(h.dtype)
    w = fit(flat / scale, y, decay)
    return (w / np.linalg.norm(w)).reshape(h.shape[1:])


def tcav(
    head: Model,
    h: Float[Array, "N ..."],
    target: Target,
    v: Float[Array, "..."],
) -> float:
    """Compute the TCAV score: how often outputs rise along a concept vector.

    Args:
        head: maps activations to outputs.
        h: activations, one row an example.
        target: the output to explain.
        v: the concept vector.

    Raises:
        ValueError: the vector does not fit the layer, or as `check_inputs`.
    """
    q = check_inputs("tcav", head, h, target)
    if v.shape != h.shape[1:]:
        raise ValueError(
            f"tcav: `v` must have the shape {h.shape[1:]} of one example's "
            f"activations; got {v.shape}"
        )
    slope = gradient(head, h, q.columns) * v
    return float((slope.reshape(len(h), -1).sum(axis=1) > 0).mean())
