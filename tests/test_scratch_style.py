"""Habits that cost a factor in speed, or float32, stay out of scratch."""

import ast
from pathlib import Path

import dlf.scratch


def test_scratch_uses_no_slow_or_upcasting_call():
    """What costs a factor (`np.add.at`), or float32 (`np.sqrt(32)`)."""
    found = []
    files = sorted(Path(dlf.scratch.__file__).parent.rglob("*.py"))
    assert len(files) >= 40
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func)
            fixed = node.args and isinstance(node.args[0], ast.Constant)
            optimized = any(k.arg == "optimize" for k in node.keywords)
            if (
                name.endswith(".add.at")
                or (name in ("np.sqrt", "np.exp", "np.log") and fixed)
                or (name == "np.einsum" and not optimized)
            ):
                found.append(f"{file.name}:{node.lineno} {name}")
    assert found == []
