"""Where records lie, and how they are read and written, whole or not at all."""

import json
import math
import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from dlf.experiments import provenance

INSTALLED = Path(__file__).parents[1] / "records" / "results"

CHECKOUT = provenance.ROOT / "data" / "results"

RESULTS = INSTALLED if INSTALLED.exists() else CHECKOUT


def path(number: str) -> Path:
    """Where the record of a claim lies.

    Args:
        number: of the claim, such as ``C12``.
    """
    return RESULTS / f"{number}.json"


def load(number: str) -> dict[str, Any]:
    """Read a record.

    Args:
        number: of the claim, such as ``C12``.

    Raises:
        FileNotFoundError: the claim was not run yet; the message says how.
    """
    if not path(number).exists():
        raise FileNotFoundError(
            f"load: {number} has no record in {RESULTS}; make it with "
            f"`python -m dlf.experiments run {number}`"
        )
    return json.loads(path(number).read_text(encoding="utf-8"))


def chosen(number: str) -> dict[str, dict[str, float]]:
    """Give the recorded choice: cell to arm to setting.

    Args:
        number: of a `Contrast`, such as ``C12``.
    """
    return {
        cell: {arm["name"]: arm["chosen"] for arm in run["arms"]}
        for cell, run in load(number)["runs"].items()
    }


def write(file: Path, content: Any) -> None:
    """Write JSON whole or not at all.

    Args:
        file: its folder is made if need be.
        content: fit for JSON, without NaN.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    part.write_text(_compact(text) + "\n", encoding="utf-8")
    part.replace(file)


def _compact(text: str) -> str:
    """Put lists of numbers on one line."""
    word = r"(?:[-\d.e+]+|null|true|false)"
    return re.sub(
        rf"\[\s+({word}(?:,\s+{word})*)\s+\]",
        lambda m: "[" + " ".join(m[1].split()) + "]",
        text,
    )


def plain(value: Any) -> Any:
    """Turn arrays into lists and round numbers to four digits, for JSON.

    Args:
        value: a tree of dicts, sequences, arrays and numbers; NaN becomes None.
    """
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return float(f"{value:.4g}") if math.isfinite(value) else None
    return value
