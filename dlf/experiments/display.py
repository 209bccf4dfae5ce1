"""How a card comes onto a page: text, plot and fold, one output each."""

from functools import cache
from importlib.metadata import metadata
from typing import Any

from dlf.experiments import forest

PLOT = "<!-- plot -->"  # where the plot stands in a card's text
FOLDED = "folded: sources, rule, all cells, record"


class Plot:
    """The forest plot of a record, drawn when it is shown."""

    def __init__(self, record: dict) -> None:
        self.panels = forest.panels(record)
        self.words = forest.alt_text(record, self.panels)

    def png(self) -> str:
        """Draw it."""
        from dlf.experiments import forest_drawing

        return forest_drawing.png(self.panels)


class Card:
    """A claim and what came of it: text, a plot, and what is folded."""

    def __init__(
        self, summary: str, text: str, plot: Plot | None = None, **facts: Any
    ) -> None:
        self.summary, self.text, self.plot = summary, text, plot
        self.__dict__.update(facts)

    def __repr__(self) -> str:
        return self.summary

    def _repr_markdown_(self) -> str:
        return self.text

    def _ipython_display_(self) -> None:
        """Show the first lines, the plot with its words, and the rest.

        The plot's words are its alt text on the page, and what stands in its
        place where pictures are not kept or not compared.
        """
        from IPython.display import display

        head, _, rest = self.text.partition(PLOT)
        said = {"text/plain": self.summary, "text/markdown": head.strip()}
        display(said, raw=True)
        if self.plot:
            words = self.plot.words
            display(
                {"image/png": self.plot.png(), "text/plain": words},
                metadata={"image/png": {"alt": words}},
                raw=True,
            )
        folded = {"text/plain": FOLDED, "text/markdown": rest.strip()}
        display(folded, raw=True)


def anchor(number: str) -> str:
    """Name the place of a claim's card on its page.

    Args:
        number: of the claim, such as ``C12``.
    """
    return f"claim-{number.lower()}"


def fold(title: str, *parts: str) -> str:
    """Put parts behind a click, in HTML that Colab shows too.

    Args:
        title: what is to be clicked.
        parts: Markdown, a paragraph each; empty ones are left out.
    """
    inside = "\n\n".join(p for p in parts if p)
    return f"<details><summary>{title}</summary>\n\n{inside}\n\n</details>"


def lasting(seconds: float) -> str:
    """Write how long a run takes.

    Args:
        seconds: by the clock.

    >>> lasting(0.2), lasting(70.5), lasting(900.0), lasting(20_000.0)
    ('a second', '70 seconds', '15 minutes', '5.6 hours')
    """
    if seconds < 1.5:
        return "a second"
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"


@cache
def urls() -> dict[str, str]:
    """Addresses of the project, from its metadata: Repository and Book."""
    known = metadata("dlf").get_all("Project-URL", [])
    return dict(url.split(", ", 1) for url in known)
