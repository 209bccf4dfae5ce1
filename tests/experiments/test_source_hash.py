"""The hash of a claim's source: what changes it, what does not, what fails."""

import pytest

from dlf.experiments import registry, source_hash
from dlf.experiments.source_hash import Source

CLAIM = '''
import numpy as np

from dlf.experiments.claim import Measured
from dlf.tools import halved, SCALE as factor

LIMIT = {"a": 3}
LIMIT["b"] = 4


def used(x: int) -> int:
    """Say something."""
    return halved(x) + LIMIT["a"] * factor


def unused():
    return 0


C1 = Measured(number="C1", title="a", rule="r", measure=used, seeds=3)
'''
TOOLS = """
from dlf.deep import base

SCALE = 2


def halved(x):
    half = base(x) / 2
    return half


def even(n):
    return n == 0 or odd(n - 1)


def odd(n):
    return n != 0 and even(n - 1)
"""
DEEP = "def base(x):\n    return x\n"


def engine(module):
    return module.startswith("dlf.experiments")


def written(folder, **texts):
    """Lay modules out under a folder, and read them."""
    files = {"claim": CLAIM, "tools": TOOLS, "deep": DEEP} | texts
    for name, text in files.items():
        file = folder / "dlf" / f"{name.replace('.', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return Source(folder, engine)


@pytest.fixture
def digest(tmp_path):
    return written(tmp_path / "before").digest("dlf.claim:C1")


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('"""Say something."""', '"""Say more."""', True),
        ("x: int", "x: float", True),
        ('title="a"', 'title="b"', True),
        ('rule="r"', 'rule="other"', True),
        ("return 0", "return 1", True),
        ("import numpy as np\n", "", True),
        ('"a": 3', '"a": 5', False),
        ('LIMIT["b"] = 4', 'LIMIT["b"] = 5', False),
        ('LIMIT["b"] = 4', "LIMIT.update(b=4)", False),
        ("halved(x) + ", "halved(x) - ", False),
        ("measure=used", "measure=unused", False),
        ("seeds=3", "seeds=4", False),
    ],
)
def test_what_changes_the_hash(old, new, same, tmp_path, digest):
    claim = changed(CLAIM, (old, new))
    now = written(tmp_path / "after", claim=claim).digest("dlf.claim:C1")
    assert (now == digest) is same


def changed(text, *pairs):
    """The text with each first replaced by each second."""
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


RECORD = """
from dataclasses import dataclass

from dlf.tools import SCALE


@dataclass(frozen=True, kw_only=True)
class Base:
    first: int = 100


@dataclass(frozen=True, kw_only=True)
class Net(Base):
    depth: int = SCALE
    width: int


C2 = Measured(number="C2", measure=used, cells={"a": Net(width=3)})
"""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("first: int = 100", "first: int = 200", False),
        ("depth: int = SCALE", "depth: int = 3", False),
        ("depth: int = SCALE", "deep: int = SCALE", False),
        ("width=3", "width=4", False),
        ("depth: int", "depth: float", True),
        ("Net", "Stack", True),
    ],
)
def test_the_defaults_of_a_cell_are_hashed(old, new, same, tmp_path):
    before = written(tmp_path / "a", claim=CLAIM + RECORD)
    claim = CLAIM + changed(RECORD, (old, new))
    after = written(tmp_path / "b", claim=claim)
    equal = before.digest("dlf.claim:C2") == after.digest("dlf.claim:C2")
    assert equal is same


def test_a_move_and_a_rename_change_nothing(tmp_path, digest):
    claim = changed(
        CLAIM,
        ("dlf.tools import halved, SCALE", "dlf.kit import split, RATE"),
        ("halved(x)", "split(x)"),
        ("used", "measured"),
    )
    kit = changed(
        TOOLS,
        ("from dlf.deep import base", "from dlf import deep"),
        ("base(x)", "deep.base(x)"),
        ("halved", "split"),
        ("SCALE", "RATE"),
    )
    source = written(tmp_path / "after", **{"claims.one": claim, "kit": kit})
    assert source.digest("dlf.claims.one:C1") == digest


def test_a_change_far_below_is_noticed(tmp_path, digest):
    source = written(tmp_path / "after", deep=DEEP.replace("x\n", "x + 1\n"))
    assert source.digest("dlf.claim:C1") != digest


def test_what_leads_back_to_itself_has_a_hash(tmp_path):
    claim = changed(CLAIM, ("halved, ", "even, "), ("halved(x)", "even(x)"))
    before = written(tmp_path / "a", claim=claim).digest("dlf.claim:C1")
    again = written(tmp_path / "b", claim=claim).digest("dlf.claim:C1")
    tools = changed(TOOLS, ("n != 0", "n > 0"))
    after = written(tmp_path / "c", claim=claim, tools=tools)
    assert before == again != after.digest("dlf.claim:C1")


def test_a_local_of_the_same_name_is_no_reference(tmp_path):
    tools = changed(TOOLS, ("    half =", "    SCALE ="), ("n half", "n SCALE"))
    other = changed(tools, ("SCALE = 2", "SCALE = 3"))
    key = "dlf.tools", "halved"
    one = written(tmp_path / "a", tools=tools).hash(key)
    assert written(tmp_path / "b", tools=other).hash(key) == one


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("claim", "import halved,", "import gone,", "define or import 'gone'"),
        ("tools", "def halved", "def other", "define or import 'halved'"),
        ("tools", "from dlf.deep", "from .deep", "imports relatively"),
        ("claim", "dlf.tools import", "dlf.lost import", "no module dlf.lost"),
    ],
)
def test_a_name_that_leads_nowhere_is_an_error(name, old, new, says, tmp_path):
    text = {"claim": CLAIM, "tools": TOOLS}[name].replace(old, new)
    text = text.replace("halved(x) +", "gone(x) +") if "gone" in new else text
    source = written(tmp_path, **{name: text})
    with pytest.raises(LookupError, match=says):
        source.digest("dlf.claim:C1")


def test_tuning_and_loaders_are_in_and_the_engine_is_not():
    address = registry.address("C12")
    files = {f.stem for f in source_hash.files(address)}
    assert {"nets", "training", "datasets", "activation_nets"} <= files
    assert {"fashion_mnist", "idx", "mnist1d"} <= files
    assert {"cells", "seeds", "tuning"} <= files
    assert not {"claim", "outcomes", "statistics", "records"} & files


def test_every_claim_can_be_followed_to_the_end():
    addresses = registry.addresses()
    assert len(addresses) >= 45
    hashes = {source_hash.digest(a) for a in addresses.values()}
    assert len(hashes) == len(addresses)
