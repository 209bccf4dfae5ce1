"""`python -m dlf info` says what stands here, and what is missing."""

import os
import subprocess
import sys

import pytest

from dlf import __main__ as info


def test_prints_versions_device_blas_data_and_packages(tmp_path):
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    environment.pop("DLF_DATA_HOME", None)
    run = subprocess.run(
        [sys.executable, "-m", "dlf", "info"],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert (run.returncode, run.stderr) == (0, "")
    titles = ["Versions", "Device", "BLAS", "Data", "Optional packages"]
    lines = run.stdout.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == titles
    assert "  digits         embedded" in lines
    assert "`python -m dlf.data fetch mnist` downloads 11.6 MB" in run.stdout
    for word in ("numpy 2", "torch 2", "threads", "cores"):
        assert word in run.stdout


def test_names_the_folder_of_real_data(tmp_path, monkeypatch):
    from dlf.data import mnist

    monkeypatch.setenv("DLF_DATA_HOME", str(tmp_path))
    for file in mnist.FILES:
        (tmp_path / file.path).parent.mkdir(exist_ok=True)
        (tmp_path / f"{file.path}.xz").touch()
    assert f"mnist          {tmp_path / 'mnist'}" in list(info.data())


def test_says_how_to_get_what_is_missing(monkeypatch):
    monkeypatch.setattr(info, "OPTIONAL", {"no-such-package": "nothing"})
    says = "no-such-package is missing (nothing): pip install no-such-package"
    assert list(info.optional()) == [says]


def test_does_without_torch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert list(info.device())[1] == "no PyTorch: pip install torch"


def test_refuses_another_command(capsys):
    with pytest.raises(SystemExit) as end:
        info.main(["inform"])
    assert end.value.code == 2
    assert "choose from" in capsys.readouterr().err
