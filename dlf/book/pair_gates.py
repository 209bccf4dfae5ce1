"""Gates of the pairs: each `.ipynb` in step, stored well, without solutions."""

import inspect
import json
import re
from pathlib import Path

from dlf.book.paths import pairs
from dlf.book.sync import out_of_step

PAIR_BYTES = 300_000


def pairs_in_step(root: Path) -> list[str]:
    """Each `.ipynb` is what its page would be written as.

    Args:
        root: folder of the checkout.
    """
    try:
        late = out_of_step(root)
    except LookupError as error:
        return [str(error.args[0])]
    return [
        f"{page.with_suffix('.ipynb').relative_to(root)} is out of step with "
        "its .md or its outputs: run `make notebooks` and commit both"
        for page in late
    ]


def pairs_stored_well(root: Path) -> list[str]:
    """Pairs have counts, and no traceback, image, address or excess size.

    Args:
        root: folder of the checkout.
    """
    found = []
    for pair, notebook in pairs(root):
        if pair.stat().st_size > PAIR_BYTES:
            found.append(f"{pair.name} is larger than {PAIR_BYTES} bytes")
        for n, cell in enumerate(notebook["cells"]):
            if cell["cell_type"] != "code":
                continue
            if not cell["execution_count"]:
                found.append(
                    f"{pair.name}, cell {n} has no execution count, so its "
                    "output would not be compared: run `make notebooks`"
                )
            for output in cell["outputs"]:
                text = json.dumps(output)
                if output["output_type"] == "error":
                    found.append(f"{pair.name}, cell {n} stores a traceback")
                if '"image/' in text:
                    found.append(f"{pair.name}, cell {n} stores an image")
                if re.search(r" at 0x[0-9a-f]{6,}", text):
                    found.append(f"{pair.name}, cell {n} prints an address")
    return found


def solutions_absent(root: Path) -> list[str]:
    """No `.ipynb` holds the source of a solution.

    Args:
        root: folder of the checkout.
    """
    from dlf.exercises.core import all_exercises

    bodies = {}
    for exercise in all_exercises():
        if inspect.isfunction(exercise.solution):
            lines = inspect.getsource(exercise.solution).splitlines()
            body = [x.strip() for x in lines if len(x.strip()) > 24][-2:]
            bodies[exercise.name] = body
    return [
        f"{pair.name} holds a line of the solution of {name}: {line}"
        for pair, notebook in pairs(root)
        for name, body in bodies.items()
        if name.rpartition("-")[0] == pair.stem
        for line in body
        if line in "\n".join("".join(c["source"]) for c in notebook["cells"])
        or json.dumps(line)[1:-1] in json.dumps(notebook)
    ]
