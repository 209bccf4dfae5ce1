"""What the tests of checkpoints begin with."""

from functools import partial

import pytest

from dlf.nn.training import fit

from .test_training import blobs, mlp, sgd


@pytest.fixture
def started(tmp_path):
    """A finished run's checkpoint and how to go on with it."""
    path = tmp_path / "run.pt"
    again = partial(fit, optimizer=sgd, epochs=1, checkpoint=path)
    again(mlp(4, 3), blobs(20))
    return path, again
