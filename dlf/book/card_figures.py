"""What cards ask of Sphinx: alt text from an output, links within the book.

The plot of a card says in its output's metadata what it shows, since one cell
cannot know it in its own; MyST-NB reads alt text from the cell alone. And cards
link to the published book, so that the links work in Colab; on a page of the
book they lead to the page beside it.
"""

from collections.abc import Callable
from functools import wraps

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from sphinx.application import Sphinx

from dlf.book.page import address

Render = Callable[[NbElementRenderer, MimeData], list[nodes.Element]]


def described(render: Render) -> Render:
    """Let an image take its alt text from its output, if that has one.

    Args:
        render: MyST-NB's method that renders an image.
    """

    @wraps(render)
    def with_alt(
        renderer: NbElementRenderer, data: MimeData
    ) -> list[nodes.Element]:
        found = render(renderer, data)
        own = data.output_metadata.get(data.mime_type, {})
        for image in found if "alt" in own else ():
            image["alt"] = own["alt"]
            image["classes"].append("forest")
        return found

    return with_alt


def stay_within(app, pagename, templatename, context, doctree) -> None:
    """Make links to pages of the published book lead to the pages here.

    Args:
        app: the running Sphinx.
        pagename: path of the page, without ending.
        templatename: of the page.
        context: of the template; its ``body`` is changed.
        doctree: of the page, if it has one.
    """
    if body := context.get("body"):
        root = "../" * pagename.count("/")
        context["body"] = body.replace(
            f'href="{address("Book")}/chapters/', f'href="{root}chapters/'
        )


def setup(app: Sphinx) -> None:
    """Connect both.

    Args:
        app: the running Sphinx.
    """
    render = NbElementRenderer.render_image
    if not hasattr(render, "__wrapped__"):
        setattr(NbElementRenderer, render.__name__, described(render))
    app.connect("html-page-context", stay_within, priority=900)
