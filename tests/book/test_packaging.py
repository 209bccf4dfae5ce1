"""What is pinned, packaged and loaded is what it should be."""

import re
import subprocess
import sys
import tomllib

from setuptools import find_packages

from .conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = (
        line.split("==") for line in lines if line and not line.startswith("#")
    )
    return {
        re.sub("[-_.]+", "-", package).lower(): version
        for package, version in pins
    }


def test_direct_dependencies_are_pinned_exactly_and_publicly():
    for name in ("requirements.txt", "constraints.txt"):
        for version in _pins(name).values():
            assert re.fullmatch(r"[\d.]+(\.?(post|rc|a|b)\d+)?", version), (
                version
            )


def test_constraints_agree_with_requirements():
    frozen = _pins("constraints.txt")
    for package, version in _pins("requirements.txt").items():
        assert frozen.get(package, version) == version


def test_pages_install_without_torch():
    depends = PROJECT["project"]["dependencies"]
    assert all(">=" in d for d in depends)
    assert not any(d.startswith("torch") for d in depends)


def test_every_package_is_packaged():
    found = {
        f.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for f in ROOT.glob("dlf/**/*.py")
        if "templates" not in f.parts
    }
    assert found == set(find_packages(str(ROOT), include=["dlf", "dlf.*"]))
    assert len(found) >= 9


def test_what_pages_call_is_light():
    """Little is loaded, some 420 modules, so that a page starts at once."""
    code = (
        "import sys, dlf.book\n"
        "heavy = {'torch', 'sympy', 'sphinx', 'grimp', 'jupytext', 'sklearn'}\n"
        "heavy |= {'scipy', 'pandas', 'hypothesis', 'pooch', 'requests'}\n"
        "print(len(sys.modules), *heavy & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded, *heavy = done.stdout.split()
    assert heavy == []
    assert int(loaded) < 600
