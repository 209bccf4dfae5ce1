"""The environment: made once, made anew where it was never finished."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from dlf.book import install

OLD = (3, 10, 13)
NEW = (3, 11, 2)


def test_an_old_python_is_named_with_the_remedy():
    with pytest.raises(install.Stop, match=r"3\.11 or newer, and this is 3.10"):
        install.check_python(OLD)
    install.check_python(NEW)


def test_every_pin_allows_the_python_that_debian_12_has():
    """Debian 12 has 3.11.2, and some releases ask for more than that."""
    pins = Path(install.ROOT, "constraints.txt").read_text(encoding="utf-8")
    newest = re.search(r"^soupsieve==(\d+)", pins, re.M).group(1)
    assert int(newest) < 4


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Make environments without running venv; count how many were made."""
    calls = []

    def make(command):
        calls.append(command)
        folder = tmp_path / "venv"
        folder.mkdir()
        version = ".".join(map(str, sys.version_info[:3]))
        (folder / "pyvenv.cfg").write_text(
            f"version = {version}\n", encoding="utf-8"
        )

    monkeypatch.setattr(install.subprocess, "check_call", make)
    return SimpleNamespace(folder=tmp_path / "venv", calls=calls)


def test_a_finished_environment_is_used_again(made):
    install.environment(str(made.folder))
    (made.folder / install.DONE).touch()
    (made.folder / "mine").touch()
    install.environment(str(made.folder))
    assert len(made.calls) == 1
    assert (made.folder / "mine").exists()


def test_one_that_was_never_finished_is_made_anew(made, capsys):
    install.environment(str(made.folder))
    (made.folder / "half").touch()
    install.environment(str(made.folder))
    assert len(made.calls) == 2
    assert not (made.folder / "half").exists()
    assert "was never finished" in capsys.readouterr().out


def test_one_of_another_python_is_made_anew(made, capsys):
    install.environment(str(made.folder))
    (made.folder / install.DONE).touch()
    (made.folder / "pyvenv.cfg").write_text("version = 3.9.1\n", "utf-8")
    install.environment(str(made.folder))
    assert len(made.calls) == 2
    assert "is of Python 3.9" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("torch", "gpu", "reached", "wanted"),
    [
        ("auto", False, True, True),
        ("auto", False, False, False),
        ("auto", True, True, False),
        ("cpu", True, True, True),
        ("cuda", False, True, False),
    ],
)
def test_which_pytorch_is_taken(monkeypatch, torch, gpu, reached, wanted):
    monkeypatch.setattr(install.sys, "platform", "linux")
    monkeypatch.setattr(install, "sees_gpu", lambda: gpu)
    monkeypatch.setattr(install, "answers", lambda address: reached)
    assert install.wants_cpu_build(torch) is wanted


def test_a_forced_index_out_of_reach_is_an_error(monkeypatch):
    monkeypatch.setattr(install.sys, "platform", "linux")
    monkeypatch.setattr(install, "answers", lambda address: False)
    with pytest.raises(install.Stop, match="leave TORCH out"):
        install.wants_cpu_build("cpu")


def test_nothing_is_asked_where_every_build_is_one_for_cpus(monkeypatch):
    monkeypatch.setattr(install.sys, "platform", "darwin")
    monkeypatch.setattr(install, "answers", lambda address: 1 / 0)
    assert not install.wants_cpu_build("auto")
    assert not install.wants_cpu_build("cpu")


def test_an_index_that_never_answers_is_given_up(monkeypatch):
    import threading

    asked, hang = [], threading.Event()

    def never(address, timeout):
        asked.append(address)
        hang.wait()
        raise OSError("too late")

    monkeypatch.setattr(install.urllib.request, "urlopen", never)
    assert not install.answers("https://index.example", 0.01)
    assert asked == ["https://index.example/torch/"]
    hang.set()


def test_what_is_installed_is_known():
    import numpy

    assert install.has(sys.executable, f"numpy=={numpy.__version__}")
    assert not install.has(sys.executable, "numpy==0.1")
    assert not install.has(sys.executable, "no-such-package==1.0")


def test_a_failure_of_pip_is_shown_with_its_last_words(tmp_path):
    log = tmp_path / "install.log"
    with pytest.raises(install.Stop, match=r"no-such-file\.txt"):
        install.pip(sys.executable, ["-r", "no-such-file.txt"], str(log), 1)
    assert "no-such-file.txt" in log.read_text(encoding="utf-8")


def test_it_runs_before_anything_is_installed():
    """On the standard library alone, and its help is printed."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", install.__file__, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--torch {auto,cpu,cuda}" in done.stdout


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("pytest", True),
        (f"pytest=={pytest.__version__}", True),
        ("pytest==1.0", False),
        ("no-such-package", False),
        ("no-such-package==1.0", False),
    ],
)
def test_a_package_is_known_with_and_without_a_version(wanted, there):
    assert install.has(sys.executable, wanted) is there
