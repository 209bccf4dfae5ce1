"""The browser that looks at the book and prints it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium: the one that CHROMIUM names, the system's, Playwright's.

    Raises:
        FileNotFoundError: there is none.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        if not path and not own.exists():
            raise FileNotFoundError(
                "no Chromium: `apt-get install chromium`, or "
                "`.venv/bin/playwright install chromium`, or set CHROMIUM"
            )
        started = playwright.chromium.launch(
            executable_path=path or str(own), args=FLAGS
        )
        yield started
        started.close()
