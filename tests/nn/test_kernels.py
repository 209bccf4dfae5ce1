"""The Triton kernels equal torch, on a GPU or in Triton's interpreter."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from dlf.nn import kernels

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    find_spec("triton") is None,
    reason="Triton is not installed: pip install triton runs its interpreter",
)
@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_kernels_equal_torch(device):
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("no GPU: the interpreter's run stands alone")
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    if device == "cpu":
        env |= {"TRITON_INTERPRET": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        [sys.executable, ROOT / "tests/nn/triton_kernels.py", device],
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "every kernel equals torch's\n"


def test_says_what_is_missing():
    here = kernels.missing()
    if torch.cuda.is_available() and find_spec("triton"):
        assert here == ""
    else:
        assert here.startswith("Triton ")
