"""Every hyperparameter that is NaN is refused: operation, name and reason."""

import inspect
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from dlf.scratch.optimizers import (
    adafactor,
    adam,
    adaptive,
    averaging,
    large_batch,
    lion,
    momentum,
    muon,
)
from dlf.scratch.schedules import decays, phases, plateau

from ..refusals import shouted

MODULES = (
    *(adafactor, adam, adaptive, averaging, large_batch, lion, momentum, muon),
    *(decays, phases, plateau),
)
#: what is passed for an argument that has no default
GIVEN = {
    **{"lr": 0.1, "every": 7, "factor": 0.5, "steps": 20, "first": 5},
    **{"width": 64, "warm": 4, "low": 0.01, "high": 0.1, "rise": 6},
    **{"stable": 9, "decay": 7, "after": lambda t: 0.1},
    "pair": momentum.sgd(0.1),
}
#: not made from hyperparameters
OTHERS = {
    *("moment_settings", "averaged", "copied", "trust_ratio", "orthogonal"),
    *("at_least_one", "check_rates", "check_factor", "chain"),
}
#: refused by what it is made of
MADE_OF = {"adamw": ("adam", "decoupled")}
#: any number does, NaN included, as in PyTorch
TAKES_ALL = {("adafactor", "decay_power")}


def functions(module: ModuleType) -> Iterator[Callable]:
    for name, f in vars(module).items():
        mine = inspect.isfunction(f) and f.__module__ == module.__name__
        if mine and not name.startswith("_") and "__mutmut" not in name:
            yield f


def hyperparameters() -> Iterator[tuple[Callable, str]]:
    """Yield functions with each of their arguments that is a number."""
    for f in (f for m in MODULES for f in functions(m)):
        if f.__name__ in OTHERS:
            continue
        for name, p in inspect.signature(f).parameters.items():
            value = GIVEN.get(name) if p.default is p.empty else p.default
            number = isinstance(value, int | float)
            free = isinstance(value, bool) or (f.__name__, name) in TAKES_ALL
            if number and not free:
                yield f, name


CASES = list(hyperparameters())


@pytest.mark.parametrize(
    ("f", "name"), CASES, ids=[f"{f.__name__}-{n}" for f, n in CASES]
)
def test_nan_is_refused_with_operation_name_and_reason(f, name, as_shipped):
    given = {
        n: GIVEN[n]
        for n, p in inspect.signature(f).parameters.items()
        if p.default is p.empty
    }
    f(**given)  # which is all right
    with pytest.raises(ValueError) as error:
        f(**given | {name: float("nan")})
    said = str(error.value)
    assert said.partition(": ")[0] in MADE_OF.get(f.__name__, (f.__name__,))
    assert f"`{name}`" in said
    assert ", because " in said
    assert "got " in said
    assert "None" not in said
    assert shouted(said) == []
