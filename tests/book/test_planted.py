"""A wrong sign in any module of `dlf.scratch` makes a test fail."""

import os
import shutil
import subprocess
import sys

import pytest

from .conftest import ROOT

#: module: what stands there, what is planted, the tests that should notice
SIGNS = {
    "activations": ("(1.0 - y * y)", "(1.0 + y * y)", "test_concepts"),
    "backpropagation": (
        "labels] -= 1.0",
        "labels] += 1.0",
        "test_backpropagation",
    ),
    "convergence": ("norms < eps", "norms > eps", "test_training_chapter"),
    "fusion": (
        "gelu(x[block] + bias)",
        "gelu(x[block] - bias)",
        "test_concepts",
    ),
    "gates": ("gate + x * slope", "gate - x * slope", "test_concepts"),
    "losses": ("[true_class] -= 1.0", "[true_class] += 1.0", "test_concepts"),
    "residuals": (
        "prediction - target",
        "prediction + target",
        "test_concepts",
    ),
    "divergences": ("p * (-dy / N)", "p * (dy / N)", "test_concepts"),
    "margins": ("share * far", "-share * far", "test_concepts"),
    "overlap": ("overlap - 2.0", "overlap + 2.0", "test_concepts"),
    "surprises": ("sigmoid - target", "sigmoid + target", "test_concepts"),
    "mlp": ("w.T + b, vjp", "w.T - b, vjp", "test_concepts"),
    "optimizers": ("w - lr *", "w + lr *", "test_optimizers"),
    "conjugate": ("r = x @ w - y", "r = x @ w + y", "test_concepts"),
    "decompositions": (
        "[[c, -s], [s, c]]",
        "[[c, s], [s, c]]",
        "test_mathematics",
    ),
    "information": ("return -log_q *", "return log_q *", "test_concepts"),
    "stability": ("np.exp(z - y)", "np.exp(z + y)", "test_concepts"),
    "perceptron": ("b = b + lr", "b = b - lr", "test_perceptron"),
    "shapes": ("len(dims) + 1", "len(dims) - 1", "test_concepts"),
    "tape": ("parent.grad + g", "parent.grad - g", "test_tape"),
    "training": ("(1 - decay) *", "(1 + decay) *", "test_training_chapter"),
    "tiling": ("+= a[i, k]", "-= a[i, k]", "test_concepts"),
    "graph_attention": ("dz += (dsent", "dz -= (dsent", "test_concepts"),
    "graph_layers": ("(1 + eps) * z", "(1 - eps) * z", "test_concepts"),
    "graphs": ("[0] - gather(", "[0] + gather(", "test_graphs"),
    "messages": ("moved - p", "moved + p", "test_concepts"),
    "neighbours": ("[target] + place", "[target] - place", "test_graphs"),
    "attribution": (
        "return (x - q.baseline) * gradient",
        "return (x + q.baseline) * gradient",
        "explanations/test_attribution",
    ),
    "dictionary": (
        "error = a @ d.T - off",
        "error = a @ d.T + off",
        "test_concepts",
    ),
    "influence": ("w = w - step", "w = w + step", "explanations/test_inside"),
    "layer_attribution": (
        "slope * (h - before)",
        "slope * (h + before)",
        "explanations/test_attribution",
    ),
    "perturbation": (
        "said - (whole",
        "said + (whole",
        "explanations/test_attribution",
    ),
    "shapley": (
        "values[without + 2**p] - values",
        "values[without + 2**p] + values",
        "explanations/test_shapley",
    ),
    "surrogates": ("a = s - (pi", "a = s + (pi", "explanations/test_shapley"),
}


def test_every_module_has_a_sign_to_plant():
    modules = {f.stem for f in (ROOT / "dlf/scratch").glob("[!_]*.py")}
    assert modules == set(SIGNS)


@pytest.mark.parametrize("module", SIGNS)
def test_a_wrong_sign_is_caught(tmp_path, module):
    for name in ("dlf", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    right, wrong, suite = SIGNS[module]
    file = tmp_path / f"dlf/scratch/{module}.py"
    assert right in file.read_text(encoding="utf-8")
    file.write_text(
        file.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", f"tests/{suite}.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout
    assert "1 failed" in done.stdout or "FAILED" in done.stdout
