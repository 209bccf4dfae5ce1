"""Every concept given the numbers that readers have: other types, many rows.

What an argument is for is read off its annotation: ``Float`` holds numbers,
``Int`` labels, indices or edges; what has no shape is a hyperparameter. A
function gives the result of float64, or refuses in words; nothing between.
"""

import inspect

import numpy as np
import pytest
import torch

from .concepts import QUESTIONS, Concept, all_concepts

CONCEPTS = all_concepts()
EPS16 = float(np.finfo(np.float16).eps)
ROWS = 1_000_000
LABELS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "bool"]
each = pytest.mark.parametrize("c", CONCEPTS, ids=lambda c: c.name)
each_setting = pytest.mark.parametrize(
    ("c", "setting"),
    [
        pytest.param(c, s, id=f"{c.name}{s or ''}")
        for c in CONCEPTS
        for s in c.settings
    ],
)


def parameters(f):
    return list(inspect.signature(f).parameters.values())


def kinds(c: Concept) -> list[str]:
    """Of each array that is drawn: Float or Int."""
    arrays = [p for p in parameters(c.scratch) if hasattr(p.annotation, "dims")]
    return [p.annotation.dtype.__name__ for p in arrays]


def cast(c: Concept, args, dtype, kind="Float", only=None):
    """Give the arguments of a kind, or one of them, another type."""
    return [
        a.astype(dtype) if k == kind and only in (None, i) else a
        for i, (a, k) in enumerate(zip(args, kinds(c), strict=True))
    ]


def answer(c: Concept, args, setting, dy=None, dtype=float):
    """Value and cotangents, in a list."""
    y, vjp = c.scratch(*args, **setting)
    if dy is None:
        dy = np.random.default_rng(1).normal(size=np.shape(y))
    back = vjp(dy.astype(dtype) if np.shape(y) else 1.0)
    return [y, *(back if isinstance(back, tuple) else (back,))]


def assert_same(got, want):
    for mine, theirs in zip(got, want, strict=True):
        np.testing.assert_array_equal(mine, theirs)
        assert np.asarray(mine).dtype == np.asarray(theirs).dtype


def adds_up(c: Concept) -> bool:
    """Whether a result has not a row for each example."""
    args = c.draw(np.random.default_rng(0))
    few = len(args[tall(c).index(True)])
    results = answer(c, args, c.settings[-1])
    return any(np.shape(result)[:1] != (few,) for result in results)


def tall(c: Concept) -> list[bool]:
    """Of each array that is drawn: whether its rows are examples."""
    named = [p for p in parameters(c.scratch) if hasattr(p.annotation, "dims")]
    axes = [p.annotation.dim_str.split()[0] for p in named]
    return [axis in (c.rows, "*B") for axis in axes]


def asked(question: str) -> list[Concept]:
    """Those that are not excused."""
    return [c for c in CONCEPTS if question not in c.excused]


def test_only_questions_that_are_asked_are_excused():
    for c in CONCEPTS:
        assert set(c.excused) <= QUESTIONS, c.name
        assert all(len(why) > 20 for why in c.excused.values())


@each_setting
@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint8])
def test_integers_are_their_float64_or_refused(c, setting, dtype, as_shipped):
    args = c.draw(np.random.default_rng(0))
    whole = cast(c, [np.abs(np.rint(2 * a)) for a in args], float)
    whole = cast(c, whole, np.int64, "Int")
    floats = [i for i, kind in enumerate(kinds(c)) if kind == "Float"]
    for only in (None, *floats):
        given = cast(c, whole, dtype, only=only)
        try:
            want = answer(c, whole, setting)
        except ValueError:  # no distribution, say
            with pytest.raises(ValueError, match="must"):
                c.scratch(*given, **setting)
            continue
        try:
            got = answer(c, given, setting)
        except ValueError as error:
            assert "must hold floating-point numbers" in str(error)  # noqa: PT017
        else:
            for mine, theirs in zip(got, want, strict=True):
                np.testing.assert_allclose(mine, theirs, 1e-12, 1e-14)


@pytest.mark.parametrize(
    "c", [c for c in CONCEPTS if "Int" in kinds(c)], ids=lambda c: c.name
)
@pytest.mark.parametrize("dtype", LABELS)
def test_labels_of_every_type_are_the_same_or_refused(c, dtype, as_shipped):
    args = c.draw(np.random.default_rng(0))
    if dtype == "bool":
        args = cast(c, [a % 2 for a in args], np.int64, "Int")
        args[0] = c.draw(np.random.default_rng(0))[0]
        with pytest.raises(ValueError, match=r"must hold integers.*got bool"):
            c.scratch(*cast(c, args, bool, "Int"), **c.settings[0])
        return
    given = cast(c, args, dtype, "Int")
    want, got = (answer(c, a, c.settings[0]) for a in (args, given))
    assert_same(got, want)


@each_setting
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_numpy_scalars_are_pythons(c, setting, dtype, as_shipped):
    """Hyperparameters and cotangents from an array, float32 all the way."""
    defaults = {
        p.name: p.default
        for p in parameters(c.scratch)
        if isinstance(p.default, float)
    }
    args = cast(c, c.draw(np.random.default_rng(0)), np.float32)
    given, plain = {**defaults, **setting}, {}
    for name, value in given.items():
        if isinstance(value, float):
            given[name] = dtype(value)
        elif isinstance(value, int):
            given[name] = np.int64(value)
        plain[name] = getattr(given[name], "item", lambda v=value: v)()
    got = answer(c, args, given, dtype=np.float32)
    assert_same(got, answer(c, args, plain, dtype=np.float32))
    if not np.shape(got[0]):
        _, vjp = c.scratch(*args, **plain)
        assert_same(pulled(vjp(dtype(0.5))), pulled(vjp(0.5)))


def pulled(out) -> tuple:
    return out if isinstance(out, tuple) else (out,)


@pytest.mark.parametrize(
    ("c", "setting", "scale"),
    [
        pytest.param(c, s, scale, id=f"{c.name}{s or ''}-{scale}")
        for c in asked("scale")
        for s in c.settings
        for scale in (1, 30)
        if scale == 1 or c in asked("large float16")
    ],
)
def test_half_precision_is_as_good_as_it_can_be(c, setting, scale):
    """Finite where float64 is well inside its range, and near to it."""
    half = cast(c, c.draw(np.random.default_rng(0)), np.float16)
    half = [a * scale if a.dtype == np.float16 else a for a in half]
    y, _ = c.scratch(*half, **setting)
    dy = np.random.default_rng(1).normal(size=np.shape(y)).astype(np.float16)
    got = answer(c, half, setting, dy, np.float16)
    want = answer(c, cast(c, half, float), setting, dy.astype(float))
    for mine, theirs in zip(got, want, strict=True):
        assert np.asarray(mine).dtype in (np.float16, float)
        inside = np.abs(theirs) < np.finfo(np.float16).max / 2
        size = np.max(np.abs(theirs), initial=1e-3, where=inside)
        gap = np.abs(np.asarray(mine, float) - theirs)[inside]
        assert (gap <= 2 * EPS16 + 16 * EPS16 * size).all()


@pytest.mark.parametrize(
    "c", list(filter(adds_up, asked("rows"))), ids=lambda c: c.name
)
def test_a_million_rows_keep_their_digits(c):
    """In float32 and far from zero, where the function adds up examples."""
    args, setting = c.draw(np.random.default_rng(0)), c.settings[-1]
    widest = max(a[:1].size for a, t in zip(args, tall(c), strict=True) if t)
    rows = min(ROWS, 10 * ROWS // widest)  # of images, ten million pixels
    many = [
        np.resize(a, (rows, *a.shape[1:])) if is_tall else a
        for a, is_tall in zip(args, tall(c), strict=True)
    ]
    far = 0.0 if "scale" in c.excused else 1000.0
    many = cast(c, many, np.float32)
    many[0] = many[0] + np.float32(far)
    y, vjp = c.scratch(*many, **setting)
    rng = np.random.default_rng(1)
    dy = 1.0
    if np.shape(y):
        dy = (rng.random(size=y.shape) + 1000).astype(np.float32)
    got = [y, *pulled(vjp(dy))]
    y, vjp = c.scratch(*cast(c, many, float), **setting)
    want = [y, *pulled(vjp(dy.astype(float) if np.shape(y) else 1.0))]
    for mine, theirs in zip(got, want, strict=True):
        size = np.abs(theirs).max(initial=0)
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-4 * size)


@each
def test_twins_refuse_shapes_that_scratch_refuses(c, as_shipped):
    """What torch would broadcast without a word: (N, 1) against (N,)."""
    good = c.draw(np.random.default_rng(0))
    for twin in c.twins:
        if not twin.__module__.startswith("dlf."):
            continue
        for i, a in enumerate(good):
            narrow = [a.take([0], axis=n) for n in range(a.ndim)]
            for wrong in (a[None], a[..., None], a[..., 0], *narrow):
                args = [*good[:i], wrong, *good[i + 1 :]]
                if refused_for_shape(c, args):
                    with pytest.raises((ValueError, RuntimeError, IndexError)):
                        twin(*map(torch.tensor, args), **c.settings[0])


def refused_for_shape(c, args) -> bool:
    try:
        c.scratch(*args, **c.settings[0])
    except ValueError as error:
        return "must have shape" in str(error)
    return False
