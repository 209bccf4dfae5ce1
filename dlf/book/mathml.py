"""Formulas as MathML, for readers of e-books, which run no script."""

import re
from pathlib import Path

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from dlf import __version__

#: what the converter does not know or gets wrong, in words that it knows
KNOWN = (
    (re.compile(r"\\arg(?![a-z])"), r"\\mathrm{arg}"),
    (re.compile(r"\\operatorname\*?"), r"\\mathrm"),
    (re.compile(r"\\mathop(?![a-z])"), ""),
    (re.compile(r"\\[bB]igg?[lrm]?\s*(?=\\)"), ""),
    (re.compile(r"\\(begin|end)\{aligned\}"), r"\\\1{split}"),
    (re.compile(r"\\begin\{split\}\s*(?=\\begin\{split\})"), ""),
    (re.compile(r"(?<=\\end\{split\})\s*\\end\{split\}"), ""),
    # a power of a matrix or a binomial is a power of the whole
    (re.compile(r"(\\begin\{(\w*matrix)\}.*?\\end\{\2\})", re.S), r"{\1}"),
    (re.compile(r"(\\binom(?:\s*(?:\{[^{}]*\}|\w)){2})"), r"{\1}"),
)


#: a folder of its own: what lies in `_static` is linked on every page
EBOOK = Path(__file__).parent / "ebook"


def mathml(formula: str, display: str) -> str:
    """Write a formula of LaTeX as MathML.

    Args:
        formula: as it stands between dollars.
        display: ``inline`` or ``block``.

    >>> mathml("x", "inline")
    '<math ... display="inline"><mrow><mi>x</mi></mrow></math>'
    """
    for pattern, known in KNOWN:
        formula = pattern.sub(known, formula)
    return convert(formula, display=display)


def visit_inline(writer: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line.

    Args:
        writer: of the page.
        node: of the formula.
    """
    writer.body.append(mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_block(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula of its own, with its number.

    Args:
        writer: of the page.
        node: of the formula.
    """
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})</span>')
    writer.body.append(mathml(node.astext(), "block"))
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def choose(app: Sphinx) -> None:
    """Set what holds for e-books alone, now that the builder is known.

    Args:
        app: the running Sphinx.
    """
    if app.builder.name == "epub":
        app.add_html_math_renderer(
            "mathml", (visit_inline, None), (visit_block, None)
        )
        app.config.html_theme_options["launch_buttons"] = {}
        for name, value in {
            "html_math_renderer": "mathml",
            "html_static_path": [str(EBOOK)],
            "html_css_files": ["ebook.css"],
            "html_js_files": [],
            "project": app.config.html_title,
            "version": __version__,
            "epub_basename": "dlf",
            "epub_identifier": "dlf",
            "epub_uid": "dlf",
            "epub_exclude_files": ["_static/dlf.css"],
            "epub_show_urls": "no",
            "epub_tocdepth": 2,
        }.items():
            setattr(app.config, name, value)


def setup(app: Sphinx) -> dict:
    """Connect this extension to Sphinx.

    Args:
        app: the running Sphinx.
    """
    app.connect("builder-inited", choose, priority=1)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
