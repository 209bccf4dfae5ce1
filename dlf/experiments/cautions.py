"""What makes a cell less sure than its interval looks.

One seed that changes it, failed runs, an arm at the edge of its grid.
"""


def flags(cell: dict, record: dict) -> tuple[str, ...]:
    """Say what makes a cell less sure than its interval looks.

    Args:
        cell: of the record.
        record: of the claim.
    """
    found = ["one seed changes it"] * bool(cell["fragile"])
    if "failed runs" in cell["note"]:
        decide = " decide" * ("decide" in cell["note"])
        found.append(f"failed runs{decide}")
    arms = at_edge(cell, record)
    if arms:
        found.append(f"edge of the grid: {', '.join(arms)}")
    return tuple(found)


def at_edge(cell: dict, record: dict) -> list[str]:
    """Arms that a cell compares and whose choice is the end of their grid.

    An arm belongs to the cells that name it; one that no cell names is what
    the others are compared with, and belongs to all.

    Args:
        cell: of the record.
        record: of the claim.
    """
    names = [c["id"].lower() for c in record["cells"]]
    runs = {e[0]: e[1] for e in record["rule"].get("effects", ())}
    found = []
    for run in runs.get(cell["id"], [cell["id"]]):
        for arm in record["runs"].get(run, {}).get("arms", ()):
            mine = arm["name"].lower() in cell["id"].lower()
            base = not any(arm["name"].lower() in name for name in names)
            if arm.get("at_edge") and (mine or base):
                found.append(arm["name"])
    return sorted(set(found))
