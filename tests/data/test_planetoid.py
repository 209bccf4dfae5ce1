"""Citation networks: a small one as Python 2 wrote it, and hostile ones."""

import pickle
import struct
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlf.data import pickles, planetoid

from .memory import little_memory, peak  # noqa: F401

pytestmark = pytest.mark.usefixtures("little_memory")
Csr = pickles.Csr


def dump(value):
    """Pickle a value as Python 2 and the NumPy and SciPy of then would."""
    return b"\x80\x02" + _dump(value) + b"."


def _dump(value):
    if isinstance(value, defaultdict):
        items = b"".join(_dump(k) + _dump(v) for k, v in value.items())
        make = b"ccollections\ndefaultdict\nc__builtin__\nlist\n\x85R"
        return make + b"(" + items + b"u"
    if isinstance(value, dict):
        items = b"".join(_dump(k) + _dump(v) for k, v in value.items())
        return b"}(" + items + b"u"
    if isinstance(value, list):
        return b"](" + b"".join(map(_dump, value)) + b"e"
    if isinstance(value, tuple) and not isinstance(value, Csr):
        return b"(" + b"".join(map(_dump, value)) + b"t"
    if isinstance(value, str):
        return b"U" + bytes([len(value)]) + value.encode()
    if isinstance(value, int):
        return b"J" + struct.pack("<i", value)
    if isinstance(value, Csr):
        state = value._asdict()
        state["_shape"] = state.pop("shape")
        return b"cscipy.sparse.csr\ncsr_matrix\n)\x81" + _dump(state) + b"b"
    data = value.tobytes()
    dtype = b"cnumpy\ndtype\n" + _dump((value.dtype.str[1:], 0, 1)) + b"R"
    dtype += b"(" + _dump(3) + _dump("<") + b"NNN" + _dump(-1) * 2
    dtype += _dump(0) + b"tb"
    empty = b"(cnumpy\nndarray\n" + _dump((0,)) + _dump("b") + b"tR"
    return (
        b"cnumpy.core.multiarray\n_reconstruct\n" + empty
        + b"(" + _dump(1) + _dump(value.shape) + dtype + b"\x89"
        + b"T" + struct.pack("<i", len(data)) + data + b"tb"
    )  # fmt: skip


def csr(x):
    """Hold an array as SciPy's compressed sparse rows do."""
    rows, columns = np.nonzero(x)
    starts = np.searchsorted(rows, np.arange(len(x) + 1))
    return Csr(
        x[rows, columns], columns.astype("i4"), starts.astype("i4"), x.shape
    )


X = np.arange(24, dtype="f4").reshape(8, 3) % 5
Y = np.eye(2, dtype="i4")[[0, 1, 1, 0, 1, 0, 1, 1]]
NETWORK = {
    "y": Y[:2],
    "allx": csr(X[:5]),
    "ally": Y[:5],
    "tx": csr(X[[7, 5]]),
    "ty": Y[[7, 5]],
    "graph": defaultdict(
        list, {0: [1, 1, 4], 1: [0, 0], 2: [2], 4: [0], 7: [5], 5: [7, 7]}
    ),
    "test.index": b"7\n5\n",
}


@pytest.fixture
def publish(mirror):
    """Serve a network, some of its parts exchanged; return its files."""

    def publish(**parts):
        return tuple(
            mirror.file(
                f"planetoid/ind.small.{name}",
                part if isinstance(part, bytes) else dump(part),
            )
            for name, part in (NETWORK | parts).items()
        )

    return publish


def test_puts_a_network_together(publish, monkeypatch):
    monkeypatch.setattr(planetoid, "VALIDATION", 3)
    g = planetoid.load(publish(), np.float64)
    expected = X.copy()
    expected[6] = 0  # of node 6 no file knows anything
    np.testing.assert_array_equal(g.x, expected)
    assert g.x.dtype == np.float64
    assert g.y.tolist() == [0, 1, 1, 0, 1, 0, 0, 1]
    assert g.edges.tolist() == [[0, 1], [0, 4], [5, 7]]
    assert g.train.tolist() == [0, 1]
    assert g.validation.tolist() == [2, 3, 4]
    assert g.test.tolist() == [5, 7]


def test_the_pickles_are_pickles():
    """The writer above writes what the plain unpickler reads, too."""
    for name in ("y", "graph"):
        plain = pickle.loads(dump(NETWORK[name]), encoding="latin1")
        np.testing.assert_equal(plain, NETWORK[name])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_refuses_features_that_are_not_finite(publish, bad):
    x = X[:5].copy()
    x[1, 1] = bad
    with pytest.raises(ValueError, match=r"small\.allx .* must be finite"):
        planetoid.load(publish(allx=csr(x)), np.float64)


class Payload:
    """Touches a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.parametrize("protocol", range(6))
def test_a_hostile_pickle_runs_nothing(publish, tmp_path, protocol):
    trap = tmp_path / "trap"
    hostile = pickle.dumps([Payload(trap)], protocol)
    with pytest.raises(
        ValueError,
        match=r"small\.graph must be a pickle .* "
        r"refused, because it (asks for \w+\.open|uses the instruction)",
    ):
        planetoid.load(publish(graph=hostile), np.float64)
    assert not trap.exists()
    pickle.loads(hostile)  # the trap would have gone off
    assert trap.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"cnumpy\nload\n.",
        b"cnumpy.core.multiarray\nscalar\n.",
        b"c__builtin__\neval\n.",
        b"cbuiltins\nlist\n.",
        b"\x80\x04\x8c\x05numpy\x8c\x0endarray.tofile\x93.",
        b"cnumpy\nndarray\n((I99999999999\nI99999999\ntS'd'\ntR.",
        b"Pid\n.",
        b"\x80\x02c__builtin__\nlist\n](K\x01e\x85R.",  # a copy of a list
        b"\x80\x02cnumpy\nndarray\n}b.",  # the state of a type
        b"\x80\x02cnumpy\ndtype\nU\x02O8K\x00K\x01\x87R.",
        b"\x80\x02K\x01K\x02.",
        b"\x80\x02]e.",
        b"\x80\x02}](K\x01K\x01eK\x01u.",
        b"\x80\x02h\x07.",
        b"\x80\x02",
        b"",
        pickle.dumps(np.eye(2))[:-9],
    ],
)
def test_refuses(raw):
    with pytest.raises(ValueError, match=r"^planetoid: file must be a pickle"):
        planetoid.unpickle(raw, "file", np.ndarray)


def test_refuses_another_kind(publish):
    with pytest.raises(ValueError, match=r"ty must hold a ndarray; got a list"):
        planetoid.load(publish(ty=[1, 2]), np.float64)


def huge(n):
    return n.to_bytes(4, "little")


@pytest.mark.parametrize(
    "raw",
    [
        b"\x80\x02}r" + huge(0x0FFFFFFF) + b".",  # 34 GB of memo
        b"\x80\x02T" + huge(0x7FFFFFFF) + b"abc.",
        b"\x80\x03B" + huge(0x7FFFFFFF) + b".",
        b"\x80\x04\x95" + huge(0x7FFFFFFF) * 2 + b".",
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(J"
        + huge(0x7FFFFFFF)
        + b"tU\x01btR.",
        b"\x80\x02cnumpy\nndarray\n(J" + huge(0x7FFFFFFF) + b"t\x81.",
        dump(Y).replace(huge(8), huge(0x7FFFFFFF)),
        b"\x80\x02](" + b"K\x01" * 9999 + b"e"  # n lists of n copied n times
        b"q\x01" + b"c__builtin__\nlist\nh\x01\x85R" * 999 + b".",
    ],
)
def test_a_bomb_takes_no_more_than_a_few_times_its_size(raw):
    with pytest.raises(ValueError, match=r"^planetoid: file must "):
        planetoid.unpickle(raw, "file", np.ndarray)
    few = 30 * len(raw) + 50_000
    assert peak(planetoid.unpickle, raw, "file", np.ndarray) < few


@pytest.mark.parametrize(
    "parts",
    [
        {"allx": csr(X[:5])._replace(shape=(5, 2**31 - 1))},
        {"allx": csr(X[:5])._replace(shape=(2**31 - 1, 3))},
        {"allx": csr(X[:5])._replace(shape=(5, 2))},
        {"allx": csr(X[:5])._replace(indptr=np.array([0, 9, 2, 4, 5, 14]))},
        {"allx": csr(X[:5])._replace(indptr=np.array([], "i4"))},
        {"allx": csr(X[:5])._replace(indices=np.full(14, -1))},
        {"allx": csr(X[:5, :2])},
        {"allx": csr(X[:4])},
        {"tx": csr(X[[7, 5, 6]])},
        {"ty": Y[[7]]},
        {"y": np.zeros(2)},
        {"test.index": b"7\n99999999999"},
        {"test.index": b"7\n9999999999999999999999"},
        {"test.index": b"7\n7"},
        {"test.index": b"7\n4"},
        {"test.index": b"seven"},
        {"test.index": b""},
        {"graph": defaultdict(list, {0: [8]})},
        {"graph": defaultdict(list, {0: [-1]})},
        {"graph": defaultdict(list, {0: ["1"]})},
        {"graph": defaultdict(list, {"0": [1]})},
        {"graph": defaultdict(list, {0: "1"})},
        {"graph": defaultdict(list, {0: 1})},
        {"graph": defaultdict(list)},
    ],
)
def test_refuses_parts_that_do_not_fit(publish, parts):
    kit = publish(**parts)
    with pytest.raises(ValueError, match=r"^planetoid: .*etch (it|them) again"):
        planetoid.load(kit, np.float64)
    assert peak(planetoid.load, kit, np.float64) < 1 << 20


@settings(deadline=None)
@given(st.binary() | st.binary().map(lambda b: dump(Y)[:-1] + b + b"."))
def test_any_bytes_are_an_array_or_a_value_error_of_ours(raw):
    try:
        found = planetoid.unpickle(raw, "file", np.ndarray)
    except ValueError as error:
        if not str(error).startswith("planetoid: file must "):
            raise
    else:
        assert isinstance(found, np.ndarray)
    few = 200 * len(raw) + 50_000  # an empty list takes 64 bytes and a byte
    assert peak(planetoid.unpickle, raw, "file", np.ndarray) < few
