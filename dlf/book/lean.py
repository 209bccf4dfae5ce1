"""Lean pages: what no reader of a page uses is not sent with it."""

import re
from itertools import count
from pathlib import Path

from sphinx.application import Sphinx

MATHJAX = Path("_static/mathjax")
#: What pages ask for: the component, its fonts, TeX packages loaded late.
MATHJAX_KEPT = ("tex-chtml.js", "output/chtml", "input/tex/extensions")
#: Names, modules, operators, punctuation, white space, as Pygments has them.
UNCOLORED = re.compile(r'<span class="(?:n|nn|o|p|w)">([^<]*)</span>')
#: Exercises and solutions give all of their bodies the same id.
BODY_ID = re.compile(r'id="((?:exercise|solution)-content)"')
#: Icons come from a font; the theme loads 1.5 MB to draw each a second time.
ICONS = re.compile(r"\s*<script[^>]*scripts/fontawesome\.js[^>]*></script>")
#: The theme loads the index of all words with every page.
SEARCH = re.compile(
    r"\s*<script[^>]*(?:searchtools|language_data|searchindex|scorer)\.js"
    r"[^>]*></script>"
)
#: Tabs that remember which was chosen: no page has any.
TABS = re.compile(r"\s*<script[^>]*design-tabs\.js[^>]*></script>")
#: Code runs in notebooks; thebe would load from an outside host.
THEBE = re.compile(
    r'\s*<script type="text/x-thebe-config">.*?</script>'
    r"|\s*<script>const THEBE_JS_URL.*?</script>"
    r"|\s*<script[^>]*sphinx-thebe\.js[^>]*></script>"
    r"|\s*<link[^>]*sphinx-thebe\.css[^>]*/>",
    re.DOTALL,
)


def lighten_code(body: str) -> str:
    """Drop the marks of names, brackets and signs, which need no color.

    They are most of what is marked in Python: a third of a page's bytes.

    Args:
        body: of a page, in HTML.
    """
    return UNCOLORED.sub(r"\1", body)


def number_ids(body: str) -> str:
    """Give each exercise and each solution an id of its own.

    Args:
        body: of a page, in HTML.

    >>> number_ids('<p id="exercise-content"></p><p id="exercise-content">')
    '<p id="exercise-content-1"></p><p id="exercise-content-2">'
    """
    numbers = count(1)
    return BODY_ID.sub(lambda m: f'id="{m[1]}-{next(numbers)}"', body)


def wait_for_images(page: str) -> str:
    """Let an image load when the reader comes near it.

    Args:
        page: the whole page, in HTML.

    >>> wait_for_images('<img alt="" src="a.png" />')
    '<img loading="lazy" alt="" src="a.png" />'
    """
    return re.sub(r"<img (?!loading)", '<img loading="lazy" ', page)


def drop_scripts(page: str, searches: bool = False) -> str:
    """Drop the scripts of a page that nothing on it calls.

    Args:
        page: the whole page, in HTML.
        searches: whether it is the one that shows what a search finds.
    """
    for unused in (ICONS, THEBE, TABS, *(() if searches else (SEARCH,))):
        page = unused.sub("", page)
    return page


def finish(app: Sphinx, error: Exception | None) -> None:
    """Thin out the pages and MathJax, of which none asks for 21 of 24 MB.

    Args:
        app: whose output is thinned out.
        error: that ended the build, if one did.
    """
    if error or app.builder.name != "html":
        return
    mathjax = Path(app.outdir) / MATHJAX
    for file in mathjax.rglob("*"):
        name = file.relative_to(mathjax).as_posix()
        if file.is_file() and not name.startswith(MATHJAX_KEPT):
            file.unlink()
    for file in Path(app.outdir).rglob("*.html"):
        page = file.read_text(encoding="utf-8")
        lean = drop_scripts(page, searches=file.name == "search.html")
        lean = wait_for_images(lean)
        if lean != page:
            file.write_text(lean, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Connect this extension to Sphinx.

    Args:
        app: the running Sphinx.
    """
    app.connect("build-finished", finish, priority=900)
