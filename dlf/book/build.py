"""Sphinx over the executed pages, with every warning an error."""

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from dlf.book.execute import COLORS
from dlf.book.page import address
from dlf.book.paths import BUILD, names, pages


def build(root: Path) -> int:
    """Write `_build/html`; return the exit status.

    A failed run leaves a state from which the same command would succeed
    unheard, so the environment is dropped: the next run says it again.

    Args:
        root: folder of the checkout.
    """
    start = "from jupyter_book.cli.main import main; main()"
    options = ["build", ".", "-n", "-W", "--keep-going", "-q"]
    done = subprocess.run(
        [sys.executable, "-c", start, *options],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        print(COLORS.sub("", done.stdout + done.stderr), file=sys.stderr)
        environment = root / BUILD / ".doctrees" / "environment.pickle"
        environment.unlink(missing_ok=True)
    else:  # Sphinx copies these only when a page has changed
        static = root / BUILD / "html/_static"
        shutil.copytree(root / "_static", static, dirs_exist_ok=True)
        for page in pages(root):  # what the download button serves
            pair = page.relative_to(root).with_suffix(".ipynb")
            shutil.copyfile(root / pair, root / BUILD / "html/_sources" / pair)
        (root / BUILD / "html/sitemap.xml").write_text(
            sitemap(root), encoding="utf-8"
        )
    return done.returncode


def sitemap(root: Path) -> str:
    """List the addresses of all pages, as search engines ask for them.

    Args:
        root: folder of the checkout.
    """
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    rows = "".join(
        f"<url><loc>{address('Book')}/{name}.html</loc></url>\n"
        for name in names(toc)
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="{space}">\n{rows}</urlset>\n'
    )
