"""Gates of the cards: each is shown once, as its record says, and reached."""

import re
from pathlib import Path

import nbformat

from dlf.book import contents
from dlf.book.execute import executed
from dlf.book.page import address
from dlf.book.paths import chapters, pages
from dlf.experiments import store
from dlf.experiments.cards import anchor, badge


def outputs(page: Path, root: Path) -> str:
    """Join the Markdown that a page's cells have shown, here or in its pair.

    Args:
        page: a Markdown page with code.
        root: folder of the checkout.
    """
    notebook, pair = executed(page, root), page.with_suffix(".ipynb")
    if notebook is None and pair.exists():
        notebook = nbformat.read(pair, as_version=4)
    cells = [] if notebook is None else notebook.cells
    return "\n".join(
        output.get("data", {}).get("text/markdown", "")
        for cell in cells
        for output in cell.get("outputs", [])
    )


def cards_once(root: Path) -> list[str]:
    """Each claim and erratum of a chapter stands on its page exactly once.

    Args:
        root: folder of the checkout.
    """
    found = []
    for page in chapters(root):
        chapter = page.relative_to(root / "chapters").with_suffix("")
        if chapter.as_posix() not in contents.CHAPTERS:
            continue
        text, name = page.read_text(encoding="utf-8"), chapter.as_posix()
        for kind, due in (
            ("claims", contents.claims(name)),
            ("derive", contents.errata(name)),
        ):
            shown = re.findall(
                rf"^{kind}\.([CE]\d+)\.(?:card|replicate)\(",
                text,
                re.M,
            )
            found += [
                f"{name}: {card} stands {shown.count(card)} times on the page"
                for card in due
                if shown.count(card) != 1
            ]
            found += [
                f"{name}: {card} belongs to another chapter"
                for card in sorted(set(shown) - set(due))
            ]
    return found


def cards_shown(root: Path) -> list[str]:
    """Each claim and erratum of a chapter has its card there, in order.

    A claim that is run live has its card all the same, and its badge is that
    of the record.

    Args:
        root: folder of the checkout.
    """
    found = []
    for page in chapters(root):
        chapter = page.relative_to(root / "chapters").with_suffix("").as_posix()
        if chapter not in contents.CHAPTERS:
            continue
        text = outputs(page, root)
        for name in contents.claims(chapter):
            mark = f'id="{anchor(name)}"'
            if (n := text.count(mark)) != 1:
                found.append(
                    f"{chapter}: the card of {name} is shown {n} times"
                )
                continue
            line = text.partition(mark)[2].partition("\n")[0]
            if badge(store.load(name)) not in line:
                found.append(f"{chapter}: {name} has not its record's verdict")
        for name in contents.errata(chapter):
            n = text.count(f'id="erratum-{name.lower()}"')
            if n != 1:
                found.append(
                    f"{chapter}: the card of {name} is shown {n} times"
                )
    return found


def card_links(root: Path) -> list[str]:
    """Each link to a card leads to a page that shows it.

    Args:
        root: folder of the checkout.
    """
    texts = {
        p.relative_to(root).with_suffix("").as_posix(): outputs(p, root)
        for p in pages(root)
    }
    link = re.compile(
        rf'href="(?:{re.escape(address("Book"))}/([\w/-]+)\.html)?'
        r'#((?:claim|erratum)-\w+)"'
    )
    return [
        f"{here} links to {mark} on {there or here}, which does not show it"
        for here, text in texts.items()
        for there, mark in link.findall(text)
        if f'id="{mark}"' not in texts.get(there or here, "")
    ]
