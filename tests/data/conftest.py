"""A cache of its own for each test, a mirror on this host, real data if any."""

import hashlib
import os
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from dlf.data import files

REAL = os.environ.get("DLF_DATA_HOME")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache, and no DLF_DATA_HOME."""
    monkeypatch.setattr(files, "cache", lambda: tmp_path / "cache")
    monkeypatch.delenv("DLF_DATA_HOME", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache"


@pytest.fixture
def real(monkeypatch):
    """The folder of the real data."""
    if not REAL:
        pytest.skip("set DLF_DATA_HOME to a folder with the real data")
    monkeypatch.setenv("DLF_DATA_HOME", REAL)
    return Path(REAL)


class Mirror:
    """A web server that serves what ``answers`` holds, and keeps count."""

    def __init__(self):
        self.answers = {}
        self.asked = []
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.asked.append(self.path)
                body = mirror.answers.get(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write((body or b"")[: mirror.breaks_off])

            def log_message(self, *_):
                pass

        self.breaks_off = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        serve = partial(self.server.serve_forever, poll_interval=0.01)
        Thread(target=serve, daemon=True).start()

    def file(self, name="folder/name.bin", body=b"published", folders=("",)):
        """Publish a file in some folders of the server."""
        short = name.rpartition("/")[2]
        self.answers |= {f"{f}/{short}": body for f in folders}
        return files.File(
            name,
            hashlib.sha256(body).hexdigest(),
            len(body),
            tuple(self.url + f for f in folders),
        )


@pytest.fixture
def mirror():
    """A mirror on this host."""
    mirror = Mirror()
    yield mirror
    mirror.server.shutdown()
    mirror.server.server_close()
