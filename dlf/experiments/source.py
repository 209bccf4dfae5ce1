"""The hash of a claim's source: the definitions it reaches, not their words.

From the claim's own definition the names it uses are followed through the
modules of `dlf`, imports inside functions included. Docstrings, annotations,
the module that holds a definition and the claim's texts (their hash is that of
the rule) leave it unchanged. So do the engine, whose results are verified anew
from the recorded values, and the loaders, whose arrays are hashed themselves.
"""

import ast
import hashlib
import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = {
    "title",
    "sources",
    "hypothesis",
    "rule",
    "literature",
    "expects",
    "cuts",
    "mode",
    "replica",
    "here",
}
LEFT_OUT = {"annotation", "returns", "type_params", "type_comment", "ctx"}
ENGINE = {
    f"dlf.experiments.{name}"
    for name in (
        "__main__",
        "cards",
        "core",
        "judging",
        "provenance",
        "records",
        "registry",
        "running",
        "source",
        "statistics",
        "tuning",
    )
}


def digest(address: str) -> str:
    """Hash what the claim at this address runs."""
    said = json.dumps(
        sorted(json.dumps(tree(n)) for n in reach(address).values())
    )
    return hashlib.sha256(said.encode()).hexdigest()


def files(address: str) -> list[Path]:
    """Give the files that hold what the claim runs."""
    return sorted({Path(_path(module)) for module, _ in reach(address)})


def reach(address: str) -> dict[tuple[str, str], ast.AST]:
    """Follow names from the claim's definition: (module, name) to node."""
    module, _, name = address.partition(":")
    found: dict[tuple[str, str], ast.AST] = {}
    ahead = [(module, name)]
    while ahead:
        key = module, name = ahead.pop()
        if key in found or name not in _defined(module):
            continue
        node = _defined(module)[name]
        found[key] = node
        ahead += _used(node, _imports(_tree(module)))
        ahead += [(module, n) for n in _names(node)]
    return dict(sorted(found.items()))


def tree(node: Any) -> Any:
    """Write a node as lists and words, alike on every version of Python."""
    if isinstance(node, list):
        return [tree(n) for n in node]
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = {k: v for k, v in ast.iter_fields(node) if k not in LEFT_OUT}
    body = fields.get("body")
    if isinstance(body, list) and body and _is_text(body[0]):
        fields["body"] = body[1:]
    if isinstance(node, ast.Call):
        fields["keywords"] = [k for k in node.keywords if k.arg not in TEXTS]
    kept = {k: tree(v) for k, v in fields.items() if v not in (None, [])}
    if isinstance(node, ast.Constant):
        kept = {"value": repr(node.value)}
    return [type(node).__name__, kept]


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in _walk(node) if isinstance(n, ast.Name)}


def _walk(node: ast.AST) -> list[ast.AST]:
    """All nodes below, the claim's texts and the replica left out."""
    found, ahead = [], [node]
    while ahead:
        node = ahead.pop()
        found.append(node)
        ahead += [
            child
            for child in ast.iter_child_nodes(node)
            if not (isinstance(child, ast.keyword) and child.arg in TEXTS)
        ]
    return found


def _used(node: ast.AST, imports: dict[str, tuple]) -> list[tuple[str, str]]:
    """Names of other modules of dlf that this node uses."""
    imports = imports | _imports(node)
    used = []
    for n in _walk(node):
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name):
            module, name = imports.get(n.value.id, ("", ""))
            if module and not name:
                used.append((module, n.attr))
        elif isinstance(n, ast.Name):
            module, name = imports.get(n.id, ("", ""))
            if name:
                used.append((module, name))
    return [key for key in used if key[0] not in ENGINE]


def _imports(node: ast.AST) -> dict[str, tuple[str, str]]:
    """Local name to (module, name); the name is empty for a module."""
    found = {}
    for n in ast.walk(node):
        if not isinstance(n, ast.ImportFrom) or not n.module:
            continue
        if not _path(n.module) or n.module.startswith("dlf.data"):
            continue
        for alias in n.names:
            inner = f"{n.module}.{alias.name}"
            whole = _path(inner) is not None
            key = (inner, "") if whole else (n.module, alias.name)
            found[alias.asname or alias.name] = key
    return found


@cache
def _path(module: str) -> str | None:
    if module.split(".")[0] not in ("dlf", "tests"):
        return None
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    return spec.origin if spec else None


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(Path(_path(module)).read_text(encoding="utf-8"))


@cache
def _defined(module: str) -> dict[str, ast.AST]:
    """Top-level names of a module: functions, classes and constants."""
    found: dict[str, ast.AST] = {}
    for node in _tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                for n in ast.walk(target):
                    if isinstance(n, ast.Name):
                        found[n.id] = node
        elif isinstance(node, ast.AnnAssign) and node.value:
            found[node.target.id] = node
    return found
