"""The hash of a claim's source: what it runs, whatever its parts are called.

    hash(definition) = SHA-256 of its syntax, in which every name of dlf is
                       replaced by the hash of what it names

So a definition that moves or is renamed leaves the hash as it is, and one that
changes changes the hash of all that reach it. Left out are docstrings,
annotations, imports, the claim's texts (they are hashed with the rule) and the
engine, whose results are worked out anew from the recorded values; tuning, its
seeds and the defaults of cells are in, since these cannot be worked out again.
A name of dlf that leads nowhere is an error: what is not followed would not be
noticed.
"""

import ast
import hashlib
import json
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from dlf.experiments.syntax import binds, uses, written

ROOT = Path(__file__).parents[2]
PACKAGES = ("dlf", "tests")
#: of the engine, what decides a run and cannot be worked out from its record
HASHED = tuple(f"dlf.experiments.{m}" for m in ("cells", "seeds", "tuning"))
WHOLE = ""  # in place of a name: the whole module
Key = tuple[str, str]  # module and name


def engine(module: str) -> bool:
    """Whether a module is of the engine, and so left out.

    Args:
        module: its dotted name.
    """
    return module.startswith("dlf.experiments.") and module not in HASHED


def digest(address: str) -> str:
    """Hash what the claim at this address runs.

    Args:
        address: ``module:NAME``.
    """
    return here().digest(address)


def files(address: str) -> list[Path]:
    """Give the files that hold what the claim runs.

    Args:
        address: ``module:NAME``.
    """
    return here().files(address)


@cache
def here() -> "Source":
    """The source of this checkout or installation."""
    return Source(ROOT, engine)


class Source:
    """The modules under a folder, read and not imported.

    Args:
        root: the folder that holds the packages.
        left_out: says of a module whether it is left out.
    """

    def __init__(self, root: Path, left_out: Callable[[str], bool]) -> None:
        self.root, self.left_out = root, left_out
        self.modules: dict[str, Module] = {}
        self.hashes: dict[Key, str] = {}

    def digest(self, address: str) -> str:
        """Hash what the claim at this address runs.

        Args:
            address: ``module:NAME``.
        """
        module, _, name = address.partition(":")
        self.hashes = {}  # of circles, it matters from where they are entered
        return self.hash((module, name))

    def files(self, address: str) -> list[Path]:
        """Give the files that hold what the claim runs.

        Args:
            address: ``module:NAME``.
        """
        module, _, name = address.partition(":")
        found, ahead = set(), [(module, name)]
        while ahead:
            key = ahead.pop()
            if key not in found and not self.left_out(key[0]):
                found.add(key)
                ahead += self.references(key).values()
        return sorted({self.path(module) for module, _ in found})

    def hash(self, key: Key, within: tuple[Key, ...] = ()) -> str:
        """Hash a definition.

        Args:
            key: its module and name.
            within: the definitions that led to it. One of these, met again,
                stands as the number of steps back to it.
        """
        if key in within:
            return f"back {len(within) - within.index(key)}"
        if key in self.hashes:
            return self.hashes[key]
        if self.left_out(key[0]):
            return f"engine {key[1]}"
        inner = (*within, key)
        met = {
            node: self.hash(target, inner)
            for node, target in self.references(key).items()
        }
        said = [
            written(n, met, key[1])
            for n in self.module(key[0]).statements(key[1])
        ]
        text = json.dumps(said, ensure_ascii=False)
        found = hashlib.sha256(text.encode()).hexdigest()
        if not any(h.startswith("back") for h in met.values()):
            self.hashes[key] = found  # the same from wherever it is reached
        return found

    def references(self, key: Key) -> dict[ast.AST, Key]:
        """The nodes of a definition that name definitions of dlf.

        Args:
            key: the definition's module and name.

        Raises:
            LookupError: a name of dlf leads nowhere.
        """
        module = self.module(key[0])
        found: dict[ast.AST, Key] = {}
        node: Any
        for statement in module.statements(key[1]):
            known = module.imports | imports(statement, self, key[0])
            for node, name, attribute in uses(statement, frozenset()):
                if name in known:
                    target, inner = known[name]
                    if inner:
                        node = node.value if attribute else node
                        found[node] = self.resolve(target, inner)
                    elif attribute:
                        found[node] = self.resolve(target, attribute)
                    else:  # a module by itself: anything in it may be used
                        found[node] = target, WHOLE
                elif name in module.defined and name != key[1]:
                    node = node.value if attribute else node
                    found[node] = key[0], name
        return found

    def resolve(self, module: str, name: str) -> Key:
        """Follow a name through the modules that hand it on.

        Args:
            module: where the name is used, dotted.
            name: looked up in it.

        Raises:
            LookupError: it leads nowhere.
        """
        if self.left_out(module):
            return module, name
        there = self.module(module)
        if name in there.defined:
            return module, name
        if name in there.imports:
            target, inner = there.imports[name]
            return self.resolve(target, inner) if inner else (target, WHOLE)
        raise LookupError(
            f"resolve: {module} must define or import {name!r}, because a "
            "claim's source reaches it there"
        )

    def module(self, name: str) -> "Module":
        """Read a module, once.

        Args:
            name: dotted.
        """
        if name not in self.modules:
            text = self.path(name).read_text(encoding="utf-8")
            self.modules[name] = Module(ast.parse(text), name, self)
        return self.modules[name]

    def path(self, module: str) -> Path:
        """The file of a module.

        Args:
            module: its dotted name.

        Raises:
            LookupError: there is none.
        """
        file = self.root.joinpath(*module.split("."))
        for path in (file.with_suffix(".py"), file / "__init__.py"):
            if path.exists():
                return path
        raise LookupError(f"path: there is no module {module}")

    def has(self, module: str) -> bool:
        """Whether there is such a module.

        Args:
            module: its dotted name.
        """
        try:
            return bool(self.path(module))
        except LookupError:
            return False


class Module:
    """What a module defines and imports.

    Args:
        tree: its syntax.
        name: of the module.
        source: where others are looked up.
    """

    def __init__(self, tree: ast.Module, name: str, source: Source) -> None:
        self.imports = {
            local: target
            for node in tree.body
            for local, target in imports(node, source, name).items()
        }
        self.name = name
        self.defined: dict[str, list[ast.stmt]] = {}
        for node in tree.body:
            for defined in binds(node):
                self.defined.setdefault(defined, []).append(node)

    def statements(self, name: str) -> list[ast.stmt]:
        """The statements that define a name, or all of the module's.

        Args:
            name: `WHOLE` for all.

        Raises:
            LookupError: it defines no such name.
        """
        if name == WHOLE:
            return list(dict.fromkeys(chain(*self.defined.values())))
        if name not in self.defined:
            raise LookupError(f"statements: {self.name} defines no {name!r}")
        return self.defined[name]


def imports(
    node: ast.AST, source: Source, module: str = ""
) -> dict[str, tuple[str, str]]:
    """Local name to (module, name); the name is empty for a module.

    Args:
        node: any syntax; imports within functions count.
        source: tells modules from other names.
        module: where the node stands, for the error.

    Raises:
        LookupError: a relative import, which is not followed.
    """
    found = {}
    for n in ast.walk(node):
        if isinstance(n, ast.ImportFrom):
            if n.level:
                raise LookupError(f"imports: {module} imports relatively")
            if n.module and n.module.split(".")[0] in PACKAGES:
                for alias in n.names:
                    inner = f"{n.module}.{alias.name}"
                    whole = source.has(inner)
                    key = (inner, "") if whole else (n.module, alias.name)
                    found[alias.asname or alias.name] = key
    return found
