"""What a definition is made of: the names it uses, and its syntax in words.

Annotations, docstrings, imports and the texts of a claim are left out.
"""

import ast
from collections.abc import Iterator
from typing import Any, TypeGuard

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


def binds(node: ast.stmt) -> set[str]:
    """Names that a statement at the top of a module binds or changes.

    `X["k"] = …`, `X += …` and `X.update(…)` change X, and belong to it.

    Args:
        node: a statement at the top of a module.
    """
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return set().union(*map(bases, node.targets))
    if isinstance(node, ast.AnnAssign | ast.AugAssign):
        return bases(node.target)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        function = node.value.func
        is_method = isinstance(function, ast.Attribute)
        return bases(function.value) if is_method else set()
    if isinstance(node, ast.If | ast.Try | ast.With | ast.For):
        inner = [n for n in ast.walk(node) if isinstance(n, ast.stmt)]
        return set().union(*(binds(n) for n in inner if n is not node))
    return set()


def bases(target: ast.expr) -> set[str]:
    """Names under a target: `x`, `x, y`, `x["k"]`, `x.a`.

    Args:
        target: the left side of an assignment.
    """
    if isinstance(target, ast.Name):
        return {target.id}
    if isinstance(target, ast.Tuple | ast.List):
        return set().union(*map(bases, target.elts))
    if isinstance(target, ast.Subscript | ast.Attribute | ast.Starred):
        return bases(target.value)
    return set()


def uses(
    node: ast.AST, local: frozenset[str]
) -> Iterator[tuple[ast.AST, str, str]]:
    """Each name that is read and not local: the node, the name, an attribute.

    Args:
        node: where to look, annotations and a claim's texts aside.
        local: names that are bound on the way to it.
    """
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id not in local:
            yield node, node.value.id, node.attr
        return
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load) and node.id not in local:
            yield node, node.id, ""
        return
    inner = local
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        a = node.args
        every = [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]
        inner = local | {p.arg for p in every if p} | bound(node.body)
        outer = [*a.defaults, *a.kw_defaults]
        outer += getattr(node, "decorator_list", [])
        for child in filter(None, outer):
            yield from uses(child, local)
        body = node.body if isinstance(node.body, list) else [node.body]
        for child in body:
            yield from uses(child, inner)
        return
    if isinstance(
        node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ):
        targets = [n for g in node.generators for n in ast.walk(g.target)]
        inner = local | {n.id for n in targets if isinstance(n, ast.Name)}
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            text = isinstance(child, ast.keyword) and child.arg in TEXTS
            if field in LEFT_OUT or (text and makes_claim(node)):
                continue
            if isinstance(child, ast.AST):
                yield from uses(child, inner)


def bound(body: list[ast.stmt] | ast.expr) -> set[str]:
    """Names that a function binds itself, those that it imports aside.

    Args:
        body: of a function or of a lambda.
    """
    found: set[str] = set()
    ahead: list[ast.AST] = [*body] if isinstance(body, list) else [body]
    while ahead:
        n = ahead.pop()
        if isinstance(n, ast.FunctionDef | ast.ClassDef):
            found.add(n.name)
            continue
        if isinstance(n, ast.Lambda):
            continue
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store):
            found.add(n.id)
        if isinstance(n, ast.ExceptHandler) and n.name:
            found.add(n.name)
        if not isinstance(n, ast.comprehension):
            ahead += ast.iter_child_nodes(n)
    return found


def makes_claim(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether a call makes a claim, so that its texts are left out.

    Args:
        node: any syntax.
    """
    kinds = ("Exact", "Contrast", "Measured", "Untested")
    return isinstance(node, ast.Call) and ast.unparse(node.func) in kinds


def written(node: Any, met: dict[ast.AST, str], own: str) -> Any:
    """Write syntax as lists and words, alike on every version of Python.

    Args:
        node: a node, a list of them, or what a node holds.
        met: nodes that name definitions of dlf, to hashes.
        own: the name that is being defined, which is left out.
    """
    if isinstance(node, list):
        imported = ast.Import | ast.ImportFrom
        return [
            written(n, met, own) for n in node if not isinstance(n, imported)
        ]
    if not isinstance(node, ast.AST):
        return repr(node)
    if node in met:
        return ["dlf", met[node]]
    if isinstance(node, ast.Name) and node.id == own:
        return ["itself"]
    if isinstance(node, ast.Constant):
        return ["Constant", repr(node.value)]
    fields = {k: v for k, v in ast.iter_fields(node) if k not in LEFT_OUT}
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == own:
        fields.pop("name")
    body = fields.get("body")
    if isinstance(body, list) and body and _is_text(body[0]):
        fields["body"] = body[1:]
    if makes_claim(node):
        fields["keywords"] = [k for k in node.keywords if k.arg not in TEXTS]
    kept = {k: written(v, met, own) for k, v in fields.items()}
    empty = ("None", [])
    return [
        type(node).__name__,
        {k: v for k, v in kept.items() if v not in empty},
    ]


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
