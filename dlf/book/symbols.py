r"""The letters of a page's formulas, and what `notation.md` says of them.

A symbol is a letter, Latin, Greek or calligraphic, without what decorates it:
bars, hats, primes and indices. Words such as ``\log`` or ``\mathrm{relu}`` are
none, and what stands in an index only says which one is meant. The page on
notation has two tables: letters with one meaning throughout, and letters whose
meaning is a page's own, a row a letter and page.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import jupytext

from dlf.book import equations
from dlf.book.paths import chapters

PAGE = "notation.md"
EXCERPT = 60  # signs of a formula that a complaint shows
#: how a row on one page speaks of a letter that all pages share
APART = ("not as above: ", "besides the above: ")
GREEK = re.compile(
    r"\\(?:var)?(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa"
    r"|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega|Gamma|Delta"
    r"|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega)|\\ell"
)
FORMULA = re.compile(
    r"(?<!\\)\$\$(.+?)\$\$|(?<![\\$])\$([^$]+?)(?<!\\)\$", re.S
)
CODE = re.compile(r"^(`{3,})\{?[\w-]*\}?\n.*?^\1$|`[^`\n]+`", re.M | re.S)
LINK = re.compile(r"\[[^\]]+\]\((\S+)\)")
BRACED = r"\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}"
#: words in upright type, names of environments, lengths: no symbols
WORDS = re.compile(
    r"\\(?:text\w*|mathrm|mathsf|mathtt|mbox|operatorname\*?|begin|end|label"
    rf"|tag|hspace\*?|phantom)\s*(?:{BRACED}|[A-Za-z])|\\rm\s*[A-Za-z]+"
)
INDEX = re.compile(
    rf"_\s*(?:{BRACED}|\\math\w+\s*(?:{BRACED}|[A-Za-z])|\\[A-Za-z]+|[^\\{{])"
)
STYLED = re.compile(r"\\math(cal|bb|frak|scr)\s*(?:\{\s*([A-Z])\s*\}|([A-Z]))")
LETTER = re.compile(r"\\math[a-z]+ [A-Z]|\\[A-Za-z]+|[A-Za-z]")


@dataclass(frozen=True)
class Local:
    """A row of the second table: a letter on a page, and its meaning there."""

    symbol: str
    page: str
    meaning: str


def letters(formula: str) -> list[str]:
    r"""Give the symbols of a formula, in order, each as often as it stands.

    Args:
        formula: LaTeX without its dollar signs.

    Examples:
        >>> letters(r"\bar W^{(l)} = \mathrm{diag}(f'(z_k))\,\delta")
        ['W', 'l', 'f', 'z', '\\delta']
    """
    bare = STYLED.sub(
        r"\\math\1 \2\3 ", INDEX.sub(" ", WORDS.sub(" ", formula))
    )
    return [
        found
        for found in LETTER.findall(bare.replace(r"\\", " "))
        if len(found) == 1 or " " in found or GREEK.fullmatch(found)
    ]


def formulas(page: Path) -> list[str]:
    """List the formulas of a page: prose, captions and derivations shown.

    Args:
        page: its Markdown.
    """
    texts = []
    for cell in jupytext.read(page).cells:
        if cell.cell_type == "markdown":
            texts.append(CODE.sub(" ", cell.source))
        figure = cell.metadata.get("mystnb", {}).get("figure", {})
        texts.append(figure.get("caption", ""))
    found = [a or b for text in texts for a, b in FORMULA.findall(text)]
    shown = page.read_text(encoding="utf-8")
    for named in equations.derivations(page.stem):
        if re.search(rf"^derive\.{named.name}\(\)\s*$", shown, re.M):
            derivation = named.derivation
            found.append(derivation.lhs)
            for step in derivation.steps:
                found.append(step.display)
                found += [a or b for a, b in FORMULA.findall(step.why)]
    return found


@dataclass(frozen=True)
class Notation:
    """What the page on notation says: letters of all pages, and of one."""

    shared: frozenset[str]
    local: tuple[Local, ...]


def notation(root: Path) -> Notation:
    """Read the two tables: rows of four columns, and rows of three.

    Args:
        root: the checkout.
    """
    shared: set[str] = set()
    local = []
    for line in (root / PAGE).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" |")]
        if not line.startswith("| $"):
            continue
        found = [letters(a or b)[:1] for a, b in FORMULA.findall(cells[0])]
        symbols = [symbol for first in found for symbol in first]
        link = LINK.fullmatch(cells[1])
        if link is None:
            shared |= set(symbols)
        else:
            local += [Local(s, link[1], cells[-1]) for s in symbols]
    return Notation(frozenset(shared), tuple(local))


def symbols_explained(root: Path) -> list[str]:
    """Each letter of a chapter's formulas is in a table, and no row idles.

    Args:
        root: folder of the checkout.
    """
    told, found = notation(root), []
    pages = {p.relative_to(root).as_posix(): p for p in chapters(root)}
    for name, page in pages.items():
        stands: dict[str, str] = {}
        for formula in formulas(page):
            for symbol in letters(formula):
                stands.setdefault(symbol, " ".join(formula.split()))
        rows = [row for row in told.local if row.page == name]
        known = told.shared | {row.symbol for row in rows}
        found += [
            f"{name}: {PAGE} does not say what ${symbol}$ means in "
            f"${_cut(formula)}$; write a letter of its first table, or give "
            f"this one a row in its second: | ${symbol}$ | "
            f"[{page.stem}]({name}) | meaning |"
            for symbol, formula in stands.items()
            if symbol not in known
        ]
        found += [
            f"{name}: {PAGE} has a row for ${row.symbol}$, which no formula "
            "of the page has; delete the row"
            for row in rows
            if row.symbol not in stands
        ]
    for row in told.local:
        where = f"{PAGE}, ${row.symbol}$ on {row.page}"
        if row.page not in pages:
            found.append(f"{where}: there is no such chapter")
        if [(r.symbol, r.page) for r in told.local].count(
            (row.symbol, row.page)
        ) > 1:
            found.append(f"{where}: two rows")
        if (row.symbol in told.shared) != row.meaning.startswith(APART):
            found.append(
                f"{where}: the meaning begins {' or '.join(map(repr, APART))} "
                "if and only if the letter is in the first table as well"
            )
    return found


def _cut(formula: str) -> str:
    return formula if len(formula) <= EXCERPT else formula[:EXCERPT] + "…"
