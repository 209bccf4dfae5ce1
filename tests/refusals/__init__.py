"""Bad calls, a list a subject; test_refusals.py makes each of them.

A row is a public function, a call that it must refuse, and a pattern of what
the error says. A function may have several.
"""

import importlib
import pkgutil
from collections.abc import Callable

import numpy as np

RNG = np.random.default_rng(0)
X, Y = np.ones((2, 3)), np.array([0, 1])


def all_refusals() -> list[tuple[Callable, Callable, str]]:
    names = [f"{__name__}.{m.name}" for m in pkgutil.iter_modules(__path__)]
    return [r for n in names for r in importlib.import_module(n).REFUSES]
