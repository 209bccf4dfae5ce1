"""Every derivation holds link by link; every erratum has its witness."""

import importlib
import inspect
import pkgutil
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import sympy as sp

import dlf.derive
from dlf.derive.derivation import Derivation, Step
from dlf.derive.erratum import Erratum

MODULES = [
    importlib.import_module(m.name)
    for m in pkgutil.walk_packages(dlf.derive.__path__, "dlf.derive.")
]
MAKERS = [
    f
    for module in MODULES
    for f in vars(module).values()
    if inspect.isfunction(f)
    and f.__module__ == module.__name__
    and inspect.signature(f).return_annotation is Derivation
    and not f.__name__.startswith("_")
]
ERRATA = list(
    {
        id(e): e  # a face shows those of its modules again
        for module in MODULES
        for e in vars(module).values()
        if isinstance(e, Erratum)
    }.values()
)


@cache
def made(make) -> Derivation:
    """A derivation once, since its evidence takes a while."""
    return make()


@pytest.mark.parametrize(
    "make", MAKERS, ids=lambda f: f"{f.__module__}.{f.__name__}"
)
def test_derivation_holds(make):
    d = made(make)
    assert len(d.evidence) == len(d.steps) - 1
    assert d._repr_markdown_().endswith(f"$$ ({d.label})")
    assert "0x" not in repr(d)
    row = importlib.import_module(f"dlf.derive.{d.label.split('.')[0]}")
    assert getattr(row, make.__name__) is make, "its row does not offer it"


def test_each_label_is_derived_once():
    labels = [make().label for make in MAKERS]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    "make",
    [m for m in MAKERS if any(s.only_checked for s in m().steps)],
    ids=lambda f: f"{f.__module__}.{f.__name__}",
)
def test_no_step_is_only_checked_without_need(make):
    """Whoever can enclose a step shall not be content to check it."""
    d = make()
    rigorous = tuple(replace(s, only_checked="") for s in d.steps)
    with pytest.raises((AssertionError, TypeError)):
        _ = replace(d, steps=rigorous).evidence


def test_nine_in_ten_steps_are_proved_or_enclosed():
    kinds = [how for make in MAKERS for how in made(make).evidence]
    assert len(kinds) >= 200
    assert kinds.count("checked") <= len(kinds) / 10


SPACING = re.compile(
    r"\\(left|right|[Bb]igg?[lr]?|[,;:!]|mathrm|operatorname)(?![a-z])|[{}\s]"
)


def bare(latex: str) -> str:
    """A formula without its spacing and the sizes of its brackets."""
    return SPACING.sub("", latex.replace("tfrac", "frac"))


def test_no_typed_formula_repeats_what_sympy_prints():
    assert bare(r"\tfrac{1}{2}\,\big(x\big)") == bare(r"\frac12 \left(x\right)")
    for make in MAKERS:
        for step in made(make).steps:
            if step.latex and not callable(step.value):
                printed = sp.latex(step.value)
                assert bare(step.latex) != bare(printed), step.latex


def test_fields_are_given_by_name():
    with pytest.raises(TypeError, match="positional"):
        Step(sp.Integer(1), "because")
    with pytest.raises(TypeError, match="positional"):
        Derivation("losses.1", "?", (), dict)


def chain(*values, relation="=", only_checked=""):
    """A derivation in x, of values that may not be equal."""
    steps = [
        Step(
            value=value,
            why="because",
            latex="?",
            relation=relation,
            only_checked=only_checked,
        )
        for value in values
    ]
    return Derivation(
        label="losses.1",
        lhs="?",
        steps=tuple(steps),
        draw=lambda rng: {"x": rng.normal()},
    )


x = sp.Symbol("x", real=True)


def test_a_false_link_is_refused_with_the_point():
    with pytest.raises(AssertionError, match=r"'because' breaks at {'x'"):
        _ = chain(sp.sin(x) ** 2, 1 - sp.cos(x) ** 2, sp.cos(x) ** 2).evidence


def test_a_false_bound_is_refused():
    with pytest.raises(AssertionError, match=r"\\le"):
        _ = chain(sp.exp(x), 1 + x, relation=r"\le").evidence
    with pytest.raises(AssertionError, match=r"\\ge"):
        _ = chain(1 + x, sp.exp(x), relation=r"\ge").evidence


def test_a_difference_that_float64_cannot_see_is_refused():
    off = sp.Rational(1, 10**30)
    with pytest.raises(AssertionError, match="because"):
        _ = chain(x, x + off).evidence
    assert chain(x, x + off, only_checked="why").evidence == ("checked",)


def test_a_bound_that_is_not_certain_is_refused():
    """Both sides are equal, and no order of two balls can show it."""
    sides = sp.sin(x) ** 2 + sp.cos(x) ** 2, sp.Integer(1)
    with pytest.raises(AssertionError, match="because"):
        _ = chain(*sides, relation=r"\le").evidence


def test_a_value_that_was_rounded_is_refused():
    with pytest.raises(TypeError, match="float64"):
        _ = chain(x, lambda d: float(d["x"])).evidence
    with pytest.raises(AssertionError, match="because"):
        _ = chain(x / 3, lambda d: d["x"] * (1 / 3)).evidence


def test_the_kind_of_evidence_is_told_apart():
    assert chain(sp.sin(x) ** 2, 1 - sp.cos(x) ** 2).evidence == ("proved",)
    assert chain(x, lambda d: d["x"]).evidence == ("enclosed",)
    assert chain(1 + x, sp.exp(x), relation=r"\le").evidence == ("enclosed",)
    assert chain(sp.exp(x), 1 + x, relation=r"\ge").evidence == ("enclosed",)
    checked = chain(x, lambda d: float(d["x"]), only_checked="no balls here")
    assert checked.evidence == ("checked",)
    assert "*(checked: no balls here)*" in checked._repr_markdown_()


def test_a_chain_that_starts_with_its_left_side_prints_it_once():
    """`chain` prints a question mark for every value, the left side too."""
    assert chain(x, x)._repr_markdown_().startswith("Because:\n\n$$\n?\n$$")
    longer = replace(chain(x, x), lhs="x")._repr_markdown_()
    assert longer.startswith("Because:\n\n$$\nx = ?\n$$")


@pytest.mark.parametrize("erratum", ERRATA, ids=lambda e: e.key)
def test_erratum_is_told_apart(erratum):
    assert erratum.key in erratum.card()._repr_markdown_()


def test_errata_have_numbers_of_their_own():
    keys = [e.key for e in ERRATA]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("printed", "corrected", "truth"),
    [((1.0,), (1.0,), (1.0,)), ((2.0,), (2.0,), (1.0,))],
    ids=["nothing wrong", "nothing right"],
)
def test_an_erratum_without_a_witness_is_refused(printed, corrected, truth):
    e = Erratum("E0", "S0", "?", "?", lambda: (printed, corrected, truth))
    with pytest.raises(AssertionError, match="E0"):
        e.card()


#: What the register of errata prints of a witness: (printed form, corrected).
REGISTER = {
    "E7": ([0.238406, 1.761594], [0.419974, 0.419974]),
    "E8": ([0, 0, 1], [1, 1, 0]),
    "E9": ([0.02, 1], [2, 100]),
    "E11": ([0], [1.761594]),
    "E12": ([0, 0, 1], [0.16052, -0.99326, 0.5]),
    "E13": ([0], [25]),
    "E14": ([0, 0], [1, 0]),
    "E15": ([1, 0.009866, 0.000182], [1, 0.045177, 0.006648]),
    "E16": ([0] * 4, [0.2499999, 4.54e-5, 0.999999, 8.24e-9]),
}


@pytest.mark.parametrize("key", REGISTER)
def test_witness_gives_the_numbers_of_the_register(key):
    (erratum,) = (e for e in ERRATA if e.key == key)
    for got, want in zip(erratum.verify()[:2], REGISTER[key], strict=True):
        np.testing.assert_allclose(got.ravel(), want, rtol=1e-3, atol=6e-7)


def test_further_numbers_of_the_register():
    from dlf.derive.activations.errata import backward_factor, logistic

    assert f"{backward_factor(1.0):.1e}" == "3.2e-08"
    assert f"{backward_factor(2.0):.2f}" == "1.07"
    swish = 1.0 * logistic(np.array([1.0, 2.0, 1.702]))
    np.testing.assert_allclose(swish, [0.731059, 0.880797, 0.845796], 1e-6)
    assert f"{1 - logistic(10.0):.2e}" == "4.54e-05"


@pytest.mark.parametrize(("dtype", "first"), [("f8", 37), ("f4", 17)])
def test_where_rounding_takes_a_sigmoid_to_one(dtype, first):
    from dlf.scratch.activations.elementwise import sigmoid

    z = np.arange(60, dtype=dtype)
    assert int((sigmoid(z)[0] == 1).argmax()) == first
