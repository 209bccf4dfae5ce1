"""The sets that need no download."""

import networkx
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from sklearn.datasets import load_digits

from dlf.data import digits, glyphs, karate, mnist1d, toys
from dlf.data.core import Examples, split

LOADERS = {
    "digits": digits.load,
    "glyphs": lambda **k: glyphs.load(train=60, validation=20, test=30, **k),
    "mnist1d": lambda **k: mnist1d.load(train=60, validation=20, test=30, **k),
    "toys": lambda **k: toys.load(train=60, validation=20, test=30, **k),
}
each = pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS)


def test_splits_without_overlap():
    x = np.arange(10.0)[:, None]
    d = split(x, np.arange(10), (5, 2, 3), np.random.default_rng(0))
    assert [len(s.x) for s in d] == [5, 2, 3]
    for s in d:
        np.testing.assert_array_equal(s.x[:, 0], s.y)
    assert sorted(np.concatenate([s.y for s in d])) == list(range(10))


@pytest.mark.parametrize("sizes", [(5, 3, 3), (-1, 2, 2)])
def test_refuses_to_split(sizes):
    with pytest.raises(ValueError, match=r"sum to at most 10, .*; got \("):
        split(np.zeros((10, 1)), np.zeros(10), sizes, np.random.default_rng(0))


def test_examples_lie_flat_and_can_be_taken():
    e = Examples(np.arange(24.0).reshape(2, 1, 3, 4), np.array([7, 8]))
    assert e.flat().shape == (2, 12)
    assert e.take(slice(0)).flat().shape == (0, 12)
    assert e.take(np.array([1, 0])).y.tolist() == [8, 7]
    assert repr(e) == "Examples(x: float64 (2, 1, 3, 4), y: int64 (2,))"


@each
def test_a_seed_gives_the_same_bytes_and_another_gives_others(load):
    once, again, other = load(seed=3), load(seed=3), load(seed=4)
    for a, b, c in zip(once, again, other, strict=True):
        assert a.x.tobytes() == b.x.tobytes()
        assert a.y.tobytes() == b.y.tobytes()
        assert a.x.tobytes() != c.x.tobytes()


@each
def test_types_and_ranges(load):
    wide, narrow = load(), load(dtype=np.float32)
    for a, b in zip(wide, narrow, strict=True):
        assert (a.x.dtype, b.x.dtype) == (np.float64, np.float32)
        assert a.y.dtype == b.y.dtype == np.int64
        np.testing.assert_allclose(a.x, b.x, rtol=1e-6, atol=1e-7)
        assert np.isfinite(a.x).all()
        assert set(a.y) <= set(range(10))
        if a.x.ndim == 4:
            assert a.x.min() == 0
            assert 0.9 < a.x.max() <= 1


@pytest.mark.parametrize(
    "load", [glyphs.load, mnist1d.load, toys.load], ids=lambda f: f.__module__
)
def test_refuses_negative_sizes(load):
    with pytest.raises(ValueError, match=r"^load: .*; got \(-1,"):
        load(train=-1)


def test_digits_are_scikit_learns():
    d = digits.load()
    assert [len(s.y) for s in d] == [1000, 300, 497]
    ours = np.concatenate([s.flat() for s in d])
    theirs = load_digits().data / 16
    np.testing.assert_array_equal(
        ours[np.lexsort(ours.T)], theirs[np.lexsort(theirs.T)]
    )


def test_mnist1d_is_one_signal_after_another():
    """The published procedure, signal by signal, on the same draws."""
    labels = np.arange(10).repeat(20)
    N, rng = len(labels), np.random.default_rng(5)
    padding = rng.integers(36, 60, N, endpoint=True)
    scale = rng.uniform(-0.5, 0.5, N)
    noise = rng.normal(0, 0.25, (N, 72))
    shift = rng.integers(48, size=N)
    white = rng.normal(0, 0.02, (N, 72))
    shear = rng.uniform(-0.5, 0.5, N)

    def stretch(signal, n):
        old = np.linspace(0, 1, len(signal))
        return np.interp(np.linspace(0, 1, n), old, signal)

    def one(n):
        template = mnist1d.templates()[labels[n]] + 1e-8
        signal = np.concatenate([template, np.zeros(padding[n])])
        signal = stretch(signal, 72) * (1 + 0.4 * scale[n])
        signal = np.roll(signal, shift[n])
        correlated = gaussian_filter(noise[n], 2)
        signal = np.where(signal != 0, signal, correlated) + white[n]
        slope = 0.75 * shear[n] * np.linspace(-0.5, 0.5, 72)
        return stretch(signal - slope, 40)

    found = mnist1d.draw(labels, np.random.default_rng(5))
    expected = np.stack([one(n) for n in range(N)])
    np.testing.assert_allclose(found, expected, atol=1e-7)  # their 1e-8


def test_mnist1d_is_standardised_and_balanced():
    d = mnist1d.load()
    assert [len(s.y) for s in d] == [4000, 1000, 5000]
    x = np.concatenate([s.x for s in d])
    np.testing.assert_allclose([x.mean(), x.std()], [0, 1], atol=1e-12)
    y = np.concatenate([s.y for s in d])
    assert np.bincount(y).tolist() == [1000] * 10
    with pytest.raises(ValueError, match=r"one of them positive; got \(0, 0"):
        mnist1d.load(train=0, validation=0, test=0)


CLEAN = {
    f.__name__: f(500, np.random.default_rng(0), 0.0)
    for f in (toys.moons, toys.circles, toys.spirals, toys.xor, toys.blobs)
}


def test_toys_without_noise_are_what_their_names_say():
    (x, y), radius = CLEAN["circles"], np.linalg.norm
    np.testing.assert_allclose(radius(x, axis=1), np.where(y == 0, 1, 0.5))
    x, y = CLEAN["moons"]
    np.testing.assert_allclose(radius(x[y == 0], axis=1), 1)
    assert (x[y == 0, 1] >= 0).all()
    np.testing.assert_allclose(radius(x[y == 1] - (1, 0.5), axis=1), 1)
    assert (x[y == 1, 1] <= 0.5).all()
    x, y = CLEAN["xor"]
    np.testing.assert_array_equal(np.abs(x), 1)
    np.testing.assert_array_equal(x.prod(axis=1) < 0, y == 1)
    x, y = CLEAN["spirals"]
    angle = 3 * np.pi * radius(x, axis=1) + np.pi * y
    way = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    np.testing.assert_allclose(radius(x, axis=1)[:, None] * way, x, atol=1e-12)
    x, y = CLEAN["blobs"]
    np.testing.assert_allclose(np.unique(x.round(9), axis=0).shape, (3, 2))
    np.testing.assert_allclose(radius(x, axis=1), 1.5)


@pytest.mark.parametrize("name", CLEAN)
def test_toys_are_balanced_and_noisy_as_told(name):
    draw, (x, y) = getattr(toys, name), CLEAN[name]
    assert np.ptp(np.bincount(y)) <= 1
    noisy = draw(500, np.random.default_rng(0), 0.3)
    np.testing.assert_array_equal(noisy.y, y)
    np.testing.assert_allclose((noisy.x - x).std(), 0.3, rtol=0.1)
    loaded = toys.load(draw, train=10, validation=4, test=5, noise=0.0)
    assert [len(s.y) for s in loaded] == [10, 4, 5]


def test_toys_refuse_negative_noise():
    with pytest.raises(ValueError, match=r"must not be negative; .* -0\.1"):
        toys.load(toys.xor, noise=-0.1)


def test_the_karate_club_is_zacharys():
    club, theirs = karate.load(), networkx.karate_club_graph()
    assert club.edges.shape == (78, 2)
    edges = {tuple(sorted(e)) for e in theirs.edges}
    assert {tuple(e) for e in club.edges.tolist()} == edges
    assert (club.edges[:, 0] < club.edges[:, 1]).all()
    officers = [theirs.nodes[n]["club"] == "Officer" for n in range(34)]
    np.testing.assert_array_equal(club.y, officers)
    assert sorted([*club.train, *club.test]) == list(range(34))
    assert club.y[club.train].tolist() == [0, 1]
    np.testing.assert_array_equal(club.x, np.eye(34))
