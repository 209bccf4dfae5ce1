"""What the book adds to Sphinx: map, search, own address, lean MathJax."""

import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from sphinx.application import Sphinx

from dlf import __version__
from dlf.book import card_figures, mathml, search
from dlf.book.book_map import BookMap
from dlf.book.page import address

MATHJAX = Path("_static/mathjax")
#: What pages ask for: the component, its fonts, TeX packages loaded late.
MATHJAX_KEPT = ("tex-chtml.js", "output/chtml", "input/tex/extensions")
#: Names, modules, operators, punctuation, white space, as Pygments has them.
UNCOLORED = re.compile(r'<span class="(?:n|nn|o|p|w)">([^<]*)</span>')
#: What inline code says, and the dots in a name such as `torch.func.hessian`.
INLINE = re.compile(r'(?<=<span class="pre">)[^<]+(?=</span>)')
DOT = re.compile(r"(?<=\w)\.(?=[A-Za-z_])")


def configure(app: Sphinx, config) -> None:
    """Set the address, which stands in `pyproject.toml` alone.

    Args:
        app: the running Sphinx.
        config: its settings, which are changed.
    """
    config.html_theme_options.update(
        navbar_persistent=[],
        repository_url=address("Repository"),
        repository_branch="main",
        path_to_docs="",
        show_toc_level=2,
        use_repository_button=True,
        use_edit_page_button=True,
        use_issues_button=True,
    )
    config.html_baseurl = address("Book") + "/"
    # the 404 page is served from any depth, so its links begin at the root
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path
    config.ogp_site_url = address("Book") + "/"


def load_scripts_once(app, pagename, templatename, context, doctree) -> None:
    """Drop repeated scripts: a `const` declared twice is an error.

    Args:
        app: the running Sphinx.
        pagename: path of the page, without ending.
        templatename: of the page.
        context: of the template; its ``script_files`` are changed.
        doctree: of the page, if it has one.
    """
    seen, kept = set(), []
    for script in context.get("script_files", []):
        key = script.filename or "", script.attributes.get("body")
        if key not in seen:
            seen.add(key)
            kept.append(script)
    context["script_files"] = kept


@cache
def edition(root: str) -> str:
    """Name the commit of a checkout, or the version where there is no git.

    Args:
        root: folder of the sources.
    """
    asked = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    return asked.stdout.strip() or f"version {__version__}"


def ask_about(app, pagename, templatename, context, doctree) -> None:
    """Let the link to a new issue name the page and its commit.

    Args:
        app: the running Sphinx.
        pagename: path of the page, without ending.
        templatename: of the page.
        context: of the template; its ``header_buttons`` are changed.
        doctree: of the page, if it has one.
    """
    words = f"\n\n---\nPage: {pagename}.html, of {edition(app.srcdir)}\n"
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            if button.get("label") == "source-issues-button":
                start, _, _ = button["url"].partition("&body=")
                button["url"] = f"{start}&body={quote(words)}"


def mend_lists(body: str) -> str:
    """Citations are no list items, so what holds them is no list.

    Args:
        body: of a page, in HTML.
    """
    return body.replace(
        'role="list" class="citation-list"', 'class="citation-list"'
    )


def lighten_code(body: str) -> str:
    """Drop the marks of names, brackets and signs, which need no color.

    They are most of what is marked in Python: a third of a page's bytes.

    Args:
        body: of a page, in HTML.
    """
    return UNCOLORED.sub(r"\1", body)


def break_names(body: str) -> str:
    """Let a long name break behind its dots, and not within a word.

    Args:
        body: of a page, in HTML.

    >>> break_names('<span class="pre">torch.func.hessian</span>')
    '<span class="pre">torch.<wbr/>func.<wbr/>hessian</span>'
    """
    return INLINE.sub(lambda name: DOT.sub(".<wbr/>", name.group()), body)


def rewrite_body(app, pagename, templatename, context, doctree) -> None:
    """Change what Sphinx made of a page's text.

    Args:
        app: the running Sphinx.
        pagename: path of the page, without ending.
        templatename: of the page.
        context: of the template; its ``body`` is changed.
        doctree: of the page, if it has one.
    """
    if body := context.get("body"):
        context["body"] = break_names(lighten_code(mend_lists(body)))


def prune(app: Sphinx, error: Exception | None) -> None:
    """Remove the parts of MathJax that no page asks for: 21 of 24 MB.

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


def setup(app: Sphinx) -> dict:
    """Connect this extension to Sphinx.

    Args:
        app: the running Sphinx.
    """
    app.add_directive("book-map", BookMap)
    app.connect("config-inited", configure)
    search.setup(app)
    mathml.setup(app)
    app.connect("html-page-context", load_scripts_once, priority=900)
    app.connect("html-page-context", rewrite_body, priority=900)
    app.connect("html-page-context", ask_about, priority=900)
    app.connect("build-finished", prune, priority=900)
    card_figures.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
