"""A server for `_build/html` and a Chromium to look at it."""

import http.server
import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from dlf.book.chromium import chromium
from dlf.book.page import address

HTML = Path(__file__).parents[2] / "_build/html"
#: milliseconds to wait: a machine that does much else is slow, not wrong
PATIENCE = 180_000


def pages() -> list[str]:
    """Every page of the built book, by its path."""
    found = (p.relative_to(HTML).as_posix() for p in HTML.rglob("*.html"))
    return sorted(p for p in found if not p.startswith("_"))


#: the folder under which the book is published, and so served here
PREFIX = urlsplit(address("Book")).path


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        """Serve the book under its published folder, and nothing beside it."""
        under = path.startswith(f"{PREFIX}/")
        return super().translate_path(
            path.removeprefix(PREFIX) if under else "/-"
        )

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    if not (HTML / "index.html").exists():
        pytest.fail("_build/html does not stand: run `make book` first")
    handler = partial(_Quiet, directory=str(HTML))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}{PREFIX}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    started = chromium()
    try:
        found = started.__enter__()
    except FileNotFoundError as missing:
        if os.environ.get("DLF_REQUIRE_BROWSER"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    yield found
    started.__exit__(None, None, None)
