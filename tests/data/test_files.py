"""Where files are found, how they are downloaded, what goes wrong."""

import lzma
import os
import stat

import pytest

from dlf.data import catalogue, files
from dlf.data.__main__ import main


def everything_in(folder):
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def put(folder, file, body):
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def test_reads_from_the_readers_folder_then_the_cache(
    mirror, cache, tmp_path, monkeypatch
):
    file = mirror.file()
    put(cache, file, b"published")
    assert files.find(file) == cache / file.path
    monkeypatch.setenv("DLF_DATA_HOME", str(tmp_path / "own"))
    own = put(tmp_path / "own", file, b"published")
    assert files.find(file) == own
    assert files.read(file) == b"published"
    assert mirror.asked == []


def test_reads_the_xz_form_and_checks_what_is_inside(mirror, cache):
    file = mirror.file()
    path = cache / f"{file.path}.xz"
    path.parent.mkdir(parents=True)
    path.write_bytes(lzma.compress(b"published"))
    assert files.read(file) == b"published"
    path.write_bytes(lzma.compress(b"other"))
    with pytest.raises(ValueError, match=r"name.bin.xz must have sha256"):
        files.read(file)
    path.write_bytes(lzma.compress(b"published")[:-20])
    with pytest.raises(ValueError, match=r"name.bin.xz cannot be decompressed"):
        files.read(file)
    path.write_bytes(lzma.compress(b"published" + bytes(1 << 20)))
    with pytest.raises(ValueError, match=r"unpack to at most 9, because"):
        files.read(file)
    path.write_bytes(bytes(2000))
    with pytest.raises(ValueError, match=r"xz must have at most 1018 bytes"):
        files.read(file)


def test_a_file_larger_than_the_published_one_is_not_read(mirror, cache):
    file = mirror.file()
    put(cache, file, b"published and more")
    with pytest.raises(ValueError, match=r"at most 9 bytes, because.*got 18"):
        files.read(file)


def test_a_download_without_end_is_broken_off(mirror, cache, monkeypatch):
    file, came, update = mirror.file(), [], files.Progress.update
    mirror.answers["/name.bin"] = bytes(1 << 20)
    monkeypatch.setattr(
        files.Progress,
        "update",
        lambda self, n: came.append(n) or update(self, n),
    )
    with pytest.raises(ConnectionError, match="not the published bytes"):
        files.read(file)
    assert sum(came) < 1 << 16
    assert everything_in(cache) == []


def test_downloads_once_and_leaves_nothing_else(mirror, cache):
    file = mirror.file()
    assert files.read(file) == files.read(file) == b"published"
    assert mirror.asked == ["/name.bin"]
    assert everything_in(cache) == ["name.bin"]


def test_tries_the_mirrors_in_order(mirror, cache):
    file = mirror.file(folders=("/gone", "/forged", "/good", "/unused"))
    del mirror.answers["/gone/name.bin"]
    mirror.answers["/forged/name.bin"] = b"evil"
    assert files.read(file) == b"published"
    assert mirror.asked == [
        f"/{f}/name.bin" for f in ("gone", "forged", "good")
    ]
    assert everything_in(cache) == ["name.bin"]


def test_says_what_each_mirror_answered(mirror, cache):
    file = mirror.file(folders=("/gone", "/forged"))
    del mirror.answers["/gone/name.bin"]
    mirror.answers["/forged/name.bin"] = b"evil"
    closed = file._replace(mirrors=(*file.mirrors, "http://127.0.0.1:9"))
    with pytest.raises(ConnectionError) as error:
        files.read(closed)
    first, *mirrors = str(error.value).splitlines()
    assert first.startswith("data: folder/name.bin is not in ")
    assert "DLF_DATA_HOME" in first
    for line, end in zip(
        mirrors,
        ("gone/name.bin: 404", "not the published bytes", "ConnectionError"),
        strict=True,
    ):
        assert line.endswith(end)
    assert everything_in(cache) == []


def test_a_broken_transfer_leaves_nothing(mirror, cache):
    file, mirror.breaks_off = mirror.file(), 4
    with pytest.raises(ConnectionError, match="no mirror gave it"):
        files.read(file)
    assert everything_in(cache) == []


def test_no_progress_bar_where_nobody_watches(mirror, capfd):
    files.read(mirror.file())
    assert capfd.readouterr() == ("", "")


def test_refuses_other_bytes_and_names_the_file(mirror, cache):
    file = mirror.file()
    path = put(cache, file, b"other")
    with pytest.raises(ValueError) as error:
        files.read(file)
    assert f"data: {path} must have sha256 {file.sha256}" in str(error.value)
    assert "Delete it" in str(error.value)
    assert mirror.asked == []


def test_fetch_replaces_a_bad_copy_in_the_cache_alone(
    mirror, cache, tmp_path, monkeypatch
):
    file = mirror.file()
    put(cache, file, b"other")
    assert files.fetch(file).read_bytes() == b"published"
    own = put(tmp_path / "own", file, b"other")
    monkeypatch.setenv("DLF_DATA_HOME", str(tmp_path / "own"))
    with pytest.raises(ValueError, match="must have sha256"):
        files.fetch(file)
    assert own.read_bytes() == b"other"


def test_a_cache_that_cannot_be_made(mirror, cache):
    cache.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OSError, match=r"cannot be written.*set DLF_DATA_HOME"):
        files.read(mirror.file())
    assert mirror.asked == []


def test_a_read_only_cache(mirror, cache, monkeypatch):
    cache.mkdir()
    cache.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.access(cache, os.W_OK):  # nothing is read-only for root
        monkeypatch.setattr(os, "makedirs", refuse)
    with pytest.raises(OSError, match=r"cannot be written.*set DLF_DATA_HOME"):
        files.read(mirror.file())


def refuse(path, *_, **__):
    raise PermissionError(13, "Permission denied", str(path))


def test_a_folder_that_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("DLF_DATA_HOME", str(tmp_path / "typo"))
    with pytest.raises(FileNotFoundError, match="DLF_DATA_HOME must name a"):
        files.find(catalogue.REAL[0].FILES[0])
    assert "must name a folder" in "\n".join(catalogue.table())


@pytest.fixture
def small(mirror, monkeypatch):
    """MNIST as a set of two small files."""
    kit = mirror.file("mnist/a"), mirror.file("mnist/b", b"also")
    monkeypatch.setattr(catalogue.SETS["mnist"], "FILES", kit)
    return kit


def test_the_command_line_lists_fetches_and_verifies(small, cache, capsys):
    assert main(["list", "mnist"]) == 0
    assert "2 of 2 files missing" in capsys.readouterr().out
    assert main(["verify", "mnist"]) == 1
    assert "python -m dlf.data fetch mnist" in capsys.readouterr().err
    assert main(["fetch", "mnist", "digits"]) == 0
    assert everything_in(cache) == ["a", "b"]
    assert main(["verify", "mnist"]) == 0
    assert capsys.readouterr().out.count("is as published") == 2
    assert main(["list", "mnist"]) == 0
    assert str(cache / "mnist") in capsys.readouterr().out
    (cache / "mnist/b").write_bytes(b"bad")
    assert main(["verify", "mnist"]) == 1
    assert "must have sha256" in capsys.readouterr().err
    assert main(["fetch", "mnist"]) == 0


def test_sizes_are_shown_before_anything_is_downloaded(
    small, mirror, monkeypatch, capsys
):
    large = tuple(file._replace(size=1_234_567) for file in small)
    monkeypatch.setattr(catalogue.SETS["mnist"], "FILES", large)
    mirror.answers.clear()
    assert main(["fetch", "mnist"]) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        "mnist             2.5 MB",
        "to download       2.5 MB",
    ]


def test_all_stands_for_every_real_set(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(
        "dlf.data.__main__.fetch", lambda name: not asked.append(name)
    )
    assert main(["fetch", "all"]) == 0
    assert asked == [m.__name__.rpartition(".")[2] for m in catalogue.REAL]
    assert capsys.readouterr().out.count("\n") == len(asked) + 1


def test_the_command_line_without_a_network(small, mirror, capsys):
    mirror.answers.clear()
    assert main(["fetch", "mnist"]) == 1
    assert "no mirror gave it" in capsys.readouterr().err


@pytest.mark.parametrize("home", ["", "no such folder"])
def test_the_command_line_refuses(home, monkeypatch, capsys):
    monkeypatch.setenv("DLF_DATA_HOME", home)
    with pytest.raises(SystemExit) as end:
        main(["list", "mnist" if home else "minst"])
    assert end.value.code == 2
    says = "must name a folder" if home else "'minst' is no data set"
    assert says in capsys.readouterr().err


def test_the_catalogue_lists_every_loader():
    from pkgutil import iter_modules

    from dlf import data

    aids = {"catalogue", "core", "files", "idx", "outlines", "pickles"}
    aids |= {"planetoid", "unpacking", "__main__"}
    names = {m.name for m in iter_modules(data.__path__)}
    assert names - aids == set(catalogue.SETS)
