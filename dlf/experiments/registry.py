"""Where each claim stands, found without importing a chapter.

An address is ``module:NAME``, such as ``dlf.claims.losses.outliers:C24``.
"""

import importlib
import re
from pathlib import Path

from dlf.experiments.claim import Claim

PACKAGE = Path(__file__).parents[1]


def addresses(package: Path = PACKAGE) -> dict[str, str]:
    """Claim number to address, in the order of the numbers.

    Args:
        package: the folder of `dlf`, under which the claims stand.

    Raises:
        ValueError: two modules define the same claim.
    """
    found: dict[str, str] = {}
    for file in sorted((package / "claims").rglob("*.py")):
        path = file.relative_to(package.parent).with_suffix("")
        module = ".".join(path.parts)
        text = file.read_text(encoding="utf-8")
        for number in re.findall(r"^(C\d+) = ", text, re.M):
            if number in found:
                raise ValueError(
                    f"addresses: {number} must be defined once; it stands in "
                    f"{found[number].partition(':')[0]} and in {module}"
                )
            found[number] = f"{module}:{number}"
    return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))


def address(name: str) -> str:
    """Resolve a claim number; an address stays as it is.

    Args:
        name: a claim number such as ``C12``, or an address.

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
    """Import the claim of that number or address.

    Args:
        name: a claim number such as ``C12``, or an address.
    """
    module, _, attribute = address(name).partition(":")
    return getattr(importlib.import_module(module), attribute)
