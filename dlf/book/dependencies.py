"""What a page depends on, as a digest: when it changes, the page is re-run.

A page depends on the modules of `dlf` that its cells import, on whatever those
import in turn, on the exercises of its own row, on the recorded results that
its row's claims name, and on the frozen versions of all libraries. Its prose
is not among them.
"""

import ast
import hashlib
import re
from functools import cache
from pathlib import Path

import grimp
import jupytext

WHOLE_FLOORS = {  # modules that load floors by name at run time
    "dlf.book.evidence": (
        "dlf/derive/**/*.py",
        "dlf/claims/**/*.py",
        "data/results/*.json",
        "data/accounts.json",
    ),
    "dlf.bench": ("data/benchmarks/*.json",),
    "dlf.book.coverage": ("data/accounts.json",),
}


def digest(page: Path, root: Path) -> str:
    """Hash the content of every file that the page's outputs depend on.

    Args:
        page: a Markdown page with code.
        root: folder of the checkout.
    """
    h = hashlib.sha256()
    for file in sorted(files(page, root)):
        h.update(str(file.relative_to(root)).encode())
        h.update(file.read_bytes())
    return h.hexdigest()


def files(page: Path, root: Path) -> set[Path]:
    """Every file that the page's outputs depend on, its own text aside.

    Args:
        page: a Markdown page with code.
        root: folder of the checkout.
    """
    graph = _graph(root)
    modules = {m for m in _imported(page) if m in graph.modules}
    exercises = f"dlf.exercises.{page.stem}"
    if exercises in graph.modules:
        modules.add(exercises)
    for module in tuple(modules):
        modules |= graph.find_upstream_modules(module)
    modules |= {p for m in tuple(modules) for p in _parents(m)}
    found = {_file(m, root) for m in modules}
    for module, patterns in WHOLE_FLOORS.items():
        if module in modules:
            found |= {f for p in patterns for f in root.glob(p)}
    chapter = root / "dlf/claims" / page.stem
    for claims in found & set(chapter.rglob("*.py")):
        named = re.findall(
            r"^(C\d+) = ", claims.read_text(encoding="utf-8"), re.MULTILINE
        )
        found |= {root / f"data/results/{name}.json" for name in named}
    found.add(root / "constraints.txt")
    return {f for f in found if f.exists()}


def _imported(page: Path) -> set[str]:
    """Dotted names that the page's cells import, modules or not."""
    names = set()
    for cell in jupytext.read(page).cells:
        if cell.cell_type != "code":
            continue
        code = re.sub(r"(?m)^(\s*)[%!].*", r"\1pass", cell.source)
        try:
            tree = ast.parse(code)
        except SyntaxError:  # it will be reported when the page is executed
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {a.name for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module}
                names |= {f"{node.module}.{a.name}" for a in node.names}
    return names


@cache
def _graph(root: Path) -> grimp.ImportGraph:
    return grimp.build_graph("dlf", cache_dir=str(root / "_build/.grimp"))


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def _file(module: str, root: Path) -> Path:
    path = root / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
