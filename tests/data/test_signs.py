"""Signs: the truth that is claimed of them."""

import numpy as np
import pytest

from dlf.data import signs

KINDS = signs.kinds()


def test_signs_are_alike_but_for_their_shape():
    assert KINDS.shape == (8, 5, 5)
    assert (KINDS.sum(axis=(1, 2)) == 9).all()
    assert len({k.tobytes() for k in KINDS}) == 8


def test_the_truth_is_where_the_class_is():
    s = signs.draw(400, np.random.default_rng(0))
    assert np.bincount(s.y).tolist() == [100] * 4
    assert (s.truth.sum(axis=(1, 2)) == 9).all()
    assert s.x[:, 0][s.truth].min() > 0.6 - 5 * signs.NOISE
    for n in range(400):
        rows, columns = np.nonzero(s.truth[n])
        found = s.truth[n][
            rows.min() : rows.min() + 5, columns.min() : columns.min() + 5
        ]
        np.testing.assert_array_equal(found, KINDS[s.y[n]])
    bright = (s.x[:, 0] > 0.35).sum(axis=(1, 2))
    assert np.median(bright) == pytest.approx(36, abs=1)


def test_brightness_and_quarter_say_nothing():
    s = signs.draw(4000, np.random.default_rng(1))
    means = [s.x[s.y == c].mean() for c in range(4)]
    assert np.ptp(means) < 0.004
    quarters = s.truth.reshape(4000, 2, 8, 2, 8).any(axis=(2, 4))
    assert np.abs(quarters.mean(axis=0) - 0.25).max() < 0.03


def test_outside_the_truth_every_class_looks_the_same():
    """Without the deciding sign, images of all classes have equal means."""
    s = signs.draw(8000, np.random.default_rng(2))
    rest = np.where(s.truth, 0.0, s.x[:, 0])
    means = np.stack([rest[s.y == c].mean(axis=0) for c in range(4)])
    spread = rest.std(axis=0) * np.sqrt(2 / 2000)
    assert (np.abs(means - means.mean(axis=0)) < 6 * spread).all()


def test_loads_from_a_seed():
    once, again, other = (
        signs.load(train=8, validation=4, test=4, seed=k) for k in (1, 1, 2)
    )
    for a, b in zip(once, again, strict=True):
        np.testing.assert_array_equal(a.x, b.x)
    assert not np.array_equal(once.train.x, other.train.x)
    assert not np.array_equal(once.test.x, once.validation.x)
    small = signs.draw(2, np.random.default_rng(0), np.float32)
    assert small.x.dtype == np.float32
    assert signs.draw(0, np.random.default_rng(0)).x.shape == (0, 1, 16, 16)
    with pytest.raises(ValueError, match="draw: `count` must not be negative"):
        signs.draw(-1, np.random.default_rng(0))
