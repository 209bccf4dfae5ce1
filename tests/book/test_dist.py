"""What is to be downloaded is whole, and starts where it is unpacked."""

import subprocess
import tarfile
import tomllib
import zipfile

import pytest

from dlf.book import dist
from dlf.book.paths import pages

from .conftest import ROOT


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """The archives of this checkout, in a folder; its pages are one file."""
    root = ROOT / "_build/html"
    if not (root / "index.html").exists():
        pytest.skip("the book is not built: `make book`")
    folder = tmp_path_factory.mktemp("dist")
    return dict(
        zip(
            ("notebooks", "pages", "wheel", "source"),
            dist.dist(ROOT, folder),
            strict=True,
        )
    )


def test_every_notebook_and_the_wheel_are_in_the_archive(archives):
    with zipfile.ZipFile(archives["notebooks"]) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        note = archive.read("dlf-notebooks/README.txt").decode()
        wheel = archive.read(f"dlf-notebooks/{archives['wheel'].name}")
    assert f"./{archives['wheel'].name}[all]" in note
    assert wheel == archives["wheel"].read_bytes()
    for page in pages(ROOT):
        inside = page.relative_to(ROOT).with_suffix(".ipynb").as_posix()
        inside = inside.removeprefix("chapters/")
        assert f"dlf-notebooks/{inside}" in names


def test_the_pages_are_all_there(archives):
    with zipfile.ZipFile(archives["pages"]) as archive:
        names = set(archive.namelist())
    built = ROOT / "_build/html"
    for page in pages(ROOT):
        inside = page.relative_to(ROOT).with_suffix(".html").as_posix()
        if (built / inside).exists():
            assert f"dlf-pages/{inside}" in names
    assert "dlf-pages/index.html" in names


def test_the_source_has_all_that_its_own_tests_need(archives):
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("no git repository")
    with tarfile.open(archives["source"]) as archive:
        found = {n.partition("/")[2] for n in archive.getnames()}
    tracked = set(listed.stdout.splitlines())
    assert sorted(tracked - found) == []


def test_the_same_entries_make_the_same_archive(tmp_path):
    entries = [("a/b.txt", b"one"), ("c", b"")]
    first = dist.pack(tmp_path / "1.zip", entries).read_bytes()
    assert dist.pack(tmp_path / "2.zip", iter(entries)).read_bytes() == first


def test_a_book_that_is_not_built_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="`make book` builds it"):
        dist.dist(tmp_path, tmp_path / "dist")


def test_the_first_page_offers_what_the_site_will_have():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    site = project["project"]["urls"]["Book"]
    offered = (ROOT / "index.md").read_text("utf-8")
    for name in (dist.PAGES, dist.NOTEBOOKS, "dlf.pdf", "dlf.epub"):
        assert f"({site}/downloads/{name})" in offered
    published = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    assert "mv dist _build/html/downloads" in published
