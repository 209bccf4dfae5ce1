"""Bad calls, a list a subject; test_refusals.py makes each of them.

A row is a public function, a call that it must refuse, and a pattern of what
the error says. A function may have several.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable

import numpy as np

RNG = np.random.default_rng(0)
X, Y = np.ones((2, 3)), np.array([0, 1])


def all_refusals() -> list[tuple[Callable, Callable, str]]:
    names = [f"{__name__}.{m.name}" for m in pkgutil.iter_modules(__path__)]
    return [r for n in names for r in importlib.import_module(n).REFUSES]


def shouted(message: str) -> list[str]:
    """Find words that two capitals in a row make hard to read.

    >>> shouted("sgd: `lr` must be positive"), shouted("MUST be positive")
    ([], ['MUST'])
    """
    return re.findall(r"\w*[A-Z]{2}\w*", message)
