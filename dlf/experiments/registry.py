"""Where each claim stands, found without importing a chapter.

An address is ``module:NAME``, such as ``dlf.experiments.activations:C12``.
"""

import importlib
import re
from pathlib import Path

from dlf.experiments.core import Claim


def addresses() -> dict[str, str]:
    """Claim number to address, in the order of the numbers."""
    found = {}
    for file in Path(__file__).parent.glob("*.py"):
        for number in re.findall(
            r"^(C\d+) = ", file.read_text(encoding="utf-8"), re.M
        ):
            found[number] = f"dlf.experiments.{file.stem}:{number}"
    return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))


def address(name: str) -> str:
    """Resolve a claim number; an address stays as it is.

    Raises:
        KeyError: no chapter has the claim.
    """
    known = addresses()
    if ":" not in name and name not in known:
        raise KeyError(
            f"experiments: no claim {name!r}; there are {', '.join(known)}"
        )
    return known.get(name, name)


def find(name: str) -> Claim:
    """Import the claim of that number or address."""
    module, _, attribute = address(name).partition(":")
    return getattr(importlib.import_module(module), attribute)
